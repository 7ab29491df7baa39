// SPDX-License-Identifier: Apache-2.0
#include "money/rate.hpp"

#include <numeric>

#include "base/ensure.hpp"

namespace okpay::money {
namespace {

__extension__ using Wide = __int128;

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

}  // namespace

std::optional<Rate> Rate::of_decimal(Currency from, Currency to, std::string_view decimal) {
    if (from == to) return std::nullopt;
    const std::size_t point = decimal.find('.');
    const std::string_view wholes = decimal.substr(0, point);
    const std::string_view parts = point == std::string_view::npos ? "" : decimal.substr(point + 1);
    const bool bare_point = point != std::string_view::npos && parts.empty();
    if (wholes.empty() || wholes.size() > wholes_max || parts.size() > decimals_max || bare_point) return std::nullopt;
    std::int64_t digits = 0;
    for (const std::string_view text : {wholes, parts}) {
        for (const char c : text) {
            if (c < '0' || c > '9') return std::nullopt;
            digits = digits * 10 + (c - '0');
        }
    }
    if (digits == 0) return std::nullopt;
    // One `from` is 10^decimals(from) of its minor units.
    const Wide above = Wide{digits} * power_of_ten(decimals(to));
    const Wide below = Wide{power_of_ten(static_cast<int>(parts.size()))} * power_of_ten(decimals(from));
    Wide a = above;
    Wide b = below;
    while (b != 0) a = std::exchange(b, a % b);
    const Wide numerator = above / a;
    const Wide denominator = below / a;
    if (numerator > Money::limit_minor * Wide{1'000} || denominator > Money::limit_minor * Wide{1'000}) return std::nullopt;
    return Rate{from, to, static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator)};
}

Result<Money, MoneyError> converted(Money amount, const Rate& rate) {
    if (amount.currency() != rate.from) return fail(MoneyError::currencies_differ);
    ensure(amount.minor() >= 0 && rate.numerator > 0 && rate.denominator > 0);
    const Wide product = Wide{amount.minor()} * rate.numerator;
    Wide whole = product / rate.denominator;
    const Wide twice_left = product % rate.denominator * 2;
    if (twice_left > rate.denominator || (twice_left == rate.denominator && whole % 2 == 1)) ++whole;
    if (whole > Money::limit_minor) return fail(MoneyError::out_of_range);
    return Money::of_minor(static_cast<std::int64_t>(whole), rate.to);
}

}  // namespace okpay::money
