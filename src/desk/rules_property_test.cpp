// SPDX-License-Identifier: Apache-2.0
// The engine of rules against a naive reading of its head, over random sets of rules: the same rules act, in the same order,
// with the same outcome; any set ends; the order in which they are handed in says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>

#include "desk/rules.hpp"

namespace okpay::desk {
namespace {

using customers::StaffNo;

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

const std::vector<std::string> categories{"refund", "card", "complaint"};
const std::vector<std::string> urgencies{"low", "normal", "high", "critical"};
const std::vector<std::string> teams{"agent", "technical_team", "risk_team"};

class Dice {
public:
    explicit Dice(unsigned seed) : random_{seed} {}
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_); }
    bool chance(std::size_t of) { return below(of) == 0; }
    const std::string& one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }
    template <class T>
    void shuffle(std::vector<T>& list) {
        std::ranges::shuffle(list, random_);
    }

private:
    std::mt19937 random_;
};

RuleCondition condition(Dice& dice) {
    RuleCondition made;
    made.negated = dice.chance(3);
    switch (dice.below(4)) {
    case 0: made.field = RuleField::category, made.values = {dice.one_of(categories)}; break;
    case 1: made.field = RuleField::urgency, made.values = {dice.one_of(urgencies), dice.one_of(urgencies)}; break;
    case 2: made.field = RuleField::team, made.values = {dice.one_of(teams)}; break;
    default: made.field = RuleField::assigned, made.values = {dice.chance(2) ? "yes" : "no"}; break;
    }
    return made;
}

RuleAction action(Dice& dice) {
    switch (dice.below(5)) {
    case 0: return {RuleAct::set_category, dice.one_of(categories)};
    case 1: return {RuleAct::set_urgency, dice.one_of(urgencies)};
    case 2: return {RuleAct::set_team, dice.one_of(teams)};
    case 3: return {RuleAct::assign, std::to_string(1 + dice.below(3))};
    default: return {RuleAct::escalate, ""};
    }
}

constexpr std::array all{RuleChange::category, RuleChange::urgency, RuleChange::team, RuleChange::assignee};

std::vector<ActiveRule> random_rules(Dice& dice) {
    std::vector<ActiveRule> rules(1 + dice.below(10));
    for (std::size_t i = 0; i < rules.size(); ++i) {
        ActiveRule& one = rules[i];
        one.no = RuleNo{static_cast<std::int64_t>(i) + 1};
        one.version = 1;
        one.place = static_cast<std::int64_t>(dice.below(4));  // several share one: then by number
        one.shadow = dice.chance(5);
        one.rule.when = dice.chance(6) ? RuleWhen::arrival : RuleWhen::change;
        // Mostly one kind of change, so that chains are long.
        if (one.rule.when == RuleWhen::change) {
            one.rule.changes = {all[dice.below(all.size())]};
            if (dice.chance(5)) one.rule.changes.push_back(all[dice.below(all.size())]);
        }
        one.rule.any = dice.chance(3);
        for (std::size_t n = dice.below(2); n > 0; --n) one.rule.conditions.push_back(condition(dice));
        for (std::size_t n = 1 + dice.below(2); n > 0; --n) one.rule.actions.push_back(action(dice));
        one.rule.stop = dice.chance(8);
    }
    // Now and then a ladder: each step hears the one before, so that the guard is reached.
    if (dice.chance(3)) {
        const std::array<RuleAction, 5> steps{RuleAction{RuleAct::set_category, dice.one_of(categories)},
                                              RuleAction{RuleAct::set_urgency, dice.one_of(urgencies)},
                                              RuleAction{RuleAct::set_team, dice.one_of(teams)},
                                              RuleAction{RuleAct::assign, "1"}, RuleAction{RuleAct::escalate, ""}};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            ActiveRule step{.no = RuleNo{static_cast<std::int64_t>(rules.size()) + 1}, .version = 1, .place = 0};
            step.rule.when = i == 0 ? RuleWhen::arrival : RuleWhen::change;
            if (i > 0) step.rule.changes = {all[i - 1]};
            step.rule.actions = {steps[i]};
            rules.push_back(step);
        }
    }
    return rules;
}

// The four things that these rules read and change, as plain words.
struct Naive {
    std::map<std::string, std::string> is;
    std::vector<std::string> said{};  // "rule depth shadow: outcome outcome"
    std::string stopped_before{};

    bool holds(const RuleCondition& one) const {
        bool found = false;
        for (const std::string& value : one.values) {
            if (one.field == RuleField::assigned) found = found || is.at("assignee").empty() == (value == "no");
            else found = found || is.at(std::string{name_of(one.field)}) == value;
        }
        return found != one.negated;
    }
    bool matches(const Rule& rule) const {
        std::size_t held = 0;
        for (const RuleCondition& one : rule.conditions) held += holds(one) ? 1 : 0;
        if (rule.conditions.empty()) return true;
        return rule.any ? held > 0 : held == rule.conditions.size();
    }
    // "": done; what it is called that changed goes to `changed`.
    std::string act(const RuleAction& one, std::vector<std::string>& changed) {
        static const std::map<RuleAct, std::string> what{{RuleAct::set_category, "category"},
                                                         {RuleAct::set_urgency, "urgency"},
                                                         {RuleAct::escalate, "urgency"},
                                                         {RuleAct::set_team, "team"},
                                                         {RuleAct::assign, "assignee"}};
        const std::string& name = what.at(one.act);
        const std::string value = one.act == RuleAct::escalate ? "critical" : one.value;
        if (one.act == RuleAct::assign && value == "2") return "unavailable";
        if (one.act == RuleAct::escalate && is.at(name) == value) return "done";
        const bool calms = name == "category" || name == "team" || (name == "urgency" && value != "critical");
        if (calms && is.at("team") == "risk_team") return "refused";
        if (is.at(name) == value) return "unchanged";
        is[name] = value;
        changed.push_back(name);
        return "done";
    }
    void run(std::vector<ActiveRule> rules) {
        std::vector<ActiveRule> ordered;
        while (!rules.empty()) {  // the least again and again
            auto least = rules.begin();
            for (auto one = rules.begin(); one != rules.end(); ++one) {
                if (one->place < least->place || (one->place == least->place && number_of(one->no) < number_of(least->no)))
                    least = one;
            }
            ordered.push_back(*least);
            rules.erase(least);
        }
        std::vector<bool> over(ordered.size(), false);
        std::vector<std::string> heard{"arrival"};
        for (int depth = 0; !heard.empty(); ++depth) {
            std::vector<std::string> changed;
            for (std::size_t i = 0; i < ordered.size(); ++i) {
                const ActiveRule& one = ordered[i];
                bool meant = depth == 0 && one.rule.when == RuleWhen::arrival;
                for (const RuleChange change : one.rule.changes)
                    meant = meant || std::ranges::find(heard, name_of(change)) != heard.end();
                if (over[i] || !meant || !matches(one.rule)) continue;
                if (depth > 3) {
                    if (one.shadow) continue;
                    stopped_before = std::to_string(number_of(one.no));
                    return;
                }
                over[i] = true;
                const auto before = is;
                std::vector<std::string> here;
                std::string line =
                    std::to_string(number_of(one.no)) + " " + std::to_string(depth) + (one.shadow ? " s" : "");
                for (const RuleAction& action : one.rule.actions) line += " " + act(action, here);
                said.push_back(line);
                if (one.shadow) {
                    is = before;
                    continue;
                }
                changed.insert(changed.end(), here.begin(), here.end());
                if (one.rule.stop) return;
            }
            heard = changed;
        }
    }
};

TEST(RulesProperty, the_engine_does_what_a_naive_reading_does_in_any_order_and_ends) {
    const unsigned seed = test_seed();
    Dice dice{seed};
    int stopped = 0;
    std::size_t deep = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::vector<ActiveRule> rules = random_rules(dice);
        RuleFacts facts;
        facts.category = dice.one_of(categories);
        facts.urgency = dice.one_of(urgencies);
        facts.team = dice.one_of(teams);
        facts.staff = {{.no = StaffNo{1}}, {.no = StaffNo{2}, .has_to_do_with_customer = true}, {.no = StaffNo{3}}};
        Naive naive{
            .is = {{"category", facts.category}, {"urgency", facts.urgency}, {"team", facts.team}, {"assignee", ""}}};
        naive.run(rules);
        const RuleRun run = run_rules(rules, facts, {});
        std::vector<std::string> said;
        for (const RuleFiring& firing : run.firings) {
            std::string line =
                std::to_string(number_of(firing.rule)) + " " + std::to_string(firing.depth) + (firing.shadow ? " s" : "");
            for (const RuleEffect& effect : firing.effects) line += " " + std::string{name_of(effect.not_done)};
            said.push_back(line);
            deep += firing.depth == rule_chain_max ? 1 : 0;
        }
        ASSERT_EQ(said, naive.said) << "TEST_SEED=" << seed << " round " << round;
        ASSERT_EQ(run.stopped_before ? std::to_string(number_of(*run.stopped_before)) : "", naive.stopped_before) << seed;
        ASSERT_EQ(run.after.category, naive.is.at("category")) << seed;
        ASSERT_EQ(run.after.urgency, naive.is.at("urgency")) << seed;
        ASSERT_EQ(run.after.team, naive.is.at("team")) << seed;
        ASSERT_LE(run.firings.size(), rules.size()) << seed;
        stopped += run.stopped_before ? 1 : 0;
        dice.shuffle(rules);
        ASSERT_EQ(run_rules(rules, facts, {}).firings, run.firings) << seed << ": in another order";
    }
    EXPECT_GT(stopped, 50) << "the guard was never reached: the test asks nothing";
    EXPECT_GT(deep, 50U);
}

}  // namespace
}  // namespace okpay::desk
