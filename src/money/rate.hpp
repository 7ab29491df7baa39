// SPDX-License-Identifier: Apache-2.0
// Exchange rates are rational: what one minor unit of one currency is worth in minor units of another. Conversion rounds
// half to even, once, in one function.
#pragma once

#include <optional>
#include <string_view>

#include "money/money.hpp"

namespace okpay::money {

struct Rate {
    Currency from, to;
    std::int64_t numerator, denominator;  // above zero, in lowest terms

    static constexpr std::size_t decimals_max = 8;
    static constexpr std::size_t wholes_max = 9;
    // "7.2154": so much of `to` for one of `from`, as people say it. None for zero, a sign, grouping, an exponent, more
    // digits than these, or a currency against itself.
    static std::optional<Rate> of_decimal(Currency from, Currency to, std::string_view decimal);
    friend bool operator==(const Rate&, const Rate&) = default;
};

// `amount` in rate.from, not negative. The result may be zero, where the amount is worth less than half a minor unit.
[[nodiscard]] Result<Money, MoneyError> converted(Money amount, const Rate& rate);

}  // namespace okpay::money
