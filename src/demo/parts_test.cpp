// SPDX-License-Identifier: Apache-2.0
// What the world is made of: numbers, dice, days.
#include <gtest/gtest.h>

#include <array>

#include "demo/dice.hpp"
#include "demo/impl/calendar.hpp"
#include "demo/numbering.hpp"
#include "demo/world.hpp"

namespace okpay::demo {
namespace {

const Moment some_afternoon = *moment_of_rfc3339("2026-11-05T09:48:00Z");

TEST(Numbering, predicts_and_learns) {
    Numbering numbers;
    EXPECT_EQ(numbers.make(), 1);
    EXPECT_EQ(numbers.make(), 2);
    EXPECT_EQ(numbers.make(), 3);
    EXPECT_EQ(numbers.number_of(3), 3);
    numbers.learn(1);
    numbers.learn(12);  // ten rows of others before it
    EXPECT_EQ(numbers.number_of(1), 1);
    EXPECT_EQ(numbers.number_of(2), 12);
    EXPECT_EQ(numbers.number_of(3), 13);
    numbers.learn(0);  // refused without a row
    EXPECT_EQ(numbers.number_of(numbers.make()), 13);
}

TEST(Dice, fall_the_same_on_every_machine) {
    Dice dice{1};  // the first outputs of SplitMix64 from 1, as published with its reference code
    EXPECT_EQ(dice.next(), 0x910a2dec89025cc1U);
    EXPECT_EQ(dice.next(), 0xbeeb8da1658eec67U);
    std::array<int, 6> seen{};
    for (int i = 0; i < 6'000; ++i) ++seen[dice.below(6)];
    for (const int count : seen) EXPECT_NEAR(count, 1'000, 150);
}

TEST(Calendar, finds_a_month_of_31_days_in_every_season) {
    for (int day = 0; day < 366; ++day) {
        const Calendar calendar{some_afternoon + std::chrono::days{day}, days_before_now, 1'000};
        const std::int64_t first = calendar.day_of_long_month();
        ASSERT_GE(first, 0);
        const std::chrono::year_month_day last{std::chrono::floor<std::chrono::days>(calendar.start(first + 30))};
        EXPECT_EQ(last.day(), std::chrono::day{31});
        EXPECT_LE(calendar.end(first + 30), calendar.now());
        EXPECT_EQ(calendar.rows_by_end_of(calendar.days() - 1), 1'000);
    }
}

}  // namespace
}  // namespace okpay::demo
