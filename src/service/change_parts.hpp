// SPDX-License-Identifier: Apache-2.0
// Inside service: what changes of the mail address and of the telephone number share, and the steps of the latter that
// CancelChange and FinishChanges call.
#pragma once

#include <string>
#include <string_view>

#include "desk/request_letters.hpp"
#include "service/case_parts.hpp"

namespace okpay::service {

// Customers are never removed: a change that names one has one.
customers::Customer customer_of_change(Books& books, const customers::Change& change);
desk::LetterTo letter_to(const Context& context, const customers::Customer& customer);

// Whoever holds the link of the letters says that this was not them: no money leaves and nobody stays signed in at once,
// people look after. Where a hold stands, it ends by its time. The number of the request, "OK-7F3K9".
std::string report_change(Books& books, const Context& context, const Command& command, std::string_view seed,
                          const customers::Change& change);

// Of kind phone, in the state that the event may happen in: the caller has looked.
Answer stop_phone_change(Books& books, const Context& context, const Command& command, std::string_view seed,
                         customers::Change change, customers::ChangeReason reason);
void finish_phone_change(Books& books, const Context& context, const Command& command, std::string_view seed,
                         customers::Change change);

}  // namespace okpay::service
