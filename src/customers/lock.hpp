// SPDX-License-Identifier: Apache-2.0
// A lock is an object, not a flag: it says what it stops, who placed it, why (for staff, and what the customer is told),
// when a person looks at it again and when it ends by itself. Several may stand at once; what is stopped is their union,
// and a release names one of them. No lock ever stops money that comes in (unless it says `credits`) or writing to support.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

enum class LockNo : std::int64_t {};
constexpr std::int64_t number_of(LockNo no) { return static_cast<std::int64_t>(no); }

// What it stops. Stored, append only.
enum class LockScope : std::uint8_t {
    sign_in = 1,
    debits = 2,   // payments, transfers, holds, withdrawals, schedules
    payouts = 3,  // withdrawals and transfers to new payees alone
    credits = 4,
    full = 5,     // sign-in and debits
};
enum class LockSource : std::uint8_t { rule = 1, staff = 2, customer = 3, legal = 4 };
enum class LockState : std::uint8_t { active = 1, released = 2, expired = 3, superseded = 4 };

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
};

}  // namespace okpay::customers
