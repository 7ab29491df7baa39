// SPDX-License-Identifier: Apache-2.0
// What happens to promises besides their own commands: an answer makes them, a solved request ends them. The caller stores
// the ticket, whose promise_due is put right here; its version is not raised by it.
#pragma once

#include <span>

#include "desk/promise_claim.hpp"
#include "service/books.hpp"
#include "store/promise_store.hpp"

namespace okpay::service {

void make_promises(Books& books, desk::Ticket& ticket, desk::MessageNo message, customers::StaffNo staff,
                   std::span<const desk::PromiseClaim> claims, Moment at);

// True where it had not ended. The event says what became of it: kept, or done though its end had come.
bool end_promise(Books& books, store::PromiseRow& row, std::optional<customers::StaffNo> by, Moment at);
// Written when a promise's end has come and it is not done.
void note_broken(Books& books, const store::PromiseRow& row, Moment at);

// Where the request is solved by now, what it promised is done. To be called after each move that may solve it.
void settle_promises(Books& books, desk::Ticket& ticket, std::optional<customers::StaffNo> by, Moment at);

std::string promise_detail(const store::PromiseRow& row);  // of an event: numbers and times, never words

}  // namespace okpay::service
