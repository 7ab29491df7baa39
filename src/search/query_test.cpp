// SPDX-License-Identifier: Apache-2.0
#include "search/query.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "search/snippet.hpp"

namespace okpay::search {
namespace {

// "-charged*", "charged twice@1", "state=open", "?what was not understood"
std::string shown(const Query& query) {
    std::string made;
    const auto add = [&made](std::string piece) { made += (made.empty() ? "" : " | ") + std::move(piece); };
    for (const Clause& clause : query.clauses) {
        std::string piece = clause.negated ? "-" : "";
        for (const Clause::At& at : clause.terms) {
            if (&at != &clause.terms.front()) piece += ' ';
            piece += at.term;
            if (at.offset != 0) piece += fmt::format("@{}", at.offset);
        }
        add(piece + (clause.by_beginning ? "*" : ""));
    }
    for (const Filter& filter : query.filters)
        add(fmt::format("{}{}={}", filter.negated ? "-" : "", name_of(filter.key), filter.value));
    for (const std::string& word : query.not_understood) add("?" + word);
    return made;
}

struct QueryCase {
    std::string_view name, typed, want;
};
constexpr std::array query_cases{
    QueryCase{"nothing", "  \u3000 ", ""},
    QueryCase{"words are and", "Refund card", "refund* | card*"},
    QueryCase{"a short word is whole", "is it", "is | it"},
    QueryCase{"a short beginning", "re*", "re*"},
    QueryCase{"a phrase", "\"Charged twice\"", "charged twice@1"},
    QueryCase{"a chinese phrase", "“退款 申请”", "退款 申请@2"},
    QueryCase{"a phrase that is never closed", "\"charged twi", "charged twi@1"},
    QueryCase{"two characters", "退款", "退款"},
    QueryCase{"one character", "退", "退"},
    QueryCase{"three characters", "退款吗", "退款 款吗@1"},
    QueryCase{"four characters", "退款申请", "退款 申请@2"},
    QueryCase{"five characters", "退款申请单", "退款 申请@2 请单@3"},
    QueryCase{"chinese and latin in one word", "支付宝app退款", "支付 付宝@1 | app* | 退款"},
    QueryCase{"not", "refund -card", "refund* | -card*"},
    QueryCase{"not a phrase", "-\"charged twice\"", "-charged twice@1"},
    QueryCase{"a sign alone", "- refund", "refund* | ?-"},
    QueryCase{"a number", "￥1,280.00", "1280"},
    QueryCase{"a request number", "ok-7f3k9q2", "ok7f3k9q2*"},
    QueryCase{"in brackets", "[OK-7F3K9Q2]", "ok7f3k9q2*"},
    QueryCase{"an address", "lin@example.org", "lin@example.org*"},
    QueryCase{"a host", "example.org", "example org@1"},
    QueryCase{"a filter", "state:open 退款", "退款 | state=open"},
    QueryCase{"any case, full width", "State：OPEN", "state=OPEN"},
    QueryCase{"a quoted filter", "customer:\"Wang Wei\" x", "x | customer=Wang Wei"},
    QueryCase{"a filter turned round", "-state:closed", "-state=closed"},
    QueryCase{"an empty filter", "state: x", "x | ?state:"},
    QueryCase{"no filter of ours", "re:refund", "re | refund*"},
    QueryCase{"an address of a page", "https://pay.example/x", "https* | pay example@1 | x"},
    QueryCase{"only signs", "!!! ???", "?!!! | ????"},
};

TEST(Query, reads_what_people_type) {
    for (const QueryCase& c : query_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(shown(parse_query(c.typed)), c.want);
    }
}

TEST(Query, says_back_what_is_beyond_its_limits) {
    std::string many, filters;
    for (std::size_t i = 0; i < clauses_max; ++i) many += fmt::format("w{} ", i);
    for (std::size_t i = 0; i < filters_max; ++i) filters += "state:open ";
    const Query query = parse_query(many + "more " + filters + "category:refund");
    EXPECT_EQ(query.clauses.size(), clauses_max);
    EXPECT_EQ(query.filters.size(), filters_max);
    EXPECT_THAT(query.not_understood, testing::ElementsAre("more", "category:refund"));
    std::string phrase = "\"";
    for (std::size_t i = 0; i < phrase_terms_max + 5; ++i) phrase += "a ";
    EXPECT_EQ(parse_query(phrase).clauses.at(0).terms.size(), phrase_terms_max);
}

TEST(Query, is_never_an_error) {
    const char* given = std::getenv("TEST_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const std::vector<std::string> pieces{"\"", "“", "”",      "-",    "*",      ":", "：", "state", "from", "退款",
                                          "x",  " ", "\u3000", "\xff", "128.50", "@", ".",  "「",    "」",   "_"};
    for (int round = 0; round < 5'000; ++round) {
        std::string typed;
        for (std::size_t i = random() % 16; i > 0; --i) typed += pieces[random() % pieces.size()];
        const Query query = parse_query(typed);
        for (const Clause& clause : query.clauses) {
            ASSERT_FALSE(clause.terms.empty()) << typed;
            ASSERT_EQ(clause.terms.front().offset, 0) << typed;
            ASSERT_TRUE(clause.terms.size() == 1 || !clause.by_beginning) << typed;
        }
        for (const Filter& filter : query.filters) ASSERT_FALSE(filter.value.empty()) << typed;
        static_cast<void>(snippet_of(typed, query.clauses));
    }
}

std::string marked(std::string_view text, std::string_view query) {
    std::string made;
    for (const SnippetPart& part : snippet_of(text, parse_query(query).clauses))
        made += part.marked ? "[" + part.text + "]" : part.text;
    return made;
}

struct SnippetCase {
    std::string_view name, text, query, want;
};
constexpr std::array snippet_cases{
    SnippetCase{"a word", "I was charged twice.", "twice", "I was charged [twice]."},
    SnippetCase{"by its beginning", "refunded at last", "refund", "[refunded] at last"},
    SnippetCase{"chinese", "请问退款什么时候到账", "退款", "请问[退款]什么时候到账"},
    SnippetCase{"simplified finds traditional", "請問退還", "退还", "請問[退還]"},
    SnippetCase{"a phrase where it stands whole", "charged me, charged twice", "\"charged twice\"",
                "charged me, [charged twice]"},
    SnippetCase{"five characters", "我的退款申请单号", "退款申请单", "我的[退款申请单]号"},
    SnippetCase{"lines become one", "one\n\n  two\tthree", "two", "one [two] three"},
    SnippetCase{"what is not wanted is not marked", "a card and a bank", "bank -card", "a card and a [bank]"},
    SnippetCase{"none of it", "Hello there", "refund", "Hello there"},
};

TEST(Snippet, marks_what_matched) {
    for (const SnippetCase& c : snippet_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(marked(c.text, c.query), c.want);
    }
}

TEST(Snippet, shows_the_piece_around_the_first_match) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "filler ";
    const std::string shown = marked(text + "refund " + text, "refund");
    EXPECT_TRUE(shown.starts_with("…filler")) << shown;
    EXPECT_TRUE(shown.ends_with("…")) << shown;
    EXPECT_NE(shown.find("[refund]"), std::string::npos);
    EXPECT_LT(shown.size(), 2 * snippet_characters + 20);
}

}  // namespace
}  // namespace okpay::search
