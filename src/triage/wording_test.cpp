// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/wording.hpp"

#include <gtest/gtest.h>

#include <set>

#include "triage/impl/grams.hpp"
#include "triage/impl/score.hpp"
#include "triage/impl/sheet.hpp"
#include "triage/mail_for_test.hpp"
#include "triage/read.hpp"

namespace okpay::triage {
namespace {

std::set<std::uint64_t> keys_of(std::string_view text) {
    const Sheet sheet{text};
    std::vector<Gram> grams;
    append_grams(sheet.text(), grams);
    std::set<std::uint64_t> keys;
    for (const Gram& gram : grams) keys.insert(gram.key);
    return keys;
}

std::optional<std::string> told(std::string_view text) { return reworded(Sheet{text}.text()); }

TEST(Wording, regions_say_the_same_in_other_words) {
    EXPECT_EQ(told("我嘅戶口俾人鎖咗"), "我的账户被人锁了");
    EXPECT_EQ(told("簡訊收不到,帳號登入不了"), "短信收不到,账号登录不了");
    EXPECT_EQ(told("系統話我唔得"), "系统说我不得");
    EXPECT_EQ(told("户口本的系统和联系人"), std::nullopt);  // the mainland's own words, of which others are a part
    EXPECT_EQ(told("the app is down"), std::nullopt);
}

TEST(Wording, is_one_to_the_features_which_stand_where_they_were_written) {
    EXPECT_EQ(keys_of("我嘅戶口俾人鎖咗"), keys_of("我的账户被人锁了"));
    const Sheet sheet{"我嘅戶口"};
    std::vector<Gram> grams;
    append_grams(sheet.text(), grams);
    for (const Gram& gram : grams) {
        EXPECT_LT(gram.begin, gram.end);
        EXPECT_LE(gram.end, sheet.text().size());
    }
    GramBag bag{sheet.text()};
    EXPECT_EQ(bag.entries().size(), keys_of("我的账户").size());
}

TEST(Wording, a_takeover_told_in_cantonese_is_one) {
    const Reading reading = read(mail("今朝收到電郵話登記電話同密碼都俾人改咗，我冇做過，而家入唔到去。"));
    EXPECT_EQ(reading.route, Route::risk_team);
    EXPECT_EQ(reading.urgency, Urgency::critical);
}

}  // namespace
}  // namespace okpay::triage
