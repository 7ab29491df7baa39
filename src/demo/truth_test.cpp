// SPDX-License-Identifier: Apache-2.0
#include "demo/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace okpay::demo {
namespace {

const Moment some_afternoon = *moment_of_rfc3339("2026-11-05T09:48:00Z");

TEST(Truth, is_one_line_of_json) {
    Truth truth{.kind = Happening::merchant_retry,
                .first_payment = 41,
                .second_payment = 42,
                .payments = {41, 42},
                .elsewhere = 0,
                .customer = 1,
                .merchant = 4,
                .customer_email = "xiaoming.wang@example.com",
                .merchant_name = "书声书店",
                .other_email = "",
                .amount = *money::Money::of_minor(12'800, money::Currency::cny),
                .refunded = false,
                .first_at = some_afternoon,
                .second_at = some_afternoon + Millis{9'500}};
    const auto id = [](std::int64_t seq) { return fmt::format("pay_{}", seq); };
    EXPECT_EQ(json_line(truth, id),
              R"({"type":"duplicate","class":"merchant_retry","doubled":true,"first":"pay_41","second":"pay_42",)"
              R"("payments":["pay_41","pay_42"],"elsewhere":null,"outcome":"true_duplicate_same_order","also":[],)"
              R"("answer":"refund","give_back":"pay_42","customer":"xiaoming.wang@example.com","other":null,)"
              R"("merchant":"书声书店","amount":{"amount":"128.00","currency":"CNY"},"refunded":false,)"
              R"("first_at":"2026-11-05T09:48:00Z","second_at":"2026-11-05T09:48:09.500Z"})");
    truth.refunded = true;
    EXPECT_NE(json_line(truth, id).find(R"("outcome":"already_refunded","also":[],"answer":"show_refund","give_back":null)"),
              std::string::npos);
    truth.kind = Happening::hold_and_cancel;
    truth.second_payment = 0;
    EXPECT_NE(json_line(truth, id).find(R"("doubled":false,"first":"pay_41","second":null)"), std::string::npos);
}

TEST(Movements, are_one_line_of_json) {
    Movements moved{.scenario = Scenario::mule_chain,
                    .number = 3,
                    .payments = {7, 9},
                    .customers = {"a@example.com", "b@example.org"},
                    .from = some_afternoon,
                    .until = some_afternoon + std::chrono::minutes{4}};
    const auto id = [](std::int64_t seq) { return fmt::format("pay_{}", seq); };
    EXPECT_EQ(json_line(moved, id),
              R"({"type":"fraud","scenario":"mule_chain","scene":3,"fraud":true,"customer":"a@example.com",)"
              R"("others":["b@example.org"],"payments":["pay_7","pay_9"],"from":"2026-11-05T09:48:00Z",)"
              R"("until":"2026-11-05T09:52:00Z"})");
    moved.scenario = Scenario::salary_day;
    EXPECT_TRUE(json_line(moved, id).starts_with(R"({"type":"innocent","scenario":"salary_day","scene":3,"fraud":false)"));
}

}  // namespace
}  // namespace okpay::demo
