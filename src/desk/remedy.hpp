// SPDX-License-Identifier: Apache-2.0
// Two persons for each remedy. The proposal freezes what will be done; another person, with a fresh second factor,
// approves exactly that or sends it back. Never by mail. Decisions only: the caller loads, asks, and writes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

struct StaffActor {
    customers::StaffNo no;
    customers::Role role;
    Moment enrolled;                          // when the second factor was confirmed: the start of the waiting time
    std::optional<Moment> second_factor_at;   // last one-time code accepted in this session
    bool active = true;
    bool owns_customer_account = false;       // this customer is the actor, or shares address or instrument
};

struct RemedyRules {
    std::chrono::milliseconds new_staff_waits = std::chrono::hours{24};
    std::chrono::milliseconds second_factor_lasts = std::chrono::minutes{5};
    // From then on whoever proposed money may approve it. None: never. For a house of one person: the caller looks that
    // nobody else is enrolled who could, and counts approves_alone_waits from when the owner was told.
    std::optional<Moment> approves_alone_from = {};
};
inline constexpr std::chrono::hours approves_alone_waits{24};

enum class RemedyRefusal : std::uint8_t {
    // about the person
    staff_inactive = 1,
    not_permitted,
    own_account,
    proposer_cannot_approve,
    new_staff_cannot_approve,
    second_factor_needed,
    // about the remedy
    already_decided,
    refundable_changed,    // and the proposal is voided
    ticket_closed,
    // about a proposal
    open_remedy_exists,    // one open proposal for a payment at a time
    amount_not_positive,
    exceeds_refundable,
    currencies_differ,
    assurance_too_low,
    reason_missing,
    note_missing,          // sending back needs a word
    // about the person, again
    alone_too_early,       // nobody else can approve, and the time in which the owner can object is not over
};
std::string_view code_of(RemedyRefusal refusal);  // "proposer_cannot_approve": stable
std::string_view sentence_en(RemedyRefusal refusal);  // what to do
std::string_view sentence_zh(RemedyRefusal refusal);
bool voids_remedy(RemedyRefusal refusal);  // the proposal must become voided in the same commit

// What each remedy needs of the sender's assurance; lower, and the customer is asked to prove more first.
customers::Act act_of(RemedyKind kind);
customers::Assurance assurance_needed(RemedyKind kind);  // needed_for() that

struct RemedyProposal {
    RemedyKind kind;
    money::Money amount;              // zero for remedies that move no money
    std::int64_t expected_refundable; // minor units, as the proposer saw it
    std::string_view reason;
};
struct ProposalContext {
    TicketState ticket_state;
    customers::Assurance assurance;           // highest of the ticket's customer so far
    money::Money refundable;                  // of the payment, now; zero where no money moves
    bool open_remedy_on_payment = false;
};
[[nodiscard]] Result<void, RemedyRefusal> decide_propose(const RemedyProposal& proposal, const ProposalContext& context,
                                                         const StaffActor& actor);

// `refundable_minor` is of the payment, now; ignored where no money moves. A second factor given with the request counts
// as StaffActor::second_factor_at = now.
[[nodiscard]] Result<void, RemedyRefusal> decide_approve(const Remedy& remedy, const StaffActor& actor,
                                                         std::int64_t refundable_minor, Moment now,
                                                         const RemedyRules& rules = {});
// What to show before the click: as decide_approve, but without asking for the second factor.
[[nodiscard]] Result<void, RemedyRefusal> may_approve(const Remedy& remedy, const StaffActor& actor,
                                                      std::int64_t refundable_minor, Moment now,
                                                      const RemedyRules& rules = {});
[[nodiscard]] Result<void, RemedyRefusal> decide_reject(const Remedy& remedy, const StaffActor& actor,
                                                        std::string_view note);

bool moves_money(RemedyKind kind);

}  // namespace okpay::desk
