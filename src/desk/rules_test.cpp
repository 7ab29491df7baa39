// SPDX-License-Identifier: Apache-2.0
#include "desk/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

namespace okpay::desk {
namespace {

using customers::StaffNo;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

RuleFacts facts() {
    RuleFacts some;
    some.category = "refund";
    some.urgency = "normal";
    some.team = "agent";
    some.language = "en";
    some.flags = {"needs_ocr"};
    some.sender = "Li@Mail.Example.org";
    some.recipients = {"Support@pay.example"};
    some.terms = terms_of("Charged twice: 双重扣款 of 1,280.00");
    some.amounts = {money::Money::of_minor(50'000, money::Currency::cny).value()};
    some.now = Moment{std::chrono::hours{480'000}};
    some.customer = {.level = 2, .standing = customers::Standing::limited, .created = some.now - std::chrono::days{10}};
    some.waits_since = some.now - std::chrono::hours{5};
    some.staff = {{.no = StaffNo{7}},
                  {.no = StaffNo{8}, .has_to_do_with_customer = true},
                  {.no = StaffNo{9}, .active = false}};
    return some;
}

struct ConditionCase {
    RuleField field;
    std::string holds, fails;
};
const std::vector<ConditionCase> condition_cases{
    {RuleField::category, "refund", "card"},
    {RuleField::language, "en", "zh-Hans"},
    {RuleField::urgency, "normal", "high"},
    {RuleField::team, "agent", "risk_team"},
    {RuleField::flag, "needs_ocr", "hidden_html"},
    {RuleField::sender_domain, "mail.example.org", "ail.example.org"},
    {RuleField::sender_domain, "example.org", "sub.mail.example.org"},
    {RuleField::recipient, "support@pay.example", "billing@pay.example"},
    {RuleField::words, "TWICE charged", "charged thrice"},
    {RuleField::words, "扣款", "退款"},
    {RuleField::words, "1280", "1281"},
    {RuleField::amount_at_least, "500.00 CNY", "500.01 CNY"},
    {RuleField::amount_at_least, "0.01 CNY", "0.01 EUR"},
    {RuleField::customer_known, "yes", "no"},
    {RuleField::customer_level, "2", "1"},
    {RuleField::customer_standing, "limited", "open"},
    {RuleField::customer_newer_than_days, "11", "10"},
    {RuleField::state, "new", "open"},
    {RuleField::assigned, "no", "yes"},
    {RuleField::waits_hours, "5", "6"},
};

TEST(Rules, a_condition_holds_for_one_of_its_values) {
    for (const ConditionCase& one : condition_cases) {
        const auto name = std::string{name_of(one.field)} + " " + one.holds;
        EXPECT_TRUE(holds({one.field, false, {one.fails, one.holds}}, facts())) << name;
        EXPECT_FALSE(holds({one.field, true, {one.fails, one.holds}}, facts())) << name;
        EXPECT_FALSE(holds({one.field, false, {one.fails}}, facts())) << name;
        EXPECT_TRUE(holds({one.field, true, {one.fails}}, facts())) << name;
        const Rule rule{.name = "x",
                        .conditions = {{one.field, false, {one.holds, one.fails}}},
                        .actions = {{RuleAct::escalate, ""}}};
        EXPECT_EQ(fault_in(rule), std::nullopt) << name;
    }
}

TEST(Rules, of_nobody_known_no_condition_about_a_customer_holds) {
    RuleFacts stranger = facts();
    stranger.customer.reset();
    stranger.waits_since.reset();
    for (const RuleField field : {RuleField::customer_level, RuleField::customer_newer_than_days, RuleField::waits_hours})
        EXPECT_FALSE(holds({field, false, {"1", "2", "3"}}, stranger));
    EXPECT_FALSE(holds({RuleField::customer_standing, false, {"open", "limited", "locked"}}, stranger));
    EXPECT_TRUE(holds({RuleField::customer_known, false, {"no"}}, stranger));
}

TEST(Rules, all_conditions_or_one_of_them) {
    const RuleCondition yes{RuleField::category, false, {"refund"}};
    const RuleCondition no{RuleField::language, false, {"zh-Hant"}};
    Rule rule{.name = "x", .conditions = {yes, no}};
    EXPECT_FALSE(matches(rule, facts()));
    rule.any = true;
    EXPECT_TRUE(matches(rule, facts()));
    rule.conditions = {no};
    EXPECT_FALSE(matches(rule, facts()));
    rule.conditions.clear();
    EXPECT_TRUE(matches(rule, facts())) << "every request";
}

Rule fine() {
    return {.name = "Large refunds",
            .conditions = {{RuleField::category, false, {"refund"}}},
            .actions = {{RuleAct::set_urgency, "high"}, {RuleAct::note, "Look\nat\tit \\ twice."}}};
}
struct FaultCase {
    std::string_view begins;
    std::function<void(Rule&)> change;
};
const std::vector<FaultCase> fault_cases{
    {"name:", [](Rule& r) { r.name = ""; }},
    {"name:", [](Rule& r) { r.name = " x"; }},
    {"name:", [](Rule& r) { r.name = "a\nb"; }},
    {"name:", [](Rule& r) { r.name = std::string(rule_name_octets_max + 1, 'a'); }},
    {"changes:", [](Rule& r) { r.when = RuleWhen::change; }},
    {"changes:", [](Rule& r) { r.changes = {RuleChange::state}; }},
    {"changes:", [](Rule& r) { r.when = RuleWhen::change, r.changes = {RuleChange::state, RuleChange::state}; }},
    {"hours:", [](Rule& r) { r.when = RuleWhen::time; }},
    {"hours:", [](Rule& r) { r.when = RuleWhen::time, r.hours = rule_hours_max + 1; }},
    {"hours:", [](Rule& r) { r.hours = 1; }},
    {"hours:", [](Rule& r) { r.working_hours = true; }},
    {"conditions:", [](Rule& r) { r.conditions.assign(rule_conditions_max + 1, r.conditions.front()); }},
    {"conditions/0: category:", [](Rule& r) { r.conditions[0].values.clear(); }},
    {"conditions/0: category:", [](Rule& r) { r.conditions[0].values = {"weather"}; }},
    {"conditions/0: category:", [](Rule& r) { r.conditions[0].values = {"refund", "refund"}; }},
    {"conditions/0: category:", [](Rule& r) { r.conditions[0].values.assign(rule_values_max + 1, "refund"); }},
    {"conditions/0: words:", [](Rule& r) { r.conditions[0] = {RuleField::words, false, {"!?"}}; }},
    {"conditions/0: words:",
     [](Rule& r) { r.conditions[0] = {RuleField::words, false, {std::string(rule_value_octets_max + 1, 'a')}}; }},
    {"conditions/0: words:", [](Rule& r) { r.conditions[0] = {RuleField::words, false, {"\xFF"}}; }},
    {"conditions/0: amount_at_least:", [](Rule& r) { r.conditions[0] = {RuleField::amount_at_least, false, {"500"}}; }},
    {"conditions/0: amount_at_least:", [](Rule& r) { r.conditions[0] = {RuleField::amount_at_least, false, {"0.00 CNY"}}; }},
    {"conditions/0: amount_at_least:",
     [](Rule& r) { r.conditions[0] = {RuleField::amount_at_least, false, {"1.005 CNY"}}; }},
    {"conditions/0: sender_domain:", [](Rule& r) { r.conditions[0] = {RuleField::sender_domain, false, {"Example.org"}}; }},
    {"conditions/0: sender_domain:",
     [](Rule& r) { r.conditions[0] = {RuleField::sender_domain, false, {"a@example.org"}}; }},
    {"conditions/0: recipient:", [](Rule& r) { r.conditions[0] = {RuleField::recipient, false, {"support"}}; }},
    {"conditions/0: customer_level:", [](Rule& r) { r.conditions[0] = {RuleField::customer_level, false, {"4"}}; }},
    {"conditions/0: customer_level:", [](Rule& r) { r.conditions[0] = {RuleField::customer_level, false, {"01"}}; }},
    {"conditions/0: waits_hours:", [](Rule& r) { r.conditions[0] = {RuleField::waits_hours, false, {"-1"}}; }},
    {"conditions/0: state:", [](Rule& r) { r.conditions[0] = {RuleField::state, false, {"asleep"}}; }},
    {"conditions/0: assigned:", [](Rule& r) { r.conditions[0] = {RuleField::assigned, false, {"maybe"}}; }},
    {"actions: it does nothing", [](Rule& r) { r.actions.clear(); }},
    {"actions:", [](Rule& r) { r.actions.assign(rule_actions_max + 1, r.actions.back()); }},
    {"actions/0: set_urgency:", [](Rule& r) { r.actions[0].value = "urgent"; }},
    {"actions/0: set_team:", [](Rule& r) { r.actions[0] = {RuleAct::set_team, "no_action"}; }},
    {"actions/0: assign:", [](Rule& r) { r.actions[0] = {RuleAct::assign, "0"}; }},
    {"actions/0: escalate:", [](Rule& r) { r.actions[0] = {RuleAct::escalate, "now"}; }},
    {"actions/0: snooze_hours:", [](Rule& r) { r.actions[0] = {RuleAct::snooze_hours, "0"}; }},
    {"actions/1: note:", [](Rule& r) { r.actions[1].value = " \n"; }},
    {"actions/1: note:", [](Rule& r) { r.actions[1].value = std::string(rule_note_octets_max + 1, 'a'); }},
    {"actions: set_urgency", [](Rule& r) { r.actions[1] = {RuleAct::set_urgency, "low"}; }},
    {"actions: assign", [](Rule& r) { r.actions = {{RuleAct::assign, "7"}, {RuleAct::assign_by_skill, ""}}; }},
};

TEST(Rules, what_is_wrong_is_named_with_what_to_do) {
    EXPECT_EQ(fault_in(fine()), std::nullopt);
    for (std::size_t i = 0; i < fault_cases.size(); ++i) {
        Rule rule = fine();
        fault_cases[i].change(rule);
        const auto why = fault_in(rule);
        ASSERT_TRUE(why) << i << " " << fault_cases[i].begins;
        EXPECT_TRUE(why->starts_with(fault_cases[i].begins)) << i << ": " << *why;
    }
}

TEST(Rules, what_is_written_is_read_back_and_nothing_else) {
    Rule rule = fine();
    rule.conditions.push_back({RuleField::words, true, {"a\\b", "c d"}});
    EXPECT_EQ(conditions_of(text_of(rule.conditions)), rule.conditions);
    EXPECT_EQ(actions_of(text_of(rule.actions)), rule.actions);
    EXPECT_EQ(text_of(rule.conditions), "category\trefund\nnot words\ta\\\\b\tc d\n");
    EXPECT_THAT(conditions_of("").value(), IsEmpty());
    for (const char* text :
         {"weather\train\n", "category\trefund", "\n", "not not category\tx\n", "words\ta\\x\n", "words\ta\\"})
        EXPECT_FALSE(conditions_of(text)) << text;
    for (const char* text : {"note\n", "note\ta\tb\n", "pay\t5\n", "note\ta"}) EXPECT_FALSE(actions_of(text)) << text;
}

template <class Of, class Name>
void expect_names(std::initializer_list<Name> all, Of of) {
    for (const Name one : all) EXPECT_EQ(of(name_of(one)), one);
    EXPECT_FALSE(of("nothing of the kind"));
}
TEST(Rules, each_name_is_of_one_thing) {
    expect_names({RuleMode::off, RuleMode::shadow, RuleMode::on}, rule_mode_of_name);
    expect_names({RuleWhen::arrival, RuleWhen::change, RuleWhen::time}, rule_when_of_name);
    expect_names({RuleSince::opened, RuleSince::customer_wrote, RuleSince::waits_for_customer}, rule_since_of_name);
    for (const ConditionCase& one : condition_cases) EXPECT_EQ(rule_field_of_name(name_of(one.field)), one.field);
    for (int bit = 0; bit <= static_cast<int>(RuleChange::team); ++bit)
        EXPECT_EQ(rule_change_of_name(name_of(static_cast<RuleChange>(bit))), static_cast<RuleChange>(bit));
    for (int act = 0; act <= static_cast<int>(RuleAct::escalate); ++act)
        EXPECT_EQ(rule_act_of_name(name_of(static_cast<RuleAct>(act))), static_cast<RuleAct>(act));
}

// --- what they do

ActiveRule active(std::int64_t no, Rule rule, bool shadow = false) {
    return {.no = RuleNo{no}, .version = 1, .place = no, .shadow = shadow, .rule = std::move(rule)};
}
Rule on_arrival(std::vector<RuleAction> actions) { return {.name = "a", .actions = std::move(actions)}; }
Rule on_change(RuleChange change, std::vector<RuleAction> actions) {
    return {.name = "c", .when = RuleWhen::change, .changes = {change}, .actions = std::move(actions)};
}
std::vector<std::int64_t> fired(const RuleRun& run) {
    std::vector<std::int64_t> numbers;
    for (const RuleFiring& firing : run.firings) numbers.push_back(number_of(firing.rule));
    return numbers;
}
NotDone outcome(const RuleRun& run) { return run.firings.at(0).effects.at(0).not_done; }

TEST(Rules, what_one_sets_the_next_one_sees) {
    Rule second = on_arrival({{RuleAct::set_team, "risk_team"}});
    second.conditions = {{RuleField::category, false, {"card"}}};
    const auto run = run_rules({active(2, second), active(1, on_arrival({{RuleAct::set_category, "card"}}))}, facts(), {});
    EXPECT_THAT(fired(run), ElementsAre(1, 2));
    EXPECT_EQ(run.after.team, "risk_team");
    const auto turned =
        run_rules({active(2, on_arrival({{RuleAct::set_category, "card"}})), active(1, second)}, facts(), {});
    EXPECT_THAT(fired(turned), ElementsAre(2)) << "by place, whatever order they are handed in";
}

TEST(Rules, one_that_stops_is_the_last) {
    Rule first = on_arrival({{RuleAct::set_category, "card"}});
    first.stop = true;
    const std::vector<ActiveRule> rules{active(1, first), active(2, on_arrival({{RuleAct::escalate, ""}})),
                                        active(3, on_change(RuleChange::category, {{RuleAct::escalate, ""}}))};
    EXPECT_THAT(fired(run_rules(rules, facts(), {})), ElementsAre(1));
    auto shadowed = rules;
    shadowed[0].shadow = true;
    EXPECT_THAT(fired(run_rules(shadowed, facts(), {})), ElementsAre(1, 2)) << "one in the shadow stops nothing";
}

TEST(Rules, one_in_the_shadow_changes_nothing_and_says_what_it_would_have_done) {
    const auto run = run_rules({active(1, on_arrival({{RuleAct::set_category, "card"}}), true),
                                active(2, on_change(RuleChange::category, {{RuleAct::escalate, ""}}))},
                               facts(), {});
    EXPECT_THAT(fired(run), ElementsAre(1));
    EXPECT_TRUE(run.firings[0].shadow);
    EXPECT_EQ(outcome(run), NotDone::none);
    EXPECT_EQ(run.after.category, "refund");
}

TEST(Rules, what_is_so_already_is_no_change) {
    const auto run = run_rules({active(1, on_arrival({{RuleAct::set_category, "refund"}})),
                                active(2, on_change(RuleChange::category, {{RuleAct::escalate, ""}}))},
                               facts(), {});
    EXPECT_THAT(fired(run), ElementsAre(1));
    EXPECT_EQ(outcome(run), NotDone::unchanged);
}

TEST(Rules, nobody_who_has_to_do_with_the_customer_is_given_anything) {
    for (const RuleAct act : {RuleAct::assign, RuleAct::follow}) {
        EXPECT_EQ(outcome(run_rules({active(1, on_arrival({{act, "7"}}))}, facts(), {})), NotDone::none);
        for (const char* other : {"8", "9", "10"})
            EXPECT_EQ(outcome(run_rules({active(1, on_arrival({{act, other}}))}, facts(), {})), NotDone::unavailable);
    }
    const auto run = run_rules({active(1, on_arrival({{RuleAct::assign, "7"}}))}, facts(), {});
    EXPECT_EQ(run.after.assignee, StaffNo{7});
    EXPECT_EQ(run.after.state, TicketState::open);
}

TEST(Rules, by_skill_the_request_goes_to_who_fits_as_the_rules_before_left_it) {
    RuleFacts some = facts();
    some.staff[0].skills = Skills{.languages = {"en"}, .categories = {"card"}, .level = 1, .open_max = 5, .away_until = {}};
    const std::vector<ActiveRule> by_skill{active(2, on_arrival({{RuleAct::assign_by_skill, ""}}))};
    EXPECT_EQ(outcome(run_rules(by_skill, some, {})), NotDone::nobody_fits);
    auto both = by_skill;
    both.push_back(active(1, on_arrival({{RuleAct::set_category, "card"}})));
    const auto run = run_rules(both, some, {});
    EXPECT_EQ(run.firings.at(1).effects.at(0).value, "7");
    some.assignee = StaffNo{8};
    EXPECT_EQ(outcome(run_rules(by_skill, some, {})), NotDone::unchanged) << "whoever has it keeps it";
}

TEST(Rules, a_rule_of_time_is_judged_alone_and_what_it_changes_is_heard) {
    Rule timed{.name = "t", .when = RuleWhen::time, .hours = 4, .actions = {{RuleAct::escalate, ""}}};
    const std::vector<ActiveRule> rules{active(1, timed), active(2, timed),
                                        active(3, on_change(RuleChange::urgency, {{RuleAct::assign, "7"}}))};
    EXPECT_THAT(fired(run_rules(rules, facts(), {.when = RuleWhen::time, .of = RuleNo{2}})), ElementsAre(2, 3));
}

// Each changes what the next one listens to: a chain that would go on without the guard.
TEST(Rules, a_chain_ends_and_says_before_which) {
    std::vector<ActiveRule> chain{active(1, on_arrival({{RuleAct::set_category, "card"}}))};
    const std::array<std::string, 2> words{"refund", "card"};
    for (std::int64_t i = 2; i <= 9; ++i) {
        Rule next = on_change(RuleChange::category, {{RuleAct::set_category, words[static_cast<std::size_t>(i) % 2]}});
        next.conditions = {{RuleField::category, false, {words[static_cast<std::size_t>(i + 1) % 2]}}};
        next.stop = false;
        chain.push_back(active(i, next));
    }
    // One at a time: each level hears the change of the level before and its first rule turns it back for all others.
    const auto run = run_rules(chain, facts(), {});
    for (const RuleFiring& firing : run.firings) EXPECT_LE(firing.depth, rule_chain_max);
    EXPECT_EQ(run.firings.size(), 9U) << "each once, in one level or the other";
    EXPECT_EQ(run.stopped_before, std::nullopt);

    std::vector<ActiveRule> steps{active(1, on_arrival({{RuleAct::set_category, "card"}})),
                                  active(2, on_change(RuleChange::category, {{RuleAct::set_urgency, "high"}})),
                                  active(3, on_change(RuleChange::urgency, {{RuleAct::set_team, "risk_team"}})),
                                  active(4, on_change(RuleChange::team, {{RuleAct::assign, "7"}})),
                                  active(5, on_change(RuleChange::assignee, {{RuleAct::set_urgency, "low"}}))};
    const auto stopped = run_rules(steps, facts(), {});
    EXPECT_THAT(fired(stopped), ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(stopped.stopped_before, RuleNo{5});
    EXPECT_EQ(stopped.after.urgency, "high");
    steps[4].shadow = true;
    EXPECT_EQ(run_rules(steps, facts(), {}).stopped_before, std::nullopt) << "one in the shadow would change nothing";
}

}  // namespace
}  // namespace okpay::desk
