// SPDX-License-Identifier: Apache-2.0
// The pages as other programs read them: poppler's tools say what stands on them and with which fonts.
#include "paper/pdf.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "paper/plain.hpp"

namespace okpay::paper {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "okpay-paper-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream{path, std::ios::binary}.rdbuf();
    return content.str();
}

// What the tool says of the document, to both of its outputs: a complaint is seen too.
std::string told(std::vector<std::string> words, const std::string& pdf) {
    const Folder folder;
    const std::string document = folder.file("document.pdf");
    const std::string answer = folder.file("answer");
    std::ofstream{document, std::ios::binary} << pdf;
    for (std::string& word : words) {
        if (word == "FILE") word = document;
    }
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, answer.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return "cannot run " + words[0] + ": is poppler-utils installed?";
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << words[0];
    return content_of(answer);
}

std::string text_of(const std::string& pdf) { return told({"pdftotext", "-layout", "FILE", "-"}, pdf); }
std::string facts_of(const std::string& pdf) { return told({"pdfinfo", "FILE"}, pdf); }

Document document(PaperLanguage language, std::size_t rows) {
    Document made{.language = language,
                  .title = "对账单 Statement",
                  .issuer = "OKPay",
                  .fields = {{"Holder", "王小明 Ωmega"}, {"Wallet", "7 · CNY"}, {"Period", "2026-11-01 – 2026-11-30"}},
                  .figures = {{"Opening", "1,000.00"}, {"Closing", "999,999,999,999.99"}},
                  .columns = {{"When", 1.3, false}, {"What", 4, false}, {"Amount", 1.2, true}},
                  .rows = {},
                  .notes = {"A note."},
                  .made = moment_of_ms(1'795'000'000'000)};
    for (std::size_t i = 1; i <= rows; ++i) {
        made.rows.push_back({.cells = {{"2026-11-05 17:48"},
                                       {"Purchase " + std::to_string(i), {"memo " + std::to_string(i)}},
                                       {std::to_string(i) + ".00"}}});
    }
    return made;
}

TEST(Pdf, its_text_and_its_facts_are_found) {
    const std::string pdf = pdf_of(document(PaperLanguage::zh_hans, 3)).value();
    EXPECT_THAT(text_of(pdf), AllOf(HasSubstr("王小明 Ωmega"), HasSubstr("Purchase 3"), HasSubstr("memo 3"),
                                    HasSubstr("999,999,999,999.99"), HasSubstr("A note."), ContainsRegex("1 ?/ ?1\n")));
    EXPECT_THAT(facts_of(pdf),
                AllOf(HasSubstr("对账单 Statement"), HasSubstr("OKPay"), HasSubstr("A4"), Not(HasSubstr("rror"))));
    EXPECT_THAT(pdf, HasSubstr("/Lang (zh-Hans)"));
}

TEST(Pdf, each_page_has_its_number_and_the_heads_of_the_columns) {
    const std::string pdf = pdf_of(document(PaperLanguage::en, 100)).value();
    const std::string text = text_of(pdf);
    std::vector<std::string> pages;
    for (const std::string_view page : split(text, '\f')) pages.emplace_back(page);
    ASSERT_GE(pages.size(), 4U);
    pages.pop_back();  // behind the last form feed
    EXPECT_THAT(facts_of(pdf), ContainsRegex("Pages: +" + std::to_string(pages.size()) + "\n"));
    for (std::size_t i = 0; i < pages.size(); ++i) {
        EXPECT_THAT(pages[i], AllOf(HasSubstr("When"), HasSubstr("Amount")));
        EXPECT_THAT(pages[i], ContainsRegex(fmt::format("{} ?/ ?{}\n", i + 1, pages.size())));
    }
    std::size_t before = 0;  // each row once, in order, whole on one page
    for (std::size_t row = 1; row <= 100; ++row) {
        const auto name = text.find(fmt::format("Purchase {} ", row));
        const auto memo = text.find(fmt::format("memo {}\n", row));
        ASSERT_TRUE(name != std::string::npos && memo != std::string::npos) << row;
        EXPECT_LT(before, name);
        EXPECT_LT(name, memo);
        EXPECT_FALSE(std::string_view{text}.substr(name, memo - name).contains('\f')) << row;
        EXPECT_EQ(text.find(fmt::format("Purchase {} ", row), memo), std::string::npos) << row;
        before = memo;
    }
}

TEST(Pdf, fonts_are_embedded_and_follow_the_language) {
    const auto fonts = [](PaperLanguage language) {
        return told({"pdffonts", "FILE"}, pdf_of(document(language, 1)).value());
    };
    for (const auto& [language, form, other] :
         {std::tuple{PaperLanguage::zh_hans, "CJKsc", "CJKtc"}, std::tuple{PaperLanguage::zh_hant, "CJKtc", "CJKsc"}}) {
        const std::string told = fonts(language);
        EXPECT_THAT(told, AllOf(HasSubstr(form), Not(HasSubstr(other))));
        // name, type, encoding, emb, sub, uni: the last three of each font.
        std::istringstream lines{told};
        std::string line;
        std::getline(lines, line);
        std::getline(lines, line);
        std::size_t count = 0;
        while (std::getline(lines, line)) {
            EXPECT_THAT(line, HasSubstr("yes yes yes")) << told;
            ++count;
        }
        EXPECT_GE(count, 1U);
    }
}

TEST(Pdf, hostile_text_is_shown_and_does_nothing) {
    Document hostile = document(PaperLanguage::en, 0);
    hostile.fields[0].value = "<b>bold</b> &amp; <span size='99999'>x</span>";
    hostile.rows.push_back({.cells = {{"\x01\x02"
                                       "one\ntwo\tthree"},
                                      {"pay \u202Egpj.exe\u202C now"},
                                      {"1\0002"}}});
    hostile.title = "x) /Lang (evil) endobj \\";
    const std::string pdf = pdf_of(hostile).value();
    const std::string text = text_of(pdf);
    EXPECT_THAT(text, AllOf(HasSubstr("<b>bold</b> &amp; <span size='99999'>x</span>"), HasSubstr("pay gpj.exe now"),
                            HasSubstr("one two three")));
    EXPECT_THAT(facts_of(pdf), AllOf(HasSubstr("x) /Lang (evil) endobj \\"), Not(HasSubstr("rror"))));
}

TEST(Pdf, a_text_longer_than_a_page_goes_on_and_nothing_is_lost) {
    Document long_one = document(PaperLanguage::zh_hant, 2);
    std::string memo;
    for (int i = 1; i <= 900; ++i) memo += fmt::format("word{} ", i);
    long_one.rows[0].cells[1].below = {memo};
    long_one.rows[1].cells[1].below = {std::string(3'000, 'x')};
    const std::string pdf = pdf_of(long_one).value();
    const std::string text = told({"pdftotext", "-raw", "FILE", "-"}, pdf);
    EXPECT_GE(std::ranges::count(text, '\f'), 2);
    for (int i = 1; i <= 900; i += 7) EXPECT_THAT(text, ContainsRegex(fmt::format("word{}[ \n]", i)));
    EXPECT_EQ(std::ranges::count(text, 'x'), 3'000);
    EXPECT_THAT(text, HasSubstr("Purchase 2"));
}

TEST(Pdf, the_same_document_is_the_same_octets) {
    const Document one = document(PaperLanguage::zh_hant, 40);
    EXPECT_EQ(pdf_of(one).value(), pdf_of(one).value());
}

struct PlainCase {
    std::string_view name, text, want;
};
constexpr std::array plain_cases{
    PlainCase{"stays", "王小明 é 😀", "王小明 é 😀"},
    PlainCase{"one line", "a\r\nb\tc\u2028d", "a b c d"},
    PlainCase{"no edges", "\n a\n", " a"},
    PlainCase{"no direction", "\u202Ea\u2066b\u200F", "ab"},
    PlainCase{"no byte order mark", "\uFEFFa", "a"},
    PlainCase{"ill-formed", "a\xFFz", "a\uFFFDz"},
    PlainCase{"NUL", std::string_view{"a\0b", 3}, "a b"},
    PlainCase{"C1", "a\u0085b", "a b"},
    PlainCase{"joiner stays", "👩\u200D💻", "👩\u200D💻"},
};
TEST(Plain, is_what_can_be_seen) {
    for (const PlainCase& c : plain_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(plain(c.text), c.want);
    }
}

}  // namespace
}  // namespace okpay::paper
