// SPDX-License-Identifier: Apache-2.0
// The days of a schedule against a naive model that turns a calendar day by day, and the steps of a schedule against what
// its customer was promised.
#include "payments/schedule.hpp"

#include <gtest/gtest.h>

#include <random>

#include "customers/local_time.hpp"

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day day(const char* text) { return day_of_text(text).value(); }

// A calendar turned by hand: no division, no library.
struct Calendar {
    int year, month, day;
    static bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
    [[nodiscard]] int last_day() const {
        constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return month == 2 && leap(year) ? 29 : lengths[static_cast<std::size_t>(month - 1)];
    }
    void turn() {
        if (++day <= last_day()) return;
        day = 1;
        if (++month <= 12) return;
        month = 1;
        ++year;
    }
    [[nodiscard]] std::string text() const {
        char out[16];
        std::snprintf(out, sizeof out, "%04d-%02d-%02d", year, month, day);
        return out;
    }
};

// The days of the first `count` occurrences, found by looking at each day.
std::vector<std::string> walked(year_month_day first, Every every, std::size_t count) {
    Calendar page{static_cast<int>(first.year()), static_cast<int>(static_cast<unsigned>(first.month())),
                  static_cast<int>(static_cast<unsigned>(first.day()))};
    const int wanted = page.day;
    std::vector<std::string> found;
    for (int passed = 0; found.size() < count; ++passed, page.turn()) {
        const bool falls = every == Every::day || (every == Every::week && passed % 7 == 0) ||
                           (every == Every::once && passed == 0) ||
                           (every == Every::month && page.day == std::min(wanted, page.last_day()));
        if (falls) found.push_back(page.text());
    }
    return found;
}

TEST(ScheduleDays, are_those_of_a_calendar_that_is_turned_day_by_day) {
    std::mt19937_64 random{20'261'204};
    for (int round = 0; round < 400; ++round) {
        const year_month_day first =
            sys_days{day("1999-12-25")} + days{static_cast<int>(random() % 40'000)};  // over 2000 and past 2100
        for (const Every every : {Every::day, Every::week, Every::month}) {
            const auto expected = walked(first, every, 40);
            for (std::size_t i = 0; i < expected.size(); ++i) {
                ASSERT_EQ(text_of(day_of_occurrence(first, every, static_cast<std::int64_t>(i + 1))), expected[i])
                    << text_of(first) << " " << name_of(every) << " " << i + 1;
            }
        }
        EXPECT_EQ(day_of_occurrence(first, Every::once, 1), first);
    }
}

TEST(ScheduleDays, the_31st_is_the_last_day_of_shorter_months_and_comes_back) {
    std::vector<std::string> days_found;
    for (std::int64_t i = 1; i <= 5; ++i) {
        days_found.push_back(text_of(day_of_occurrence(day("2027-12-31"), Every::month, i)));
    }
    EXPECT_EQ(days_found, (std::vector<std::string>{"2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"}));
}

TEST(ScheduleDays, only_days_that_exist_are_read) {
    EXPECT_EQ(text_of(day("2028-02-29")), "2028-02-29");
    for (const char* text : {"2027-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "2026-01-1", "2026/01/01", "",
                             "2026-01-011", "-026-01-01", "2026-01-32", "２０２６-01-01"}) {
        EXPECT_FALSE(day_of_text(text)) << text;
    }
}

// Whatever the zone does with its clocks, an occurrence falls on its day there, at its hour wherever the day has it.
TEST(ScheduleMoments, show_the_hour_on_the_customers_clock) {
    std::mt19937_64 random{7};
    for (const char* zone : {"Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia",
                             "America/St_Johns", "Africa/Casablanca", "UTC"}) {
        for (int round = 0; round < 300; ++round) {
            const year_month_day on = sys_days{day("2020-01-01")} + days{static_cast<int>(random() % 5'000)};
            const Moment at = moment_on(zone, on);
            EXPECT_EQ(customers::local_time_text(zone, at), text_of(on) + " 08:00") << zone;
            EXPECT_EQ(local_day(zone, at), on);
        }
    }
    // Summer time began in Berlin on 29 March 2026: a day and 23 hours of the clock are one hour less.
    EXPECT_EQ(moment_on("Europe/Berlin", day("2026-03-29")) - moment_on("Europe/Berlin", day("2026-03-28")), hours{23});
    EXPECT_EQ(moment_on("Europe/Berlin", day("2026-10-25")) - moment_on("Europe/Berlin", day("2026-10-24")), hours{25});
}

TransferSchedule schedule(const char* first_on, Every every, std::int64_t times) {
    TransferSchedule made{.no = 1,
                          .id = ScheduleId::of(Moment{}, Bytes(10, 'x')),
                          .key = {},
                          .payer = customers::CustomerNo{1},
                          .payee = customers::CustomerNo{2},
                          .amount = *money::Money::of_minor(100, money::Currency::cny),
                          .memo = "",
                          .first_on = day(first_on),
                          .every = every,
                          .times = times,
                          .zone = "Asia/Shanghai",
                          .next_at = std::nullopt,
                          .created = {},
                          .updated = {}};
    made.next_at = due_at(made, 1);
    return made;
}

TEST(ScheduleSteps, go_from_day_to_day_and_end_with_the_last_time) {
    TransferSchedule it = schedule("2026-12-04", Every::week, 3);
    for (const char* next : {"2026-12-11 08:00", "2026-12-18 08:00"}) {
        it = after(it, RunOutcome::made, PaymentRefusal::none, *it.next_at + Millis{5'000});
        ASSERT_TRUE(it.next_at);
        EXPECT_EQ(customers::local_time_text(it.zone, *it.next_at), next);
    }
    it = after(it, RunOutcome::made, PaymentRefusal::none, *it.next_at);
    EXPECT_EQ(it.state, ScheduleState::finished);
    EXPECT_EQ(it.behind, 3);
    EXPECT_FALSE(it.next_at);
}

TEST(ScheduleSteps, money_that_is_short_is_tried_on_the_next_two_days_and_then_skipped) {
    TransferSchedule it = schedule("2026-12-04", Every::month, 0);
    Moment at = *it.next_at + hours{10};  // 18:00 there
    for (const auto& [attempt, next] :
         std::initializer_list<std::pair<std::int64_t, const char*>>{{1, "2026-12-05 08:00"}, {2, "2026-12-06 08:00"}}) {
        EXPECT_EQ(outcome_of(PaymentRefusal::insufficient_funds, attempt), RunOutcome::to_be_tried_again);
        it = after(it, RunOutcome::to_be_tried_again, PaymentRefusal::insufficient_funds, at);
        EXPECT_EQ(it.tries, attempt);
        EXPECT_EQ(customers::local_time_text(it.zone, *it.next_at), next);
        at = *it.next_at;
    }
    EXPECT_EQ(outcome_of(PaymentRefusal::insufficient_funds, 3), RunOutcome::skipped);
    it = after(it, RunOutcome::skipped, PaymentRefusal::insufficient_funds, at);
    EXPECT_EQ(it.tries, 0);
    EXPECT_EQ(customers::local_time_text(it.zone, *it.next_at), "2027-01-04 08:00");
}

TEST(ScheduleSteps, what_can_never_be_mended_ends_it) {
    EXPECT_EQ(outcome_of(PaymentRefusal::account_closed, 1), RunOutcome::stopped);
    for (const PaymentRefusal refusal : {PaymentRefusal::payer_locked, PaymentRefusal::payee_frozen,
                                         PaymentRefusal::limit_per_day, PaymentRefusal::payee_limit}) {
        EXPECT_EQ(outcome_of(refusal, 1), RunOutcome::skipped);
    }
    const TransferSchedule it = schedule("2026-12-04", Every::day, 0);
    const TransferSchedule stopped = after(it, RunOutcome::stopped, PaymentRefusal::account_closed, *it.next_at);
    EXPECT_EQ(stopped.state, ScheduleState::stopped);
    EXPECT_EQ(stopped.reason, PaymentRefusal::account_closed);
    EXPECT_FALSE(stopped.next_at);
}

TEST(ScheduleSteps, what_is_due_is_counted_up_to_now_and_no_further) {
    TransferSchedule it = schedule("2026-12-04", Every::day, 5);
    const Moment first = *it.next_at;
    EXPECT_EQ(due_count(it, first - Millis{1}, 99), 0);
    EXPECT_EQ(due_count(it, first, 99), 1);
    EXPECT_EQ(due_count(it, first + days{2}, 99), 3);
    EXPECT_EQ(due_count(it, first + days{20}, 99), 5) << "no more than its times";
    EXPECT_EQ(due_count(it, first + days{20}, 4), 4) << "no further than asked";
    it.behind = 2;
    EXPECT_EQ(due_count(it, first + days{20}, 99), 3);
}

}  // namespace
}  // namespace okpay::payments
