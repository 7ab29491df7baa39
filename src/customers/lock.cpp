// SPDX-License-Identifier: Apache-2.0
#include "customers/lock.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::customers {
namespace {

bool is_risk(Role role) { return role == Role::risk || role == Role::admin; }

bool all_ticked(std::string_view checklist) {
    return std::ranges::all_of(all_release_checks, [checklist](ReleaseCheck check) {
        for (std::string_view rest = checklist; !rest.empty();) {
            const auto comma = rest.find(',');
            if (trimmed(rest.substr(0, comma)) == name_of(check)) return true;
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        }
        return false;
    });
}

}  // namespace

std::string_view name_of(LockScope scope) {
    switch (scope) {
    case LockScope::sign_in: return "sign_in";
    case LockScope::debits: return "debits";
    case LockScope::payouts: return "payouts";
    case LockScope::credits: return "credits";
    case LockScope::full: return "full";
    }
    std::abort();
}

std::string_view name_of(LockSource source) {
    switch (source) {
    case LockSource::rule: return "rule";
    case LockSource::staff: return "staff";
    case LockSource::customer: return "customer";
    case LockSource::legal: return "legal";
    }
    std::abort();
}

std::string_view name_of(LockState state) {
    switch (state) {
    case LockState::active: return "active";
    case LockState::released: return "released";
    case LockState::expired: return "expired";
    case LockState::superseded: return "superseded";
    }
    std::abort();
}

std::optional<LockScope> lock_scope_of_name(std::string_view name) {
    for (const LockScope scope : all_lock_scopes) {
        if (name_of(scope) == name) return scope;
    }
    return std::nullopt;
}

std::optional<LockState> lock_state_of_name(std::string_view name) {
    for (const LockState state : {LockState::active, LockState::released, LockState::expired, LockState::superseded}) {
        if (name_of(state) == name) return state;
    }
    return std::nullopt;
}

std::string_view name_of(LockReleaseState state) {
    switch (state) {
    case LockReleaseState::proposed: return "proposed";
    case LockReleaseState::executed: return "executed";
    case LockReleaseState::rejected: return "rejected";
    case LockReleaseState::voided: return "voided";
    }
    std::abort();
}

std::string_view name_of(ReleaseCheck check) {
    switch (check) {
    case ReleaseCheck::customer_reached: return "customer_reached";
    case ReleaseCheck::movements_confirmed: return "movements_confirmed";
    case ReleaseCheck::contact_unchanged: return "contact_unchanged";
    case ReleaseCheck::cause_understood: return "cause_understood";
    }
    std::abort();
}

std::string_view code_of(ReleaseRefusal refusal) {
    switch (refusal) {
    case ReleaseRefusal::own_account: return "own_account";
    case ReleaseRefusal::already_ended: return "lock_ended";
    case ReleaseRefusal::own_lock: return "lock_of_customer";
    case ReleaseRefusal::checklist_incomplete: return "checklist_incomplete";
    case ReleaseRefusal::evidence_missing: return "reason_missing";
    case ReleaseRefusal::already_proposed: return "open_remedy_exists";
    case ReleaseRefusal::already_decided: return "already_decided";
    case ReleaseRefusal::proposer_cannot_approve: return "proposer_cannot_approve";
    case ReleaseRefusal::new_staff_cannot_approve: return "new_staff_cannot_approve";
    case ReleaseRefusal::risk_role_needed: return "risk_role_needed";
    }
    std::abort();
}

std::string_view sentence_en(ReleaseRefusal refusal) {
    switch (refusal) {
    case ReleaseRefusal::own_account: return "this is your own account; ask a colleague";
    case ReleaseRefusal::already_ended: return "this lock has ended already; load it again";
    case ReleaseRefusal::own_lock: return "the customer placed this lock, and only the customer ends it";
    case ReleaseRefusal::checklist_incomplete: return "look at everything on the checklist first";
    case ReleaseRefusal::evidence_missing: return "say what you saw, it is kept";
    case ReleaseRefusal::already_proposed: return "a proposal for this lock waits already; decide that one first";
    case ReleaseRefusal::already_decided: return "this was decided in the meantime; load it again";
    case ReleaseRefusal::proposer_cannot_approve: return "you proposed this; another person has to approve it";
    case ReleaseRefusal::new_staff_cannot_approve: return "you may approve 24 hours after you enrolled; ask a colleague";
    case ReleaseRefusal::risk_role_needed:
        return "of a legal lock one of the two must be a risk officer or an administrator";
    }
    std::abort();
}

std::optional<ReleaseRefusal> may_propose_release(const Lock& lock, const ReleasePerson& person, std::string_view checklist,
                                                  std::string_view evidence, bool proposal_waits) {
    if (person.owns_customer_account) return ReleaseRefusal::own_account;
    if (lock.state != LockState::active) return ReleaseRefusal::already_ended;
    // What the customer reported ("this was not me") may be settled here as well; what the customer wished for may not.
    if (!needs_two_persons(lock.source) && lock.message_code == "own_wish") return ReleaseRefusal::own_lock;
    if (proposal_waits) return ReleaseRefusal::already_proposed;
    if (!all_ticked(checklist)) return ReleaseRefusal::checklist_incomplete;
    if (trimmed(evidence).empty()) return ReleaseRefusal::evidence_missing;
    return std::nullopt;
}

std::optional<ReleaseRefusal> may_release(const Lock& lock, const LockRelease& release, const ReleasePerson& person,
                                          Role proposers_role, Moment now, Millis new_staff_waits) {
    if (person.owns_customer_account) return ReleaseRefusal::own_account;
    if (release.state != LockReleaseState::proposed) return ReleaseRefusal::already_decided;
    if (lock.state != LockState::active) return ReleaseRefusal::already_ended;
    if (person.no == release.proposer) return ReleaseRefusal::proposer_cannot_approve;
    if (now - person.enrolled < new_staff_waits) return ReleaseRefusal::new_staff_cannot_approve;
    if (lock.source == LockSource::legal && !is_risk(person.role) && !is_risk(proposers_role)) {
        return ReleaseRefusal::risk_role_needed;
    }
    return std::nullopt;
}

}  // namespace okpay::customers
