// SPDX-License-Identifier: Apache-2.0
#include "desk/threading.hpp"

#include <cstdlib>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

ThreadDecision linked_to(const KnownTicket& ticket, ThreadReason reason) {
    return {.target = ThreadTarget::new_linked, .reason = reason, .ticket = ticket.no};
}

// The mail belongs to this ticket: what becomes of it.
ThreadDecision joined(const KnownTicket& ticket, ThreadReason reason, bool asks_nothing) {
    ThreadDecision decision{.target = ThreadTarget::append,
                            .reason = reason,
                            .ticket = ticket.no,
                            .state_after = ticket.state};
    if (asks_nothing) return decision;
    decision.asks = true;  // seen in the timeline; state and clocks stay
    switch (ticket.state) {
    case TicketState::fresh:
    case TicketState::open: break;
    case TicketState::pending_customer: decision.state_after = TicketState::open; break;
    case TicketState::on_hold: break;  // waits for someone else: the agent sees the new message
    case TicketState::solved:
        decision.state_after = TicketState::open;
        decision.reopens = true;
        break;
    case TicketState::closed: return linked_to(ticket, ThreadReason::ticket_closed);
    }
    return decision;
}

}  // namespace

bool same_mailbox(std::string_view a, std::string_view b) {
    return !trimmed(a).empty() && equal_ignoring_ascii_case(trimmed(a), trimmed(b));
}

ThreadDecision decide_thread(const ThreadInput& input) {
    const bool asks_nothing = input.automatic || input.only_thanks;
    if (!input.forged) {
        for (const TokenMatch& match : input.by_token) {
            if (match.sent_to_sender && same_mailbox(input.sender, match.ticket.party_address)) {
                return joined(match.ticket, ThreadReason::token_and_party, asks_nothing);
            }
        }
        for (const KnownTicket& ticket : input.by_number) {
            const bool proven = input.assurance >= customers::Assurance::a1_aligned_mail;
            if (proven && same_mailbox(input.sender, ticket.party_address)) {
                return joined(ticket, ThreadReason::number_and_party, asks_nothing);
            }
        }
    }
    if (!input.by_token.empty()) {
        const auto reason = input.forged ? ThreadReason::sender_forged : ThreadReason::token_of_another_person;
        return linked_to(input.by_token.front().ticket, reason);
    }
    if (!input.by_number.empty()) {
        const auto reason = input.forged ? ThreadReason::sender_forged : ThreadReason::number_without_proof;
        return linked_to(input.by_number.front(), reason);
    }
    return {.target = ThreadTarget::new_ticket, .reason = ThreadReason::nothing_found};
}

std::string_view code_of(ThreadReason reason) {
    switch (reason) {
    case ThreadReason::token_and_party: return "token_and_party";
    case ThreadReason::number_and_party: return "number_and_party";
    case ThreadReason::nothing_found: return "nothing_found";
    case ThreadReason::token_of_another_person: return "token_of_another_person";
    case ThreadReason::number_without_proof: return "number_without_proof";
    case ThreadReason::sender_forged: return "sender_forged";
    case ThreadReason::ticket_closed: return "ticket_closed";
    }
    std::abort();
}

}  // namespace okpay::desk
