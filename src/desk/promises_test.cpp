// SPDX-License-Identifier: Apache-2.0
// What an answer promises: a table of texts, with the due moments in the reader's zone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <span>

#include "customers/local_time.hpp"
#include "desk/promises.hpp"

namespace okpay::desk {
namespace {

// Said on Wednesday, 2 December 2026, 10:20 in Shanghai (02:20 UTC). The desk is there 09:00-12:00 and 13:30-18:00.
const Moment now = moment_of_rfc3339("2026-12-02T10:20:00+08:00").value();
constexpr std::string_view zone = "Asia/Shanghai";

const WorkingHours& desk_hours() {
    static const WorkingHours hours = WorkingHours::parse(
                                          "zone = Asia/Shanghai\nmonday-friday = 09:00-12:00, 13:30-18:00\n"
                                          "holiday = 2026-12-08\nwork = 2026-12-12 as monday\n")
                                          .value();
    return hours;
}

// "2026-12-04 12:00" where it is sure, "2026-12-04 12:00?" where it is not; several are joined by "; ".
std::string found_in(std::string_view text, const TimeContext& context, std::string_view reader = zone) {
    std::string all;
    for (const FoundPromise& found : promises_in(text, context)) {
        EXPECT_EQ(text.substr(found.begin, found.end - found.begin), found.text);
        if (!all.empty()) all += "; ";
        all += customers::local_time_text(reader, found.due) + (found.sure ? "" : "?");
    }
    return all;
}
TimeContext context_with(const WorkingHours* hours) {
    return {.now = now, .zone = customers::ZoneRules::of(zone).value(), .hours = hours};
}

struct PromiseCase {
    std::string_view text, want;  // want is empty where nothing is promised
};

constexpr std::array english{
    PromiseCase{"We will refund you by Friday noon.", "2026-12-04 12:00"},
    PromiseCase{"by Friday noon", "2026-12-04 12:00?"},
    PromiseCase{"I will write to you by noon on Friday.", "2026-12-04 12:00"},
    PromiseCase{"You will have our answer by Friday, 18:00.", "2026-12-04 18:00"},
    PromiseCase{"We'll get back to you by Friday.", "2026-12-05 00:00"},
    PromiseCase{"We’ll get back to you no later than Friday at 6 pm.", "2026-12-04 18:00"},
    PromiseCase{"We will answer before Friday.", "2026-12-04 00:00"},
    PromiseCase{"We will answer before 5 December.", "2026-12-05 00:00"},
    PromiseCase{"We will answer before December 5, 2026.", "2026-12-05 00:00"},
    PromiseCase{"We will have looked into it by 5 December.", "2026-12-06 00:00"},
    PromiseCase{"We will have looked into it by the 5th of December at 9:30 a.m.", "2026-12-05 09:30"},
    PromiseCase{"We will have looked into it by Dec. 5th.", "2026-12-06 00:00"},
    PromiseCase{"We will answer by 2026-12-07.", "2026-12-08 00:00"},
    PromiseCase{"We will answer by 15 January.", "2027-01-16 00:00"},
    PromiseCase{"We will answer by 15/01/2027.", "2027-01-16 00:00"},
    PromiseCase{"We will answer by 25/12.", "2026-12-26 00:00"},
    PromiseCase{"We will answer by 05/12.", "2026-12-06 00:00?"},
    PromiseCase{"We will answer by 04/12/2026.", "2026-12-05 00:00?"},
    PromiseCase{"We will answer by the 5th.", "2026-12-06 00:00"},
    PromiseCase{"We will answer by the 1st.", "2027-01-02 00:00?"},
    PromiseCase{"We will answer by Friday, 4 December.", "2026-12-05 00:00"},
    PromiseCase{"We will answer by Friday, 5 December.", "2026-12-06 00:00?"},
    PromiseCase{"We will answer by Wednesday.", "2026-12-03 00:00?"},
    PromiseCase{"We will answer by Wednesday 9:00 am.", "2026-12-09 09:00?"},
    PromiseCase{"We will answer by next Friday.", "2026-12-05 00:00?"},
    PromiseCase{"We will answer by next Tuesday.", "2026-12-09 00:00"},
    PromiseCase{"We will answer by Sunday evening.", "2026-12-07 00:00?"},
    PromiseCase{"We will answer by tomorrow.", "2026-12-04 00:00"},
    PromiseCase{"I will call you tomorrow by 18:00.", "2026-12-03 18:00"},
    PromiseCase{"I will call you by 18:00 tomorrow.", "2026-12-03 18:00"},
    PromiseCase{"I will call you tomorrow at 6 pm.", "2026-12-03 18:00"},
    PromiseCase{"I will call you tomorrow at 5.", "2026-12-03 17:00?"},
    PromiseCase{"I will call you tomorrow.", "2026-12-04 00:00"},
    PromiseCase{"I will call you on Friday.", "2026-12-05 00:00"},
    PromiseCase{"I will call you tomorrow morning.", "2026-12-03 12:00?"},
    PromiseCase{"You will hear from us today.", "2026-12-03 00:00"},
    PromiseCase{"You will hear from us by the end of the day.", "2026-12-03 00:00"},
    PromiseCase{"You will hear from us by EOD tomorrow.", "2026-12-04 00:00"},
    PromiseCase{"You will hear from us by close of business on Friday.", "2026-12-04 18:00"},
    PromiseCase{"You will hear from us by close of business.", "2026-12-02 18:00"},
    PromiseCase{"You will hear from us by the end of Thursday.", "2026-12-04 00:00"},
    PromiseCase{"You will hear from us by the end of the week.", "2026-12-05 00:00?"},
    PromiseCase{"You will hear from us by the end of next week.", "2026-12-12 00:00?"},
    PromiseCase{"You will hear from us by the end of the month.", "2027-01-01 00:00"},
    PromiseCase{"You will hear from us by 6:30 p.m. today.", "2026-12-02 18:30"},
    PromiseCase{"You will hear from us by 18:00.", "2026-12-02 18:00"},
    PromiseCase{"You will hear from us by 9:00.", "2026-12-03 09:00?"},
    PromiseCase{"You will hear from us by 18:00 UTC on Friday.", "2026-12-05 02:00"},
    PromiseCase{"You will hear from us by Friday 18:00 (your time).", "2026-12-04 18:00"},
    PromiseCase{"You will hear from us by Friday 18:00 CET.", "2026-12-04 18:00?"},
    PromiseCase{"You will hear from us by midnight.", "2026-12-03 00:00?"},
    PromiseCase{"We will reply within 24 hours.", "2026-12-03 10:20"},
    PromiseCase{"We will reply within 24h.", "2026-12-03 10:20"},
    PromiseCase{"We will reply within 48 hrs.", "2026-12-04 10:20"},
    PromiseCase{"We will reply in the next 2 hours.", "2026-12-02 12:20"},
    PromiseCase{"We will reply within the next hour.", "2026-12-02 11:20"},
    PromiseCase{"We will reply within half an hour.", "2026-12-02 10:50"},
    PromiseCase{"We will reply within an hour.", "2026-12-02 11:20"},
    PromiseCase{"We will reply within 24 hours of this message.", "2026-12-03 10:20"},
    PromiseCase{"We will reply within two days.", "2026-12-04 10:20"},
    PromiseCase{"We will reply in 2 days.", "2026-12-04 10:20"},
    PromiseCase{"We will reply within a week.", "2026-12-09 10:20"},
    PromiseCase{"We will reply within one month.", "2027-01-02 10:20"},
    PromiseCase{"We will reply within 2 working days.", "2026-12-04 18:00"},
    PromiseCase{"We will reply within 4 business days.", "2026-12-09 18:00"},
    PromiseCase{"We will reply within one business day.", "2026-12-03 18:00"},
    PromiseCase{"We will reply within 4 working hours.", "2026-12-02 15:50"},
    PromiseCase{"The money will arrive within 3-5 working days.", "2026-12-10 18:00?"},
    PromiseCase{"The money will arrive within 24 to 48 hours.", "2026-12-04 10:20?"},
    PromiseCase{"We are going to call you by Friday 10 am.", "2026-12-04 10:00"},
    PromiseCase{"Within 24 hours you will hear from us.", "2026-12-03 10:20"},
    PromiseCase{"By Friday noon I will have an answer for you.", "2026-12-04 12:00"},
    PromiseCase{"We have passed this on and, by Friday noon, will write to you.", "2026-12-04 12:00"},
    PromiseCase{"I received your mail on Monday and will reply by Friday noon.", "2026-12-04 12:00"},
    PromiseCase{"The refund will be made by Friday noon.", "2026-12-04 12:00"},
    PromiseCase{"Please rest assured that we will reply by Friday noon.", "2026-12-04 12:00"},
    PromiseCase{"Please send us the form. We will reply by Friday noon.", "2026-12-04 12:00"},
    PromiseCase{"We aim to reply by Friday noon.", "2026-12-04 12:00?"},
    PromiseCase{"You should receive it by Friday noon.", "2026-12-04 12:00?"},
    PromiseCase{"We will try to reply by Friday noon.", "2026-12-04 12:00?"},
    PromiseCase{"If it fails again, we will call you by Friday noon.", "2026-12-04 12:00?"},
    PromiseCase{"WE WILL REPLY BY FRIDAY NOON.", "2026-12-04 12:00"},
    PromiseCase{"We will call you by 9 pm tonight.", "2026-12-02 21:00"},
    PromiseCase{"We will have it sent tomorrow.", "2026-12-04 00:00?"},
    PromiseCase{"We will reply by\nFriday noon.", "2026-12-04 12:00"},
    PromiseCase{"We will reply by Thursday noon and refund you by Friday noon.", "2026-12-03 12:00; 2026-12-04 12:00"},
    PromiseCase{"We will reply by Friday noon. Again: we will reply by Friday noon.", "2026-12-04 12:00"},
};
constexpr std::array english_without{
    PromiseCase{"You wrote on Friday that it failed.", ""},
    PromiseCase{"We received your mail on Friday.", ""},
    PromiseCase{"Within 24 hours of the payment you could have cancelled it.", ""},
    PromiseCase{"We will reply within 24 hours of receiving your documents.", ""},
    PromiseCase{"We will reply within 24 hours after you confirm.", ""},
    PromiseCase{"Once we have your documents, we will reply within 24 hours.", ""},
    PromiseCase{"If you tell us by Friday, we will stop it.", ""},
    PromiseCase{"Please send us the form by Friday noon.", ""},
    PromiseCase{"You need to confirm this by Friday noon.", ""},
    PromiseCase{"You must pay by 5 December.", ""},
    PromiseCase{"The link will expire within 24 hours.", ""},
    PromiseCase{"You will need to confirm within 24 hours.", ""},
    PromiseCase{"Could you call us by Friday noon?", ""},
    PromiseCase{"Will it arrive by Friday?", ""},
    PromiseCase{"We cannot promise an answer by Friday.", ""},
    PromiseCase{"We will not be able to refund it by Friday.", ""},
    PromiseCase{"We won't have it by Friday noon.", ""},
    PromiseCase{"A refund usually takes effect within 5 working days.", ""},
    PromiseCase{"> We will reply by Friday noon.", ""},
    PromiseCase{"You wrote: \"we will reply by Friday noon\".", ""},
    PromiseCase{"It was to be there by Friday noon.", ""},
    PromiseCase{"You paid twice within 5 minutes.", ""},
    PromiseCase{"We will get back to you soon.", ""},
    PromiseCase{"We will look at Friday's payment.", ""},
    PromiseCase{"We will refund the December 5 payment.", ""},
    PromiseCase{"We will reply by the end of end of end of it.", ""},
    PromiseCase{"We will get back to you in a few days.", ""},
    PromiseCase{"We will look at your payment of 5 December.", ""},
    PromiseCase{"We will be closed from Friday to Sunday.", ""},
    PromiseCase{"We will wait until Friday.", ""},
    PromiseCase{"We will answer every Friday.", ""},
    PromiseCase{"We will answer by 5 October.", ""},
    PromiseCase{"We will answer by 1 December 2026.", ""},
    PromiseCase{"We will answer by 30 February.", ""},
    PromiseCase{"We will answer by Monday, 30 November 2026.", ""},
    PromiseCase{"Your payment 2026-12-05 will be looked at.", ""},
    PromiseCase{"We will answer within 3 years.", ""},
    PromiseCase{"We will answer within 500 days.", ""},
    PromiseCase{"We will raise it by 20%.", ""},
    PromiseCase{"You will find it under 18:00.", ""},
    PromiseCase{"We will refund USD 24.50 by card.", ""},
    PromiseCase{"", ""},
};
constexpr std::array chinese{
    PromiseCase{"我们会在周五中午前给您答复。", "2026-12-04 12:00"},
    PromiseCase{"周五中午前", "2026-12-04 12:00?"},
    PromiseCase{"我们将于本周五18点前退款。", "2026-12-04 18:00"},
    PromiseCase{"我们会在下周五中午之前回复您。", "2026-12-11 12:00"},
    PromiseCase{"我们会在星期五下午6点前回复您。", "2026-12-04 18:00"},
    PromiseCase{"我们会在明天18点前回复您。", "2026-12-03 18:00"},
    PromiseCase{"我们会在明天 18:00 前回复您。", "2026-12-03 18:00"},
    PromiseCase{"我们会在明日下午三点半前回复您。", "2026-12-03 15:30"},
    PromiseCase{"我们会在明天5点前回复您。", "2026-12-03 17:00?"},
    PromiseCase{"我们会在今天下班前回复您。", "2026-12-02 18:00"},
    PromiseCase{"我们会在下班前回复您。", "2026-12-02 18:00"},
    PromiseCase{"我们会在后天中午12点前回复您。", "2026-12-04 12:00"},
    PromiseCase{"我们会在周五前回复您。", "2026-12-04 00:00?"},
    PromiseCase{"我们会在12月5日前回复您。", "2026-12-05 00:00?"},
    PromiseCase{"我们会在12月5日18点前回复您。", "2026-12-05 18:00"},
    PromiseCase{"我们会在2026年12月7日12:00前回复您。", "2026-12-07 12:00"},
    PromiseCase{"我们会在12月4日（周五）18点前回复您。", "2026-12-04 18:00"},
    PromiseCase{"我们会在12月5日（周五）18点前回复您。", "2026-12-05 18:00?"},
    PromiseCase{"我们会在5号前回复您。", "2026-12-05 00:00?"},
    PromiseCase{"我们会在月底前回复您。", "2027-01-01 00:00"},
    PromiseCase{"我们会在本周内回复您。", "2026-12-05 00:00?"},
    PromiseCase{"我们会在今天之内回复您。", "2026-12-03 00:00"},
    PromiseCase{"我们会在两个工作日内回复您。", "2026-12-04 18:00"},
    PromiseCase{"两个工作日内回复您", "2026-12-04 18:00"},
    PromiseCase{"款项将在3-5个工作日内到账。", "2026-12-10 18:00?"},
    PromiseCase{"款项将在三到五个工作日内到账。", "2026-12-10 18:00?"},
    PromiseCase{"我们会在48小时内完成核查。", "2026-12-04 10:20"},
    PromiseCase{"我们会在 48 小时之内完成核查。", "2026-12-04 10:20"},
    PromiseCase{"我们会在四十八小时内完成核查。", "2026-12-04 10:20"},
    PromiseCase{"我們會在24小時內回覆您。", "2026-12-03 10:20"},
    PromiseCase{"我们会在半小时内联系您。", "2026-12-02 10:50"},
    PromiseCase{"我们会在一周内回复您。", "2026-12-09 10:20"},
    PromiseCase{"我们会在三天内回复您。", "2026-12-05 10:20"},
    PromiseCase{"我们会在5日内回复您。", "2026-12-07 10:20"},
    PromiseCase{"我们会在一个月内回复您。", "2027-01-02 10:20"},
    PromiseCase{"我们最迟周五中午给您答复。", "2026-12-04 12:00"},
    PromiseCase{"我明天下午3点给您打电话。", "2026-12-03 15:00"},
    PromiseCase{"我们会在两天后联系您。", "2026-12-04 10:20"},
    PromiseCase{"我们会在北京时间周五18点前回复您。", "2026-12-04 18:00"},
    PromiseCase{"请放心，我们会在周五中午前给您答复。", "2026-12-04 12:00"},
    PromiseCase{"请耐心等待，48小时内给您回复。", "2026-12-04 10:20"},
    PromiseCase{"退款已提交，48小时内到账。", "2026-12-04 10:20"},
    PromiseCase{"我们争取在周五中午前答复您。", "2026-12-04 12:00?"},
    PromiseCase{"预计48小时内到账。", "2026-12-04 10:20?"},
    PromiseCase{"如果再次失败，我们会在周五中午前联系您。", "2026-12-04 12:00?"},
    PromiseCase{"我们周四中午前联系您，并在周五中午前退款。", "2026-12-03 12:00; 2026-12-04 12:00"},
};
constexpr std::array chinese_without{
    PromiseCase{"您在周五来信说付款失败。", ""},
    PromiseCase{"您周五的来信已收到。", ""},
    PromiseCase{"您三天前付款。", ""},
    PromiseCase{"我们会查三天前的付款。", ""},
    PromiseCase{"付款后24小时内本可取消。", ""},
    PromiseCase{"我们会在收到材料后24小时内回复您。", ""},
    PromiseCase{"我们会查过去24小时内的付款。", ""},
    PromiseCase{"请在周五中午前提供材料。", ""},
    PromiseCase{"您需要在24小时内确认。", ""},
    PromiseCase{"链接24小时内有效。", ""},
    PromiseCase{"能在周五中午前回复吗？", ""},
    PromiseCase{"我们无法在周五前回复您。", ""},
    PromiseCase{"我们不会在周五前关闭它。", ""},
    PromiseCase{"退款通常3个工作日内到账。", ""},
    PromiseCase{"> 我们会在周五中午前给您答复。", ""},
    PromiseCase{"您提到“我们会在周五中午前答复”。", ""},
    PromiseCase{"如果您在周五前告诉我们，我们会停止它。", ""},
    PromiseCase{"我们会尽快回复您。", ""},
    PromiseCase{"我们每周五都会回复。", ""},
    PromiseCase{"我们会查上周五的付款。", ""},
    PromiseCase{"我们从12月5日起会休息。", ""},
    PromiseCase{"我们会在12月5日后回复您。", ""},
    PromiseCase{"周五的付款会退还。", ""},
    PromiseCase{"我们会在1月底前回复您。", ""},
    PromiseCase{"我们会查2026-12-05的付款。", ""},
    PromiseCase{"我们会在3.5小时内回复您。", ""},
};

TEST(Promises, are_found_with_the_moment_that_the_reader_will_understand) {
    const TimeContext context = context_with(&desk_hours());
    const auto check = [&](std::span<const PromiseCase> cases) {
        for (const PromiseCase& c : cases) {
            SCOPED_TRACE(c.text);
            EXPECT_EQ(found_in(c.text, context), c.want);
        }
    };
    check(english);
    check(english_without);
    check(chinese);
    check(chinese_without);
    static_assert(english.size() + english_without.size() + chinese.size() + chinese_without.size() >= 120);
}

TEST(Promises, in_working_time_are_not_sure_where_nobody_said_when_the_desk_works) {
    const TimeContext context = context_with(nullptr);
    EXPECT_EQ(found_in("We will reply within 2 working days.", context), "2026-12-05 00:00?");
    EXPECT_EQ(found_in("We will reply within 4 working days.", context), "2026-12-09 00:00?");
    EXPECT_EQ(found_in("We will reply within 4 working hours.", context), "2026-12-02 14:20?");
    EXPECT_EQ(found_in("We will reply by close of business.", context), "2026-12-03 00:00?");
    EXPECT_EQ(found_in("我们会在下班前回复您。", context), "2026-12-03 00:00?");
}

TEST(Promises, are_reckoned_in_the_zone_of_who_reads_them) {
    const TimeContext berlin{.now = moment_of_rfc3339("2026-10-24T10:00:00+02:00").value(),
                             .zone = customers::ZoneRules::of("Europe/Berlin").value(),
                             .hours = &desk_hours()};
    const auto one = [&](std::string_view text) { return rfc3339(promises_in(text, berlin).at(0).due); };
    EXPECT_EQ(one("We will reply by tomorrow noon."), "2026-10-25T11:00:00Z");    // clocks are set back in that night
    EXPECT_EQ(one("We will reply within 1 day."), "2026-10-25T09:00:00Z");        // the same time of the day
    EXPECT_EQ(one("We will reply within 24 hours."), "2026-10-25T08:00:00Z");     // hours are hours
    EXPECT_EQ(one("We will reply by Monday 9:00 Beijing time."), "2026-10-26T01:00:00Z");
    EXPECT_EQ(one("We will reply by Monday 9:00 our time."), "2026-10-26T01:00:00Z");
    EXPECT_EQ(one("We will reply within one working day."), "2026-10-26T10:00:00Z");  // Shanghai's closing
}

TEST(Promises, of_one_text_are_no_more_than_anybody_keeps) {
    std::string text;
    for (int hours = 1; hours <= 30; ++hours) text += "We will reply within " + std::to_string(hours) + " hours. ";
    EXPECT_EQ(promises_in(text, context_with(nullptr)).size(), promises_max);
    std::string many;
    for (int times = 0; times < 500; ++times) many += "by Friday noon ";
    EXPECT_EQ(time_phrases(many, context_with(nullptr)).size(), phrases_max);
}

TEST(Promises, are_read_in_a_long_text_that_means_harm) {
    for (const std::string_view piece : {"end of ", "by ", "the end of the ", "will ", "(", "下", "二十", "12/", "\" "}) {
        std::string text;
        while (text.size() < 64UL * 1024) text += piece;
        EXPECT_THAT(promises_in(text, context_with(nullptr)), ::testing::IsEmpty()) << piece;
    }
}

// Any octets at all: nothing is read beyond them, and what is found lies within and ahead.
TEST(Promises, stand_any_text) {
    constexpr std::array pieces{"by ",  "within ", "2 ",     "working days", "周五",    "12月",      "5日",  "前", "内",
                                "noon", "18:00",   "friday", "will ",        ", ",      "december ", "\xE5", "下", "点",
                                "：",   "(",       "9",      "the ",         "end of ", "明天",      "\n> ", "\"", "-",
                                "半",   "个",      "next ",  "pm ",          "/"};
    std::mt19937_64 dice{7'2};
    const TimeContext context = context_with(&desk_hours());
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (std::uint64_t n = dice() % 14; n > 0; --n) text += pieces[dice() % pieces.size()];
        std::size_t last = 0;
        for (const TimePhrase& phrase : time_phrases(text, context)) {
            ASSERT_LE(last, phrase.begin) << text;
            ASSERT_LT(phrase.begin, phrase.end) << text;
            ASSERT_LE(phrase.end, text.size()) << text;
            ASSERT_GT(phrase.due, now) << text;
            ASSERT_LE(phrase.due, now + deadline_ahead_max) << text;
            last = phrase.end;
        }
        (void)promises_in(text, context);
    }
}

}  // namespace
}  // namespace okpay::desk
