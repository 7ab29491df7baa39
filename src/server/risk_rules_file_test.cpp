// SPDX-License-Identifier: Apache-2.0
#include "server/risk_rules_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/options.hpp"

namespace okpay::server {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::string_view one_rule = R"(version = "2026-12"
[[rule]]
name = "many"
state = "active"
verdict = "deny"
lock = "debits"
tells = "unusual_payments"
operations = ["send", "withdraw"]
amount_at_least = ["2000.00 CNY", "30000 JPY"]
in_hour = 5
change_within_hours = 24
new_payee = true
)";

TEST(RiskRulesFile, is_read_whole) {
    const risk::Ruleset rules = parse_risk_rules(one_rule, "f");
    EXPECT_EQ(rules.version, "2026-12");
    ASSERT_EQ(rules.rules.size(), 1U);
    const risk::Rule& rule = rules.rules.front();
    EXPECT_EQ(rule.verdict, risk::Verdict::deny);
    EXPECT_EQ(rule.scope, customers::LockScope::debits);
    EXPECT_EQ(rule.operations.size(), 2U);
    EXPECT_EQ(rule.amount_at_least.front().minor(), 200'000);
    EXPECT_EQ(rule.amount_at_least.back().minor(), 30'000);
    EXPECT_EQ(rule.in_hour, 5);
    EXPECT_EQ(rule.change_within, std::chrono::hours{24});
    EXPECT_TRUE(rule.new_payee);
    EXPECT_FALSE(rule.new_device);
}

struct Wrong {
    std::string_view from, to, says;
};
class WrongFile : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongFile, is_refused_with_its_line) {
    std::string text{one_rule};
    const auto at = text.find(GetParam().from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, GetParam().from.size(), GetParam().to);
    EXPECT_THAT([&] { parse_risk_rules(text, "f"); }, ThrowsMessage<UsageError>(HasSubstr(std::string{GetParam().says})));
}
INSTANTIATE_TEST_SUITE_P(All, WrongFile,
                         ::testing::Values(Wrong{"\"deny\"", "\"allow\"", "f:5: verdict: one of review, deny"},
                                           Wrong{"unusual_payments", "nonsense", "f:7: tells: no letter has words for it"},
                                           Wrong{"2000.00 CNY", "2000.001 CNY", "f:9: amount_at_least"},
                                           Wrong{"in_hour = 5", "in_hour = 0", "f:10: in_hour"},
                                           Wrong{"change_within_hours = 24", "change_within_hours = 169", "from 1 to 168"},
                                           Wrong{"new_payee = true", "new_paye = true",
                                                 "f:12: new_paye: means nothing here"},
                                           Wrong{"version = \"2026-12\"", "", "the rules have no version"},
                                           Wrong{"[[rule]]", "[[rules]]", "write version"}));

TEST(RiskRulesFile, none_is_no_monitor_and_nothing_is_what_is_built_in) {
    EXPECT_EQ(risk_rules_of("none"), nullptr);
    EXPECT_EQ(risk_rules_of("")->version, risk::built_in_rules().version);
    EXPECT_THROW(risk_rules_of("/nowhere/rules.toml"), UsageError);
}

}  // namespace
}  // namespace okpay::server
