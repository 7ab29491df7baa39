// SPDX-License-Identifier: Apache-2.0
// What the words of a deadline amount to. Inner part of promise_times.hpp.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "desk/promise_cursor.hpp"
#include "desk/promise_times.hpp"

namespace okpay::desk {

inline constexpr int end_of_day = 24 * 60;

struct Due {
    Moment at;
    bool sure;
};

enum class WeekdayWord : std::uint8_t { plain, this_week, next, next_week };  // "Friday", 本周五, "next Friday", 下周五

// A day and a time of it, as they are read. Each set…() answers whether that is a day or a time at all.
struct When {
    std::chrono::sys_days today;
    const WorkingHours* hours = nullptr;
    std::optional<std::chrono::sys_days> day;
    std::optional<int> minute;
    std::optional<customers::ZoneRules> zone;  // named in the text; otherwise the reader's
    bool closing = false;                      // when the desk closes on that day
    bool dated = false;                        // by a date, not by its weekday alone
    bool limit = false;                        // "by" or "before" between the two: "tomorrow by 18:00"
    bool today_or_in_a_week = false;           // "by Friday" said on a Friday
    bool sure = true;

    [[nodiscard]] bool has_day() const { return day.has_value(); }
    [[nodiscard]] bool has_time() const { return minute.has_value() || closing; }
    bool set_in_days(int count);
    bool set_date(std::optional<int> year, unsigned month, int day_of_month);  // without a year the nearest ahead
    bool set_slashed(int first, int second, std::optional<int> year);          // 5/12: the earlier of what it may be
    bool set_day_of_month(int day_of_month);
    bool set_weekday(unsigned named, WeekdayWord word);  // 0 is Sunday
    bool set_end_of_week(int weeks_ahead);
    bool set_end_of_month();
    bool set_minute(int of_day, bool is_sure);
    bool set_closing();
    bool set_zone(std::string_view name);
    void set_our_zone();
};

class Reckoning {
public:
    explicit Reckoning(const TimeContext& context);
    [[nodiscard]] When when() const;
    // Nothing where it is past or too far ahead. `before`: without a time, the day's beginning.
    [[nodiscard]] std::optional<Due> due(const When& when, bool before) const;
    [[nodiscard]] std::optional<Due> in_minutes(int count) const;
    [[nodiscard]] std::optional<Due> in_working_hours(int count) const;
    [[nodiscard]] std::optional<Due> in_days(int count) const;  // at the same time of the day
    [[nodiscard]] std::optional<Due> in_working_days(int count) const;
    [[nodiscard]] std::optional<Due> in_months(int count) const;

private:
    [[nodiscard]] std::optional<Due> ahead(Moment at, bool sure) const;
    const TimeContext& context_;
    Moment wall_;  // local time as if it were UTC
};

std::optional<TimePhrase> chinese_phrase(Cursor& in, const Reckoning& reckoning);

}  // namespace okpay::desk
