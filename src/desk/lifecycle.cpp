// SPDX-License-Identifier: Apache-2.0
#include "desk/lifecycle.hpp"

#include <algorithm>

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

std::string_view name_of(ClockKind kind) {
    switch (kind) {
    case ClockKind::first_reply: return "first_reply";
    case ClockKind::next_reply: return "next_reply";
    case ClockKind::investigation: return "investigation";
    case ClockKind::promise: return "promise";
    case ClockKind::side_thread: return "side_thread";
    }
    std::abort();
}

bool is_set_aside(const Ticket& ticket) { return ticket.route == no_action_team; }

std::optional<RunningClock> house_clock(const Ticket& ticket) {
    if (is_set_aside(ticket)) return std::nullopt;
    std::optional<RunningClock> first;
    const auto runs = [&first](ClockKind kind, Moment due) {
        if (!first || due < first->due) first = RunningClock{kind, due};
    };
    switch (ticket.state) {
    case TicketState::fresh:
    case TicketState::open:
        if (!ticket.first_replied) runs(ClockKind::first_reply, ticket.first_reply_due);
        else if (ticket.next_reply_due) runs(ClockKind::next_reply, *ticket.next_reply_due);
        [[fallthrough]];
    case TicketState::on_hold:
        if (ticket.investigation_due) runs(ClockKind::investigation, *ticket.investigation_due);
        return first;
    case TicketState::pending_customer:
    case TicketState::solved:
    case TicketState::closed: return std::nullopt;
    }
    std::abort();
}

std::optional<RunningClock> running_clock(const Ticket& ticket) {
    const auto house = house_clock(ticket);
    if (!ticket.promise_due || (house && house->due <= *ticket.promise_due)) return house;
    return RunningClock{ClockKind::promise, *ticket.promise_due};
}

std::optional<ClockAlarm> alarm_at(Moment due, std::int64_t told, Moment now) {
    if (now < due - told_before) return std::nullopt;
    const ClockAlarm alarm = now >= due + escalated_after ? ClockAlarm::escalated
                             : now >= due                 ? ClockAlarm::ran_out
                                                          : ClockAlarm::runs_out;
    return told < static_cast<std::int64_t>(alarm) ? std::optional{alarm} : std::nullopt;
}

std::optional<ClockAlarm> alarm_of(const Ticket& ticket, Moment now) {
    const auto clock = house_clock(ticket);
    return clock ? alarm_at(clock->due, ticket.clock_told, now) : std::nullopt;
}

void move_to(Ticket& ticket, TicketState state, Moment at) {
    if (state == ticket.state) return;
    if (ticket.state == TicketState::pending_customer && ticket.waiting_since) {
        if (ticket.investigation_due) *ticket.investigation_due += std::max(at - *ticket.waiting_since, Millis{0});
        ticket.waiting_since.reset();
    }
    if (state == TicketState::pending_customer) ticket.waiting_since = at;
    ticket.state = state;
    ticket.clock_told = 0;
}

void note_customer_wrote(Ticket& ticket, Moment received) {
    if (!ticket.first_replied || ticket.next_reply_due) return;
    ticket.next_reply_due = received + next_reply_within;
    ticket.clock_told = 0;
}

void note_replied(Ticket& ticket, Moment at) {
    if (!ticket.first_replied) ticket.first_replied = at;
    ticket.next_reply_due.reset();
    ticket.clock_told = 0;
}

}  // namespace okpay::desk
