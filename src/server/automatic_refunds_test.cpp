// SPDX-License-Identifier: Apache-2.0
#include "server/automatic_refunds.hpp"

#include <gtest/gtest.h>

#include "server/options.hpp"

namespace okpay::server {
namespace {

std::vector<payments::AutomaticRefundCaps> of(std::vector<std::string> lines) { return automatic_refunds_of(lines); }

TEST(AutomaticRefundCaps, are_read_a_currency_a_line) {
    EXPECT_TRUE(of({}).empty()) << "off unless somebody wrote them";
    const auto caps = of({"CNY 200.00 500.00 5000.00", "JPY 3000 3000 9000"});
    ASSERT_EQ(caps.size(), 2U);
    EXPECT_EQ(caps[0].currency, money::Currency::cny);
    EXPECT_EQ(caps[0].per_item_minor, 20'000);
    EXPECT_EQ(caps[0].per_customer_30_days_minor, 50'000);
    EXPECT_EQ(caps[0].per_day_minor, 500'000);
    EXPECT_EQ(caps[1].per_item_minor, 3'000);
}

TEST(AutomaticRefundCaps, a_slip_opens_nothing) {
    for (const char* line : {"", "CNY", "CNY 200 500", "CNY 200 500 5000 1", "XXX 1 2 3", "CNY 200.001 500 5000",
                             "CNY -1 5 6", "CNY 500 200 5000", "CNY 200 5000 500", "200 500 5000 CNY"}) {
        EXPECT_THROW(of({line}), UsageError) << line;
    }
    EXPECT_THROW(of({"CNY 1 2 3", "CNY 4 5 6"}), UsageError);
}

TEST(IncidentRefundCaps, are_read_a_currency_a_line) {
    const auto read = [](std::vector<std::string> lines) { return incident_refunds_of(lines); };
    EXPECT_TRUE(read({}).empty()) << "off unless somebody wrote them";
    const auto caps = read({"CNY 200.00 5000.00", "JPY 3000 3000"});
    ASSERT_EQ(caps.size(), 2U);
    EXPECT_EQ(caps[0].currency, money::Currency::cny);
    EXPECT_EQ(caps[0].per_item_minor, 20'000);
    EXPECT_EQ(caps[0].total_minor, 500'000);
    EXPECT_EQ(caps[1].total_minor, 3'000);
    for (const char* line : {"", "CNY 200", "CNY 200 500 5000", "CNY 500 200", "XXX 1 2", "CNY -1 5"})
        EXPECT_THROW(read({line}), UsageError) << line;
    EXPECT_THROW(read({"CNY 1 2", "CNY 4 5"}), UsageError);
}

}  // namespace
}  // namespace okpay::server
