// SPDX-License-Identifier: Apache-2.0
#include "money/money.hpp"

#include <gtest/gtest.h>

namespace okpay::money {
namespace {

struct AmountCase {
    std::string_view name, text;
    Currency currency;
    std::string_view want;  // empty when the text must be refused
};
constexpr std::array amount_cases{
    AmountCase{"plain", "12.34", Currency::eur, "12.34"},
    AmountCase{"whole", "12", Currency::eur, "12.00"},
    AmountCase{"one decimal", "12.5", Currency::usd, "12.50"},
    AmountCase{"negative", "-0.05", Currency::cny, "-0.05"},
    AmountCase{"yen has none", "1200", Currency::jpy, "1200"},
    AmountCase{"yen with decimals", "1200.0", Currency::jpy, ""},
    AmountCase{"dinar has three", "1.234", Currency::bhd, "1.234"},
    AmountCase{"too fine", "1.234", Currency::eur, ""},
    AmountCase{"no digits before the point", ".50", Currency::eur, ""},
    AmountCase{"no digits after it", "1.", Currency::eur, ""},
    AmountCase{"grouping", "1,000.00", Currency::eur, ""},
    AmountCase{"exponent", "1e3", Currency::eur, ""},
    AmountCase{"plus", "+1", Currency::eur, ""},
    AmountCase{"empty", "", Currency::eur, ""},
    AmountCase{"only a sign", "-", Currency::eur, ""},
    AmountCase{"the limit", "10000000000000.00", Currency::eur, "10000000000000.00"},
    AmountCase{"above the limit", "10000000000000.01", Currency::eur, ""},
    AmountCase{"would wrap", "99999999999999999999999999", Currency::eur, ""},
};

TEST(Money, reads_and_writes_decimals) {
    for (const AmountCase& c : amount_cases) {
        SCOPED_TRACE(c.name);
        const auto got = Money::parse(c.text, c.currency);
        EXPECT_EQ(got ? got->decimal() : "", c.want);
    }
}

TEST(Money, never_wraps_and_never_mixes) {
    const Money most = *Money::of_minor(Money::limit_minor, Currency::eur);
    EXPECT_EQ(most.plus(*Money::of_minor(1, Currency::eur)).error(), MoneyError::out_of_range);
    EXPECT_EQ(most.minus(*Money::of_minor(1, Currency::jpy)).error(), MoneyError::currencies_differ);
    EXPECT_EQ(most.minus(most), Money::zero(Currency::eur));
}

TEST(Currency, every_code_and_number_reads_back) {
    for (const Currency currency : all_currencies) {
        EXPECT_EQ(currency_of_code(code_of(currency)), currency);
        EXPECT_EQ(currency_of_number(static_cast<std::int64_t>(currency)), currency);
        EXPECT_GE(decimals(currency), 0);
    }
    EXPECT_EQ(currency_of_code("cny"), Currency::cny);
    EXPECT_EQ(currency_of_code("XXX"), std::nullopt);
    EXPECT_EQ(currency_of_number(-1), std::nullopt);
}

}  // namespace
}  // namespace okpay::money
