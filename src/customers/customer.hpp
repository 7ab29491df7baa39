// SPDX-License-Identifier: Apache-2.0
// Who someone is. Numbers are row keys in the order of registration; ids are what leaves the house.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "customers/assurance.hpp"

namespace okpay::customers {

enum class CustomerNo : std::int64_t {};
enum class MerchantNo : std::int64_t {};
enum class StaffNo : std::int64_t {};
constexpr std::int64_t number_of(CustomerNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(MerchantNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(StaffNo no) { return static_cast<std::int64_t>(no); }

enum class Standing : std::uint8_t { open = 0, limited = 1, locked = 2 };  // stored, append only

inline constexpr int level_mail_confirmed = 0;  // who signed up: nothing but an address is proven
inline constexpr int level_default = 1;         // whom staff register: they have a name and have seen somebody
inline constexpr int level_max = 3;

struct Customer {
    CustomerNo no;
    CustomerId id;
    std::string email;     // canonical: domain in lower case
    std::string name;
    std::string language;  // en, zh-Hans, zh-Hant
    std::string zone;      // IANA name, "Asia/Shanghai"
    Standing standing = Standing::open;
    Moment created;
    int level = level_default;  // what identity checks have proven so far; the tariff's limits follow it
};

struct Merchant {
    MerchantNo no;
    MerchantId id;
    std::string name;
    Moment created;
};

// Stored, append only. What each may do is one table: permissions.hpp.
enum class Role : std::uint8_t { agent = 1, technical = 2, risk = 3, supervisor = 4, auditor = 5, admin = 6 };
std::string_view name_of(Role role);
std::optional<Role> role_of_name(std::string_view name);

}  // namespace okpay::customers
