// SPDX-License-Identifier: Apache-2.0
#include "desk/lifecycle.hpp"

#include <cstdlib>

namespace okpay::desk {

std::string_view state_name(TicketState state) {
    switch (state) {
    case TicketState::fresh: return "new";
    case TicketState::open: return "open";
    case TicketState::pending_customer: return "pending_customer";
    case TicketState::on_hold: return "on_hold";
    case TicketState::solved: return "solved";
    case TicketState::closed: return "closed";
    }
    std::abort();
}

std::optional<TicketState> ticket_state_of_name(std::string_view name) {
    for (const TicketState state : {TicketState::fresh, TicketState::open, TicketState::pending_customer,
                                    TicketState::on_hold, TicketState::solved, TicketState::closed}) {
        if (state_name(state) == name) return state;
    }
    return std::nullopt;
}

std::string_view state_name(RemedyState state) {
    switch (state) {
    case RemedyState::proposed: return "proposed";
    case RemedyState::approved: return "approved";
    case RemedyState::executed: return "executed";
    case RemedyState::rejected: return "rejected";
    case RemedyState::voided: return "voided";
    case RemedyState::failed: return "failed";
    }
    std::abort();
}

std::string_view name_of(RemedyKind kind) {
    switch (kind) {
    case RemedyKind::refund: return "refund";
    case RemedyKind::reverse_payment: return "reverse_payment";
    case RemedyKind::unlock_account: return "unlock_account";
    case RemedyKind::change_contact: return "change_contact";
    case RemedyKind::change_instrument: return "change_instrument";
    case RemedyKind::resend_receipt: return "resend_receipt";
    case RemedyKind::send_statement: return "send_statement";
    }
    std::abort();
}

std::optional<RemedyKind> remedy_kind_of_name(std::string_view name) {
    for (const RemedyKind kind :
         {RemedyKind::refund, RemedyKind::reverse_payment, RemedyKind::unlock_account, RemedyKind::change_contact,
          RemedyKind::change_instrument, RemedyKind::resend_receipt, RemedyKind::send_statement}) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string_view name_of(Direction direction) {
    switch (direction) {
    case Direction::inbound: return "inbound";
    case Direction::outbound: return "outbound";
    case Direction::note: return "note";
    }
    std::abort();
}

std::string_view name_of(Author author) {
    switch (author) {
    case Author::customer: return "customer";
    case Author::stranger: return "stranger";
    case Author::staff: return "staff";
    case Author::system: return "system";
    }
    std::abort();
}

bool is_payment_error(std::string_view category) {
    return category == "payment_failed" || category == "duplicate_charge" || category == "refund" ||
           category == "topup_withdrawal";
}

std::optional<Moment> investigation_due(Moment opened, std::string_view category) {
    if (!is_payment_error(category)) return std::nullopt;
    return opened + investigation_within;
}

}  // namespace okpay::desk
