// SPDX-License-Identifier: Apache-2.0
// The desk's calendar against a model that looks at each minute, on days when clocks are changed above all; its written
// form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "desk/working_hours.hpp"

namespace okpay::desk {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::weekday;

std::uint64_t test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

WorkingHours hours_of(std::string_view text) {
    auto hours = WorkingHours::parse(text);
    EXPECT_TRUE(hours) << (hours ? "" : hours.error());
    return *std::move(hours);
}
Moment at(std::string_view text) { return moment_of_rfc3339(text).value(); }
std::string text_of(std::optional<Moment> moment) { return moment ? rfc3339(*moment) : "none"; }

// --- The model ----------------------------------------------------------------------------------------------------------
struct Model {
    CalendarPlan plan;
    customers::ZoneRules rules;

    [[nodiscard]] sys_days date(Moment moment) const { return std::chrono::floor<days>(moment + rules.offset_at(moment)); }
    [[nodiscard]] bool open(Moment moment) const {
        const sys_days day = date(moment);
        unsigned like = weekday{day}.c_encoding();
        if (plan.work_days.contains(day)) like = plan.work_days.at(day).c_encoding();
        else if (plan.holidays.contains(day)) return false;
        const auto minute = std::chrono::floor<minutes>(moment + rules.offset_at(moment) - day).count();
        for (const OpenSpan span : plan.week[like]) {
            if (span.from <= minute && minute < span.to) return true;
        }
        return false;
    }
};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_{seed} {}
    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
    bool one_in(int n) { return below(n) == 0; }

private:
    std::mt19937_64 random_;
};

std::vector<OpenSpan> random_spans(Dice& dice) {
    if (dice.one_in(8)) return {{0, 1440}};
    std::set<int> edges;
    const auto wanted = static_cast<std::size_t>(2 * (1 + dice.below(3)));
    // Near the hours at which clocks are changed, and on odd minutes.
    while (edges.size() < wanted) edges.insert(dice.one_in(2) ? dice.below(300) : dice.below(1441));
    std::vector<OpenSpan> spans;
    for (auto edge = edges.begin(); edge != edges.end();) {
        const int from = *edge++;
        spans.push_back({from, *edge++});
    }
    std::ranges::shuffle(spans, std::mt19937_64{static_cast<std::uint64_t>(dice.below(1000))});
    return spans;
}

constexpr std::array zones{
    "Asia/Shanghai",  "Europe/Berlin",     "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
    "Asia/Kathmandu", "Africa/Casablanca", "America/Havana",   "Pacific/Kwajalein",   "UTC"};

// A start that is often shortly before clocks are changed.
Moment random_start(Dice& dice, const customers::ZoneRules& rules) {
    const Moment anywhere = moment_of_ms(0) + days{365 * 18 + dice.below(365 * 40)} + minutes{dice.below(1440)};
    const auto change = rules.next_change(anywhere);
    if (!change || dice.one_in(3)) return anywhere;
    return std::chrono::floor<minutes>(*change) - minutes{dice.below(2 * 1440)};
}

Model random_model(Dice& dice, std::string_view zone, Moment start, const customers::ZoneRules& rules) {
    Model model{.plan = {.zone = std::string{zone}, .week = {}, .holidays = {}, .work_days = {}}, .rules = rules};
    for (auto& spans : model.plan.week) {
        if (!dice.one_in(3)) spans = random_spans(dice);
    }
    if (std::ranges::all_of(model.plan.week, &std::vector<OpenSpan>::empty)) model.plan.week[2] = {{540, 1080}};
    const sys_days first = model.date(start);
    for (int day = -1; day < 6; ++day) {
        const sys_days date = first + days{day};
        const weekday like{static_cast<unsigned>(dice.below(7))};
        if (dice.one_in(4)) model.plan.holidays.insert(date);
        else if (dice.one_in(5) && !model.plan.week[like.c_encoding()].empty()) model.plan.work_days.emplace(date, like);
    }
    return model;
}

TEST(WorkingHours, agree_with_a_model_that_looks_at_each_minute) {
    const auto seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    Dice dice{seed};
    constexpr int length = 5 * 1440;
    std::vector<customers::ZoneRules> rules;
    for (const char* zone : zones) rules.push_back(customers::ZoneRules::of(zone).value());
    for (int round = 0; round < 2'000; ++round) {
        const auto which = static_cast<std::size_t>(dice.below(static_cast<int>(zones.size())));
        const Moment start = random_start(dice, rules[which]);
        const Model model = random_model(dice, zones[which], start, rules[which]);
        const auto made = WorkingHours::of(model.plan);
        ASSERT_TRUE(made) << made.error();
        const WorkingHours& hours = *made;
        SCOPED_TRACE(std::string{zones[which]} + " from " + rfc3339(start) + ", round " + std::to_string(round));

        const Millis wanted = minutes{1 + dice.below(1500)};
        const int wanted_days = 1 + dice.below(2);
        const Moment ask = start + minutes{dice.below(length)};
        std::optional<Moment> opening, reached, closing, last_open;
        Millis worked{0}, until_ask{0};
        int dates = 0;
        sys_days counted = model.date(start);
        for (int minute = 0; minute < length; ++minute) {
            const Moment now = start + minutes{minute};
            if (!model.open(now)) continue;
            if (!opening) opening = now;
            worked += 1min;
            if (worked == wanted) reached = now + 1min;
            if (now < ask) until_ask += 1min;
            if (model.date(now) > counted) {
                if (dates == wanted_days && !closing) closing = last_open;
                counted = model.date(now);
                ++dates;
            }
            last_open = now + 1min;
        }
        ASSERT_EQ(open_at(hours, ask), model.open(ask)) << rfc3339(ask);
        ASSERT_EQ(open_at(hours, ask + 59s), model.open(ask)) << rfc3339(ask);
        ASSERT_EQ(working_time_between(hours, start, ask), until_ask) << rfc3339(ask);
        ASSERT_EQ(working_time_between(hours, start, start + minutes{length}), worked);
        if (opening) { ASSERT_EQ(next_opening(hours, start), *opening); }
        if (reached) { ASSERT_EQ(text_of(after_working_time(hours, start, wanted)), text_of(reached)); }
        if (closing) { ASSERT_EQ(text_of(after_working_days(hours, start, wanted_days)), text_of(closing)); }
        // What the model is too short to see still holds by itself.
        const auto due = after_working_time(hours, start, wanted);
        ASSERT_TRUE(due);
        ASSERT_EQ(working_time_between(hours, start, *due), wanted);
        ASSERT_TRUE(open_at(hours, next_opening(hours, start)));
    }
}

// --- Named days ---------------------------------------------------------------------------------------------------------
constexpr std::string_view shanghai = R"(# the desk in Shanghai
zone = Asia/Shanghai
monday-friday = 09:00-12:00, 13:30-18:00
holiday = 2026-10-01..2026-10-07   # National Day
work = 2026-10-10 as thursday, a comment is no part of it
)";

TEST(WorkingHours, a_working_day_in_exchange_is_worked_and_a_holiday_is_not) {
    const WorkingHours hours = hours_of(R"(zone = Asia/Shanghai
monday-friday = 09:00-12:00, 13:30-18:00
holiday = 2026-10-01..2026-10-07
work = 2026-10-10 as thursday
)");
    EXPECT_TRUE(open_at(hours, at("2026-09-30T17:59:59+08:00")));
    EXPECT_FALSE(open_at(hours, at("2026-09-30T18:00:00+08:00")));
    EXPECT_FALSE(open_at(hours, at("2026-09-30T12:30:00+08:00")));
    EXPECT_FALSE(open_at(hours, at("2026-10-01T10:00:00+08:00")));
    EXPECT_TRUE(open_at(hours, at("2026-10-10T10:00:00+08:00")));   // a Saturday
    EXPECT_FALSE(open_at(hours, at("2026-10-11T10:00:00+08:00")));
    EXPECT_EQ(next_opening(hours, at("2026-09-30T18:00:00+08:00")), at("2026-10-08T09:00:00+08:00"));
    EXPECT_EQ(after_working_days(hours, at("2026-09-30T10:00:00+08:00"), 2), at("2026-10-09T18:00:00+08:00"));
    EXPECT_EQ(after_working_days(hours, at("2026-10-09T10:00:00+08:00"), 1), at("2026-10-10T18:00:00+08:00"));
    EXPECT_EQ(after_working_days(hours, at("2026-10-09T10:00:00+08:00"), 2), at("2026-10-12T18:00:00+08:00"));
    EXPECT_EQ(after_working_time(hours, at("2026-09-30T17:00:00+08:00"), 2h), at("2026-10-08T10:00:00+08:00"));
    EXPECT_EQ(after_working_time(hours, at("2026-09-30T17:00:00+08:00"), 1h), at("2026-09-30T18:00:00+08:00"));
    EXPECT_EQ(closing_on(hours, sys_days{std::chrono::October / 10 / 2026}), at("2026-10-10T18:00:00+08:00"));
    EXPECT_EQ(closing_on(hours, sys_days{std::chrono::October / 11 / 2026}), std::nullopt);
}

TEST(WorkingHours, an_hour_that_is_skipped_is_not_worked_and_one_that_is_repeated_is_worked_twice) {
    const WorkingHours berlin = hours_of("zone = Europe/Berlin\nsunday = 01:00-04:00\n");
    EXPECT_EQ(working_time_between(berlin, at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")), 2h);
    EXPECT_EQ(working_time_between(berlin, at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")), 4h);
    const WorkingHours new_york = hours_of("zone = America/New_York\nsunday = 02:15-02:45\n");
    EXPECT_EQ(next_opening(new_york, at("2026-03-07T12:00:00Z")), at("2026-03-15T06:15:00Z"));  // not on the 8th at all
    const WorkingHours lord_howe = hours_of("zone = Australia/Lord_Howe\nsunday = 01:00-03:00\n");
    EXPECT_EQ(working_time_between(lord_howe, at("2026-04-04T00:00:00Z"), at("2026-04-05T12:00:00Z")), 2h + 30min);
    EXPECT_EQ(working_time_between(lord_howe, at("2026-10-03T00:00:00Z"), at("2026-10-04T12:00:00Z")), 1h + 30min);
    const WorkingHours apia = hours_of("zone = Pacific/Apia\nfriday = 09:00-17:00\nsaturday = 09:00-12:00\n");
    EXPECT_EQ(next_opening(apia, at("2011-12-30T08:00:00Z")), at("2011-12-30T19:00:00Z"));  // Friday the 30th never was
}

TEST(WorkingHours, nothing_is_looked_for_without_end) {
    std::string text = "zone = UTC\nmonday = 09:00-09:01\n";
    sys_days day = std::chrono::January / 5 / 2026;  // a Monday
    for (std::size_t n = 0; n < calendar_dates_max; ++n, day += days{7}) {
        const std::chrono::year_month_day date{day};
        text += "holiday = " + rfc3339(Moment{sys_days{date}}).substr(0, 10) + "\n";
    }
    const WorkingHours hours = hours_of(text);
    EXPECT_EQ(next_opening(hours, at("2026-01-05T00:00:00Z")), Moment{day} + 9h);
    EXPECT_EQ(after_working_time(hours, at("2026-01-05T00:00:00Z"), 1min), Moment{day} + 9h + 1min);
    EXPECT_EQ(after_working_time(hours, at("2026-01-05T00:00:00Z"), 24h), std::nullopt);
    EXPECT_EQ(after_working_days(hours, at("2026-01-05T00:00:00Z"), 1'000), std::nullopt);
    EXPECT_EQ(after_working_days(hours, at("2026-01-05T00:00:00Z"), 0), std::nullopt);
    EXPECT_EQ(after_working_time(hours, at("2026-01-05T00:00:00Z"), 0ms), at("2026-01-05T00:00:00Z"));
    EXPECT_EQ(working_time_between(hours, at("2040-01-05T00:00:00Z"), at("2030-01-05T00:00:00Z")), 0ms);
    EXPECT_EQ(WorkingHours::parse(text + "holiday = 2041-01-01\n").error(),
              "line 403: more than 400 days of holiday; leave out those of the past");
    const WorkingHours always = hours_of("zone = UTC\nmonday-sunday = 00:00-24:00\n");
    EXPECT_EQ(working_time_between(always, at("2026-01-01T00:00:00Z"), at("2076-01-01T00:00:00Z")), Millis{look_ahead});
}

// --- The written form ---------------------------------------------------------------------------------------------------
struct RefusedCalendar {
    std::string_view name, text, error;
};
constexpr std::array refused{
    RefusedCalendar{"comment behind work", shanghai,
                    "line 5: \"2026-10-10 as thursday, a comment is no part of it\" is not such as 2026-10-10 as thursday"},
    RefusedCalendar{"nothing", "", "zone: missing, such as zone = Asia/Shanghai"},
    RefusedCalendar{"no zone", "monday = 09:00-17:00", "zone: missing, such as zone = Asia/Shanghai"},
    RefusedCalendar{"unknown zone", "zone = Mars/Olympus", "line 1: \"Mars/Olympus\" is not an IANA time zone"},
    RefusedCalendar{"zone twice", "zone = UTC\nzone = UTC", "line 2: the zone is given already"},
    RefusedCalendar{"never open", "zone = UTC\nmonday = closed",
                    "no weekday has hours: a desk that never opens answers nobody"},
    RefusedCalendar{"past midnight", "zone = UTC\n\nmonday = 22:00-06:00",
                    "line 3: 22:00-06:00 runs past midnight; write 22:00-24:00 and, on the next day, 00:00-06:00"},
    RefusedCalendar{"no length", "zone = UTC\nmonday = 09:00-09:00", "line 2: 09:00-09:00 is no time at all"},
    RefusedCalendar{"overlap", "zone = UTC\nmonday = 13:00-17:00, 09:00-13:30", "line 2: two spans overlap at 13:00"},
    RefusedCalendar{"many",
                    "zone = UTC\nmonday = 0:00-0:01,1:00-1:01,2:00-2:01,3:00-3:01,4:00-4:01,5:00-5:01,6:00-6:01,"
                    "7:00-7:01,8:00-8:01",
                    "line 2: more than 8 spans a day"},
    RefusedCalendar{"no span", "zone = UTC\nmonday = 09:00", "line 2: \"09:00\" is not a span such as 09:00-12:00"},
    RefusedCalendar{"minute 60", "zone = UTC\nmonday = 09:60-10:00",
                    "line 2: \"09:60-10:00\" is not a span such as 09:00-12:00"},
    RefusedCalendar{"hour 24:30", "zone = UTC\nmonday = 09:00-24:30",
                    "line 2: \"09:00-24:30\" is not a span such as 09:00-12:00"},
    RefusedCalendar{"weekday twice", "zone = UTC\nmonday-friday = 09:00-17:00\nfriday = 09:00-12:00",
                    "line 3: friday has its hours already"},
    RefusedCalendar{"no entry", "zone = UTC\nmonday 09:00-17:00", "line 2: an entry is \"name = value\""},
    RefusedCalendar{"unknown entry", "zone = UTC\nmoonday = 09:00-17:00",
                    "line 2: \"moonday\" is none of zone, holiday, work, a weekday, or two such as monday-friday"},
    RefusedCalendar{"no date", "zone = UTC\nholiday = 2026-02-30",
                    "line 2: \"2026-02-30\" is not a date such as 2026-10-01, nor 2026-10-01..2026-10-07"},
    RefusedCalendar{"backwards", "zone = UTC\nholiday = 2026-10-07..2026-10-01",
                    "line 2: \"2026-10-07..2026-10-01\" ends before it begins"},
    RefusedCalendar{"holiday twice", "zone = UTC\nholiday = 2026-10-01..2026-10-07\nholiday = 2026-10-07",
                    "line 3: 2026-10-07 is a holiday already"},
    RefusedCalendar{"work twice",
                    "zone = UTC\nmonday = 9:00-17:00\nwork = 2026-10-10 as monday\nwork = 2026-10-10 as monday",
                    "line 4: 2026-10-10 is a day of work already"},
    RefusedCalendar{"work like a closed day", "zone = UTC\nmonday = 9:00-17:00\nwork = 2026-10-10 as sunday",
                    "work: 2026-10-10 is worked as a weekday that has no hours"},
    RefusedCalendar{"work on a holiday",
                    "zone = UTC\nmonday = 9:00-17:00\nholiday = 2026-10-10\nwork = 2026-10-10 as monday",
                    "work: 2026-10-10 is a holiday as well"},
};

TEST(WorkingHours, what_is_wrong_with_a_calendar_is_named) {
    for (const RefusedCalendar& c : refused) {
        SCOPED_TRACE(c.name);
        const auto hours = WorkingHours::parse(c.text);
        ASSERT_FALSE(hours);
        EXPECT_EQ(hours.error(), c.error);
    }
    EXPECT_EQ(WorkingHours::parse(std::string(calendar_octets_max + 1, ' ')).error(), "the calendar is longer than 64 KiB");
}

TEST(WorkingHours, weekdays_may_run_over_the_weekend_and_spans_stand_in_any_order) {
    const WorkingHours hours = hours_of("zone = UTC\nSaturday-Monday = 13:00-17:00, 9:00-12:00\n");
    const std::vector<OpenSpan> want{{540, 720}, {780, 1020}};
    const sys_days sunday = std::chrono::November / 29 / 2026;
    for (const int day : {-1, 0, 1}) EXPECT_EQ(hours.spans_on(sunday + days{day}), want);
    EXPECT_TRUE(hours.spans_on(sunday + days{2}).empty());
}

}  // namespace
}  // namespace okpay::desk
