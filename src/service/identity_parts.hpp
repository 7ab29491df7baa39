// SPDX-License-Identifier: Apache-2.0
// Shared by the handlers of proof of identity.
#pragma once

#include <functional>

#include "desk/identity_letters.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"
#include "store/identity_store.hpp"

namespace okpay::service::identity {

using State = customers::VerificationState;

Answer no_such_verification();
Answer state_not_allowed(const store::VerificationRow& row);

// Only where the table allows it: the caller has looked.
void move_to(store::VerificationRow& row, State state, Moment at);
// Canceled, and its files due at once.
void cancel(store::VerificationRow& row, Moment at);
void erase(Books& books, const store::IdentityFileRow& file, Moment at);
// Every file that is left and what was stated. `redacted`, unless it is expired already.
void destroy_files(Books& books, store::VerificationRow& row, Moment at);

void audit(Books& books, const Command& command, const store::VerificationRow& row, std::string_view action,
           std::initializer_list<std::pair<std::string_view, std::string>> detail);

// To the customer, in the customer's language; the number of the mail.
std::int64_t write(Books& books, const Context& context, const store::VerificationRow& row, std::string_view kind,
                   const StepIds& ids, const std::function<desk::MailText(const desk::LetterTo&)>& letter);

}  // namespace okpay::service::identity
