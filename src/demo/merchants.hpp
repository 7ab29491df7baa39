// SPDX-License-Identifier: Apache-2.0
// The merchants of the demonstration world: what they sell, in which currencies, for how much, when, and whether their
// till sends an order reference. All names are made up.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demo/dice.hpp"
#include "money/currency.hpp"

namespace okpay::demo {

enum class Trade : std::uint8_t {
    coffee,
    transport,
    vending,
    supermarket,
    bookshop,
    restaurant,
    cinema,
    charity,
    streaming,
    utilities,
    airline,
    pharmacy,
    marketplace,
    hotel,
};
inline constexpr std::size_t trade_count = 14;

struct Shop {
    std::string_view name;
    Trade trade;
    std::string_view order_prefix;  // "" where the till sends no order reference
    std::array<std::string_view, 3> branches;  // "" where it has none
    std::array<std::optional<money::Currency>, 4> currencies;

    [[nodiscard]] bool takes(money::Currency currency) const;
};
inline constexpr std::size_t shop_count_max = 64;
std::span<const Shop> shops();  // in the order of their registration

// What a customer of this trade does, day by day.
struct Habit {
    std::int64_t weight_weekday, weight_weekend;  // how often, beside the other trades
    std::array<std::uint8_t, 24> hours;           // how likely each local hour is
};
const Habit& habit_of(Trade trade);

// One price as this trade would ask it, in minor units: from a menu where it has one, else anything in its range.
std::int64_t price_minor(Trade trade, money::Currency currency, Dice& dice);
// What people top up with: a round sum, in minor units.
std::int64_t top_up_step_minor(money::Currency currency);

}  // namespace okpay::demo
