// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "risk/judge.hpp"

namespace okpay::risk {
namespace {

using money::Currency;
using money::Money;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Money cny(std::int64_t minor) { return *Money::of_minor(minor, Currency::cny); }
Moment at(std::chrono::seconds since_noon) { return Moment{std::chrono::hours{24 * 365 * 56 + 12} + since_noon}; }

Rule rule(std::string name, Verdict verdict = Verdict::review, RuleState state = RuleState::active) {
    return {.name = std::move(name),
            .state = state,
            .verdict = verdict,
            .operations = {Operation::send},
            .message_code = "unusual_payments",
            .amount_at_least = {cny(1'000)}};
}
Facts sending(std::int64_t minor) { return {.operation = Operation::send, .amount = cny(minor), .available_minor = 10'000}; }

TEST(Judge, deny_wins_and_a_shadow_decides_nothing) {
    const Ruleset rules{.version = "t",
                        .rules = {rule("draft", Verdict::deny, RuleState::draft),
                                  rule("shadow", Verdict::deny, RuleState::shadow), rule("review"),
                                  rule("deny", Verdict::deny), rule("deny too", Verdict::deny)}};
    const Judgement judgement = judge(sending(1'000), rules);
    EXPECT_EQ(judgement.verdict, Verdict::deny);
    EXPECT_EQ(judgement.decided_by->name, "deny");
    EXPECT_EQ(judgement.held.size(), 3U);
    ASSERT_EQ(judgement.shadows.size(), 1U);
    EXPECT_EQ(judgement.shadows.front()->name, "shadow");
    EXPECT_EQ(judge(sending(999), rules).verdict, Verdict::allow);
    Facts cleared = sending(1'000);
    cleared.cleared = true;
    EXPECT_EQ(judge(cleared, rules).verdict, Verdict::allow) << "two persons have looked at it";
}

// Each condition alone, just below and just at its threshold, and while watched.
struct Case {
    std::string_view what;
    void (*set)(Rule&);
    void (*below)(Facts&);
    void (*at)(Facts&);
    void (*below_but_watched)(Facts&);  // holds while watched only
};
class Conditions : public ::testing::TestWithParam<Case> {};

TEST_P(Conditions, hold_from_their_threshold_on_and_sooner_while_watched) {
    Rule asked = rule("r");
    asked.amount_at_least.clear();
    GetParam().set(asked);
    Facts facts = sending(1'000);
    GetParam().below(facts);
    EXPECT_FALSE(holds(asked, facts));
    facts = sending(1'000);
    GetParam().at(facts);
    EXPECT_TRUE(holds(asked, facts));
    facts.operation = Operation::pay;
    EXPECT_FALSE(holds(asked, facts)) << "another operation";
    facts = sending(1'000);
    GetParam().below_but_watched(facts);
    EXPECT_FALSE(holds(asked, facts));
    facts.watched = true;
    EXPECT_TRUE(holds(asked, facts));
}

INSTANTIATE_TEST_SUITE_P(
    All, Conditions,
    ::testing::Values(
        Case{"amount", [](Rule& r) { r.amount_at_least = {cny(500)}; }, [](Facts& f) { f.amount = cny(499); },
             [](Facts& f) { f.amount = cny(500); }, [](Facts& f) { f.amount = cny(250); }},
        Case{"times_own_mean",
             [](Rule& r) {
                 r.times_own_mean = 20;
                 r.history_at_least = 10;
             },
             [](Facts& f) { f.entries = 10, f.moved_minor = 10 * 51; },
             [](Facts& f) { f.entries = 10, f.moved_minor = 500; }, [](Facts& f) { f.entries = 10, f.moved_minor = 1'000; }},
        Case{"percent_of_balance", [](Rule& r) { r.percent_of_balance = 40; }, [](Facts& f) { f.available_minor = 2'501; },
             [](Facts& f) { f.available_minor = 2'500; }, [](Facts& f) { f.available_minor = 3'333; }},
        Case{"in_ten_minutes", [](Rule& r) { r.in_ten_minutes = 6; }, [](Facts& f) { f.out_ten_minutes = 4; },
             [](Facts& f) { f.out_ten_minutes = 5; }, [](Facts& f) { f.out_ten_minutes = 2; }},
        Case{"in_hour", [](Rule& r) { r.in_hour = 6; }, [](Facts& f) { f.out_hour = 4; }, [](Facts& f) { f.out_hour = 5; },
             [](Facts& f) { f.out_hour = 2; }},
        Case{"failed_sign_ins", [](Rule& r) { r.failed_sign_ins = 4; }, [](Facts& f) { f.failed_sign_ins = 3; },
             [](Facts& f) { f.failed_sign_ins = 4; }, [](Facts& f) { f.failed_sign_ins = 2; }},
        Case{"change_within", [](Rule& r) { r.change_within = Millis{1'000}; },
             [](Facts& f) { f.since_change = Millis{1'000}; }, [](Facts& f) { f.since_change = Millis{999}; },
             [](Facts& f) { f.since_change = Millis{1'999}; }},
        Case{"new_device_within", [](Rule& r) { r.new_device_within = Millis{1'000}; }, [](Facts&) {},
             [](Facts& f) { f.since_new_device = Millis{0}; }, [](Facts& f) { f.since_new_device = Millis{1'500}; }}),
    [](const auto& given) { return std::string{given.param.what}; });

TEST(Judge, new_means_new_and_a_short_history_says_nothing) {
    Rule asked = rule("r");
    asked.new_payee = true;
    EXPECT_FALSE(holds(asked, sending(1'000)));
    Facts facts = sending(1'000);
    facts.new_payee = true;
    EXPECT_TRUE(holds(asked, facts));
    asked.times_own_mean = 2;
    facts.entries = asked.history_at_least - 1;
    EXPECT_FALSE(holds(asked, facts)) << "too few movements to know what is usual";
    facts.entries = asked.history_at_least;
    EXPECT_TRUE(holds(asked, facts));
    facts.amount = *Money::of_minor(1'000'000, Currency::jpy);
    EXPECT_FALSE(holds(asked, facts)) << "no threshold is given in this currency";
}

TEST(Judge, the_largest_figures_do_not_wrap) {
    Rule asked = rule("r");
    asked.amount_at_least.clear();
    asked.times_own_mean = 1'000;
    asked.percent_of_balance = 50;
    Facts facts = sending(Money::limit_minor);
    facts.entries = std::numeric_limits<std::int64_t>::max() / 2;
    facts.moved_minor = std::numeric_limits<std::int64_t>::max();
    facts.available_minor = Money::limit_minor;
    facts.watched = true;
    EXPECT_TRUE(holds(asked, facts));
}

TEST(Judge, says_why_and_keeps_what_it_was_judged_by) {
    Rule asked = rule("r");
    asked.percent_of_balance = 50;
    asked.new_payee = true;
    asked.change_within = std::chrono::hours{24};
    Facts facts = sending(9'000);
    facts.new_payee = true;
    facts.since_change = std::chrono::minutes{7};
    EXPECT_EQ(explain(asked, facts), "send of 90.00 CNY; 90 % of what was there; 7 min after a change; a new payee");
    EXPECT_THAT(inputs_json(facts), HasSubstr(R"("amount_minor":9000,"currency":"CNY","available_minor":10000)"));
    EXPECT_THAT(inputs_json(facts), HasSubstr(R"("since_change_ms":420000)"));
}

TEST(Judge, a_payee_is_looked_up_only_where_a_rule_could_ask) {
    Ruleset rules{.version = "t", .rules = {rule("r")}};
    rules.rules.front().new_payee = true;
    EXPECT_TRUE(asks_for_payee(rules, Operation::send, cny(1'000), false));
    EXPECT_FALSE(asks_for_payee(rules, Operation::send, cny(999), false));
    EXPECT_TRUE(asks_for_payee(rules, Operation::send, cny(500), true));
    EXPECT_FALSE(asks_for_payee(rules, Operation::pay, cny(1'000), false));
    rules.rules.front().state = RuleState::draft;
    EXPECT_FALSE(asks_for_payee(rules, Operation::send, cny(1'000), false));
}

TEST(Slots, count_the_running_one_and_the_one_before) {
    SlotCount count{std::chrono::minutes{10}};
    count.add(at(std::chrono::seconds{0}), 5);
    count.add(at(std::chrono::seconds{599}), 7);
    EXPECT_EQ(count.seen(at(std::chrono::seconds{599})).count, 2);
    EXPECT_EQ(count.seen(at(std::chrono::seconds{1'199})).minor, 12) << "the one before";
    EXPECT_FALSE(count.is_over(at(std::chrono::seconds{1'199})));
    EXPECT_EQ(count.seen(at(std::chrono::seconds{1'200})).count, 0);
    EXPECT_TRUE(count.is_over(at(std::chrono::seconds{1'200})));
    count.add(at(std::chrono::seconds{600}), 1);
    EXPECT_EQ(count.seen(at(std::chrono::seconds{700})).count, 3);
    count.add(at(std::chrono::seconds{10}), 1);  // a clock that lags
    EXPECT_EQ(count.seen(at(std::chrono::seconds{700})).count, 4);
    count.add(at(std::chrono::seconds{5'000}), 1);
    EXPECT_EQ(count.seen(at(std::chrono::seconds{5'000})).count, 1) << "nothing is left of long ago";
}

TEST(Rules, those_built_in_are_a_set_and_faults_are_named) {
    EXPECT_EQ(fault_of(built_in_rules()), std::nullopt);
    EXPECT_THAT(*fault_of({.version = "", .rules = {}}), HasSubstr("version"));
    EXPECT_THAT(*fault_of({.version = "1", .rules = {rule("r"), rule("r")}}), HasSubstr("twice"));
    Rule empty = rule("r");
    empty.amount_at_least.clear();
    EXPECT_THAT(*fault_of({.version = "1", .rules = {empty}}), HasSubstr("no condition"));
    Rule idle = rule("r");
    idle.operations.clear();
    EXPECT_THAT(*fault_of({.version = "1", .rules = {idle}}), HasSubstr("no operation"));
    Rule allows = rule("r", Verdict::allow);
    EXPECT_THAT(*fault_of({.version = "1", .rules = {allows}}), HasSubstr("allows"));
}

}  // namespace
}  // namespace okpay::risk
