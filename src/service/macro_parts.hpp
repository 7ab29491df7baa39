// SPDX-License-Identifier: Apache-2.0
// Inside service: what a macro does to a request, besides the answer that it writes and the state that comes after.
#pragma once

#include "service/books.hpp"
#include "store/desk_store.hpp"
#include "store/macro_store.hpp"

namespace okpay::service {

// What was looked at, where it is still what the macro says; else why not: not_found, macro_retired, macro_changed.
Result<store::MacroVersionRow, Answer> macro_in_use(Books& books, std::int64_t macro, std::int64_t version);

// Why it cannot be done to the request as it will be once it has its state: assignee_inactive, snooze_past_clock, …. To be
// asked before anything is written.
std::optional<Answer> may_not_act(Books& books, const desk::MacroActions& actions, const desk::Ticket& ticket, Moment at);

// macro_needs_payment: what it writes in this language speaks of a payment, and the answer is bound to none; it would tell
// the ledger to whoever wrote.
std::optional<Answer> may_not_write(const desk::Macro& macro, desk::Language language, bool is_bound);

// Assigns and puts to sleep, and writes that it was this macro. The caller stores the request.
void act(Books& books, desk::Ticket& ticket, const store::MacroVersionRow& macro, customers::StaffNo staff, Moment at);

}  // namespace okpay::service
