// SPDX-License-Identifier: Apache-2.0
#include "desk/promise_reckoning.hpp"

#include <algorithm>

namespace okpay::desk {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year_month_day;

bool When::set_in_days(int count) {
    day = today + days{count};
    dated = true;
    return true;
}

bool When::set_date(std::optional<int> year, unsigned month, int day_of_month) {
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > 31) return false;
    const auto in_year = [&](std::chrono::year of) {
        return year_month_day{of, std::chrono::month{month}, std::chrono::day{static_cast<unsigned>(day_of_month)}};
    };
    year_month_day found = in_year(year ? std::chrono::year{*year} : year_month_day{today}.year());
    if (!year && found.ok() && sys_days{found} < today) {
        // "by 5 January" in December is next year's; "by 5 October" in December is a slip.
        found = in_year(found.year() + std::chrono::years{1});
        if (found.ok() && sys_days{found} > today + days{184}) return false;
    }
    if (!found.ok()) return false;
    if (day && *day != sys_days{found}) sure = false;  // "Friday, 5 December" that is no Friday
    day = sys_days{found};
    dated = true;
    today_or_in_a_week = false;
    return true;
}

bool When::set_slashed(int first, int second, std::optional<int> year) {
    if (year && *year < 100) *year += 2000;
    if (first == second) return set_date(year, static_cast<unsigned>(first), second);
    if (first > 12) return set_date(year, static_cast<unsigned>(second), first);
    if (second > 12) return set_date(year, static_cast<unsigned>(first), second);
    When other = *this;
    const bool day_first = set_date(year, static_cast<unsigned>(second), first);
    if (other.set_date(year, static_cast<unsigned>(first), second) && *other.day >= today &&
        (!day_first || *day < today || *other.day < *day)) {
        *this = other;
    }
    sure = false;
    return dated;
}

bool When::set_day_of_month(int day_of_month) {
    if (day_of_month < 1 || day_of_month > 31) return false;
    year_month_day month{today};
    for (int tries = 0; tries < 3; ++tries) {
        const year_month_day found{month.year(), month.month(), std::chrono::day{static_cast<unsigned>(day_of_month)}};
        if (found.ok() && sys_days{found} >= today) {
            day = sys_days{found};
            dated = true;
            sure = sure && tries == 0;  // "by the 5th" on the 29th is likely, not sure
            return true;
        }
        month = year_month_day{month.year(), month.month(), std::chrono::day{1}} + std::chrono::months{1};
    }
    return false;
}

bool When::set_weekday(unsigned named, WeekdayWord word) {
    const std::chrono::weekday now{today}, wanted{named};
    const sys_days monday = today - (now - std::chrono::Monday);
    const days in_week = wanted - std::chrono::Monday;
    switch (word) {
    case WeekdayWord::plain:
        day = today + (wanted - now);
        if (wanted == now) {
            today_or_in_a_week = true;
            sure = false;
        }
        return true;
    case WeekdayWord::next:  // in this week or the next: people differ
        day = today + (wanted == now ? days{7} : wanted - now);
        if (*day < monday + days{7}) sure = false;
        return true;
    case WeekdayWord::this_week: day = monday + in_week; return true;
    case WeekdayWord::next_week: day = monday + days{7} + in_week; return true;
    }
    std::abort();
}

bool When::set_end_of_week(int weeks_ahead) {
    const std::chrono::weekday now{today};
    const sys_days monday = today - (now - std::chrono::Monday) + days{7 * weeks_ahead};
    day = monday + days{4};
    if (*day < today) day = monday + days{6};
    if (!has_time()) minute = end_of_day;
    sure = false;
    dated = true;
    return true;
}

bool When::set_end_of_month() {
    const year_month_day now{today};
    day = sys_days{now.year() / now.month() / std::chrono::last};
    if (!has_time()) minute = end_of_day;
    dated = true;
    return true;
}

bool When::set_minute(int of_day, bool is_sure) {
    minute = of_day;
    sure = sure && is_sure;
    return true;
}

bool When::set_closing() {
    closing = true;
    return true;
}

bool When::set_zone(std::string_view name) {
    zone = customers::ZoneRules::of(name);
    return zone.has_value();
}

void When::set_our_zone() {
    if (hours != nullptr) zone = hours->rules();
    else sure = false;
}

Reckoning::Reckoning(const TimeContext& context)
    : context_{context}, wall_{context.now + context.zone.offset_at(context.now)} {}

When Reckoning::when() const { return {.today = std::chrono::floor<days>(wall_), .hours = context_.hours}; }

std::optional<Due> Reckoning::ahead(Moment at, bool sure) const {
    if (at <= context_.now || at > context_.now + deadline_ahead_max) return std::nullopt;
    return Due{at, sure};
}

std::optional<Due> Reckoning::due(const When& when, bool before) const {
    bool sure = when.sure;
    sys_days day = when.day.value_or(when.today);
    const customers::ZoneRules& zone = when.zone ? *when.zone : context_.zone;
    const auto on = [&](sys_days of) {
        if (when.closing) {
            if (const auto closes = context_.hours != nullptr ? closing_on(*context_.hours, of) : std::nullopt)
                return *closes;
            sure = false;
            return zone.moment_of_wall(Moment{of} + days{1});
        }
        return zone.moment_of_wall(Moment{of} + minutes{when.minute.value_or(before ? 0 : end_of_day)});
    };
    Moment at = on(day);
    if (at <= context_.now && when.today_or_in_a_week) at = on(day += days{7});
    if (at <= context_.now && !when.day) {  // "by 9:00", said at noon
        at = on(day += days{1});
        sure = false;
    }
    return ahead(at, sure);
}

std::optional<Due> Reckoning::in_minutes(int count) const { return ahead(context_.now + minutes{count}, true); }

std::optional<Due> Reckoning::in_days(int count) const {
    return ahead(context_.zone.moment_of_wall(wall_ + days{count}), true);
}

std::optional<Due> Reckoning::in_months(int count) const {
    if (count > 12) return std::nullopt;
    const auto today = std::chrono::floor<days>(wall_);
    year_month_day then = year_month_day{today} + std::chrono::months{count};
    if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
    return ahead(context_.zone.moment_of_wall(Moment{sys_days{then}} + (wall_ - today)), true);
}

std::optional<Due> Reckoning::in_working_hours(int count) const {
    if (context_.hours == nullptr) return ahead(context_.now + std::chrono::hours{count}, false);
    const auto at = after_working_time(*context_.hours, context_.now, std::chrono::hours{count});
    return at ? ahead(*at, true) : std::nullopt;
}

std::optional<Due> Reckoning::in_working_days(int count) const {
    if (context_.hours == nullptr) {  // Monday to Friday, to the end of the day: likely, and no more
        if (count < 1 || count > deadline_ahead_max.count()) return std::nullopt;
        auto day = std::chrono::floor<days>(wall_);
        while (count > 0) {
            day += days{1};
            if (std::chrono::weekday{day}.iso_encoding() <= 5) --count;
        }
        return ahead(context_.zone.moment_of_wall(Moment{day} + days{1}), false);
    }
    const auto at = after_working_days(*context_.hours, context_.now, count);
    return at ? ahead(*at, true) : std::nullopt;
}

}  // namespace okpay::desk
