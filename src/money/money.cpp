// SPDX-License-Identifier: Apache-2.0
#include "money/money.hpp"

#include <fmt/format.h>

namespace okpay::money {
namespace {

constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

}  // namespace

std::optional<Money> Money::parse(std::string_view decimal, Currency currency) {
    const bool negative = decimal.starts_with('-');
    if (negative) decimal.remove_prefix(1);
    const auto point = decimal.find('.');
    const std::string_view whole = decimal.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? std::string_view{} : decimal.substr(point + 1);
    const auto places = static_cast<std::size_t>(decimals(currency));
    if (whole.empty() || fraction.size() > places || (point != std::string_view::npos && fraction.empty()))
        return std::nullopt;
    std::int64_t minor = 0;
    const auto take = [&](std::string_view digits) {
        for (const char c : digits) {
            if (c < '0' || c > '9') return false;
            minor = minor * 10 + (c - '0');
            if (minor > limit_minor) return false;
        }
        return true;
    };
    if (!take(whole) || !take(fraction)) return std::nullopt;
    minor *= power_of_ten(static_cast<int>(places - fraction.size()));
    const auto money = of_minor(negative ? -minor : minor, currency);
    if (!money) return std::nullopt;
    return *money;
}

std::string Money::decimal() const {
    const int places = decimals(currency_);
    const std::int64_t unit = power_of_ten(places);
    const std::int64_t size = minor_ < 0 ? -minor_ : minor_;
    const std::string_view sign = minor_ < 0 ? "-" : "";
    if (places == 0) return fmt::format("{}{}", sign, size);
    return fmt::format("{}{}.{:0{}}", sign, size / unit, size % unit, places);
}

}  // namespace okpay::money
