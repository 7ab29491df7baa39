// SPDX-License-Identifier: Apache-2.0
// When a person's data may be erased, and who among the staff has to do with a customer. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

using ErasureId = Id<struct ErasureTag>;

enum class ErasureState : std::uint8_t { proposed = 1, executed = 2, rejected = 3 };  // stored, append only
std::string_view name_of(ErasureState state);

enum class StaffRelation : std::uint8_t { self = 1, household = 2, other = 3 };  // stored, append only
std::string_view name_of(StaffRelation relation);
std::optional<StaffRelation> staff_relation_of_name(std::string_view name);

enum class StaffApproval : std::uint8_t { not_needed = 0, waiting = 1, given = 2, refused = 3 };  // stored, append only
// Whoever can let money, a lock or an identity pass joins by the word of two, where there is a second to ask.
bool needs_approval(Role role);

// What stands in the way of an erasure, all of it at one moment.
struct ErasureObstacles {
    bool erased = false;
    bool legal_hold = false;
    bool lock = false;            // any that is active
    bool money = false;           // on an account, or set aside
    bool accounts_open = false;   // money could still come
    bool payments_open = false;   // a bank still works, a hold stands, a transfer or a request for money is due
    bool requests_open = false;   // on the desk
    bool identity_open = false;   // a proof of identity or a change under way
    std::optional<Moment> files_kept_until{};  // documents that the law has us keep
};

enum class ErasureRefusal : std::uint8_t {
    already_erased,
    legal_hold,
    locked,
    money_held,
    accounts_open,
    payments_open,
    requests_open,
    identity_open,
    files_kept_by_law,
};
// The first that stands in the way, in the order above; nothing where the person may be erased.
std::optional<ErasureRefusal> may_erase(const ErasureObstacles& obstacles, Moment now);
std::string_view code_of(ErasureRefusal refusal);
std::string_view sentence_en(ErasureRefusal refusal);  // what stands in the way, and what ends it

}  // namespace okpay::customers
