// SPDX-License-Identifier: Apache-2.0
// An amount in minor units of one currency: 12.34 EUR is 1234. Checked arithmetic, no floating point anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "money/currency.hpp"

namespace okpay::money {

enum class MoneyError : std::uint8_t { out_of_range, currencies_differ };

class Money {
public:
    // Of one amount and one balance; 9,000 of the largest still fit an int64, so one sum can never wrap unseen.
    static constexpr std::int64_t limit_minor = 1'000'000'000'000'000;

    static constexpr Result<Money, MoneyError> of_minor(std::int64_t minor, Currency currency) {
        if (minor < -limit_minor || minor > limit_minor) return fail(MoneyError::out_of_range);
        return Money{minor, currency};
    }
    static constexpr Money zero(Currency currency) { return Money{0, currency}; }
    // "12.34", "12", "-0.5"; never more decimals than the currency has, no grouping, no exponent, no spaces, no "+".
    static std::optional<Money> parse(std::string_view decimal, Currency currency);

    [[nodiscard]] constexpr std::int64_t minor() const { return minor_; }
    [[nodiscard]] constexpr Currency currency() const { return currency_; }
    [[nodiscard]] constexpr Money negated() const { return Money{-minor_, currency_}; }
    [[nodiscard]] constexpr Result<Money, MoneyError> plus(Money other) const {
        if (currency_ != other.currency_) return fail(MoneyError::currencies_differ);
        return of_minor(minor_ + other.minor_, currency_);
    }
    [[nodiscard]] constexpr Result<Money, MoneyError> minus(Money other) const { return plus(other.negated()); }
    [[nodiscard]] std::string decimal() const;  // "12.34", always all decimals of the currency
    friend constexpr bool operator==(Money, Money) = default;  // no <: is 5 EUR more than 600 JPY?

private:
    constexpr Money(std::int64_t minor, Currency currency) : minor_{minor}, currency_{currency} {}
    std::int64_t minor_;
    Currency currency_;
};

}  // namespace okpay::money
