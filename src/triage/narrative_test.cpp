// SPDX-License-Identifier: Apache-2.0
// Facts as people tell them in the middle of a story: without a currency, a label or a quotation mark. Read at 18:00 of a
// Thursday, 5 November, in Shanghai.
#include <gtest/gtest.h>

#include <array>

#include "triage/mail_for_test.hpp"
#include "triage/read.hpp"

namespace okpay::triage {
namespace {

std::string amounts_in(std::string_view text) {
    std::vector<std::string> list;
    for (const StatedAmount& amount : read(mail(text)).entities.amounts) list.push_back(amount.value);
    return joined(list);
}

TEST(Narrative, a_bare_number_is_money_where_the_verb_says_so) {
    constexpr std::array rows{Row{"it cost me 450 and that was that", "450"},
                              Row{"I paid three hundred for the course.", "300"},
                              Row{"the sum was 88.40", "88.40"},
                              Row{"I bought a lamp for 39,90", "39.90"},
                              Row{"thirty-odd dollars", "30.00"},
                              Row{"转了一千五给她", "1500"},
                              Row{"前天付了八十八", "88"},
                              Row{"扣了我32.5", "32.5"},
                              Row{"各試 1000 都不行", "1000"},
                              Row{"這個月交的房租2300", "2300"},
                              Row{"訂金五千", "5000"},
                              Row{"我买的课，一万二", "12000.00"},
                              Row{"刷了三千二", "3200"},
                              Row{"畀咗三百幾蚊", "300"},
                              Row{"五十六欧", "56.00"},
                              Row{"EUR1299 on Friday", "1299.00"},
                              Row{"45 Swiss francs", "45.00"},
                              Row{"每笔99", "99"}};
    for (const Row& row : rows) EXPECT_EQ(amounts_in(row.text), row.want) << row.text;
}

TEST(Narrative, a_bare_number_of_other_things_is_no_money) {
    for (const std::string_view text :
         {"I paid 20 times without trouble", "it took 12 minutes", "I sent 14 letters", "charged 2 phones",
          "it took 15 of us", "I paid at 12:30", "that cost 11/12 of my patience", "付了两次", "扣了三回", "交了十二份材料",
          "转了18次", "等了两千个人", "一万步"}) {
        EXPECT_EQ(amounts_in(text), "") << text;
    }
}

TEST(Narrative, days_without_a_month_or_a_name) {
    constexpr std::array rows{Row{"about a fortnight ago", "2026-10-22"},
                              Row{"two nights ago", "2026-11-03"},
                              Row{"on the ninth of October", "2026-10-09"},
                              Row{"the twenty-first of September 2026", "2026-09-21"},
                              Row{"paid on the second attempt", ""},
                              Row{"on the third, around noon", "2026-11-03T12:00"},
                              Row{"the 30th of last month", "2026-10-30"},
                              Row{"the 3rd time", ""},
                              Row{"October the 30th", "2026-10-30"},
                              Row{"30/10/26", "2026-10-30"},
                              Row{"11-03日", "2026-11-03"},
                              Row{"十月二十八号", "2026-10-28"},
                              Row{"二十八号晚上", "2026-10-28"},
                              Row{"三四天前", "2026-11-02"},
                              Row{"两三天前", "2026-11-03"},
                              Row{"my order of 12/10", "2026-10-12"},
                              Row{"it left 21/10", "2026-10-21"},
                              Row{"you are there 24/7", ""},
                              Row{"1/2 of it", ""},
                              Row{"10/20 早上刷的", "2026-10-20 | 2026-11-05"},
                              Row{"琴晚八點", "2026-11-04T20:00"},
                              Row{"尋晚", "2026-11-04"},
                              Row{"半个月前", "2026-10-21"},
                              Row{"国庆节当天", "2026-10-01"},
                              Row{"双十一晚上", "2026-11-11"}};
    for (const Row& row : rows) EXPECT_EQ(joined(read(mail(row.text)).entities.datetimes), row.want) << row.text;
}

TEST(Narrative, numbers_as_banks_and_shops_print_them) {
    constexpr std::array rows{Row{"流水号: 0316 2211 8890 2", "0316 2211 8890 2"},
                              Row{"the transaction number is 4471 2290 1188", "4471 2290 1188"},
                              Row{"單據號碼 711-2211-60938", "711-2211-60938"},
                              Row{"receipt no 0091-22", "0091-22"},
                              Row{"Your number for it is R-77120-4", "R-77120-4"},
                              Row{"order 128 of 200", ""},
                              Row{"商户编号 880123", ""},
                              Row{"订单 1280 1290元", ""}};
    for (const Row& row : rows) EXPECT_EQ(joined(read(mail(row.text)).entities.transaction_ids), row.want) << row.text;
}

TEST(Narrative, faults_as_programs_name_them) {
    constexpr std::array rows{Row{"the console says NotAllowedError", "NotAllowedError"},
                              Row{"error: card_not_supported", "card_not_supported"},
                              Row{"java.net.SocketTimeoutException", "SocketTimeoutException"},
                              Row{"弹出来报 -7004", "-7004"},
                              Row{"报错码是 0x8007", "0x8007"},
                              Row{"Error in the bill", ""},
                              Row{"报名两次", ""}};
    for (const Row& row : rows) EXPECT_EQ(joined(read(mail(row.text)).entities.error_codes), row.want) << row.text;
}

TEST(Narrative, the_words_of_a_rejection_are_told_in_many_ways) {
    for (const std::string_view text :
         {"身份证审核又被退回，理由都是「照片不符」", "实名认证没通过，跳出来「证件已过期」",
          "实名审核说我的照片不清楚，过不了", "身份验证不成功，屏幕上就一行 request timeout"}) {
        EXPECT_TRUE(read(mail(text)).missing.empty()) << text;
    }
    EXPECT_FALSE(read(mail("身份证审核又被退回了，到底哪里不合格？")).missing.empty());
}

TEST(Narrative, a_face_that_a_machine_does_not_know_is_no_attack) {
    EXPECT_NE(read(mail("The selfie check says I'm not me, the photo on my passport is from before the beard.")).route,
              Route::risk_team);
    EXPECT_EQ(read(mail("A payment of $90 to a stranger yesterday, that was not me.")).route, Route::risk_team);
    EXPECT_EQ(read(mail("Someone used a photo of my passport. It was not me who opened that account.")).route,
              Route::risk_team);
}

TEST(Narrative, a_street_that_cannot_be_paid_is_an_outage_and_not_asked_for_a_transaction) {
    for (const std::string_view text :
         {"从早上六点开始，我们这条街几十家店都收不了款，没有一家能收的，屏上写“系统繁忙 E5031”。",
          "成個商場都收唔到錢，部機顯示 E5031，客人排到出門口。"}) {
        const Reading reading = read(mail(text));
        EXPECT_EQ(reading.urgency, Urgency::critical) << text;
        EXPECT_EQ(reading.route, Route::technical_team) << text;
    }
}

}  // namespace
}  // namespace okpay::triage
