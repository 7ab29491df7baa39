// SPDX-License-Identifier: Apache-2.0
// Rows of what answers promised: desk/promise.hpp has their life. A row is never removed; its request's promise_due is the
// earliest of those that are not done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/promise.hpp"
#include "desk/ticket.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct PromiseRow {
    desk::PromiseNo no;
    desk::TicketNo ticket;
    desk::MessageNo message;  // the answer that says it
    std::string words;        // the deadline as written there; empty after an erasure
    customers::StaffNo staff;  // who wrote it
    desk::Promise promise;
    std::optional<customers::StaffNo> ended_by = {};  // nobody where the program solved the request
    std::string reason = {};                          // of a withdrawal
};
void insert_promise(Connection& connection, const PromiseRow& row);
void update_promise(Connection& connection, const PromiseRow& row);  // state, end, by whom, why, what was told
std::optional<PromiseRow> find_promise(Connection& connection, desk::PromiseNo no);
std::vector<PromiseRow> promises_of(Connection& connection, desk::TicketNo ticket);  // in the order they were made
// Those of which staff are to be told something at `now`, as desk::alarm_of has it; the earliest due first.
std::vector<PromiseRow> promises_to_tell(Connection& connection, Moment now, std::int64_t limit);
std::optional<Moment> earliest_promise(Connection& connection, desk::TicketNo ticket);  // of those that are not done

}  // namespace okpay::store
