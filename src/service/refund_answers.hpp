// SPDX-License-Identifier: Apache-2.0
// What a refund that answers a request is told with, whoever decided it: a person, or the ledger's own proof.
#pragma once

#include "desk/acknowledgement.hpp"
#include "service/handlers.hpp"

namespace okpay::service {

// Done where the wallet has it; on its way where a bank has yet to carry it out.
desk::MailText refund_letter(Books& books, const Context& context, const desk::Ticket& ticket,
                             const customers::Customer& customer, const payments::Payment& original,
                             const payments::Payment& refund);

// The key under which the same refund is asked for once more after a bank did not carry it out: each attempt has its own,
// and all derive from the first.
Hash256 refund_key_after_failures(Books& books, Hash256 key);

}  // namespace okpay::service
