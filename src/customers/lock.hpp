// SPDX-License-Identifier: Apache-2.0
// A lock is an object, not a flag: it says what it stops, who placed it, why (for staff, and what the customer is told),
// when a person looks at it again and when it ends by itself. Several may stand at once; what is stopped is their union,
// and a release names one of them. No lock ever stops money that comes in (unless it says `credits`) or writing to support.
//
//   Life  active -> released, expired or superseded; an end is for ever. Who is stopped again is so by another lock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

enum class LockNo : std::int64_t {};
constexpr std::int64_t number_of(LockNo no) { return static_cast<std::int64_t>(no); }
using LockReleaseId = Id<struct LockReleaseTag>;

// What it stops. Stored, append only.
enum class LockScope : std::uint8_t {
    sign_in = 1,
    debits = 2,   // payments, transfers, exchanges, holds and their captures, withdrawals, schedules
    payouts = 3,  // withdrawals and transfers to new payees alone
    credits = 4,
    full = 5,     // sign-in and debits
};
enum class LockSource : std::uint8_t { rule = 1, staff = 2, customer = 3, legal = 4 };
enum class LockState : std::uint8_t { active = 1, released = 2, expired = 3, superseded = 4 };
constexpr bool may_become(LockState from, LockState to) { return from == LockState::active && to != LockState::active; }

inline constexpr std::array all_lock_scopes{LockScope::sign_in, LockScope::debits, LockScope::payouts, LockScope::credits,
                                            LockScope::full};
std::string_view name_of(LockScope scope);  // "debits"
std::string_view name_of(LockSource source);
std::string_view name_of(LockState state);
std::optional<LockScope> lock_scope_of_name(std::string_view name);
std::optional<LockState> lock_state_of_name(std::string_view name);

// What several locks stop together.
struct LockEffect {
    bool sign_in = false, debits = false, payouts = false, credits = false;
    friend constexpr bool operator==(LockEffect, LockEffect) = default;
    friend constexpr LockEffect operator|(LockEffect one, LockEffect other) {
        return {one.sign_in || other.sign_in, one.debits || other.debits, one.payouts || other.payouts,
                one.credits || other.credits};
    }
    // What payments ask for: nothing may leave, or nothing to anybody new.
    [[nodiscard]] constexpr Standing standing() const {
        if (debits) return Standing::locked;
        return payouts ? Standing::limited : Standing::open;
    }
};
constexpr LockEffect effect_of(LockScope scope) {
    switch (scope) {
    case LockScope::sign_in: return {.sign_in = true};
    case LockScope::debits: return {.debits = true};
    case LockScope::payouts: return {.payouts = true};
    case LockScope::credits: return {.credits = true};
    case LockScope::full: return {.sign_in = true, .debits = true};
    }
    std::abort();
}

// Two persons end a lock that a rule, staff or the law placed; the customer's own is ended by the customer.
constexpr bool needs_two_persons(LockSource source) { return source != LockSource::customer; }
// So long after a lock was ended by people, the monitor is stricter.
inline constexpr std::chrono::days watched_after_release{7};
// A person looks at a lock by then, where nobody said when.
inline constexpr std::chrono::hours lock_reviewed_within{24};

struct Lock {
    LockNo no;
    CustomerNo customer;
    LockScope scope;
    LockSource source;
    LockState state = LockState::active;
    std::string reason;        // for staff
    std::string message_code;  // what the customer is told, a key of the letters and pages: "unusual_payments"
    Moment placed;
    std::optional<Moment> review_at, expires_at;
    std::int64_t ticket = 0;  // the request that it is talked about in; 0: none
    std::optional<Moment> ended;
};

// The proposal to release a lock. What the proposer saw is frozen; another person decides exactly that.
enum class LockReleaseState : std::uint8_t {  // stored, append only
    proposed = 1,
    executed = 2,
    rejected = 3,
    voided = 4,  // something that the proposer looked at has changed since
};
std::string_view name_of(LockReleaseState state);

// What has to be looked at before anybody proposes to release. All are ticked, or there is no proposal.
enum class ReleaseCheck : std::uint8_t { customer_reached, movements_confirmed, contact_unchanged, cause_understood };
inline constexpr std::array all_release_checks{ReleaseCheck::customer_reached, ReleaseCheck::movements_confirmed,
                                               ReleaseCheck::contact_unchanged, ReleaseCheck::cause_understood};
std::string_view name_of(ReleaseCheck check);  // "customer_reached"

struct LockRelease {
    std::int64_t no;
    LockReleaseId id;
    LockNo lock;
    LockReleaseState state = LockReleaseState::proposed;
    std::string checklist;  // names of checks, comma-separated, in the order of all_release_checks
    std::string evidence;   // in the proposer's words
    std::string seen;       // what the release rests on, as it was; another value then voids it
    StaffNo proposer;
    Moment proposed;
    std::optional<StaffNo> decider;
    std::optional<Moment> decided;
    std::string note;  // of the decision
};

enum class ReleaseRefusal : std::uint8_t {
    own_account,
    already_ended,
    own_lock,            // the customer's own: the customer ends it
    checklist_incomplete,
    evidence_missing,
    already_proposed,
    already_decided,
    proposer_cannot_approve,
    new_staff_cannot_approve,
    risk_role_needed,  // a legal one: risk or an administrator is one of the two
};
std::string_view code_of(ReleaseRefusal refusal);
std::string_view sentence_en(ReleaseRefusal refusal);

// Whoever proposes or decides; that the role may do so at all has been looked at.
struct ReleasePerson {
    StaffNo no;
    Role role;
    Moment enrolled;
    bool owns_customer_account = false;
};
std::optional<ReleaseRefusal> may_propose_release(const Lock& lock, const ReleasePerson& person, std::string_view checklist,
                                                  std::string_view evidence, bool proposal_waits);
std::optional<ReleaseRefusal> may_release(const Lock& lock, const LockRelease& release, const ReleasePerson& person,
                                          Role proposers_role, Moment now, Millis new_staff_waits);

}  // namespace okpay::customers
