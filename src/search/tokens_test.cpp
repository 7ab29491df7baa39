// SPDX-License-Identifier: Apache-2.0
#include "search/tokens.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "base/text.hpp"
#include "search/fold.hpp"

namespace okpay::search {
namespace {

using testing::Contains;
using testing::ElementsAreArray;
using testing::Not;

std::vector<std::string> terms(std::string_view text) {
    std::vector<std::string> made;
    for (const Token& token : tokens_of(text)) made.push_back(token.term);
    return made;
}

struct TokenCase {
    std::string_view name, text;
    std::vector<std::string> want;
};
const std::vector<TokenCase> token_cases{
    {"words lose their case", "Charged TWICE, why?", {"charged", "twice", "why"}},
    {"accents", "café Zürich", {"cafe", "zurich"}},
    {"an accent of its own character", "cafe\u0301", {"cafe"}},
    {"an apostrophe within", "don't Lin’s 'quoted'", {"dont", "lins", "quoted"}},
    {"full width", "ＯＫＰａｙ　１２３", {"okpay", "123"}},
    {"one pair", "退款", {"退", "退款", "款"}},
    {"pairs overlap", "要退款", {"要", "要退", "退", "退款", "款"}},
    {"a character alone", "退 it", {"退", "it"}},
    {"traditional is simplified", "拒絕退還", {"拒", "拒绝", "绝", "绝退", "退", "退还", "还"}},
    {"latin within chinese", "用iPhone付款", {"用", "iphone", "付", "付款", "款"}},
    {"amounts", "￥128.50, 1,280.00 and 1280", {"128.5", "1280", "and", "1280"}},
    {"a full-width comma stands between", "100，200", {"100", "200"}},
    {"no thousands", "1,28 12,345,678.90", {"1", "28", "12345678.9"}},
    {"version", "1.2.3", {"1", "2", "3"}},
    {"a request number", "[OK-7F3K9Q2]", {"ok", "ok7f3k9q2", "7f3k9q2"}},
    {"letters typed for digits", "ok-7f3kOQL", {"ok", "ok7f3k0q1", "7f3koql"}},
    {"a request number in one word", "OK7F3KOQL", {"ok7f3k0q1"}},
    {"a word that begins like one", "okinawans", {"okinawans"}},
    {"an address", "<Lin.Wu+a@Example.org>,", {"lin", "lin.wu+a@example.org", "wu", "a", "example", "org"}},
    {"not an address", "a@b", {"a", "b"}},
    {"an order", "ORD-2026_42", {"ord", "ord202642", "2026", "42"}},
    {"an end of sentence", "It failed.Then", {"it", "failed", "then"}},
    {"only signs", "--- !! …", {}},
    {"kana", "カードが", {"カ", "カー", "ー", "ード", "ド", "ドが", "が"}},
};

TEST(Tokens, are_what_people_can_ask_for) {
    for (const TokenCase& c : token_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_THAT(terms(c.text), ElementsAreArray(c.want));
    }
}

TEST(Tokens, know_where_they_stand) {
    const std::string_view text = "客户说：退款 OK-7F3K9Q2";
    for (const Token& token : tokens_of(text)) {
        if (token.term == "退款") { EXPECT_EQ(text.substr(token.begin, token.end - token.begin), "退款"); }
        if (token.term == "ok7f3k9q2") { EXPECT_EQ(text.substr(token.begin, token.end - token.begin), "OK-7F3K9Q2"); }
    }
    EXPECT_EQ(tokens_of("one two-three four").back(), (Token{"four", 3, 14, 18}));
}

TEST(Tokens, long_words_are_cut_and_long_texts_end) {
    EXPECT_EQ(terms(std::string(1'000, 'x')), std::vector{std::string(word_characters_max, 'x')});
    std::string many;
    for (std::size_t i = 0; i < tokens_max; ++i) many += "ab ";
    EXPECT_EQ(terms(many + "last").size(), tokens_max);
    EXPECT_THAT(terms(many + "last"), Not(Contains("last")));
}

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

// Whatever comes in: places lie within the text and at characters, positions never fall, and every word that stands alone
// between blanks is found by itself.
TEST(Tokens, hold_for_any_octets) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const std::vector<std::string> pieces{"退", "款", "拒付",    "charged", "Twice", "１２",     "128.50",
                                          ",",  "，", "-",       "_",       "@",     ".",        "OK-7F3K9Q2",
                                          " ",  "\n", "e\u0301", "ﬁ",       "\xff",  "\xe9\x80", "한국",
                                          "'",  "’",  "*",       ":"};
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (std::size_t i = random() % 24; i > 0; --i) text += pieces[random() % pieces.size()];
        std::uint32_t position = 0;
        for (const Token& token : tokens_of(text)) {
            ASSERT_LT(token.begin, token.end) << text;
            ASSERT_LE(token.end, text.size()) << text;
            ASSERT_GE(token.position, position) << text;
            ASSERT_FALSE(token.term.empty()) << text;
            ASSERT_TRUE(is_utf8(token.term)) << text;
            ASSERT_EQ((static_cast<unsigned char>(text[token.begin]) & 0xC0U) == 0x80U && is_utf8(text), false) << text;
            position = token.position;
        }
        ASSERT_THAT(terms(text + " 退款 word"), testing::AllOf(Contains("退款"), Contains("word"))) << text;
        ASSERT_EQ(fold(text).at.size(), fold(text).text.size() + 1);
    }
}

}  // namespace
}  // namespace okpay::search
