// SPDX-License-Identifier: Apache-2.0
// The articles that come with the program, asked as people ask.
#include "desk/faq_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "content/markdown.hpp"
#include "desk/faq.hpp"
#include "desk/faq_words.hpp"

namespace okpay::desk {
namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::stringstream octets;
    octets << file.rdbuf();
    return octets.str();
}

std::vector<FaqEntry> shipped() {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator{OKPAY_SOURCE_DIR "/packaging/faq"}) {
        if (file.path().extension() == ".md") files.push_back(file.path());
    }
    std::ranges::sort(files);
    std::vector<FaqEntry> entries;
    for (const auto& path : files) {
        const auto file = parse_faq_file(read_file(path));
        EXPECT_TRUE(file) << path << ":" << (file ? 0 : file.error().line) << ": " << (file ? "" : file.error().why);
        if (!file) continue;
        EXPECT_EQ(path.filename().string(), file->article.slug + "." + std::string{tag_of(file->article.language)} + ".md");
        entries.push_back({.slug = file->article.slug,
                           .category = file->article.category,
                           .language = file->article.language,
                           .title = file->article.title,
                           .questions = file->article.questions,
                           .text = content::text_of_markdown(file->article.body, "")});
    }
    return entries;
}

class Shipped : public ::testing::Test {
protected:
    static const FaqIndex& index() {
        static const FaqIndex built{shipped()};
        return built;
    }
    static std::vector<std::string> found(std::string_view query, Language language) {
        std::vector<std::string> slugs;
        for (const FaqHit& hit : index().search(query, language, 3)) slugs.push_back(index().entries()[hit.entry].slug);
        return slugs;
    }
};

TEST_F(Shipped, come_in_pairs_and_name_no_amount) {
    std::map<std::string, int> sides;
    for (const FaqEntry& entry : index().entries()) sides[entry.slug] += 1;
    EXPECT_GE(sides.size(), 14U);
    for (const auto& [slug, count] : sides) EXPECT_EQ(count, 2) << slug;
}

struct SearchCase {
    std::string_view query;
    Language language;
    std::string_view first;
};
const std::array search_cases{
    SearchCase{"refund", Language::en, "refund-time"},
    SearchCase{"refnud time", Language::en, "refund-time"},
    SearchCase{"withdra", Language::en, "withdrawal-time"},
    SearchCase{"2fa", Language::en, "two-step"},
    SearchCase{"KYC", Language::en, "identity-check"},
    SearchCase{"chargd twice", Language::en, "charged-twice"},
    SearchCase{"fees", Language::en, "fees"},
    SearchCase{"phone number", Language::en, "contact-us"},
    SearchCase{"how do I close my acount", Language::en, "close-account"},
    SearchCase{"提现", Language::zh_hans, "withdrawal-time"},
    SearchCase{"退款 多久", Language::zh_hans, "refund-time"},
    SearchCase{"手续费", Language::zh_hans, "fees"},
    SearchCase{"忘记密码", Language::zh_hans, "forgot-password"},
    SearchCase{"钓鱼邮件", Language::zh_hans, "phishing"},
    SearchCase{"实名认证", Language::zh_hans, "identity-check"},
};

TEST_F(Shipped, are_found_by_a_beginning_a_slip_and_other_words) {
    for (const SearchCase& c : search_cases) {
        const auto slugs = found(c.query, c.language);
        ASSERT_FALSE(slugs.empty()) << c.query;
        EXPECT_EQ(slugs.front(), c.first) << c.query;
    }
    EXPECT_TRUE(found("xylophone", Language::en).empty());
    EXPECT_TRUE(found("", Language::en).empty());
    EXPECT_TRUE(found("?!", Language::zh_hans).empty());
    found(std::string(100'000, 'a'), Language::en);  // a long query ends
}

// The thresholds of answer_for were chosen on these. A false answer is worse than none: there is none.
TEST_F(Shipped, answer_what_is_asked_plainly_and_nothing_else) {
    int asked = 0, answered = 0, refused = 0;
    std::istringstream lines{read_file(OKPAY_SOURCE_DIR "/tests/corpora/faq/questions.tsv")};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        const auto parts = split(line, '\t');
        ASSERT_EQ(parts.size(), 4U) << line;
        if (parts[0] == "zh-Hant") continue;  // of the Traditional side, which is made when they are imported
        std::string text{parts[3]};
        for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) text.replace(at, 2, "\n");
        const auto answer = index().answer_for(parts[2], text, language_of(parts[0]));
        const std::string got = answer ? index().entries()[answer->entry].slug : "-";
        if (parts[1] == "-") {
            EXPECT_EQ(got, "-") << line;
            ++refused;
            continue;
        }
        ++asked;
        EXPECT_TRUE(got == "-" || got == parts[1]) << got << " for " << line;
        answered += got == parts[1] ? 1 : 0;
    }
    EXPECT_GE(refused, 40);
    EXPECT_GE(asked, 40);
    EXPECT_GE(answered * 100, asked * 85) << answered << " of " << asked;
}

TEST(FaqWords, are_terms_without_what_says_nothing) {
    EXPECT_EQ(faq_terms("How do I top up my wallet?"), faq_terms("topping up a wallet"));
    EXPECT_EQ(faq_terms("请问提现多久到账？谢谢"), faq_terms("提現，多久 到账"));
    EXPECT_EQ(faq_terms("ＦＥＥＳ"), faq_terms("fee"));
    EXPECT_TRUE(faq_terms("How can I, please?").empty());
    EXPECT_FALSE(faq_terms("\xE9\x80 broken \xff").empty());
}

TEST(FaqWords, courtesy_is_left_out) {
    EXPECT_EQ(without_courtesy("Dear support,\n\nWhat does it cost?\n\nKind regards\nTom Fisher\n"), "What does it cost?\n");
    EXPECT_EQ(without_courtesy("您好，\n怎么收费？\n谢谢\n王芳"), "怎么收费？\n");
    EXPECT_EQ(without_courtesy("客服电话是多少？"), "客服电话是多少？\n");
    EXPECT_EQ(without_courtesy("Thanks for the refund that was ten euros too small, what now?"),
              "Thanks for the refund that was ten euros too small, what now?\n");
}

TEST(FaqWords, one_letter_apart) {
    for (const auto& [a, b] : {std::pair{"refund", "refnud"}, std::pair{"refund", "refun"}, std::pair{"refund", "refundd"},
                               std::pair{"refund", "rofund"}, std::pair{"fee", "fee"}})
        EXPECT_TRUE(one_letter_apart(a, b)) << a << b;
    for (const auto& [a, b] : {std::pair{"refund", "refunded"}, std::pair{"fee", "fax"}, std::pair{"card", "drac"}})
        EXPECT_FALSE(one_letter_apart(a, b)) << a << b;
}

}  // namespace
}  // namespace okpay::desk
