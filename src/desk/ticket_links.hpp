// SPDX-License-Identifier: Apache-2.0
// Requests that belong together: related, the same thing twice, split from another, going on in another one;
// and requests that sleep until a moment. What may be done, and what becomes of the clocks. Why: docs/decisions/0036.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "desk/ticket.hpp"

namespace okpay::desk {

enum class LinkKind : std::uint8_t {  // stored, append only; read as "this request is … that one"
    related = 1,
    duplicate_of = 2,
    split_from = 3,
    merged_into = 4,
};
std::string_view name_of(LinkKind kind);
std::optional<LinkKind> link_kind_of_name(std::string_view name);
// By hand; the others are facts of a split and of a merge, which are undone by what they are or not at all.
constexpr bool is_linked_by_hand(LinkKind kind) { return kind == LinkKind::related || kind == LinkKind::duplicate_of; }

inline constexpr std::size_t links_of_ticket_max = 50;      // that stand, both ways
inline constexpr std::size_t split_messages_max = 20;       // in one split
inline constexpr int merged_chain_max = 64;                 // B in A, A in C, …: no chain is followed further
inline constexpr std::chrono::days snooze_max{90};
inline constexpr std::size_t draft_octets_max = 64UL * 1024;  // of the text of one draft

// What holds a request open by itself: whoever decides it writes to this request and to no other.
enum class Bound : std::uint8_t { remedy, change, lock, rail_call, promise };
std::string_view name_of(Bound bound);

enum class MergeRefusal : std::uint8_t {
    same_ticket,
    merged_already,  // the one that would go on elsewhere does so already
    into_merged,     // the other one goes on elsewhere itself: merge into that
    into_closed,
    still_bound,
    another_party,  // another customer and another address, and no supervisor with a reason
    not_merged,
    answered_since,
};
std::string_view code_of(MergeRefusal refusal);
std::string_view sentence_en(MergeRefusal refusal);

struct MergeFacts {
    const Ticket& from;
    const Ticket& into;
    bool from_merged = false, into_merged = false;  // stands as merged into a third one
    std::vector<Bound> bound;                       // to `from`
    bool supervisor = false;                        // who asks
    bool reason_given = false;
};
// The same customer, or where a customer is not known of both the same mailbox.
bool same_party(const Ticket& a, const Ticket& b);
std::optional<MergeRefusal> may_merge(const MergeFacts& facts);

// What a merge changes of the request that goes on, as it was before: for who takes it back.
struct KeptClocks {
    TicketState state = TicketState::open;
    Moment first_reply_due;
    std::optional<Moment> next_reply_due, investigation_due, waiting_since;
    friend bool operator==(const KeptClocks&, const KeptClocks&) = default;
};
KeptClocks clocks_kept(const Ticket& ticket);
void restore_clocks(Ticket& ticket, const KeptClocks& kept);

// `into` goes on for both: of each clock the earlier one, and it is open where the other waits for us. What is solved or
// closed brings no clock along.
void take_over_clocks(Ticket& into, const Ticket& from, Moment at);

enum class SnoozeRefusal : std::uint8_t { ended, past, too_long, past_clock };
// No trick to pause: nobody sleeps past a clock that runs. `past_clock`: running_clock() says which and when.
std::optional<SnoozeRefusal> may_snooze(const Ticket& ticket, Moment now, Moment until);

}  // namespace okpay::desk
