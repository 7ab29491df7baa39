// SPDX-License-Identifier: Apache-2.0
// The prices and limits of the simulated house, twice: as the product reads them, and as the model reckons them, by hand.
#pragma once

#include "payments/tariff.hpp"

namespace okpay::simulator {

inline constexpr std::int64_t largest_minor = 1'000'000'000'000'000;

payments::Tariff house_tariff();

// The model's own reckoning of the same; `currency` is "CNY" or "JPY".
std::int64_t fee_of_payment(std::string_view currency, std::int64_t amount);  // the merchant pays it
std::int64_t fee_of_transfer(int level, std::int64_t amount);                 // the payer pays it
std::int64_t fee_of_withdrawal(std::string_view currency, std::int64_t amount);

struct Limit {
    std::string_view refusal;  // the word it is refused with
    std::int64_t days;         // 0: one alone
    std::optional<std::int64_t> amount, count;
};
enum class Doing : std::uint8_t { top_up, pay, send, withdraw, receive };
std::vector<Limit> limits_of(Doing doing, int level, std::string_view currency);  // in the order they are looked at
std::optional<std::int64_t> most_in_wallet(int level, std::string_view currency);

}  // namespace okpay::simulator
