// SPDX-License-Identifier: Apache-2.0
// The lives of a ticket and of a remedy, one table each; their words outside; and the clocks.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "desk/ticket.hpp"

namespace okpay::desk {

// A change to the same state is not a change and answers false. A closed ticket stays closed: a late reply opens a
// follow-up.
constexpr bool may_become(TicketState from, TicketState to) {
    switch (from) {
    case TicketState::fresh:
        return to == TicketState::open || to == TicketState::pending_customer || to == TicketState::on_hold ||
               to == TicketState::solved;
    case TicketState::open:
        return to == TicketState::pending_customer || to == TicketState::on_hold || to == TicketState::solved;
    case TicketState::pending_customer:
        return to == TicketState::open || to == TicketState::on_hold || to == TicketState::solved;
    case TicketState::on_hold:
        return to == TicketState::open || to == TicketState::pending_customer || to == TicketState::solved;
    case TicketState::solved: return to == TicketState::open || to == TicketState::closed;
    case TicketState::closed: return false;
    }
    std::abort();
}
static_assert(!may_become(TicketState::closed, TicketState::open));
static_assert(!may_become(TicketState::open, TicketState::fresh));

// approved -> executed or failed happens in the same commit for money inside the house.
constexpr bool may_become(RemedyState from, RemedyState to) {
    switch (from) {
    case RemedyState::proposed:
        return to == RemedyState::approved || to == RemedyState::rejected || to == RemedyState::voided;
    case RemedyState::approved: return to == RemedyState::executed || to == RemedyState::failed || to == RemedyState::voided;
    case RemedyState::executed:
    case RemedyState::rejected:
    case RemedyState::voided:
    case RemedyState::failed: return false;
    }
    std::abort();
}
static_assert(!may_become(RemedyState::proposed, RemedyState::executed));  // never without a second person
static_assert(!may_become(RemedyState::rejected, RemedyState::approved));

std::string_view state_name(TicketState state);  // "new", "open", "pending_customer", …
std::optional<TicketState> ticket_state_of_name(std::string_view name);
std::string_view state_name(RemedyState state);
std::string_view name_of(RemedyKind kind);
std::optional<RemedyKind> remedy_kind_of_name(std::string_view name);
std::string_view name_of(Direction direction);
std::string_view name_of(Author author);

inline constexpr std::chrono::hours first_reply_within{24};
inline constexpr std::chrono::hours investigation_within{48};
inline constexpr std::chrono::days solved_closes_after{14};  // without a word on it; a later answer is a follow-up

constexpr Moment first_reply_due(Moment opened) { return opened + first_reply_within; }
bool is_payment_error(std::string_view category);  // payment_failed, duplicate_charge, refund, topup_withdrawal
// 48 h for payment errors, none for the rest.
std::optional<Moment> investigation_due(Moment opened, std::string_view category);

// What asks nothing of anybody, spam and machine mail, is set aside: it stands in a list of its own, no clock of the house
// runs, and what nobody takes out is over by itself. Its next mail is read like any other and makes it a request
// (sorting.hpp).
inline constexpr std::string_view no_action_team = "no_action";
inline constexpr std::chrono::days set_aside_for{30};  // since anything last happened
bool is_set_aside(const Ticket& ticket);

// A ticket's clocks run while somebody here has to do something: the first reply's until it is sent; the next reply's from
// the earliest word of the customer that is not answered, so that who writes again does not lose the place; the
// investigation's until the request is solved, standing still while an answer of the customer is awaited. What an answer
// promised runs beside them whoever's turn it is (promise.hpp), and staff are told of it by itself; so they are of a third
// party's answer that does not come (side_thread.hpp).
enum class ClockKind : std::uint8_t { first_reply, next_reply, investigation, promise, side_thread };
std::string_view name_of(ClockKind kind);
struct RunningClock {
    ClockKind kind;
    Moment due;
};
inline constexpr std::chrono::hours next_reply_within{24};
inline constexpr std::chrono::hours told_before{4};     // it runs out
inline constexpr std::chrono::hours escalated_after{1};  // it ran out: the supervisors
std::optional<RunningClock> running_clock(const Ticket& ticket);  // the one that runs out first
std::optional<RunningClock> house_clock(const Ticket& ticket);    // the same, of those that every request has

// Of the house's clock; Ticket::clock_told, once each. Where two are due at once, after a pause of the machine, the later.
enum class ClockAlarm : std::uint8_t { runs_out = 1, ran_out = 2, escalated = 3 };
std::optional<ClockAlarm> alarm_of(const Ticket& ticket, Moment now);
// Of any clock that is told of like these; `told`: the last alarm that was.
std::optional<ClockAlarm> alarm_at(Moment due, std::int64_t told, Moment now);

void move_to(Ticket& ticket, TicketState state, Moment at);  // stops and shifts the clocks; whether it may is the caller's
void note_customer_wrote(Ticket& ticket, Moment received);  // something that asks for an answer
void note_replied(Ticket& ticket, Moment at);

}  // namespace okpay::desk
