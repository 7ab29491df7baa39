// SPDX-License-Identifier: Apache-2.0
#include "desk/macro.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace okpay::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Macro macro() {
    return {.name = "Charge explained",
            .text_en = "Hello {customer_name},\n\nwe looked at {payment_amount}.",
            .text_zh = "{customer_name}，您好：\n\n我们查看了 {payment_amount}。",
            .actions = {.state_after = TicketState::pending_customer}};
}

MacroFacts facts() {
    return {.request_number = "OK-7F3K9Q2",
            .customer_name = "Li Wei",
            .agent_name = "Ann",
            .zone = "Asia/Shanghai",
            .payment = MacroFacts::BoundPayment{
                .amount = {.amount = money::Money::of_minor(12'850, money::Currency::cny).value(), .payment_seq = 7},
                .reference = "pay_abc",
                .at = Moment{std::chrono::sys_days{std::chrono::year{2026} / 11 / 5} + std::chrono::hours{9}},
                .merchant = "Tea House"}};
}

std::string why(const Macro& macro) {
    const auto fault = fault_in(macro);
    return fault ? (fault->says_amount ? "amount " : "") + fault->why : "";
}

struct Faulty {
    std::string_view name;
    void (*change)(Macro&);
    std::string_view begins;
};
class MacroFaults : public ::testing::TestWithParam<Faulty> {};
TEST_P(MacroFaults, are_named) {
    Macro changed = macro();
    GetParam().change(changed);
    EXPECT_THAT(why(changed), StartsWith(std::string{GetParam().begins}));
}
constexpr Faulty faulty[] = {
    {"none", [](Macro&) {}, ""},
    {"no_name", [](Macro& m) { m.name = ""; }, "name: "},
    {"name_of_two_lines", [](Macro& m) { m.name = "a\nb"; }, "name: "},
    {"name_with_space_around", [](Macro& m) { m.name = " a"; }, "name: "},
    {"name_too_long", [](Macro& m) { m.name.assign(macro_name_octets_max + 1, 'a'); }, "name: "},
    {"one_language", [](Macro& m) { m.text_zh = ""; }, "text_zh: an answer is written in both"},
    {"other_language", [](Macro& m) { m.text_en = ""; }, "text_en: an answer is written in both"},
    {"nothing", [](Macro& m) { m = {.name = "a"}; }, "text_en: it writes nothing and does nothing"},
    {"spaces", [](Macro& m) { m.text_en = " \n"; }, "text_en: nothing but spaces"},
    {"too_long", [](Macro& m) { m.text_zh.assign(macro_text_octets_max + 1, 'a'); }, "text_zh: longer than 16 KiB"},
    {"control_characters", [](Macro& m) { m.text_en = "a\x01"; }, "text_en: not plain lines"},
    {"not_utf8", [](Macro& m) { m.text_en = "a\xff"; }, "text_en: not plain lines"},
    {"unknown_place", [](Macro& m) { m.text_en = "{customer_nme}"; }, "text_en: \"{customer_nme}\" is no place"},
    {"open_brace", [](Macro& m) { m.text_en = "a { b"; }, "text_en: \"{ b\" is no place"},
    {"closing_brace", [](Macro& m) { m.text_en = "a } b"; }, "text_en: \"} b\" is no place"},
    {"numbered_place", [](Macro& m) { m.text_en = "{1}"; }, "text_en: \"{1}\" is no place"},
    {"own_amount", [](Macro& m) { m.text_en = "You get CNY 5."; }, "amount text_en: \"CNY 5\" is an amount of its own"},
    {"own_amount_in_chinese", [](Macro& m) { m.text_zh = "退还五十元。"; }, "amount text_zh: "},
    {"state_of_no_answer", [](Macro& m) { m.actions.state_after = TicketState::closed; }, "state_after: "},
    {"person_who_is_nobody", [](Macro& m) { m.actions.assign = MacroAssign::person; }, "assign_to: "},
    {"person_beside_me",
     [](Macro& m) {
         m.actions.assign = MacroAssign::me;
         m.actions.person = customers::StaffNo{3};
     },
     "assign_to: "},
    {"sleeps_backwards", [](Macro& m) { m.actions.snooze_hours = -1; }, "snooze_hours: 1 to 2160"},
    {"sleeps_too_long", [](Macro& m) { m.actions.snooze_hours = macro_snooze_hours_max + 1; }, "snooze_hours: 1 to 2160"},
    {"sleeps_solved",
     [](Macro& m) {
         m.actions.state_after = TicketState::solved;
         m.actions.snooze_hours = 1;
     },
     "snooze_hours: what is solved"},
};
INSTANTIATE_TEST_SUITE_P(All, MacroFaults, ::testing::ValuesIn(faulty),
                         [](const auto& info) { return std::string{info.param.name}; });

TEST(Macro, actions_alone_are_a_macro_and_so_is_text_alone) {
    EXPECT_EQ(why({.name = "Mine", .actions = {.assign = MacroAssign::me}}), "");
    EXPECT_EQ(why({.name = "Thanks", .text_en = "Thank you.", .text_zh = "谢谢。"}), "");
    EXPECT_EQ(why({.name = "Later", .actions = {.snooze_hours = macro_snooze_hours_max}}), "");
    EXPECT_EQ(why({.name = "Hers", .actions = {.assign = MacroAssign::person, .person = customers::StaffNo{3}}}), "");
}

TEST(Macro, its_form_is_judged_without_its_amounts) {
    Macro changed = macro();
    changed.text_zh = "退还五十元。";
    EXPECT_TRUE(fault_in(changed));
    EXPECT_EQ(fault_in_form(changed), std::nullopt);
    changed.text_zh = "{customer}";
    EXPECT_TRUE(fault_in_form(changed));
}

TEST(Macro, each_place_is_filled_from_the_facts) {
    std::string all;
    for (const std::string_view place : macro_places()) all += "{" + std::string{place} + "}|";
    EXPECT_EQ(filled(all, facts(), Language::en), "Li Wei|OK-7F3K9Q2|Ann|CNY 128.50|pay_abc|2026-11-05 17:00|Tea House|");
    EXPECT_EQ(filled("{payment_amount}", facts(), Language::zh_hans), "￥128.50");
    EXPECT_EQ(filled("{{customer_name}} }}", facts(), Language::en), "{customer_name} }");
    EXPECT_EQ(filled("{nobody}", facts(), Language::en), fail(MacroError::malformed));
}

TEST(Macro, what_it_says_of_a_payment_passes_the_rule_for_answers) {
    const auto text = filled(macro().text_zh, facts(), Language::zh_hans).value();
    const std::array bound{facts().payment->amount};
    EXPECT_TRUE(unbound_amounts(text, bound, {}).empty()) << text;
    EXPECT_EQ(unbound_amounts(text, {}, {}).size(), 1U) << "and without the figure it does not";
}

TEST(Macro, a_payment_is_asked_for_where_a_place_needs_one_and_nowhere_else) {
    EXPECT_TRUE(needs_payment("a {merchant_name}"));
    EXPECT_TRUE(needs_payment("a {payment_time}"));
    EXPECT_FALSE(needs_payment("{customer_name} {request_number} {agent_name} {{payment_amount}}"));
    MacroFacts none = facts();
    none.payment.reset();
    EXPECT_EQ(filled("{payment_reference}", none, Language::en), fail(MacroError::payment_missing));
    EXPECT_EQ(filled("{customer_name}", none, Language::en), "Li Wei");
    MacroFacts to_nobody = facts();
    to_nobody.payment->merchant = "";
    EXPECT_EQ(filled("{merchant_name}", to_nobody, Language::en), fail(MacroError::merchant_missing));
    EXPECT_EQ(filled("{payment_time}", to_nobody, Language::en), "2026-11-05 17:00");
    MacroFacts loose = facts();
    loose.payment->amount.payment_seq = 0;
    EXPECT_EQ(filled("{payment_amount}", loose, Language::en), fail(MacroError::figure_not_bound));
}

TEST(Macro, who_is_not_known_and_names_that_read_as_amounts_are_neutral_words) {
    MacroFacts changed = facts();
    changed.customer_name = "";
    EXPECT_EQ(filled("{customer_name}", changed, Language::en), "customer");
    changed.customer_name = "刘五元";
    changed.payment->merchant = "CNY 5 Shop";
    EXPECT_EQ(filled("{customer_name}，{merchant_name}", changed, Language::zh_hans), "客户，商户");
    EXPECT_EQ(filled("{customer_name}，{merchant_name}", changed, Language::zh_hant), "客戶，商戶");
}

TEST(Macro, names_are_one_plain_line_and_no_places) {
    MacroFacts changed = facts();
    changed.customer_name = "A\r\nBcc: b\x01{agent_name}";
    EXPECT_THAT(filled("{customer_name}.", changed, Language::en).value(), HasSubstr("A Bcc: b {agent_name}."));
}

}  // namespace
}  // namespace okpay::desk
