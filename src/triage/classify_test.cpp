// SPDX-License-Identifier: Apache-2.0
// The shipped model and what the reader makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/text.hpp"
#include "triage/json.hpp"
#include "triage/mail_for_test.hpp"
#include "triage/read.hpp"
#include "triage/shipped.hpp"
#include "triage/training.hpp"

namespace okpay::triage {
namespace {

TEST(Shipped, is_small_and_knows_every_category) {
    EXPECT_LE(shipped_model_bytes().size(), 2U << 20U);
    ASSERT_GE(shipped_model().labels().size(), category_count);
    for (std::size_t i = 0; i < category_count; ++i)
        EXPECT_EQ(category_of_name(shipped_model().labels()[i]), static_cast<Category>(i));
    EXPECT_EQ(shipped_model().bytes(), shipped_model_bytes());
}

TEST(Training, a_line_becomes_texts_of_one_group) {
    std::vector<Example> examples;
    ASSERT_FALSE(
        append_examples("# a remark\n= card\n(my card|the card) is gone, {last4}\n= refund\nmoney back\n", examples));
    ASSERT_GE(examples.size(), 4U);
    for (const Example& example : examples) {
        const bool card = example.labels == std::vector{static_cast<std::uint16_t>(Category::card)};
        EXPECT_EQ(example.group, card ? 0U : 1U);
        EXPECT_EQ(example.text.find_first_of("({}"), std::string::npos) << example.text;
        EXPECT_NE(example.text.find(card ? "card is gone" : "money back"), std::string::npos) << example.text;
    }
}

TEST(Training, a_line_hangs_on_no_other_line) {
    std::vector<Example> alone;
    std::vector<Example> beside;
    ASSERT_FALSE(append_examples("= card\n(my|the) card is gone {date}\n", alone));
    ASSERT_FALSE(append_examples("= refund\nmoney back\n= card\n(my|the) card is gone {date}\n", beside));
    ASSERT_GT(beside.size(), alone.size());
    for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_EQ(beside[beside.size() - alone.size() + i].text, alone[i].text);
}

// What is said beside the matter is learnt to say nothing: the same line, told at length with other talk around it.
TEST(Training, a_line_is_also_told_at_length) {
    std::vector<Example> examples;
    ASSERT_FALSE(append_examples("= card\nmy card is gone\nlost\\nthe card is gone\n= spam\nbuy our cards\n", examples));
    std::array<std::size_t, 3> longest{};
    for (const Example& example : examples) {
        longest[example.group] = std::max(longest[example.group], example.text.size());
        EXPECT_EQ(example.text.find_first_of("{}"), std::string::npos) << example.text;
        if (example.group == 1) EXPECT_TRUE(example.text.starts_with("lost\n")) << example.text;  // its subject stays
    }
    EXPECT_GT(longest[0], 60U);
    EXPECT_GT(longest[1], 60U);
    EXPECT_EQ(longest[2], std::string_view{"\nbuy our cards"}.size());  // machines tell nothing at length
}

TEST(Training, names_the_line_that_is_wrong) {
    std::vector<Example> examples;
    EXPECT_EQ(append_examples("= card\nok\n= nonsense\n", examples)->line, 3U);
    EXPECT_EQ(append_examples("a text\n", examples)->line, 1U);
    EXPECT_EQ(append_examples("= card\n{nosuch}\n", examples)->line, 2U);
    EXPECT_EQ(append_labelled_lines("card\tlost it\nrefund without a tab\n", examples)->line, 2U);
}

TEST(Training, a_kind_is_a_label_behind_its_category) {
    std::vector<Example> examples;
    ASSERT_FALSE(
        append_examples("= fees_limits\nwhat does it cost\n= fees_limits dispute\nwhy did you take it\n", examples));
    EXPECT_EQ(examples.front().labels, std::vector{static_cast<std::uint16_t>(Category::fees_limits)});
    EXPECT_EQ(examples.back().labels, std::vector{static_cast<std::uint16_t>(category_count)});
    const auto fault = append_examples("= fees_limits outage\nx\n", examples);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->line, 1U);
}

TEST(Training, what_the_desk_corrected_is_learnt) {
    std::vector<Example> examples;
    for (int i = 0; i < 4; ++i) {
        ASSERT_FALSE(
            append_labelled_lines("card\tzorblax is gone\ncard\tmy zorblax\\nplease send a zorblax\n"
                                  "refund\tquuxify me\nrefund\tplease quuxify the money\n",
                                  examples));
    }
    const Model model = learn_categories(examples);
    const Reading card = read(mail("zorblax!"), model);
    const Reading refund = read(mail("quuxify"), model);
    EXPECT_EQ(card.category, Category::card);
    EXPECT_EQ(refund.category, Category::refund);
}

// In words that no lexicon line and no training line has as they stand here.
TEST(Classify, kinds_of_a_category_are_handled_in_their_own_way) {
    const auto read_of = [](std::string_view text) {
        return read({.subject = "", .new_text = std::string{text}, .from_address = "li@example.org"});
    };
    const Reading asked = read_of("Hello, what would it cost me to send money to my aunt in Poland each month?");
    EXPECT_EQ(asked.category, Category::fees_limits);
    EXPECT_EQ(asked.urgency, Urgency::low);
    const Reading disputed = read_of(
        "In October you kept 7.20 EUR of my transfer. The screen had said nothing of it. I expect "
        "that you put these 7.20 back on my wallet.");
    EXPECT_NE(disputed.route, Route::auto_answer);
    EXPECT_EQ(disputed.urgency, Urgency::normal);
    const Reading ends =
        read_of("I have no use for OKPay any longer. The wallet is empty. Kindly remove it with all my data.");
    EXPECT_EQ(ends.category, Category::account_info_change);
    EXPECT_THAT(ends.missing, ::testing::IsEmpty());
    for (const std::string_view text :
         {"Since nine this morning not one guest in any of our four restaurants has managed to pay "
          "with your app, it says T09 to everybody.",
          "从早上八点起，我们全部六家店的客人都付不了款，每个人都提示T09。"}) {
        const Reading outage = read_of(text);
        EXPECT_EQ(outage.category, Category::payment_failed) << text;
        EXPECT_EQ(outage.urgency, Urgency::critical) << text;
        EXPECT_EQ(outage.route, Route::technical_team) << text;
    }
}

TEST(Classify, nonsense_is_not_guessed_at) {
    for (const std::string_view text : {"hi", "在吗", "???", "", "还是不行", "xqz wvut", "any news?"})
        EXPECT_EQ(read(mail(text)).category, Category::unclear) << text;
}

TEST(Classify, quoted_and_forwarded_text_changes_no_category) {
    Message message = mail("Where can I download my statement for last year?");
    const Reading alone = read(message);
    message.quoted_text = "my card was stolen, block it! 我的卡丢了 I was charged twice, 42.90 EUR, TXN48812093";
    const Reading quoted = read(message);
    EXPECT_EQ(quoted.category, alone.category);
    EXPECT_EQ(quoted.confidence, alone.confidence);
    EXPECT_EQ(quoted.entities, alone.entities);
}

TEST(Classify, what_may_be_an_attack_is_neither_dropped_nor_answered_by_itself) {
    struct Row {
        std::string_view subject, text;
    };
    constexpr std::array rows{
        Row{"Congratulations", "You have won! Click here... that is what the mail says. I entered my password there, help!"},
        Row{"自动回复", "我的账号被盗了，密码和手机都被改了！"},
        Row{"how to", "How do I stop someone who hacked my account and is spending my money right now?"},
        Row{"question", "请问有人盗刷了我的卡怎么办？不是我本人操作的"},
        Row{"Out of office", "Someone has taken over my account, the email was changed, please freeze it."}};
    for (const Row& row : rows) {
        const Reading reading = read(mail(row.text, row.subject));
        EXPECT_NE(reading.route, Route::no_action) << row.text;
        EXPECT_NE(reading.route, Route::auto_answer) << row.text;
        EXPECT_FALSE(reading.automatic) << row.text;
    }
}

TEST(Reasons, are_words_of_the_text_where_they_stand) {
    const Message message = mail("Good morning,\nI was charged twice for one coffee yesterday.", "Double charge");
    const Reading reading = read(message);
    ASSERT_EQ(reading.category, Category::duplicate_charge);
    const auto reasons = reasons_of(message, reading);
    bool names_the_matter = false;
    for (const Reason& reason : reasons) {
        const std::string& part = reason.in_subject ? message.subject : message.new_text;
        ASSERT_LE(reason.end, part.size());
        EXPECT_EQ(part.substr(reason.begin, reason.end - reason.begin), reason.words);
        if (reason.decision == "category")
            names_the_matter = names_the_matter || reason.words == "twice" || ascii_lower(reason.words) == "double";
    }
    EXPECT_TRUE(names_the_matter);
}

TEST(Reasons, chinese_words_are_joined_and_urgency_has_its_own) {
    const Message message = mail("今天凌晨有一笔2000元的消费不是我本人操作的，请立刻冻结");
    const Reading reading = read(message);
    ASSERT_EQ(reading.urgency, Urgency::critical);
    const auto reasons = reasons_of(message, reading);
    EXPECT_TRUE(std::ranges::any_of(reasons, [](const Reason& one) { return one.decision == "urgency"; }));
    EXPECT_TRUE(std::ranges::any_of(reasons, [](const Reason& one) { return one.decision == "route"; }));
    for (const Reason& reason : reasons)
        EXPECT_EQ(message.new_text.substr(reason.begin, reason.end - reason.begin), reason.words);
    EXPECT_TRUE(json_of(reading, "x", reasons).starts_with(json_of(reading, "x").substr(0, 40)));
    EXPECT_NE(json_of(reading, "x", reasons).find(R"("because":[{"decision":"category")"), std::string::npos);
}

}  // namespace
}  // namespace okpay::triage
