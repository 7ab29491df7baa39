// SPDX-License-Identifier: Apache-2.0
// Placing and ending locks (customers/lock.hpp) inside a command, for every handler that has a reason to.
//
//   Desk   A lock opens a request of the category account_locked for the risk team, or goes on in the one of a lock that
//          stands already, and writes to the customer: all in the same unit of work. Only a customer's own wish
//          ("own_wish") needs no person, so it opens none. Of the hold of a change (desk::is_hold_message) the letters
//          of the change tell, so it writes nothing either.
//   Twice  The same scope, source and message of one customer is one lock while it stands: its number is answered. Where
//          its request is closed meanwhile, it gets a new one, and the customer a letter.
#pragma once

#include "customers/lock.hpp"
#include "service/books.hpp"
#include "service/command.hpp"

namespace okpay::service {

class Context;

struct NewLock {
    customers::CustomerNo customer;
    customers::LockScope scope;
    customers::LockSource source;
    std::string reason;        // for staff; never empty
    std::string message_code;  // for the customer: desk/lock_letters.hpp knows them
    std::optional<Moment> review_at, expires_at;
};
// Asked for without a reason to look: the one kind that the customer ends alone. What was reported ("this was not me") is
// not, for whoever got in may have a second factor too.
bool is_own_wish(const customers::Lock& lock);
// In this unit of work: the row, its audit, and what it stops is stopped (sessions, holds, schedules).
customers::LockNo place_lock(Books& books, const Context& context, const Command& command, const NewLock& lock);
// Who may end it has been decided. False where it has ended already.
// `superseded`: what it was placed for is no more.
bool end_lock(Books& books, const Context& context, const Command& command, customers::LockNo lock, std::string_view note,
              customers::LockState to = customers::LockState::released);

// What the customer said by a link that was sent to the stored address, in the request of a lock that stands for it: the
// first thing that a person reads, and owes an answer to.
struct SaidByLink {
    MessageId message;
    std::string text;   // in the customer's language
    std::string event;  // "reported_sign_in"
    std::string details;  // of the event, as JSON
};
store::TicketRow say_in_request(Books& books, const Command& command, customers::LockNo lock, const SaidByLink& said);

// "OK-7F3K9", of the request in which the customer's locks are talked about; empty where there is none.
std::string request_about_locks(Books& books, const Context& context, customers::CustomerNo customer);

}  // namespace okpay::service
