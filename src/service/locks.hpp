// SPDX-License-Identifier: Apache-2.0
// Placing and ending locks (customers/lock.hpp) inside a command, for every handler that has a reason to.
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
    std::string reason;        // for staff
    std::string message_code;  // for the customer
    std::optional<Moment> review_at, expires_at;
};
// In this unit of work: the row, its audit, and what it stops is stopped (sessions, holds, schedules).
customers::LockNo place_lock(Books& books, const Context& context, const Command& command, const NewLock& lock);
// Who may end it has been decided. False where it has ended already.
bool end_lock(Books& books, const Context& context, const Command& command, customers::LockNo lock, std::string_view note);

}  // namespace okpay::service
