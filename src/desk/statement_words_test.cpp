// SPDX-License-Identifier: Apache-2.0
#include "desk/statement_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace okpay::desk {
namespace {

using money::Currency;
using money::Money;
using payments::Movement;
using ::testing::HasSubstr;

struct FigureCase {
    std::int64_t minor;
    Currency currency;
    std::string_view want;
};
constexpr std::array figure_cases{
    FigureCase{0, Currency::cny, "0.00"},
    FigureCase{5, Currency::cny, "0.05"},
    FigureCase{-5, Currency::cny, "\u22120.05"},
    FigureCase{99'999, Currency::cny, "999.99"},
    FigureCase{100'000, Currency::cny, "1,000.00"},
    FigureCase{-100'000, Currency::cny, "\u22121,000.00"},
    FigureCase{1'000, Currency::jpy, "1,000"},
    FigureCase{999, Currency::jpy, "999"},
    FigureCase{1'234'567, Currency::bhd, "1,234.567"},
    FigureCase{Money::limit_minor, Currency::cny, "10,000,000,000,000.00"},
};
TEST(StatementFigure, is_grouped_with_all_decimals_and_a_true_minus) {
    for (const FigureCase& c : figure_cases) { EXPECT_EQ(statement_figure(*Money::of_minor(c.minor, c.currency)), c.want); }
}

struct InstrumentCase {
    std::string_view stored, en, zh_hans, zh_hant;
};
constexpr std::array instrument_cases{
    InstrumentCase{"card ····4242", "Card ****4242", "银行卡 ****4242", "銀行卡 ****4242"},
    InstrumentCase{"bank ····6819", "Bank account ****6819", "银行账户 ****6819", "銀行帳戶 ****6819"},
    InstrumentCase{"bank", "Bank account", "银行账户", "銀行帳戶"},
    InstrumentCase{"wallet", "", "", ""},
    InstrumentCase{"", "", "", ""},
    InstrumentCase{"voucher A {1}", "voucher A {1}", "voucher A {1}", "voucher A {1}"},
};
TEST(StatementInstrument, is_in_the_readers_words) {
    for (const InstrumentCase& c : instrument_cases) {
        EXPECT_EQ(statement_instrument(Language::en, c.stored), c.en);
        EXPECT_EQ(statement_instrument(Language::zh_hans, c.stored), c.zh_hans);
        EXPECT_EQ(statement_instrument(Language::zh_hant, c.stored), c.zh_hant);
    }
}

TEST(StatementWords, tell_the_movements_apart_in_each_language) {
    constexpr std::array all{Movement::top_up,
                             Movement::purchase,
                             Movement::refund,
                             Movement::sent,
                             Movement::received,
                             Movement::withdrawal,
                             Movement::withdrawal_returned,
                             Movement::fee,
                             Movement::fee_returned,
                             Movement::correction};
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        std::set<std::string_view> words;
        for (const Movement movement : all) words.insert(words_of(movement, language));
        EXPECT_EQ(words.size(), all.size());
        EXPECT_THAT(about_checking(language, "17:abcd"), HasSubstr("okpay verify --head 17:abcd"));
        EXPECT_THAT(about_mistakes(language, "support@pay.example"), HasSubstr("support@pay.example"));
    }
}

TEST(StatementTime, is_local_with_seconds) {
    constexpr Moment at = moment_of_ms(1'795'000'000'000);  // 2026-11-18 11:06:40 UTC
    EXPECT_EQ(statement_time("Asia/Taipei", at), "2026-11-18 19:06:40");
    EXPECT_EQ(statement_time("America/New_York", at), "2026-11-18 06:06:40");
}

}  // namespace
}  // namespace okpay::desk
