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
inline constexpr std::chrono::days solved_closes_after{14};  // without a word from the customer

constexpr Moment first_reply_due(Moment opened) { return opened + first_reply_within; }
bool is_payment_error(std::string_view category);  // payment_failed, duplicate_charge, refund, topup_withdrawal
// 48 h for payment errors, none for the rest.
std::optional<Moment> investigation_due(Moment opened, std::string_view category);

}  // namespace okpay::desk
