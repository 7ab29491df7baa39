// SPDX-License-Identifier: Apache-2.0
#include "customers/privacy.hpp"

#include <array>
#include <cstdlib>

#include "customers/permissions.hpp"

namespace okpay::customers {

std::string_view name_of(ErasureState state) {
    switch (state) {
    case ErasureState::proposed: return "proposed";
    case ErasureState::executed: return "executed";
    case ErasureState::rejected: return "rejected";
    }
    std::abort();
}

std::string_view name_of(StaffRelation relation) {
    switch (relation) {
    case StaffRelation::self: return "self";
    case StaffRelation::household: return "household";
    case StaffRelation::other: return "other";
    }
    std::abort();
}

std::optional<StaffRelation> staff_relation_of_name(std::string_view name) {
    for (const StaffRelation relation : {StaffRelation::self, StaffRelation::household, StaffRelation::other}) {
        if (name_of(relation) == name) return relation;
    }
    return std::nullopt;
}

bool needs_approval(Role role) {
    return may(role, Permission::manage_staff) || may(role, Permission::approve_remedy) ||
           may(role, Permission::decide_locks);
}

std::optional<ErasureRefusal> may_erase(const ErasureObstacles& o, Moment now) {
    if (o.erased) return ErasureRefusal::already_erased;
    if (o.legal_hold) return ErasureRefusal::legal_hold;
    if (o.lock) return ErasureRefusal::locked;
    if (o.payments_open) return ErasureRefusal::payments_open;
    if (o.money) return ErasureRefusal::money_held;
    if (o.accounts_open) return ErasureRefusal::accounts_open;
    if (o.requests_open) return ErasureRefusal::requests_open;
    if (o.identity_open) return ErasureRefusal::identity_open;
    if (o.files_kept_until && *o.files_kept_until > now) return ErasureRefusal::files_kept_by_law;
    return std::nullopt;
}

std::string_view code_of(ErasureRefusal refusal) {
    switch (refusal) {
    case ErasureRefusal::already_erased: return "already_erased";
    case ErasureRefusal::legal_hold: return "legal_hold";
    case ErasureRefusal::locked: return "customer_locked";
    case ErasureRefusal::money_held: return "money_held";
    case ErasureRefusal::accounts_open: return "accounts_open";
    case ErasureRefusal::payments_open: return "payments_open";
    case ErasureRefusal::requests_open: return "requests_open";
    case ErasureRefusal::identity_open: return "identity_open";
    case ErasureRefusal::files_kept_by_law: return "files_kept_by_law";
    }
    std::abort();
}

std::string_view sentence_en(ErasureRefusal refusal) {
    switch (refusal) {
    case ErasureRefusal::already_erased: return "this person was erased already";
    case ErasureRefusal::legal_hold: return "a legal hold stands; release it first";
    case ErasureRefusal::locked: return "a lock stands; what it is about has to end first";
    case ErasureRefusal::money_held: return "an account still holds money; pay it out first";
    case ErasureRefusal::accounts_open: return "an account is open and money could come in; close the accounts first";
    case ErasureRefusal::payments_open:
        return "a payment, a hold, a request for money or a scheduled transfer is not at its end";
    case ErasureRefusal::requests_open: return "a request is not solved; end it first";
    case ErasureRefusal::identity_open: return "a proof of identity or a change of address is under way";
    case ErasureRefusal::files_kept_by_law: return "the law has us keep pictures of documents for some time yet";
    }
    std::abort();
}

}  // namespace okpay::customers
