// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include <gtest/gtest.h>

namespace okpay::api {
namespace {

TEST(Metrics, those_of_one_name_are_described_once) {
    Metrics metrics;
    metrics.add(MetricKind::gauge, "okpay_plain", "Plain", [] { return std::int64_t{1}; });
    metrics.add(MetricKind::counter, "okpay_of", "Of each", [] { return std::int64_t{2}; }, R"(mailbox="a")");
    metrics.add(MetricKind::counter, "okpay_of", "Of each", [] { return std::int64_t{3}; }, R"(mailbox="b")");
    const std::string text = metrics.text();
    EXPECT_TRUE(
        text.ends_with("# HELP okpay_plain Plain\n"
                       "# TYPE okpay_plain gauge\n"
                       "okpay_plain 1\n"
                       "# HELP okpay_of Of each\n"
                       "# TYPE okpay_of counter\n"
                       "okpay_of{mailbox=\"a\"} 2\n"
                       "okpay_of{mailbox=\"b\"} 3\n"))
        << text;
}

}  // namespace
}  // namespace okpay::api
