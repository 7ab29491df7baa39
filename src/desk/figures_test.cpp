// SPDX-License-Identifier: Apache-2.0
#include "desk/figures.hpp"

#include <gtest/gtest.h>

#include <random>

namespace okpay::desk {
namespace {

using money::Currency;
using money::Money;

Money cny(std::int64_t minor) { return *Money::of_minor(minor, Currency::cny); }

struct AmountCase {
    std::string_view text;
    std::vector<std::string_view> want;  // decimals in order
};
const std::vector<AmountCase>& amount_cases() {
    static const std::vector<AmountCase> cases{
        // Symbols and codes.
        {"￥128", {"128"}},
        {"¥128.00", {"128"}},
        {"$12.50", {"12.5"}},
        {"US$1,280.05 and HK$ 5", {"1280.05", "5"}},
        {"CNY 128.00", {"128"}},
        {"CNY128", {"128"}},
        {"128CNY", {"128"}},
        {"128 cny", {"128"}},
        {"RMB 1,280", {"1280"}},
        {"€12,50", {"12.5"}},
        {"EUR 1.280,50", {"1280.5"}},
        {"£5", {"5"}},
        {"5 BHD", {"5"}},
        {"usd -5.00", {"5"}},
        {"100 INR", {"100"}},
        {"NT$ 99", {"99"}},
        {"12.345 BHD", {"12.345"}},
        {"JPY 12,800", {"12800"}},
        // English words.
        {"twelve dollars", {"12"}},
        {"a hundred and twenty yuan", {"120"}},
        {"twenty-five bucks", {"25"}},
        {"one thousand two hundred euros", {"1200"}},
        {"12 dollars and 50 cents", {"12.5"}},
        {"50 cents", {"0.5"}},
        {"5k dollars", {"5000"}},
        {"a dollar sign", {}},
        // Chinese.
        {"128元", {"128"}},
        {"128 元", {"128"}},
        {"128.5元", {"128.5"}},
        {"人民币128", {"128"}},
        {"１２８元", {"128"}},
        {"￥１２８．５０", {"128.5"}},
        {"1.2万元", {"12000"}},
        {"3千块", {"3000"}},
        {"12块5", {"12.5"}},
        {"12块5毛", {"12.5"}},
        {"12元5角3分", {"12.53"}},
        {"一百二十八元", {"128"}},
        {"一百二十八块五", {"128.5"}},
        {"壹佰贰拾捌元整", {"128"}},
        {"二百五十块钱", {"250"}},
        {"二百五元", {"250"}},
        {"一百零五元", {"105"}},
        {"一万二千元", {"12000"}},
        {"两千块", {"2000"}},
        {"十元", {"10"}},
        {"十五块", {"15"}},
        {"三点五元", {"3.5"}},
        {"新台幣 100.00 元", {"100"}},
        {"12.50 美元", {"12.5"}},
        {"100港币", {"100"}},
        {"两块钱", {"2"}},
        {"一块钱", {"1"}},
        {"一块处理", {}},
        {"5元，共2笔", {"5"}},
        // A word that announces money, and no unit.
        {"We have refunded 120 to your wallet", {"120"}},
        {"refund of 120.", {"120"}},
        {"Amount: 120", {"120"}},
        {"your balance is 99", {"99"}},
        {"已退款120", {"120"}},
        {"已为您退还 120，请查收", {"120"}},
        {"退了您120", {"120"}},
        {"余额为 88", {"88"}},
        {"金额：88", {"88"}},
        {"退款一百二十八", {"128"}},
        {"we returned 120.00", {"120"}},
        {"It was 128.00 in all", {"128"}},
        {"refunded\n120", {"120"}},
        {"128\nyuan", {"128"}},
        // Several.
        {"退款128，500元", {"128", "500"}},
        {"您付了￥128和￥64", {"128", "64"}},
        {"128/256 CNY", {"256"}},
        // No money.
        {"2026-11-05 17:48", {}},
        {"within 24 hours", {}},
        {"24 小时内", {}},
        {"1 至 3 个工作日", {}},
        {"refunded 2 payments", {}},
        {"refund 1 of 2", {}},
        {"charged 2 times", {}},
        {"扣款2次", {}},
        {"付了两次", {}},
        {"扣了两笔", {}},
        {"11 月 5 日", {}},
        {"收到您 11 月 5 日的来信", {}},
        {"OK-7F3K9Q2", {}},
        {"[OK-2345678]", {}},
        {"pay_ag2x7dkzabcdefgh234567qrst", {}},
        {"card ····4242", {}},
        {"尾号4242", {}},
        {"order A-1001", {}},
        {"order #1001", {}},
        {"http://pay.example/x/128", {}},
        {"call 400-820-8820", {}},
        {"5%", {}},
        {"退款 5%", {}},
        {"1.2.3.4", {}},
        {"version 1.2", {}},
        {"一元复始", {"1"}},
        {"refunded on 5 November", {}},
        {"balance on 2026-11-05", {}},
        {"paid 17:48", {}},
        {"payment 2026-11-05", {}},
        {"6222020200112233445", {}},
        {"Ref: abcdefghij234567abcdefghij234567abcdefghij2345", {}},
        {"第一步", {}},
        {"3 steps", {}},
        {"", {}},
        {"万一", {}},
        {"十分抱歉", {}},
        {"一百年", {}},
        {"sent 3 minutes ago", {}},
        {"2 x 3", {}},
        {"utf-8 and ISO 4217", {}},
    };
    return cases;
}

TEST(AmountsIn, finds_what_people_write) {
    for (const AmountCase& c : amount_cases()) {
        SCOPED_TRACE(c.text);
        std::vector<std::string> got;
        for (const FoundAmount& found : amounts_in(c.text)) got.push_back(found.decimal);
        EXPECT_EQ(got, (std::vector<std::string>{c.want.begin(), c.want.end()}));
    }
}

TEST(AmountsIn, knows_where_it_stands_and_what_it_may_be) {
    const auto found = amounts_in("我们已退还￥１２８．５０到您的钱包");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].text, "￥１２８．５０");
    EXPECT_EQ(found[0].offset, std::string_view{"我们已退还"}.size());
    EXPECT_EQ(found[0].currencies, (std::vector{Currency::cny, Currency::jpy}));
    EXPECT_EQ(amounts_in("新台币 100 元")[0].currencies, std::vector{Currency::twd});
    EXPECT_EQ(amounts_in("100 元人民币")[0].currencies, std::vector{Currency::cny});
    EXPECT_TRUE(amounts_in("₹ 100")[0].foreign);
    EXPECT_TRUE(amounts_in("refunded 100")[0].currencies.empty());
}

// The law of the house: what we show ourselves is found again, in every language, currency and size.
TEST(AmountsIn, reads_every_amount_that_we_show) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        for (const Currency currency : money::all_currencies) {
            for (int round = 0; round < 60; ++round) {
                const auto minor = static_cast<std::int64_t>(random() % (std::uint64_t{10} << (random() % 45)));
                const Money amount = *Money::of_minor(minor, currency);
                const std::string text = "… " + shown_amount(amount, language) + "。";
                const BoundFigure figure{.amount = amount, .payment_seq = 1};
                ASSERT_EQ(amounts_in(text).size(), 1U) << text;
                ASSERT_TRUE(unbound_amounts(text, {&figure, 1}, {}).empty()) << text;
                const BoundFigure other{.amount = *Money::of_minor(minor + 1, currency), .payment_seq = 1};
                ASSERT_EQ(unbound_amounts(text, {&other, 1}, {}).size(), 1U) << text;
            }
        }
    }
}

TEST(UnboundAmounts, lets_through_what_is_bound_or_quoted) {
    const std::array figures{BoundFigure{.amount = cny(12'850), .payment_seq = 7}};
    const auto quoted = amounts_in("I was charged 256 yuan");
    struct Case {
        std::string_view text;
        std::size_t unbound;
    };
    for (const Case& c : {
             Case{"We refunded CNY 128.50.", 0},
             Case{"We refunded ￥128.5.", 0},
             Case{"已退还 128.50 元。", 0},
             Case{"已退还一百二十八块五。", 0},
             Case{"You wrote 256 yuan.", 0},
             Case{"您提到的 256 元", 0},
             Case{"We refunded USD 128.50.", 1},
             Case{"We refunded CNY 128.", 1},
             Case{"We refunded 128.50", 0},
             Case{"We refunded 120 to you.", 1},
             Case{"退还 256 美元", 1},
             Case{"We will pay CNY 50 as goodwill.", 1},
             Case{"CNY 128.50, and CNY 128.51", 1},
             Case{"It takes 3 days.", 0},
             Case{"INR 128.50", 1},
         }) {
        EXPECT_EQ(unbound_amounts(c.text, figures, quoted).size(), c.unbound) << c.text;
    }
    const std::array loose{BoundFigure{.amount = cny(12'850)}};
    EXPECT_EQ(unbound_amounts("CNY 128.50", loose, {}).size(), 1U);  // a figure without a row binds nothing
}

TEST(Draft, fills_places_from_bound_figures_only) {
    const std::array figures{BoundFigure{.amount = cny(128'000), .payment_seq = 7},
                             BoundFigure{.amount = cny(500), .transfer_seq = 9}};
    EXPECT_EQ(Draft{"{1} of {2}"}.render(figures, Language::en), "CNY 1,280.00 of CNY 5.00");
    EXPECT_EQ(Draft{"退还 {1}"}.render(figures, Language::zh_hans), "退还 ￥1,280.00");
    EXPECT_EQ(Draft{"{{1}} 5"}.render(figures, Language::en), "{1} 5");
    EXPECT_EQ(Draft{"{3}"}.render(figures, Language::en), fail(DraftError::figure_missing));
    EXPECT_EQ(Draft{"{0}"}.render(figures, Language::en), fail(DraftError::figure_missing));
    const std::array loose{BoundFigure{.amount = cny(1)}};
    EXPECT_EQ(Draft{"{1}"}.render(loose, Language::en), fail(DraftError::figure_not_bound));
    for (const char* text : {"{", "}", "{1", "{}", "{x}", "{1x}", "a } b", "{12345}"}) {
        EXPECT_EQ(Draft{text}.render(figures, Language::en), fail(DraftError::stray_brace)) << text;
    }
}

TEST(ShownAmount, is_unambiguous_in_each_language) {
    EXPECT_EQ(shown_amount(cny(128'050), Language::en), "CNY 1,280.50");
    EXPECT_EQ(shown_amount(cny(128'050), Language::zh_hans), "￥1,280.50");
    EXPECT_EQ(shown_amount(cny(128'050), Language::zh_hant), "人民幣 1,280.50 元");
    EXPECT_EQ(shown_amount(*Money::of_minor(-1'234'567, Currency::jpy), Language::zh_hans), "-1,234,567 日元");
    EXPECT_EQ(shown_amount(*Money::of_minor(999, Currency::bhd), Language::en), "BHD 0.999");
    EXPECT_EQ(shown_amount(*Money::of_minor(100'000, Currency::twd), Language::zh_hant), "新台幣 1,000.00 元");
    EXPECT_EQ(shown_amount(*Money::of_minor(99'999, Currency::usd), Language::en), "USD 999.99");
}

TEST(LanguageTags, are_read_forgivingly) {
    for (const std::string_view tag : {"zh-TW", "zh-Hant", "zh-hant-HK", "ZH-HK", "zh_MO"}) {
        EXPECT_EQ(language_of(tag), Language::zh_hant) << tag;
    }
    for (const std::string_view tag : {"zh", "zh-CN", "zh-Hans", "zh-SG"})
        EXPECT_EQ(language_of(tag), Language::zh_hans) << tag;
    for (const std::string_view tag : {"en", "", "de", "zho", "en-HK"}) EXPECT_EQ(language_of(tag), Language::en) << tag;
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        EXPECT_EQ(language_of(tag_of(language)), language);
    }
}

}  // namespace
}  // namespace okpay::desk
