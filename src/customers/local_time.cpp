// SPDX-License-Identifier: Apache-2.0
#include "customers/local_time.hpp"

#include <fmt/format.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace okpay::customers {
namespace {

std::unique_ptr<icu::TimeZone> zone_of(std::string_view name) {
    const auto piece = icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size()));
    return std::unique_ptr<icu::TimeZone>{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(piece))};
}

Millis offset_of(const icu::TimeZone& zone, Moment at) {
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode error = U_ZERO_ERROR;
    zone.getOffset(static_cast<UDate>(ms_of(at)), 0, raw, summer, error);
    if (U_FAILURE(error)) return Millis{0};
    return Millis{raw + summer};
}

// The moment at which clocks in the zone show `wall` (a local time counted as if it were UTC). Where summer time repeats
// an hour, the earlier; where it skips one, the time that clocks would have shown had they not been changed.
Moment moment_of_wall(const icu::TimeZone& zone, Moment wall) {
    const std::chrono::hours around{24};
    const Millis before = offset_of(zone, wall - around);
    const Millis after = offset_of(zone, wall + around);
    const Moment by_before = wall - before;
    const Moment by_after = wall - after;
    const bool before_holds = offset_of(zone, by_before) == before;
    const bool after_holds = offset_of(zone, by_after) == after;
    if (before_holds && after_holds) return std::min(by_before, by_after);
    return after_holds ? by_after : by_before;
}

struct Wall {
    std::chrono::year_month_day day;
    std::chrono::hh_mm_ss<Millis> time;
};
Wall wall_of(std::string_view zone, Moment at) {
    const Moment wall = at + std::chrono::minutes{utc_offset_minutes(zone, at)};
    const auto day = std::chrono::floor<std::chrono::days>(wall);
    return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<Millis>{wall - day}};
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

bool is_zone(std::string_view zone) {
    if (zone.empty() || zone.size() > 64) return false;
    return *zone_of(zone) != icu::TimeZone::getUnknown();
}

int utc_offset_minutes(std::string_view zone, Moment at) {
    return static_cast<int>(std::chrono::floor<std::chrono::minutes>(offset_of(*zone_of(zone), at)).count());
}

std::string local_day_text(std::string_view zone, Moment at) {
    const Wall wall = wall_of(zone, at);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(wall.day.year()), static_cast<unsigned>(wall.day.month()),
                       static_cast<unsigned>(wall.day.day()));
}

std::string local_time_text(std::string_view zone, Moment at) {
    const Wall wall = wall_of(zone, at);
    return fmt::format("{} {:02}:{:02}", local_day_text(zone, at), wall.time.hours().count(), wall.time.minutes().count());
}

std::string local_time_with_zone(std::string_view zone, Moment at) {
    return fmt::format("{} ({})", local_time_text(zone, at), is_zone(zone) ? zone : "UTC");
}

std::optional<LocalSpan> local_span(std::string_view zone, std::string_view text) {
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    const auto rules = zone_of(zone);
    const Moment midnight = std::chrono::sys_days{date};
    if (text.size() == 10) {
        return LocalSpan{.from = moment_of_wall(*rules, midnight),
                         .to = moment_of_wall(*rules, midnight + std::chrono::days{1}),
                         .whole_day = true};
    }
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    if (text.size() != 16 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') return std::nullopt;
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    const Moment from = moment_of_wall(*rules, midnight + std::chrono::hours{*hour} + std::chrono::minutes{*minute});
    return LocalSpan{.from = from, .to = from + std::chrono::minutes{1}, .whole_day = false};
}

}  // namespace okpay::customers
