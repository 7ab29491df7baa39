// SPDX-License-Identifier: Apache-2.0
// The book of counterparties, side threads and what was said in them. Rows in and out; what may be done and what becomes of
// a thread is desk/side_thread.hpp.
#pragma once

#include <map>
#include <span>

#include <optional>
#include <vector>

#include "desk/side_thread.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct CounterpartyRow {
    desk::CounterpartyNo no;
    desk::Counterparty party;
    bool retired = false;  // kept for the threads that name it, and offered no more
    std::int64_t version = 1;
    Moment updated;
    customers::StaffNo updated_by;
};
void insert_counterparty(Connection& connection, const CounterpartyRow& row);
void update_counterparty(Connection& connection, const CounterpartyRow& row);
std::optional<CounterpartyRow> find_counterparty(Connection& connection, desk::CounterpartyNo no);
std::vector<CounterpartyRow> counterparties(Connection& connection);  // the retired ones too, by name

void insert_side_thread(Connection& connection, const desk::SideThread& thread);
void update_side_thread(Connection& connection, const desk::SideThread& thread);  // state, clock, version, end
std::optional<desk::SideThread> find_side_thread(Connection& connection, desk::SideThreadNo no);
std::optional<desk::SideThread> find_side_thread(Connection& connection, std::string_view number);
std::vector<desk::SideThread> side_threads_of(Connection& connection, desk::TicketNo ticket);  // oldest first
// Those for which desk::alarm_of has an answer at `now`, by number.
std::vector<desk::SideThread> side_threads_to_tell(Connection& connection, Moment now, std::int64_t limit);
struct SideCounts {
    std::int64_t waiting = 0, answered = 0;
};
// Those that are not closed; no entry where there is none.
std::map<desk::TicketNo, SideCounts> count_side_threads(Connection& connection, std::span<const desk::TicketNo> tickets);

struct SideMessageRow {
    std::int64_t no = 0;
    MessageId id;
    desk::SideThreadNo thread;
    desk::Direction direction = desk::Direction::inbound;  // never a note
    desk::SideMessageKind kind = desk::SideMessageKind::said;
    std::optional<customers::StaffNo> staff;  // of what we wrote
    std::string from_address, subject;
    std::string body;    // masked text; what people read
    std::string quoted;  // folded in the display, never removed
    std::string mail_message_id;
    std::optional<std::int64_t> mail;      // row of the inbound mail it was made from
    std::optional<std::int64_t> outgoing;  // row of the outgoing mail that carries it
    Moment at;
};
void insert_side_message(Connection& connection, const SideMessageRow& row);
std::vector<SideMessageRow> side_messages_of(Connection& connection, desk::SideThreadNo thread);  // in order
// The thread that this mail of ours belongs to.
std::optional<desk::SideThreadNo> side_thread_of_outgoing(Connection& connection, std::int64_t outgoing);

}  // namespace okpay::store
