// SPDX-License-Identifier: Apache-2.0
#include "desk/promise_times.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "desk/promise_cursor.hpp"
#include "desk/promise_reckoning.hpp"

namespace okpay::desk {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 14> weekdays{"sunday", "monday",   "tuesday", "wednesday", "thursday",
                                                    "friday", "saturday", "sun",     "mon",       "tue",
                                                    "wed",    "thu",      "fri",     "sat"};
constexpr std::array<std::string_view, 24> months{"january", "february", "march",     "april",   "may",      "june",
                                                  "july",    "august",   "september", "october", "november", "december",
                                                  "jan",     "feb",      "mar",       "apr",     "may",      "jun",
                                                  "jul",     "aug",      "sep",       "oct",     "nov",      "dec"};
constexpr std::array<std::string_view, 13> small_numbers{"a",     "one",   "two",  "three", "four",   "five",  "six",
                                                         "seven", "eight", "nine", "ten",   "eleven", "twelve"};

std::optional<int> count(Cursor& in) {
    if (in.words("an") || in.words("the")) return 1;
    if (const auto word = in.which(small_numbers)) return std::max(1, static_cast<int>(*word));
    return in.number(4);
}

bool ordinal(Cursor& in) {  // behind a number: "5th"
    for (const std::string_view end : {"st", "nd", "rd", "th"}) {
        Cursor ahead = in;
        if (ahead.literal(end) && !ahead.inside_word(ahead.at)) {
            in = ahead;
            return true;
        }
    }
    return false;
}

std::optional<unsigned> month(Cursor& in) {
    const auto found = in.which(months);
    if (!found) return std::nullopt;
    (void)in.literal(".");
    return static_cast<unsigned>(*found % 12) + 1;
}

std::optional<int> year(Cursor& in) {
    Cursor ahead = in;
    (void)ahead.literal(",");
    const auto found = ahead.number(4);
    if (!found || *found < 2000 || *found > 2199) return std::nullopt;
    in = ahead;
    return found;
}

// "5 December 2026", "5th of December", "December 5", "2026-12-05", "25/12"
bool date(Cursor& in, When& when) {
    Cursor ahead = in;
    if (const auto named = month(ahead)) {
        const auto day = ahead.number(2);
        if (!day) return false;
        (void)ordinal(ahead);
        const auto of = year(ahead);
        if (!when.set_date(of, *named, *day)) return false;
        in = ahead;
        return true;
    }
    const bool the = ahead.words("the");
    const auto first = ahead.number(4);
    if (!first) return false;
    const bool is_ordinal = ordinal(ahead);
    Cursor behind = ahead;
    (void)behind.words("of");
    if (const auto named = month(behind)) {
        const auto of = year(behind);
        if (!when.set_date(of, *named, *first)) return false;
        in = behind;
        return true;
    }
    if (the && is_ordinal && when.set_day_of_month(*first)) {
        in = ahead;
        return true;
    }
    const bool iso = ahead.literal("-");
    if (!iso && !ahead.literal("/")) return false;
    const auto second = ahead.number(2);
    if (!second) return false;
    std::optional<int> third;
    if (ahead.literal(iso ? "-" : "/")) third = ahead.number(4);
    if (iso) {
        if (*first < 2000 || !third || !when.set_date(first, static_cast<unsigned>(*second), *third)) return false;
    } else if (!when.set_slashed(*first, *second, third)) {
        return false;
    }
    in = ahead;
    return true;
}

bool named_day(Cursor& in, When& when) {
    if (in.words("the day after tomorrow")) return when.set_in_days(2);
    if (in.words("tomorrow")) return when.set_in_days(1);
    if (in.words("today")) return when.set_in_days(0);
    if (in.words("tonight")) return when.set_in_days(0) && (when.has_time() || when.set_minute(end_of_day, false));
    if (in.words("this week")) return when.set_end_of_week(0);
    if (in.words("next week")) return when.set_end_of_week(1);
    Cursor ahead = in;
    const bool next = ahead.words("next") || ahead.words("the following");
    const bool coming = !next && (ahead.words("this coming") || ahead.words("this") || ahead.words("coming"));
    if (const auto named = ahead.which(weekdays)) {
        if (!next && !coming && *named >= 7) (void)ahead.literal(".");
        in = ahead;
        return when.set_weekday(static_cast<unsigned>(*named % 7), next ? WeekdayWord::next : WeekdayWord::plain);
    }
    return date(in, when);
}

bool day(Cursor& in, When& when) {
    Cursor ahead = in;
    (void)ahead.words("the");
    if (!ahead.words("end of")) return named_day(in, when);
    const bool this_one = ahead.words("the") || ahead.words("this");
    if (ahead.words("week")) (void)when.set_end_of_week(0);
    else if (!this_one && ahead.words("next week")) (void)when.set_end_of_week(1);
    else if (ahead.words("month")) (void)when.set_end_of_month();
    else if (!named_day(ahead, when)) return false;
    else if (!when.has_time()) (void)when.set_minute(end_of_day, true);
    in = ahead;
    return true;
}

constexpr std::array day_ends{std::string_view{"the end of the business day"},
                              std::string_view{"the end of the working day"},
                              std::string_view{"end of the business day"},
                              std::string_view{"end of the working day"},
                              std::string_view{"the end of business"},
                              std::string_view{"end of business"},
                              std::string_view{"the close of business"},
                              std::string_view{"close of business"},
                              std::string_view{"close of play"},
                              std::string_view{"cob"}};

bool time(Cursor& in, When& when, bool bare_hour) {
    if (in.words("noon") || in.words("midday") || in.words("12 noon")) return when.set_minute(12 * 60, true);
    if (in.words("midnight")) return when.set_minute(end_of_day, false);
    if (in.any(day_ends)) return when.set_closing();
    if (in.words("the end of the day") || in.words("end of the day") || in.words("end of day") ||
        in.words("the end of day") || in.words("eod")) {
        return when.set_minute(end_of_day, true);
    }
    if (in.words("in the morning") || in.words("this morning") || in.words("morning"))
        return when.set_minute(12 * 60, false);
    if (in.words("in the afternoon") || in.words("this afternoon") || in.words("afternoon"))
        return when.set_minute(18 * 60, false);
    if (in.words("in the evening") || in.words("this evening") || in.words("evening") || in.words("night"))
        return when.set_minute(end_of_day, false);
    Cursor ahead = in;
    const auto hour = ahead.number(2);
    if (!hour || *hour > 24) return false;
    std::optional<int> minute;
    if (Cursor colon = ahead; colon.literal(":")) {
        minute = colon.number(2);
        if (!minute || *minute > 59) return false;
        ahead = colon;
    }
    if (const bool am = ahead.words("am") || ahead.words("a.m"); am || ahead.words("pm") || ahead.words("p.m")) {
        if (*hour < 1 || *hour > 12) return false;
        (void)ahead.literal(".");
        in = ahead;
        return when.set_minute((*hour % 12 + (am ? 0 : 12)) * 60 + minute.value_or(0), true);
    }
    if (minute) {
        if (*hour == 24 && *minute != 0) return false;
        in = ahead;
        return when.set_minute(*hour * 60 + *minute, true);
    }
    const bool oclock = ahead.words("o'clock") || ahead.words("o’clock") || ahead.words("h");
    if (!oclock && (!bare_hour || ahead.rest().starts_with("%"))) return false;
    in = ahead;
    return when.set_minute((*hour >= 1 && *hour <= 7 ? *hour + 12 : *hour) * 60, *hour > 12);  // "at 5": in the afternoon
}

void spoken_zone(Cursor& in, When& when) {
    if (in.words("utc") || in.words("gmt")) (void)when.set_zone("Etc/UTC");
    else if (in.words("beijing time") || in.words("china time")) (void)when.set_zone("Asia/Shanghai");
    else if (in.words("our time")) when.set_our_zone();
    else if (in.words("your time") || in.words("your local time")) return;
    else if (in.words("cet") || in.words("cest") || in.words("est") || in.words("edt") || in.words("pst") ||
             in.words("pdt") || in.words("cst") || in.words("bst") || in.words("et") || in.words("pt") ||
             in.words("local time"))
        when.sure = false;
}

// A day, a time of day, or both in any order, and the words between them.
bool day_and_time(Cursor& in, When& when, bool time_alone) {
    Cursor ahead = in;
    for (bool goes_on = true; goes_on;) {
        Cursor before = ahead;
        bool at = false;
        if (when.has_day() || when.has_time()) {
            (void)ahead.literal(",");
            at = ahead.words("at");
            const bool limit = !at && (ahead.words("by") || ahead.words("before"));
            (void)(at || limit || ahead.words("on"));
            if (Cursor peek = ahead; limit) {
                When aside = when;
                when.limit = time(peek, aside, false) || day(peek, aside);
            }
        }
        goes_on = (!when.has_time() && time(ahead, when, at)) || (!when.has_day() && day(ahead, when)) ||
                  (when.has_day() && !when.dated && date(ahead, when));
        if (!goes_on) ahead = before;
        else if (when.has_time()) spoken_zone(ahead, when);
    }
    if (!when.has_day() && !(time_alone && when.has_time())) return false;
    in = ahead;
    return true;
}

enum class Unit : std::uint8_t { minutes, hours, working_hours, days, working_days, weeks, months };
std::optional<Unit> unit(Cursor& in) {
    if (in.words("business days") || in.words("working days") || in.words("business day") || in.words("working day") ||
        in.words("workdays") || in.words("workday"))
        return Unit::working_days;
    if (in.words("business hours") || in.words("working hours") || in.words("business hour") || in.words("working hour"))
        return Unit::working_hours;
    (void)in.words("calendar");
    if (in.words("hours") || in.words("hour") || in.words("hrs") || in.words("hr") || in.words("h")) return Unit::hours;
    if (in.words("minutes") || in.words("minute") || in.words("mins") || in.words("min")) return Unit::minutes;
    if (in.words("days") || in.words("day")) return Unit::days;
    if (in.words("weeks") || in.words("week")) return Unit::weeks;
    if (in.words("months") || in.words("month")) return Unit::months;
    return std::nullopt;
}

std::optional<Due> after(const Reckoning& reckoning, int number, Unit of) {
    switch (of) {
    case Unit::minutes: return reckoning.in_minutes(number);
    case Unit::hours: return reckoning.in_minutes(number * 60);
    case Unit::working_hours: return reckoning.in_working_hours(number);
    case Unit::days: return reckoning.in_days(number);
    case Unit::working_days: return reckoning.in_working_days(number);
    case Unit::weeks: return reckoning.in_days(number * 7);
    case Unit::months: return reckoning.in_months(number);
    }
    std::abort();
}

// What a span of time may run from, that is now; anything else after it makes it none of ours.
constexpr std::array from_now{std::string_view{"from now"},        std::string_view{"from today"},
                              std::string_view{"of today"},        std::string_view{"of this message"},
                              std::string_view{"of this mail"},    std::string_view{"of this e-mail"},
                              std::string_view{"of this email"},   std::string_view{"from this message"},
                              std::string_view{"from this email"}, std::string_view{"from this e-mail"}};
constexpr std::array from_else{std::string_view{"of"},        std::string_view{"after"},  std::string_view{"from"},
                               std::string_view{"since"},     std::string_view{"upon"},   std::string_view{"following"},
                               std::string_view{"once"},      std::string_view{"before"}, std::string_view{"ago"},
                               std::string_view{"old"},       std::string_view{"when"},   std::string_view{"if"},
                               std::string_view{"as soon as"}};

std::optional<TimePhrase> span_of_time(Cursor& in, const Reckoning& reckoning, std::size_t begin, bool deadline) {
    Cursor ahead = in;
    bool several = false;
    std::optional<int> number;
    std::optional<Due> due;
    if (ahead.words("half an hour")) {
        due = reckoning.in_minutes(30);
    } else {
        (void)(ahead.words("the next") || ahead.words("at most") || ahead.words("a maximum of") || ahead.words("less than"));
        number = count(ahead);
        if (!number) number = ahead.at > in.at ? std::optional{1} : std::nullopt;  // "in the next hour"
        if (!number) return std::nullopt;
        Cursor range = ahead;
        if (range.literal("-") || range.literal("–") || range.words("to") || range.words("or")) {
            if (const auto upper = count(range)) {
                several = true;
                number = upper;
                ahead = range;
            }
        }
        (void)ahead.literal("-");
        const auto of = unit(ahead);
        if (!of) return std::nullopt;
        due = after(reckoning, *number, *of);
    }
    if (Cursor behind = ahead; behind.any(from_now)) ahead = behind;
    else if (behind.any(from_else)) return std::nullopt;
    if (!due) return std::nullopt;
    in = ahead;
    return TimePhrase{
        .begin = begin, .end = in.at, .due = due->at, .sure = due->sure && !several, .deadline = deadline, .from_now = true};
}

constexpr std::array by_words{std::string_view{"no later than"}, std::string_view{"not later than"},
                              std::string_view{"latest by"}, std::string_view{"latest on"}, std::string_view{"by"}};

constexpr std::array no_day_of_ours{std::string_view{"last"}, std::string_view{"since"},   std::string_view{"until"},
                                    std::string_view{"till"}, std::string_view{"from"},    std::string_view{"after"},
                                    std::string_view{"of"},   std::string_view{"every"},   std::string_view{"each"},
                                    std::string_view{"past"}, std::string_view{"between"}, std::string_view{"previous"},
                                    std::string_view{"dated"}};

// With which a day may begin that neither "by" nor "on" stands before. A date alone is that of a payment.
constexpr std::array bare_days{std::string_view{"tomorrow"}, std::string_view{"today"},   std::string_view{"tonight"},
                               std::string_view{"this"},     std::string_view{"next"},    std::string_view{"the day after"},
                               std::string_view{"monday"},   std::string_view{"tuesday"}, std::string_view{"wednesday"},
                               std::string_view{"thursday"}, std::string_view{"friday"},  std::string_view{"saturday"},
                               std::string_view{"sunday"}};

std::optional<TimePhrase> english(Cursor& in, const Reckoning& reckoning) {
    const std::size_t begin = in.at;
    Cursor ahead = in;
    const auto said = [&](const When& said_when, bool deadline, bool before) -> std::optional<TimePhrase> {
        const auto due = reckoning.due(said_when, before);
        in = ahead;  // also over what is past, so that no piece of it is read as another
        const bool possessive = in.rest().starts_with("'s") || in.rest().starts_with("’s");  // "Friday's payment"
        if (!due || possessive) return std::nullopt;
        return TimePhrase{.begin = begin,
                          .end = in.at,
                          .due = due->at,
                          .sure = due->sure,
                          .deadline = deadline || said_when.limit,
                          .from_now = false};
    };
    When when = reckoning.when();
    if (ahead.words("within")) {
        if (auto found = span_of_time(ahead, reckoning, begin, true)) {
            in = ahead;
            return found;
        }
        if (day(ahead, when)) return said(when, true, false);  // "within this week"
        return std::nullopt;
    }
    if (ahead.any(by_words)) return day_and_time(ahead, when, true) ? said(when, true, false) : std::nullopt;
    if (ahead.words("before")) return day_and_time(ahead, when, true) ? said(when, true, true) : std::nullopt;
    if (ahead.words("in")) {
        auto found = span_of_time(ahead, reckoning, begin, false);
        if (found) in = ahead;
        return found;
    }
    if (ahead.any(no_day_of_ours)) {
        // Not a day on which anything will be; step over it, so that it is not read as one.
        When none = reckoning.when();
        if (!day_and_time(ahead, none, true)) return std::nullopt;
        if (ahead.words("to") || ahead.words("and") || ahead.words("until") || ahead.words("through")) {
            none = reckoning.when();
            (void)day_and_time(ahead, none, true);
        }
        in = ahead;
        return std::nullopt;
    }
    const bool on = ahead.words("on");
    const bool at = !on && ahead.words("at");
    if (at) return time(ahead, when, false) && day_and_time(ahead, when, true) ? said(when, false, false) : std::nullopt;
    if (Cursor peek = ahead; !on && !peek.any(bare_days)) return std::nullopt;
    return day_and_time(ahead, when, false) ? said(when, false, false) : std::nullopt;
}

}  // namespace

std::vector<TimePhrase> time_phrases(std::string_view original, const TimeContext& context) {
    const std::string text = ascii_lower(original);
    const Reckoning reckoning{context};
    std::vector<TimePhrase> found;
    Cursor in{.text = text};
    while (in.at < text.size() && found.size() < phrases_max) {
        const char c = text[in.at];
        const std::size_t before = in.at;
        std::optional<TimePhrase> phrase;
        if ((c & 0x80) != 0 || is_digit(c)) phrase = chinese_phrase(in, reckoning);
        if (!phrase && is_small_letter(c)) phrase = english(in, reckoning);
        if (phrase) found.push_back(*phrase);
        if (in.at != before) continue;
        // On to the next word or character: never into the middle of either.
        ++in.at;
        while (in.at < text.size() && (in.inside_token(in.at) || (text[in.at] & 0xC0) == 0x80)) ++in.at;
    }
    return found;
}

}  // namespace okpay::desk
