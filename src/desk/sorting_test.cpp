// SPDX-License-Identifier: Apache-2.0
#include "desk/sorting.hpp"

#include <gtest/gtest.h>

namespace okpay::desk {
namespace {

Ticket ticket(std::string category = "refund", std::string urgency = "normal", std::string team = "agent") {
    Ticket one{};
    one.state = TicketState::open;
    one.category = std::move(category);
    one.urgency = std::move(urgency);
    one.route = std::move(team);
    return one;
}

std::string code(const Result<Sorting, SortRefusal>& decided) {
    return decided ? std::string{} : std::string{code_of(decided.error())};
}

TEST(Sorting, what_is_left_out_stays) {
    EXPECT_EQ(decide_sorting(ticket(), Part::full, {.to = {.category = "duplicate_charge"}}).value(),
              (Sorting{"duplicate_charge", "normal", "agent"}));
    EXPECT_EQ(decide_sorting(ticket(), Part::full, {.to = {.urgency = "low"}}).value(), (Sorting{"refund", "low", "agent"}));
    EXPECT_EQ(decide_sorting(ticket(), Part::full, {.to = {.team = "risk_team"}}).value(),
              (Sorting{"refund", "normal", "risk_team"}));
}

TEST(Sorting, words_that_are_none_are_refused) {
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.category = "parcels"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.category = "auto_generated"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.urgency = "very"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.team = "auto_answer"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.team = "no_action"}})), "invalid");
}

TEST(Sorting, as_it_is_already_is_said) {
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {})), "nothing_to_sort");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {"refund", "normal", "agent"}})), "nothing_to_sort");
}

TEST(Sorting, a_closed_request_stays_as_it_is) {
    Ticket closed = ticket();
    closed.state = TicketState::closed;
    EXPECT_EQ(code(decide_sorting(closed, Part::full, {.to = {.category = "card"}})), "ticket_closed");
}

TEST(Sorting, spam_is_with_nobody_and_what_was_spam_with_the_agents) {
    EXPECT_EQ(decide_sorting(ticket(), Part::full, {.to = {.category = "spam"}}).value().team, "no_action");
    const Ticket spam = ticket("spam", "low", "no_action");
    EXPECT_EQ(decide_sorting(spam, Part::none, {.to = {.category = "refund"}}).value().team, "agent");
    EXPECT_EQ(decide_sorting(spam, Part::none, {.to = {.category = "refund", .team = "risk_team"}}).value().team,
              "risk_team");
    const Ticket machine = ticket("auto_generated", "low", "no_action");
    EXPECT_EQ(decide_sorting(machine, Part::none, {.to = {.category = "refund"}}).value().team, "agent");
    EXPECT_EQ(decide_sorting(machine, Part::none, {.to = {.category = "spam"}}).value().team, "no_action");
}

TEST(Sorting, what_is_found_suspicious_goes_to_the_risk_team) {
    EXPECT_EQ(decide_sorting(ticket(), Part::full, {.to = {.category = "suspicious_activity"}}).value().team, "risk_team");
}

TEST(Sorting, what_may_be_an_attack_is_calmed_by_few) {
    const Ticket attack = ticket("suspicious_activity", "critical", "risk_team");
    const std::vector<Sorting> calmer{{.team = "agent"}, {.urgency = "high"}, {.category = "refund"}, {.category = "spam"}};
    for (const Sorting& to : calmer) {
        EXPECT_EQ(code(decide_sorting(attack, Part::apart, {.to = to})), "kept_by_risk_team");
        EXPECT_EQ(code(decide_sorting(attack, Part::apart, {.to = to, .may_calm_attacks = true})), "");
    }
    // Its category was another: what it is called is no alarm, who has it is.
    const Ticket robbed = ticket("card", "high", "risk_team");
    EXPECT_EQ(code(decide_sorting(robbed, Part::apart, {.to = {.category = "refund", .urgency = "critical"}})), "");
    EXPECT_EQ(code(decide_sorting(robbed, Part::apart, {.to = {.team = "agent"}})), "kept_by_risk_team");
}

TEST(Sorting, the_technical_team_needs_the_form) {
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.team = "technical_team"}})), "hand_over_incomplete");
    EXPECT_EQ(code(decide_sorting(ticket(), Part::full, {.to = {.team = "technical_team"}, .with_complete_form = true})),
              "");
    const Ticket theirs = ticket("payment_failed", "normal", "technical_team");
    EXPECT_EQ(code(decide_sorting(theirs, Part::full, {.to = {.category = "card"}})), "");  // it is there already
    EXPECT_EQ(code(decide_sorting(theirs, Part::full, {.to = {.team = "agent"}})), "");
}

TEST(Sorting, a_form_says_what_happens_and_how_to_see_it) {
    EXPECT_FALSE(is_complete({}));
    EXPECT_FALSE(is_complete({.what_happens = "white page"}));
    EXPECT_FALSE(is_complete({.what_happens = " ", .steps = "pay", .error_code = "E1"}));
    EXPECT_TRUE(is_complete({.what_happens = "white page", .steps = "pay"}));
    EXPECT_TRUE(is_complete({.what_happens = "white page", .error_code = "E1"}));
    EXPECT_EQ(text_of({.what_happens = " white page ", .error_code = "E1", .tried = "again"}, Language::en),
              "What happens: white page\nError code or message: E1\nAlready tried: again");
    EXPECT_EQ(text_of({.what_happens = "白屏", .steps = "付款"}, Language::zh_hans), "问题现象：白屏\n操作步骤：付款");
    EXPECT_EQ(text_of({}, Language::en), "");
}

TEST(Raised, by_what_is_written_later_and_never_down) {
    const Sorting calm{"refund", "normal", "agent"};
    EXPECT_EQ(raised_by(calm, Part::full, "normal"), calm);
    EXPECT_EQ(raised_by(calm, Part::full, "low"), calm);
    EXPECT_EQ(raised_by(calm, Part::full, "critical"), (Sorting{"refund", "critical", "agent"}));
    EXPECT_EQ(raised_by(calm, Part::apart, "normal"), (Sorting{"refund", "normal", "risk_team"}));
    EXPECT_EQ(raised_by(calm, Part::apart, "critical"), (Sorting{"refund", "critical", "risk_team"}));
    const Sorting alarm{"refund", "critical", "risk_team"};
    EXPECT_EQ(raised_by(alarm, Part::full, "low"), alarm);
    EXPECT_EQ(raised_by(alarm, Part::full, "high"), alarm);
    // Somebody called it low: an ordinary mail more does not take it back.
    const Sorting low{"refund", "low", "agent"};
    EXPECT_EQ(raised_by(low, Part::full, "normal"), low);
    EXPECT_EQ(raised_by(low, Part::full, "high").urgency, "high");
    EXPECT_EQ(raised_by(calm, Part::none, "critical"), calm);  // machine mail, spam, forged
}

}  // namespace
}  // namespace okpay::desk
