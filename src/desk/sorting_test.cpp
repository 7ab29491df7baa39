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
    EXPECT_EQ(decide_sorting(ticket(), false, {.to = {.category = "duplicate_charge"}}).value(),
              (Sorting{"duplicate_charge", "normal", "agent"}));
    EXPECT_EQ(decide_sorting(ticket(), false, {.to = {.urgency = "low"}}).value(), (Sorting{"refund", "low", "agent"}));
    EXPECT_EQ(decide_sorting(ticket(), false, {.to = {.team = "risk_team"}}).value(),
              (Sorting{"refund", "normal", "risk_team"}));
}

TEST(Sorting, words_that_are_none_are_refused) {
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.category = "parcels"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.category = "auto_generated"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.urgency = "very"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.team = "auto_answer"}})), "invalid");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.team = "no_action"}})), "invalid");
}

TEST(Sorting, as_it_is_already_is_said) {
    EXPECT_EQ(code(decide_sorting(ticket(), false, {})), "nothing_to_sort");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {"refund", "normal", "agent"}})), "nothing_to_sort");
}

TEST(Sorting, a_closed_request_stays_as_it_is) {
    Ticket closed = ticket();
    closed.state = TicketState::closed;
    EXPECT_EQ(code(decide_sorting(closed, false, {.to = {.category = "card"}})), "ticket_closed");
}

TEST(Sorting, spam_is_with_nobody_and_what_was_spam_with_the_agents) {
    EXPECT_EQ(decide_sorting(ticket(), false, {.to = {.category = "spam"}}).value().team, "no_action");
    const Ticket spam = ticket("spam", "low", "no_action");
    EXPECT_EQ(decide_sorting(spam, false, {.to = {.category = "refund"}}).value().team, "agent");
    EXPECT_EQ(decide_sorting(spam, false, {.to = {.category = "refund", .team = "risk_team"}}).value().team, "risk_team");
    const Ticket machine = ticket("auto_generated", "low", "no_action");
    EXPECT_EQ(decide_sorting(machine, false, {.to = {.category = "refund"}}).value().team, "agent");
    EXPECT_EQ(decide_sorting(machine, false, {.to = {.category = "spam"}}).value().team, "no_action");
}

TEST(Sorting, what_is_found_suspicious_goes_to_the_risk_team) {
    EXPECT_EQ(decide_sorting(ticket(), false, {.to = {.category = "suspicious_activity"}}).value().team, "risk_team");
}

TEST(Sorting, what_may_be_an_attack_is_calmed_by_few) {
    const Ticket attack = ticket("suspicious_activity", "critical", "risk_team");
    const std::vector<Sorting> calmer{{.team = "agent"}, {.urgency = "high"}, {.category = "refund"}, {.category = "spam"}};
    for (const Sorting& to : calmer) {
        EXPECT_EQ(code(decide_sorting(attack, true, {.to = to})), "kept_by_risk_team");
        EXPECT_EQ(code(decide_sorting(attack, true, {.to = to, .may_calm_attacks = true})), "");
    }
    // Neither in two steps.
    const Ticket card = ticket("card", "high", "risk_team");
    EXPECT_EQ(code(decide_sorting(card, true, {.to = {.category = "spam", .team = "risk_team"}})), "kept_by_risk_team");
    const Ticket flagged = ticket("card", "high", "agent");
    EXPECT_EQ(code(decide_sorting(flagged, true, {.to = {.category = "spam"}})), "kept_by_risk_team");
    // Its category was another: what it is called is no alarm, who has it is.
    const Ticket robbed = ticket("card", "high", "risk_team");
    EXPECT_EQ(code(decide_sorting(robbed, true, {.to = {.category = "refund", .urgency = "critical"}})), "");
    EXPECT_EQ(code(decide_sorting(robbed, true, {.to = {.team = "agent"}})), "kept_by_risk_team");
}

TEST(Sorting, the_technical_team_needs_the_form) {
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.team = "technical_team"}})), "hand_over_incomplete");
    EXPECT_EQ(code(decide_sorting(ticket(), false, {.to = {.team = "technical_team"}, .with_complete_form = true})), "");
    const Ticket theirs = ticket("payment_failed", "normal", "technical_team");
    EXPECT_EQ(code(decide_sorting(theirs, false, {.to = {.category = "card"}})), "");  // it is there already
    EXPECT_EQ(code(decide_sorting(theirs, false, {.to = {.team = "agent"}})), "");
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
    EXPECT_EQ(raised_by(calm, Part::full, {"card", "normal", "agent"}), calm);
    EXPECT_EQ(raised_by(calm, Part::full, {"card", "low", "agent"}), calm);
    EXPECT_EQ(raised_by(calm, Part::full, {"card", "critical", "agent"}), (Sorting{"refund", "critical", "agent"}));
    EXPECT_EQ(raised_by(calm, Part::apart, {"card", "normal", "agent"}), (Sorting{"refund", "normal", "risk_team"}));
    EXPECT_EQ(raised_by(calm, Part::apart, {"card", "critical", "agent"}), (Sorting{"refund", "critical", "risk_team"}));
    const Sorting alarm{"refund", "critical", "risk_team"};
    EXPECT_EQ(raised_by(alarm, Part::full, {"card", "low", "agent"}), alarm);
    EXPECT_EQ(raised_by(alarm, Part::full, {"card", "high", "agent"}), alarm);
    // Somebody called it low: an ordinary mail more does not take it back.
    const Sorting low{"refund", "low", "agent"};
    EXPECT_EQ(raised_by(low, Part::full, {"card", "normal", "agent"}), low);
    EXPECT_EQ(raised_by(low, Part::full, {"card", "high", "agent"}).urgency, "high");
    // What was taken for spam, or a machine's, is a request once its sender writes one.
    const Sorting spam{"spam", "low", "no_action"};
    EXPECT_EQ(raised_by(spam, Part::full, {"card", "normal", "ask_for_info"}), (Sorting{"card", "low", "agent"}));
    EXPECT_EQ(raised_by(spam, Part::apart, {"card", "critical", "risk_team"}), (Sorting{"card", "critical", "risk_team"}));
    EXPECT_EQ(raised_by(spam, Part::none, {"spam", "low", "no_action"}), spam);
    const Sorting guarded{"spam", "high", "risk_team"};
    EXPECT_EQ(raised_by(guarded, Part::full, {"card", "normal", "agent"}).team, "risk_team");
    EXPECT_EQ(raised_by(calm, Part::none, {"card", "critical", "agent"}), calm);  // machine mail, spam, forged
}

}  // namespace
}  // namespace okpay::desk
