// SPDX-License-Identifier: Apache-2.0
#include "service/promise_parts.hpp"

#include "service/handlers.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

using desk::TicketState;
using store::PromiseRow;

std::string promise_detail(const PromiseRow& row) {
    return json_text({{"promise", std::to_string(number_of(row.no))}, {"due", rfc3339(row.promise.due)}});
}

void make_promises(Books& books, desk::Ticket& ticket, desk::MessageNo message, customers::StaffNo staff,
                   std::span<const desk::PromiseClaim> claims, Moment at) {
    for (const desk::PromiseClaim& claim : claims) {
        const PromiseRow row{.no = desk::PromiseNo{books.next_number("promise")},
                             .ticket = ticket.no,
                             .message = message,
                             .words = claim.words,
                             .staff = staff,
                             .promise = {.made = at, .due = claim.due}};
        store::insert_promise(books.connection(), row);
        store::insert_event(books.connection(), ticket.no, at, "promise_made", staff, promise_detail(row));
        if (!ticket.promise_due || claim.due < *ticket.promise_due) ticket.promise_due = claim.due;
    }
}

void note_broken(Books& books, const PromiseRow& row, Moment at) {
    store::insert_event(books.connection(), row.ticket, at, "promise_broken", std::nullopt, promise_detail(row));
}

bool end_promise(Books& books, PromiseRow& row, std::optional<customers::StaffNo> by, Moment at) {
    const bool was_broken = row.promise.state == desk::PromiseState::broken;
    if (!desk::note_done(row.promise, at)) return false;
    const bool late = row.promise.state == desk::PromiseState::broken;
    if (late && !was_broken) note_broken(books, row, at);
    row.ended_by = by;
    store::update_promise(books.connection(), row);
    store::insert_event(books.connection(), row.ticket, at, late ? "promise_done_late" : "promise_kept", by,
                        promise_detail(row));
    return true;
}

void settle_promises(Books& books, desk::Ticket& ticket, std::optional<customers::StaffNo> by, Moment at) {
    if (!ticket.promise_due || (ticket.state != TicketState::solved && ticket.state != TicketState::closed)) return;
    for (PromiseRow& row : store::promises_of(books.connection(), ticket.no)) (void)end_promise(books, row, by, at);
    ticket.promise_due.reset();
}

}  // namespace okpay::service
