// SPDX-License-Identifier: Apache-2.0
#include "paper/csv.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>

#include "base/text.hpp"

namespace okpay::paper {
namespace {

// A reader of RFC 4180 as strict as its grammar: throws where the octets are anything else.
class Reader {
public:
    explicit Reader(std::string_view csv) : left_{csv} {
        if (!take("\xEF\xBB\xBF")) throw std::runtime_error{"no byte order mark"};
    }
    std::vector<std::vector<std::string>> rows() {
        std::vector<std::vector<std::string>> rows;
        while (!left_.empty()) {
            std::vector<std::string>& row = rows.emplace_back();
            do row.push_back(take("\"") ? quoted() : bare());
            while (take(","));
            if (!take("\r\n")) throw std::runtime_error{"a line does not end in CRLF"};
        }
        return rows;
    }

private:
    bool take(std::string_view wanted) {
        if (!left_.starts_with(wanted)) return false;
        left_.remove_prefix(wanted.size());
        return true;
    }
    char next() {
        if (left_.empty()) throw std::runtime_error{"a cell does not end"};
        const char c = left_.front();
        left_.remove_prefix(1);
        return c;
    }
    std::string quoted() {
        std::string cell;
        while (true) {
            const char c = next();
            if (c == '"' && !take("\"")) return cell;
            cell += c;
        }
    }
    std::string bare() {
        std::string cell;
        while (!left_.starts_with(',') && !left_.starts_with("\r\n")) {
            cell += next();
            if (cell.back() == '"' || cell.back() == '\n') throw std::runtime_error{"a bare cell holds what it must not"};
        }
        return cell;
    }

    std::string_view left_;
};

struct GuardCase {
    std::string_view name, text;
    bool guarded;
};
constexpr std::array guard_cases{
    GuardCase{"a formula", "=1+1", true},
    GuardCase{"plus", "+4915112345", true},
    GuardCase{"minus", "-2+3", true},
    GuardCase{"at", "@SUM(1)", true},
    GuardCase{"dynamic data exchange", "=cmd|'/C calc'!A0", true},
    GuardCase{"a tab", "\tx", true},
    GuardCase{"a carriage return", "\rx", true},
    GuardCase{"a line feed", "\nx", true},
    GuardCase{"full-width equals", "＝1+1", true},
    GuardCase{"full-width plus", "＋1", true},
    GuardCase{"full-width minus", "－1", true},
    GuardCase{"full-width at", "＠x", true},
    GuardCase{"small equals", "﹦1", true},
    GuardCase{"blanks first", "   =1", true},
    GuardCase{"a wide blank first", "　=1", true},
    GuardCase{"no width first", "\u200B\uFEFF=1", true},
    GuardCase{"a mark of direction first", "\u202E=1", true},
    GuardCase{"a control first", "\x01=1", true},
    GuardCase{"NUL first", std::string_view{"\0=1", 3}, true},
    GuardCase{"a bare sign", "-", true},
    GuardCase{"empty", "", false},
    GuardCase{"a name", "王小明", false},
    GuardCase{"an apostrophe", "'=1", false},
    GuardCase{"an equals within", "a=1", false},
    GuardCase{"a quote first", "\"=1\"", false},
    GuardCase{"blanks alone", "   ", false},
    GuardCase{"a reference", "pay_abc", false},
};

TEST(Csv, a_text_that_could_be_a_formula_gets_an_apostrophe) {
    for (const GuardCase& c : guard_cases) {
        SCOPED_TRACE(c.name);
        std::string kept{c.text};
        std::erase(kept, '\0');
        EXPECT_EQ(guarded(c.text), c.guarded ? "'" + kept : kept);
    }
}

TEST(Csv, is_exactly_these_octets) {
    const std::array rows{CsvRow{{"名称"}, {"say \"hi\""}, {"12.50", true}, {"", true}},
                          CsvRow{{"a,b;c\r\nd"}, {"=1"}, {"-3", true}, {""}}};
    EXPECT_EQ(csv_of(rows), "\xEF\xBB\xBF\"名称\",\"say \"\"hi\"\"\",12.50,\r\n\"a,b;c\r\nd\",\"'=1\",-3,\"\"\r\n");
}

TEST(CsvDeathTest, a_number_is_a_plain_decimal) {
    for (const char* text : {"1,280.00", "=1", "1e5", "--1", "1.", ".5", "+1", " 1"}) {
        const std::array rows{CsvRow{{text, true}}};
        EXPECT_DEATH(csv_of(rows), "invariant broken") << text;
    }
}

// What was written is read back, whatever it is; and no cell begins as a formula begins.
TEST(Csv, reads_back_as_it_was_written) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    constexpr std::array<std::string_view, 36> pieces{"=",      "+",      "-",    "@",   "\t", "\r",  "\n", "\r\n",
                                                      "\"",     "\"\"",   ",",    ";",   "'",  " ",   "　", "＝",
                                                      "＋",     "－",     "＠",   "王",  "明", "陳",  "a",  "1",
                                                      ".",      "😀",     "é",    "\\",  "|",  "<b>", "&",  "\u200B",
                                                      "\u202E", "\uFEFF", "\xC3", "\xFF"};
    for (int round = 0; round < 3'000; ++round) {
        std::vector<CsvRow> rows(1 + random() % 3);
        std::vector<std::vector<std::string>> wanted;
        const std::size_t columns = 1 + random() % 4;
        for (CsvRow& row : rows) {
            wanted.emplace_back();
            for (std::size_t column = 0; column < columns; ++column) {
                if (random() % 4 == 0) {
                    const auto minor = static_cast<std::int64_t>(random() % 200'001) - 100'000;
                    row.push_back({std::to_string(minor), true});
                    wanted.back().push_back(row.back().text);
                    continue;
                }
                CsvCell cell;
                for (auto count = random() % 9; count > 0; --count) cell.text += pieces[random() % pieces.size()];
                std::string back = to_utf8_lossy(cell.text);
                const auto seen = back.find_first_not_of(" \t\r\n");
                const bool formula = seen != std::string::npos && std::string_view{"=+-@"}.contains(back[seen]);
                if (formula) { EXPECT_NE(guarded(cell.text), back); }
                if (guarded(cell.text) != back) back.insert(0, "'");
                row.push_back(std::move(cell));
                wanted.back().push_back(std::move(back));
            }
        }
        ASSERT_EQ(Reader{csv_of(rows)}.rows(), wanted);
    }
}

}  // namespace
}  // namespace okpay::paper
