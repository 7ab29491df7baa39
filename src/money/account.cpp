// SPDX-License-Identifier: Apache-2.0
#include "money/account.hpp"

#include <array>

namespace okpay::money {
namespace {

constexpr std::array all_states{AccountState::open, AccountState::debits_frozen, AccountState::credits_frozen,
                                AccountState::frozen, AccountState::closed};

}  // namespace

std::string_view name_of(AccountState state) {
    switch (state) {
    case AccountState::open: return "open";
    case AccountState::debits_frozen: return "debits_frozen";
    case AccountState::credits_frozen: return "credits_frozen";
    case AccountState::frozen: return "frozen";
    case AccountState::closed: return "closed";
    }
    std::abort();
}

std::optional<AccountState> account_state_of_name(std::string_view name) {
    for (const AccountState state : all_states) {
        if (name_of(state) == name) return state;
    }
    return std::nullopt;
}

std::optional<AccountState> account_state_of_number(std::int64_t number) {
    if (number < 1 || number > std::ssize(all_states)) return std::nullopt;
    return static_cast<AccountState>(number);
}

}  // namespace okpay::money
