// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "triage/read.hpp"

namespace okpay::triage {
namespace {

// A Thursday, 18:00 for the customer.
constexpr std::string_view now_text = "2026-11-05T10:00:00Z";

Entities entities_of(std::string_view text) {
    return read({.new_text = std::string{text},
                 .from_address = "customer@example.org",
                 .at = *moment_of_rfc3339(now_text),
                 .utc_offset_minutes = 480})
        .entities;
}

std::string joined(const std::vector<std::string>& list) {
    std::string all;
    for (const std::string& one : list) all += (all.empty() ? "" : " | ") + one;
    return all;
}

struct Row {
    std::string_view text, want;
};

std::string amounts_in(std::string_view text) {
    std::vector<std::string> list;
    for (const StatedAmount& amount : entities_of(text).amounts)
        list.push_back(amount.value + (amount.currency.empty() ? "" : " " + amount.currency));
    return joined(list);
}

TEST(Amounts, are_read_in_every_spelling) {
    constexpr std::array rows{Row{"昨天扣了￥128.50", "128.50 CNY"},
                              Row{"¥1,280 没到", "1280.00 CNY"},
                              Row{"RMB 300 not arrived", "300.00 CNY"},
                              Row{"CNY 1,280 was taken", "1280.00 CNY"},
                              Row{"扣了128元", "128.00 CNY"},
                              Row{"１２８元", "128.00 CNY"},
                              Row{"一百二十八块五", "128.50 CNY"},
                              Row{"叁仟贰佰元整", "3200.00 CNY"},
                              Row{"兩千三百塊錢", "2300.00 CNY"},
                              Row{"128块5", "128.50 CNY"},
                              Row{"12块5毛", "12.50 CNY"},
                              Row{"充值3万元", "30000.00 CNY"},
                              Row{"1.5万元", "15000.00 CNY"},
                              Row{"转了1.2万没到", "12000.00 CNY"},
                              Row{"3万人在用", ""},
                              Row{"港幣戶口，提現2万", "20000.00 HKD"},
                              Row{"提现8千块", "8000.00 CNY"},
                              Row{"US$12.50 please", "12.50 USD"},
                              Row{"I paid $12.50 and $3", "12.50 USD | 3.00 USD"},
                              Row{"12,50 € zurück", "12.50 EUR"},
                              Row{"EUR 1.280,50 missing", "1280.50 EUR"},
                              Row{"€899.00", "899.00 EUR"},
                              Row{"1 280 without currency", ""},
                              Row{"JPY 5,000円", "5000 JPY"},
                              Row{"5000 yen", "5000 JPY"},
                              Row{"HK$1,280", "1280.00 HKD"},
                              Row{"港幣1000元", "1000.00 HKD"},
                              Row{"1000元港币", "1000.00 HKD"},
                              Row{"NT$560", "560.00 TWD"},
                              Row{"新台幣350元", "350.00 TWD"},
                              Row{"£15.50", "15.50 GBP"},
                              Row{"42 dollars", "42.00 USD"},
                              Row{"$85k", "85000.00 USD"},
                              Row{"金额：128.5，请查", "128.5"},
                              Row{"the amount is 42.90", "42.90"},
                              Row{"充值500没到", "500"},
                              Row{"USD1200", "1200.00 USD"},
                              Row{"被盗刷三千多，具体3,150.00元", "3150.00 CNY"},
                              Row{"￥128.50扣了两次，每次￥128.50", "128.50 CNY"}};
    for (const Row& row : rows) EXPECT_EQ(amounts_in(row.text), row.want) << row.text;
}

TEST(Amounts, are_not_what_only_looks_like_one) {
    constexpr std::array rows{Row{"请打13912345678联系我", ""},
                              Row{"my phone is +44 20 7946 0958", ""},
                              Row{"card 4242 4242 4242 4242 declined", ""},
                              Row{"交易号 2026110388120045", ""},
                              Row{"11月5日17:48", ""},
                              Row{"2026-11-05 failed", ""},
                              Row{"at 17:48", ""},
                              Row{"扣了两次", ""},
                              Row{"charged 2 times", ""},
                              Row{"尾号4242", ""},
                              Row{"version 3.1.2 of the app", ""},
                              Row{"元旦快乐", ""},
                              Row{"两块手表", ""},
                              Row{"打折50%", ""},
                              Row{"付了3次", ""},
                              Row{"error 4031", ""},
                              Row{"request OK-7F3K9Q2", ""},
                              Row{"等了40分钟", ""},
                              Row{"一直没到", ""},
                              Row{"order no 88412-A77", ""},
                              Row{"I won 3 games", ""},
                              Row{"转账2笔都失败", ""}};
    for (const Row& row : rows) EXPECT_EQ(amounts_in(row.text), row.want) << row.text;
}

TEST(Datetimes, are_resolved_in_the_customers_time) {
    constexpr std::array rows{Row{"昨天下午3点48分付款", "2026-11-04T15:48"},
                              Row{"昨天下午三点半", "2026-11-04T15:30"},
                              Row{"今早充值", "2026-11-05"},
                              Row{"前天晚上8点", "2026-11-03T20:00"},
                              Row{"昨晚11点", "2026-11-04T23:00"},
                              Row{"昨晚1点多", "2026-11-05T01:00"},
                              Row{"今天凌晨2点13分", "2026-11-05T02:13"},
                              Row{"中午12点20分", "2026-11-05T12:20"},
                              Row{"上周五买的", "2026-10-30"},
                              Row{"上星期三", "2026-10-28"},
                              Row{"周二中午12点", "2026-11-03T12:00"},
                              Row{"11月5日17:48", "2026-11-05T17:48"},
                              Row{"11月5号下午5:48", "2026-11-05T17:48"},
                              Row{"十一月三号", "2026-11-03"},
                              Row{"2026年11月1日", "2026-11-01"},
                              Row{"12月30日的订单", "2026-12-30"},
                              Row{"28号退的", "2026-10-28"},
                              Row{"上个月15号", "2026-10-15"},
                              Row{"三天前", "2026-11-02"},
                              Row{"两周前", "2026-10-22"},
                              Row{"2小时前", "2026-11-05T16:00"},
                              Row{"半小时前", "2026-11-05T17:30"},
                              Row{"刚才", "2026-11-05"},
                              Row{"明天要交", "2026-11-06"},
                              Row{"周一之前", "2026-11-09"},
                              Row{"下周一", "2026-11-09"},
                              Row{"昨晚8點半", "2026-11-04T20:30"},
                              Row{"２０２６／１１／０５　１７：４８", "2026-11-05T17:48"},
                              Row{"yesterday at 5:48 pm", "2026-11-04T17:48"},
                              Row{"at 5:48 p.m. yesterday", "2026-11-04T17:48"},
                              Row{"last Friday", "2026-10-30"},
                              Row{"last Thursday", "2026-10-29"},
                              Row{"on Monday", "2026-11-02"},
                              Row{"by Friday", "2026-11-06"},
                              Row{"on 5 November", "2026-11-05"},
                              Row{"on 3rd of November", "2026-11-03"},
                              Row{"November 3, 2026", "2026-11-03"},
                              Row{"Nov 3 at 9am", "2026-11-03T09:00"},
                              Row{"3 days ago", "2026-11-02"},
                              Row{"two weeks ago", "2026-10-22"},
                              Row{"an hour ago", "2026-11-05T17:00"},
                              Row{"2026/11/05 17:48", "2026-11-05T17:48"},
                              Row{"2026-11-05T17:48:12", "2026-11-05T17:48"},
                              Row{"05.11.2026", "2026-11-05"},
                              Row{"11/04/2026", "2026-11-04"},
                              Row{"the day before yesterday", "2026-11-03"},
                              Row{"this morning at 9:15", "2026-11-05T09:15"},
                              Row{"last night at 1 am", "2026-11-05T01:00"},
                              Row{"around 17:48", "2026-11-05T17:48"}};
    for (const Row& row : rows) EXPECT_EQ(joined(entities_of(row.text).datetimes), row.want) << row.text;
}

TEST(Datetimes, are_not_what_only_looks_like_one) {
    constexpr std::array rows{Row{"5号楼3号窗口", ""},   Row{"version 3.1.2", ""}, Row{"24/7 support", ""},
                              Row{"￥11.05", ""},        Row{"一周两个", ""},      Row{"you may pay 5 times", ""},
                              Row{"每天早上都这样", ""}, Row{"score 4:3", ""},     Row{"request OK-20261105", ""},
                              Row{"the sun is out", ""}};
    for (const Row& row : rows) EXPECT_EQ(joined(entities_of(row.text).datetimes), row.want) << row.text;
}

TEST(Identifiers, transactions) {
    constexpr std::array rows{Row{"交易号：TXN20261103001", "TXN20261103001"},
                              Row{"流水号 W20261102000371", "W20261102000371"},
                              Row{"订单号是2026110388120045", "2026110388120045"},
                              Row{"TXN48812093 and TXN48812094", "TXN48812093 | TXN48812094"},
                              Row{"order no. 88412-A77", "88412-A77"},
                              Row{"transaction id: 0193a7b2-4c11-7e2f-9a53-0d6c5b3f1e22",
                                  "0193a7b2-4c11-7e2f-9a53-0d6c5b3f1e22"},
                              Row{"pay_k3v7q2mzx5t4w6n8b3c2d4f5g6 failed", "pay_k3v7q2mzx5t4w6n8b3c2d4f5g6"},
                              Row{"ref AB-99812", "AB-99812"},
                              Row{"transaction IDs are 8841200 and 8841201", "8841200 | 8841201"},
                              Row{"in order to pay 12345", ""},
                              Row{"my order was late", ""},
                              Row{"the transaction on 2026-11-05", ""},
                              Row{"単号", ""}};
    for (const Row& row : rows) EXPECT_EQ(joined(entities_of(row.text).transaction_ids), row.want) << row.text;
}

TEST(Identifiers, error_codes) {
    constexpr std::array rows{Row{"系统繁忙 E5021", "E5021"},
                              Row{"错误代码 PAY-4102", "PAY-4102"},
                              Row{"交易逾時 (ERR-3007)", "ERR-3007"},
                              Row{"报错 GATEWAY_TIMEOUT", "GATEWAY_TIMEOUT"},
                              Row{"Error 4031: issuer unavailable", "4031"},
                              Row{"declined with code 51-D", "51-D"},
                              Row{"returns HTTP 502", "502"},
                              Row{"error on 5 November", ""},
                              Row{"verification code 123456", ""},
                              Row{"I made an error", ""},
                              Row{"zip code 94107", ""}};
    for (const Row& row : rows) EXPECT_EQ(joined(entities_of(row.text).error_codes), row.want) << row.text;
}

TEST(Identifiers, request_numbers_accounts_and_cards) {
    EXPECT_EQ(joined(entities_of("Re: [OK-7F3K9Q2] and ok-9xk2m4").request_numbers), "OK-7F3K9Q2 | OK-9XK2M4");
    EXPECT_EQ(joined(entities_of("OK-please do it, OK-12345678901").request_numbers), "");
    EXPECT_EQ(joined(entities_of("我的账号是 Li.Wei@example.org").accounts), "li.wei@example.org");
    EXPECT_EQ(joined(entities_of("my account is registered under +44 20 7946 0958").accounts), "+442079460958");
    EXPECT_EQ(joined(entities_of("请把账户绑定的手机号改为13912345678").accounts), "");
    EXPECT_EQ(joined(entities_of("reply to bob@example.org").accounts), "");
    EXPECT_EQ(joined(entities_of("尾号4242的卡").card_last4), "4242");
    EXPECT_EQ(joined(entities_of("卡片末四碼1357").card_last4), "1357");
    EXPECT_EQ(joined(entities_of("my card ending in 8812").card_last4), "8812");
    EXPECT_EQ(joined(entities_of("card **** 0021").card_last4), "0021");
    EXPECT_EQ(joined(entities_of("card 4242 4242 4242 4242").card_last4), "4242");
    EXPECT_EQ(joined(entities_of("ended in 2024").card_last4), "");
}

}  // namespace
}  // namespace okpay::triage
