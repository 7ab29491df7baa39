// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/starts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okpay::triage {
namespace {

TEST(Starts, no_word_of_the_table_is_passed_by) {
    constexpr std::array<std::string_view, 6> words{"$", "¥", "on ", "transaction id", "交易号", "欧"};
    Starts starts;
    for (std::size_t i = 0; i < words.size(); ++i) starts.add(words[i], static_cast<Starts::Kinds>(1U << i));
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (const std::string_view before : {"", "x ", "昨天"}) {
            for (const std::string_view after : {"", " y", "元"}) {
                const std::string text = std::string{before}.append(words[i]).append(after);
                EXPECT_TRUE(starts.kinds_at(text, before.size()) >> i & 1U) << text;
            }
        }
    }
}

TEST(Starts, most_places_are_passed_by) {
    Starts starts;
    starts.add("transaction", 1);
    starts.add_digits(2);
    EXPECT_EQ(starts.kinds_at("hello", 0), 0);
    EXPECT_EQ(starts.kinds_at("交易", 1), 0);  // inside a character
    EXPECT_EQ(starts.kinds_at("7", 0), 2);
}

}  // namespace
}  // namespace okpay::triage
