// SPDX-License-Identifier: Apache-2.0
#include "desk/faq.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/faq_answer.hpp"

namespace okpay::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view whole =
    "---\r\n# a word of the editor\r\nslug: refund-time\nlanguage: zh-Hans\ncategory: refund\ntitle: \"退款: 多久？\"\n"
    "questions:\n  - 退款多久到账\n  - 退款几天\n---\n\n## 退款\n\n原路退回。\n";

TEST(FaqFile, is_read_and_written_again) {
    const auto file = parse_faq_file(whole);
    ASSERT_TRUE(file) << file.error().line << file.error().why;
    EXPECT_EQ(file->article.slug, "refund-time");
    EXPECT_EQ(file->article.language, Language::zh_hans);
    EXPECT_EQ(file->article.title, "退款: 多久？");
    EXPECT_THAT(file->article.questions, ElementsAre("退款多久到账", "退款几天"));
    EXPECT_EQ(file->article.body, "## 退款\n\n原路退回。");
    EXPECT_FALSE(file->draft);
    EXPECT_EQ(parse_faq_file(faq_file_text(*file)), *file);
}

struct FaultCase {
    std::string_view text;
    int line;
    std::string_view why;
};
const std::array fault_cases{
    FaultCase{"", 1, "---"},
    FaultCase{"slug: a\n", 1, "---"},
    FaultCase{"---\nslug: a\n", 3, "second line"},
    FaultCase{"---\nslug: A b\n---\n", 2, "slug"},
    FaultCase{"---\nslug: search\n---\n", 2, "slug"},
    FaultCase{"---\nslug: a\nlanguage: fr\n---\n", 3, "language"},
    FaultCase{"---\nslug: a\nlanguage: en\ncategory: spam\n---\n", 4, "category"},
    FaultCase{"---\nslug: a\nslug: b\n---\n", 3, "twice"},
    FaultCase{"---\nauthor: me\n---\n", 2, "not known"},
    FaultCase{"---\nno colon here\n---\n", 2, "key: value"},
    FaultCase{"---\nslug: a\nlanguage: en\ncategory: refund\n---\ntext\n", 1, "title"},
    FaultCase{"---\nslug: a\nlanguage: en\ncategory: refund\ntitle: T\nstate: public\n---\ntext\n", 6, "state"},
    FaultCase{"---\nslug: a\nlanguage: en\ncategory: refund\ntitle: T\n---\n\nfine\n<b>not</b>\n", 9, "HTML"},
    FaultCase{"---\nslug: a\nlanguage: en\ncategory: refund\ntitle: T\n---\n\n", 8, "text is missing"},
    FaultCase{"\xff---\n", 1, "UTF-8"},
};

TEST(FaqFile, names_the_line_of_what_is_wrong) {
    for (const FaultCase& c : fault_cases) {
        const auto file = parse_faq_file(c.text);
        ASSERT_FALSE(file) << c.text;
        EXPECT_EQ(file.error().line, c.line) << c.text << file.error().why;
        EXPECT_THAT(file.error().why, HasSubstr(std::string{c.why})) << c.text;
    }
    EXPECT_FALSE(parse_faq_file(std::string(faq_file_octets_max + 1, 'a')));
}

TEST(FaqText, has_limits) {
    FaqText article{.slug = "a", .category = "refund", .title = "T", .body = "B", .questions = {}};
    EXPECT_EQ(fault_in(article), std::nullopt);
    article.title = std::string(faq_title_octets_max, 't');
    article.questions.assign(faq_questions_max, std::string(faq_question_octets_max, 'q'));
    article.slug = std::string(faq_slug_octets_max, 's');
    EXPECT_EQ(fault_in(article), std::nullopt);
    const auto broken = [&article](auto change) {
        FaqText copy = article;
        change(copy);
        return fault_in(copy).has_value();
    };
    EXPECT_TRUE(broken([](FaqText& a) { a.title += "t"; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.title = "two\nlines"; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.questions.emplace_back("q"); }));
    EXPECT_TRUE(broken([](FaqText& a) { a.questions.back() += "q"; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.slug += "s"; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.category = "auto_generated"; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.body = " "; }));
    EXPECT_TRUE(broken([](FaqText& a) { a.body = "[x](javascript:1)"; }));
}

TEST(FaqSides, drift_where_one_says_something_newer) {
    EXPECT_THAT(drifted({{Language::en, 2}, {Language::zh_hans, 2}}), IsEmpty());
    EXPECT_THAT(drifted({{Language::en, 2}, {Language::zh_hans, 1}, {Language::zh_hant, 2}}),
                ElementsAre(Language::zh_hans));
    EXPECT_THAT(drifted({{Language::en, 1}, {Language::zh_hans, 2}, {Language::zh_hant, 1}}),
                ElementsAre(Language::en, Language::zh_hant));
    EXPECT_THAT(drifted({{Language::en, 1}}), ElementsAre(Language::zh_hans));
}

TEST(FaqAnswer, is_for_plain_questions_alone) {
    const FaqQuestion plain{.category = "general_howto", .route = "auto_answer", .confidence = 0.9};
    EXPECT_TRUE(may_be_answered_from_faq(plain));
    const auto no = [&plain](auto change) {
        FaqQuestion other = plain;
        change(other);
        return !may_be_answered_from_faq(other);
    };
    EXPECT_TRUE(no([](FaqQuestion& q) { q.route = "agent"; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.category = "refund"; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.confidence = faq_confidence_min - 0.01; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.automatic = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.forged = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.several_senders = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.flagged = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.names_a_case = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.names_amounts = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.urgent = true; }));
    EXPECT_TRUE(no([](FaqQuestion& q) { q.other_issues = 1; }));
    FaqQuestion fee = plain;
    fee.category = "fees_limits";
    fee.names_amounts = true;
    EXPECT_TRUE(may_be_answered_from_faq(fee));
}

TEST(FaqAnswer, says_what_it_is_and_that_a_person_reads_the_reply) {
    const auto number = RequestNumber::of(TicketNo{7}, Secret{std::string(32, 'k')});
    for (const auto& [language, person] :
         {std::pair{Language::en, "A person reads your reply"}, std::pair{Language::zh_hans, "由工作人员阅读"},
          std::pair{Language::zh_hant, "由專人閱讀"}}) {
        const MailText mail = answer_from_faq({.number = number,
                                               .language = language,
                                               .name = "",
                                               .title = "TITLE",
                                               .text = "TEXT\n",
                                               .link = "https://pay.example/help/fees"});
        EXPECT_THAT(mail.subject, HasSubstr(number.in_brackets()));
        for (const std::string_view part : {std::string_view{"TITLE"}, std::string_view{"TEXT"},
                                            std::string_view{"https://pay.example/help/fees"}, std::string_view{person}})
            EXPECT_THAT(mail.body, HasSubstr(std::string{part}));
    }
}

}  // namespace
}  // namespace okpay::desk
