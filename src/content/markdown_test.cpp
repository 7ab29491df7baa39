// SPDX-License-Identifier: Apache-2.0
#include "content/markdown.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace okpay::content {
namespace {

struct ShownCase {
    std::string_view name, markdown, html, text;
};
const std::array shown_cases{
    ShownCase{"paragraphs", "One\ntwo\n\nThree", "<p>One\ntwo</p><p>Three</p>", "One\ntwo\n\nThree\n"},
    ShownCase{"headings", "## When\n### More\nWords", "<h3>When</h3><h4>More</h4><p>Words</p>", "When\n\nMore\n\nWords\n"},
    ShownCase{"lists", "- a\n- b\n  more\n\n1. c\n2. d", "<ul><li>a</li><li>b\nmore</li></ul><ol><li>c</li><li>d</li></ol>",
              "- a\n- b\nmore\n\n1. c\n2. d\n"},
    ShownCase{"inline", "**Never** give `123`", "<p><strong>Never</strong> give <code>123</code></p>", "Never give 123\n"},
    ShownCase{"links", "[Help](/help/fees) [us](mailto:a@b.example) [x](https://x.example/?a=1&b=2)",
              "<p><a rel=\"noopener\" href=\"/help/fees\">Help</a> <a rel=\"noopener\" href=\"mailto:a@b.example\">us</a> "
              "<a rel=\"noopener\" href=\"https://x.example/?a=1&amp;b=2\">x</a></p>",
              "Help (https://pay.example/help/fees) us (a@b.example) x (https://x.example/?a=1&b=2)\n"},
    ShownCase{"escapes", "5 \\* 3 \\[no\\](link)", "<p>5 * 3 [no](link)</p>", "5 * 3 [no](link)\n"},
    ShownCase{"signs without a partner", "2 ** 3 and `half", "<p>2 ** 3 and `half</p>", "2 ** 3 and `half\n"},
    ShownCase{"chinese", "## 退款\n\n**24 小时**内回复", "<h3>退款</h3><p><strong>24 小时</strong>内回复</p>",
              "退款\n\n24 小时内回复\n"},
    ShownCase{"nothing", "  \n\n", "", ""},
};

TEST(Markdown, is_shown_on_pages_and_in_mails) {
    for (const ShownCase& c : shown_cases) {
        EXPECT_EQ(html_of_markdown(c.markdown), c.html) << c.name;
        EXPECT_EQ(text_of_markdown(c.markdown, "https://pay.example"), c.text) << c.name;
        EXPECT_EQ(fault_in_markdown(c.markdown), std::nullopt) << c.name;
    }
}

struct HostileCase {
    std::string_view markdown;
    int line;
};
const std::array hostile_cases{
    HostileCase{"<script>alert(1)</script>", 1},
    HostileCase{"fine\n<img src=x onerror=alert(1)>", 2},
    HostileCase{"[x](javascript:alert(1))", 1},
    HostileCase{"[x](//evil.example)", 1},
    HostileCase{"[x](data:text/html,1)", 1},
    HostileCase{"[x](https://a.example\"onmouseover=1)", 1},
    HostileCase{"![x](https://a.example/p.png)", 1},
    HostileCase{"a\n\n| a | b |", 3},
    HostileCase{"# Title", 1},
    HostileCase{"```\ncode", 1},
};

TEST(Markdown, names_the_line_of_what_is_not_of_it_and_never_makes_a_tag_of_it) {
    for (const HostileCase& c : hostile_cases) {
        const auto fault = fault_in_markdown(c.markdown);
        ASSERT_TRUE(fault) << c.markdown;
        EXPECT_EQ(fault->line, c.line) << c.markdown;
        const std::string html = html_of_markdown(c.markdown);
        for (const std::string_view tag : {"<script", "<img", "href=\"java", "href=\"data", "href=\"//", "\"onmouse"})
            EXPECT_EQ(html.find(tag), std::string::npos) << html;
    }
    EXPECT_TRUE(fault_in_markdown(std::string(markdown_octets_max + 1, 'a')));
    EXPECT_FALSE(fault_in_markdown(std::string(markdown_octets_max, 'a')));
    EXPECT_TRUE(fault_in_markdown("\xff"));
    EXPECT_FALSE(fault_in_markdown("3 < 5 and `<b>` is code"));
}

TEST(Markdown, of_any_octets_holds_only_tags_of_ours) {
    constexpr std::string_view signs = "<>&\"'`*[]()/-#.\\ \n1ahttps:";
    std::mt19937 dice{7};  // NOLINT(cert-msc51-cpp): the same texts each time
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (int i = 0; i < 60; ++i) text += signs[dice() % signs.size()];
        std::string html = html_of_markdown(text);
        for (const std::string_view tag :
             {"<p>", "</p>", "<h3>", "</h3>", "<h4>", "</h4>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<strong>",
              "</strong>", "<code>", "</code>", "</a>", "<a rel=\"noopener\" href=\""}) {
            for (auto at = html.find(tag); at != std::string::npos; at = html.find(tag)) html.erase(at, tag.size());
        }
        EXPECT_EQ(html.find('<'), std::string::npos) << text << "\n" << html;
    }
}

}  // namespace
}  // namespace okpay::content
