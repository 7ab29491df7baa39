// SPDX-License-Identifier: Apache-2.0
#include "money/rate.hpp"

#include <gtest/gtest.h>

namespace okpay::money {
namespace {

Money of(std::int64_t minor, Currency currency) { return *Money::of_minor(minor, currency); }

TEST(Rate, reads_what_people_say) {
    EXPECT_EQ(Rate::of_decimal(Currency::usd, Currency::cny, "7.2154"), (Rate{Currency::usd, Currency::cny, 36'077, 5'000}));
    EXPECT_EQ(Rate::of_decimal(Currency::usd, Currency::jpy, "150"), (Rate{Currency::usd, Currency::jpy, 3, 2}))
        << "one cent is one and a half yen";
    EXPECT_EQ(Rate::of_decimal(Currency::jpy, Currency::usd, "0.00666667"),
              (Rate{Currency::jpy, Currency::usd, 666'667, 1'000'000}));
    for (const std::string_view text :
         {"", ".", "0", "0.0", "-1", "+1", "1.", ".5", "1,5", "1e3", " 1", "1 ", "1.123456789", "1234567890", "７", "0x1"}) {
        EXPECT_FALSE(Rate::of_decimal(Currency::usd, Currency::cny, text)) << text;
    }
    EXPECT_FALSE(Rate::of_decimal(Currency::usd, Currency::usd, "1"));
}

TEST(Rate, converts_with_one_rounding_half_to_even) {
    const Rate half{Currency::usd, Currency::cny, 1, 2};
    EXPECT_EQ(converted(of(1, Currency::usd), half), of(0, Currency::cny));
    EXPECT_EQ(converted(of(3, Currency::usd), half), of(2, Currency::cny));
    EXPECT_EQ(converted(of(5, Currency::usd), half), of(2, Currency::cny));
    EXPECT_EQ(converted(of(10'000, Currency::usd), *Rate::of_decimal(Currency::usd, Currency::cny, "7.2154")),
              of(72'154, Currency::cny));
    EXPECT_EQ(converted(of(999, Currency::jpy), *Rate::of_decimal(Currency::jpy, Currency::usd, "0.0067")),
              of(669, Currency::usd))
        << "669.33 cents";
}

TEST(Rate, never_wraps) {
    const Rate large = *Rate::of_decimal(Currency::usd, Currency::jpy, "999999999");
    EXPECT_EQ(converted(of(Money::limit_minor, Currency::usd), large).error(), MoneyError::out_of_range);
    EXPECT_EQ(converted(of(1, Currency::cny), large).error(), MoneyError::currencies_differ);
    EXPECT_EQ(converted(of(Money::limit_minor, Currency::usd), Rate{Currency::usd, Currency::cny, 1, 1}),
              of(Money::limit_minor, Currency::cny));
}

}  // namespace
}  // namespace okpay::money
