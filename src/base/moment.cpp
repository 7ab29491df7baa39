// SPDX-License-Identifier: Apache-2.0
#include "base/moment.hpp"

#include <fmt/format.h>

namespace okpay {
namespace {

struct Civil {
    int year;
    unsigned month, day;
    int hour, minute, second, millisecond;
    unsigned weekday;
};

Civil civil_of(Moment moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{moment - day};
    return Civil{static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()),
                 static_cast<int>(time.hours().count()),
                 static_cast<int>(time.minutes().count()),
                 static_cast<int>(time.seconds().count()),
                 static_cast<int>(time.subseconds().count()),
                 std::chrono::weekday{day}.c_encoding()};
}

// Reads `count` digits from the front; -1 where there are none.
int take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string rfc3339(Moment moment) {
    const Civil c = civil_of(moment);
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (c.millisecond != 0) text += fmt::format(".{:03}", c.millisecond);
    return text + "Z";
}

std::optional<Moment> moment_of_rfc3339(std::string_view text) {
    const int year = take_digits(text, 4);
    if (year < 1970 || !take(text, "-")) return std::nullopt;
    const int month = take_digits(text, 2);
    if (month < 1 || !take(text, "-")) return std::nullopt;
    const int day = take_digits(text, 2);
    if (day < 1 || !take(text, "Tt ")) return std::nullopt;
    const int hour = take_digits(text, 2);
    if (hour < 0 || hour > 23 || !take(text, ":")) return std::nullopt;
    const int minute = take_digits(text, 2);
    if (minute < 0 || minute > 59 || !take(text, ":")) return std::nullopt;
    int second = take_digits(text, 2);
    if (second < 0 || second > 60) return std::nullopt;
    if (second == 60) second = 59;  // a leap second is the last second we count
    std::int64_t millisecond = 0;
    if (take(text, ".")) {
        int digits = 0;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            if (digits < 3) millisecond = millisecond * 10 + (text.front() - '0');
            ++digits;
            text.remove_prefix(1);
        }
        if (digits == 0) return std::nullopt;
        for (; digits < 3; ++digits) millisecond *= 10;
    }
    std::chrono::minutes offset{0};
    if (!take(text, "Zz")) {
        if (text.empty()) return std::nullopt;
        const bool west = text.front() == '-';
        if (!take(text, "+-")) return std::nullopt;
        const int offset_hour = take_digits(text, 2);
        if (offset_hour < 0 || offset_hour > 23 || !take(text, ":")) return std::nullopt;
        const int offset_minute = take_digits(text, 2);
        if (offset_minute < 0 || offset_minute > 59) return std::nullopt;
        offset = std::chrono::minutes{offset_hour * 60 + offset_minute};
        if (west) offset = -offset;
    }
    if (!text.empty()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} - offset +
           std::chrono::seconds{second} + Millis{millisecond};
}

std::string rfc5322_date(Moment moment) {
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Civil c = civil_of(moment);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[c.weekday], c.day, months[c.month - 1], c.year,
                       c.hour, c.minute, c.second);
}

}  // namespace okpay
