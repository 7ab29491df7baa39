// SPDX-License-Identifier: Apache-2.0
// A ticket is what customers see as a request with a request number. Plain data as stored; the rules are beside it:
// lifecycle.hpp, threading.hpp, remedy.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "customers/customer.hpp"
#include "money/money.hpp"

namespace okpay::desk {

enum class TicketNo : std::int64_t {};
enum class MessageNo : std::int64_t {};
enum class RemedyNo : std::int64_t {};
enum class PromiseNo : std::int64_t {};
constexpr std::int64_t number_of(TicketNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(MessageNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(RemedyNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(PromiseNo no) { return static_cast<std::int64_t>(no); }

enum class TicketState : std::uint8_t {  // stored, append only
    fresh = 1,  // "new" outside; a keyword here
    open = 2,
    pending_customer = 3,
    on_hold = 4,
    solved = 5,
    closed = 6,
};

struct Ticket {
    TicketNo no;
    TicketId id;
    std::string request_number;  // request_number.hpp, without brackets: "OK-7F3K9Q2"
    std::optional<customers::CustomerNo> customer;  // whose address it was; proves nothing by itself
    std::string party_address;                      // who is answered
    customers::Assurance assurance = customers::Assurance::a0_unproven;  // of the opening message
    std::string subject;
    TicketState state = TicketState::fresh;
    std::string category, urgency, route, language;  // as triage prints them
    std::optional<customers::StaffNo> assignee;
    std::optional<TicketNo> linked_to;  // the ticket whose number a stranger quoted
    Moment opened;
    Moment updated;
    Moment first_reply_due;
    std::optional<Moment> first_replied;
    std::optional<Moment> investigation_due;  // payment errors only
    std::optional<Moment> next_reply_due;     // of the earliest word of the customer that nobody has answered yet
    std::optional<Moment> promise_due = {};   // the earliest of the promises that are not done: promise.hpp
    std::optional<Moment> waiting_since;      // while pending_customer: the investigation stands still
    std::int64_t clock_told = 0;              // of the house's running clock: the last ClockAlarm that staff were told
    std::int64_t version = 1;                 // raised by each change: an agent's screen tells what it saw
};

enum class Direction : std::uint8_t { inbound = 1, outbound = 2, note = 3 };  // stored, append only
enum class Author : std::uint8_t { customer = 1, stranger = 2, staff = 3, system = 4 };

struct Message {
    MessageNo no;
    MessageId id;
    TicketNo ticket;
    Direction direction;
    Author author;
    std::optional<customers::StaffNo> staff;
    std::string from_address;
    std::string subject;
    std::string body;         // masked text; what people read
    std::string quoted;       // folded in the display, never removed
    std::string mail_message_id;
    std::optional<std::int64_t> mail;      // row of the inbound mail it was made from
    std::optional<std::int64_t> outgoing;  // row of the outgoing mail that carries it
    customers::Assurance assurance = customers::Assurance::a0_unproven;
    Moment at;
};

enum class RemedyKind : std::uint8_t {  // stored, append only
    refund = 1,
    reverse_payment = 2,
    unlock_account = 3,
    change_contact = 4,
    change_instrument = 5,
    resend_receipt = 6,
    send_statement = 7,
};
enum class RemedyState : std::uint8_t { proposed = 1, approved = 2, executed = 3, rejected = 4, voided = 5, failed = 6 };

// Amount, source, destination, reason and evidence are frozen when proposed: what was approved is what is done.
struct Remedy {
    RemedyNo no;
    RemedyId id;  // also the idempotency key of its execution
    TicketNo ticket;
    RemedyKind kind;
    RemedyState state = RemedyState::proposed;
    std::int64_t payment = 0;       // sequence of the payment to give back
    std::int64_t duplicate_of = 0;  // its twin that stays, 0 for none
    money::Money amount;
    std::int64_t expected_refundable = 0;  // when proposed; another value voids the proposal
    std::string reason;
    std::string evidence;  // JSON: what the proposer saw
    customers::StaffNo proposer;
    Moment proposed;
    std::optional<customers::StaffNo> decider;
    std::optional<Moment> decided;
    std::string decision_note;
    std::int64_t executed_payment = 0;  // the refund
};

}  // namespace okpay::desk
