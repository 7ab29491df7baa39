// SPDX-License-Identifier: Apache-2.0
#include "desk/ticket_links.hpp"

#include <algorithm>
#include <cstdlib>

#include "desk/lifecycle.hpp"
#include "desk/threading.hpp"

namespace okpay::desk {
namespace {

bool waits_for_us(TicketState state) {
    return state == TicketState::fresh || state == TicketState::open || state == TicketState::on_hold;
}
bool is_worked_on(TicketState state) { return state == TicketState::fresh || state == TicketState::open; }
bool is_over(TicketState state) { return state == TicketState::solved || state == TicketState::closed; }

std::optional<Moment> earlier(std::optional<Moment> a, std::optional<Moment> b) {
    if (!a) return b;
    if (!b) return a;
    return std::min(*a, *b);
}

}  // namespace

std::string_view name_of(LinkKind kind) {
    switch (kind) {
    case LinkKind::related: return "related";
    case LinkKind::duplicate_of: return "duplicate_of";
    case LinkKind::split_from: return "split_from";
    case LinkKind::merged_into: return "merged_into";
    }
    std::abort();
}

std::optional<LinkKind> link_kind_of_name(std::string_view name) {
    for (const LinkKind kind : {LinkKind::related, LinkKind::duplicate_of, LinkKind::split_from, LinkKind::merged_into}) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string_view name_of(Bound bound) {
    switch (bound) {
    case Bound::remedy: return "remedy";
    case Bound::change: return "change";
    case Bound::lock: return "lock";
    case Bound::rail_call: return "rail_call";
    case Bound::promise: return "promise";
    }
    std::abort();
}

std::string_view code_of(MergeRefusal refusal) {
    switch (refusal) {
    case MergeRefusal::same_ticket: return "same_request";
    case MergeRefusal::merged_already:
    case MergeRefusal::into_merged: return "merged_already";
    case MergeRefusal::into_closed: return "ticket_closed";
    case MergeRefusal::still_bound: return "still_bound";
    case MergeRefusal::another_party: return "another_party";
    case MergeRefusal::not_merged: return "not_merged";
    case MergeRefusal::answered_since: return "answered_since";
    }
    std::abort();
}

std::string_view sentence_en(MergeRefusal refusal) {
    switch (refusal) {
    case MergeRefusal::same_ticket: return "a request is not merged into itself";
    case MergeRefusal::merged_already: return "this request goes on in another one already";
    case MergeRefusal::into_merged: return "that request goes on in another one itself; merge into that one";
    case MergeRefusal::into_closed: return "that request is closed";
    case MergeRefusal::still_bound: return "something is under way that belongs to this request; let it end first";
    case MergeRefusal::another_party:
        return "the two are of different customers; a supervisor may merge them, with a reason";
    case MergeRefusal::not_merged: return "this request was not merged";
    case MergeRefusal::answered_since: return "it was answered since they were merged, and stays merged";
    }
    std::abort();
}

bool same_party(const Ticket& a, const Ticket& b) {
    if (a.customer && b.customer) return *a.customer == *b.customer;
    return same_mailbox(a.party_address, b.party_address);
}

std::optional<MergeRefusal> may_merge(const MergeFacts& facts) {
    if (facts.from.no == facts.into.no) return MergeRefusal::same_ticket;
    if (facts.from_merged) return MergeRefusal::merged_already;
    if (facts.into_merged) return MergeRefusal::into_merged;
    if (facts.into.state == TicketState::closed) return MergeRefusal::into_closed;
    if (!facts.bound.empty()) return MergeRefusal::still_bound;
    if (!same_party(facts.from, facts.into) && !(facts.supervisor && facts.reason_given)) {
        return MergeRefusal::another_party;
    }
    return std::nullopt;
}

KeptClocks clocks_kept(const Ticket& ticket) {
    return {.state = ticket.state,
            .first_reply_due = ticket.first_reply_due,
            .next_reply_due = ticket.next_reply_due,
            .investigation_due = ticket.investigation_due,
            .waiting_since = ticket.waiting_since};
}

void restore_clocks(Ticket& ticket, const KeptClocks& kept) {
    ticket.state = kept.state;
    ticket.first_reply_due = kept.first_reply_due;
    ticket.next_reply_due = kept.next_reply_due;
    ticket.investigation_due = kept.investigation_due;
    ticket.waiting_since = kept.waiting_since;
    ticket.clock_told = 0;
}

void take_over_clocks(Ticket& into, const Ticket& from, Moment at) {
    if (is_over(from.state) || is_set_aside(from)) return;
    const bool ours = waits_for_us(from.state);
    const bool asks = is_worked_on(from.state);
    if ((asks && !is_worked_on(into.state)) || (ours && !waits_for_us(into.state))) move_to(into, TicketState::open, at);
    if (ours) {
        const std::optional<Moment> due = from.first_replied ? from.next_reply_due : std::optional{from.first_reply_due};
        if (into.first_replied) into.next_reply_due = earlier(into.next_reply_due, due);
        else if (due) into.first_reply_due = std::min(into.first_reply_due, *due);
    }
    if (!is_over(into.state)) {
        // As it stands now: without the time in which the customer's answer was awaited. Where `into` still waits, the time
        // since it does will be given once more when it goes on.
        std::optional<Moment> due = from.investigation_due;
        if (due && from.waiting_since) *due += std::max(at - *from.waiting_since, Millis{0});
        if (due && into.waiting_since) *due -= std::max(at - *into.waiting_since, Millis{0});
        into.investigation_due = earlier(into.investigation_due, due);
    }
    into.clock_told = 0;
}

std::optional<SnoozeRefusal> may_snooze(const Ticket& ticket, Moment now, Moment until) {
    if (is_over(ticket.state)) return SnoozeRefusal::ended;
    if (until <= now) return SnoozeRefusal::past;
    if (until > now + snooze_max) return SnoozeRefusal::too_long;
    const auto clock = running_clock(ticket);
    if (clock && until > clock->due) return SnoozeRefusal::past_clock;
    return std::nullopt;
}

}  // namespace okpay::desk
