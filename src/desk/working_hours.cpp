// SPDX-License-Identifier: Apache-2.0
#include "desk/working_hours.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::weekday;

constexpr std::array<std::string_view, 7> weekday_names{"sunday",   "monday", "tuesday", "wednesday",
                                                        "thursday", "friday", "saturday"};
constexpr int minutes_a_day = 24 * 60;

std::optional<unsigned> weekday_of_name(std::string_view name) {
    const std::string lower = ascii_lower(trimmed(name));
    const auto found = std::ranges::find(weekday_names, lower);
    if (found == weekday_names.end()) return std::nullopt;
    return static_cast<unsigned>(found - weekday_names.begin());
}

std::string date_text(sys_days date) {
    const std::chrono::year_month_day day{date};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::optional<int> number(std::string_view digits, std::size_t count) {
    if (digits.size() != count) return std::nullopt;
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<sys_days> date_of(std::string_view text) {  // "2026-10-01"
    text = trimmed(text);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number(text.substr(0, 4), 4);
    const auto month = number(text.substr(5, 2), 2);
    const auto day = number(text.substr(8, 2), 2);
    if (!year || !month || !day || *year < 1970) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

std::optional<int> minute_of(std::string_view text) {  // "09:00", "24:00"
    text = trimmed(text);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 2) return std::nullopt;
    const auto hour = number(text.substr(0, colon), colon);
    const auto minute = number(text.substr(colon + 1), 2);
    if (!hour || !minute || *hour > 24 || *minute > 59 || (*hour == 24 && *minute != 0)) return std::nullopt;
    return *hour * 60 + *minute;
}

std::string clock_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

// Puts them in order; the error says what is wrong with them.
std::optional<std::string> order(std::vector<OpenSpan>& spans) {
    if (spans.size() > spans_a_day_max) return fmt::format("more than {} spans a day", spans_a_day_max);
    for (const OpenSpan span : spans) {
        const std::string text = fmt::format("{}-{}", clock_text(span.from), clock_text(span.to));
        if (span.from < 0 || span.from > minutes_a_day || span.to < 0 || span.to > minutes_a_day)
            return "a time that is not of the day";
        if (span.from == span.to) return fmt::format("{} is no time at all", text);
        if (span.from > span.to) {
            return fmt::format("{} runs past midnight; write {}-24:00 and, on the next day, 00:00-{}", text,
                               clock_text(span.from), clock_text(span.to));
        }
    }
    std::ranges::sort(spans, {}, &OpenSpan::from);
    for (std::size_t i = 1; i < spans.size(); ++i) {
        if (spans[i].from < spans[i - 1].to) return fmt::format("two spans overlap at {}", clock_text(spans[i].from));
    }
    return std::nullopt;
}

// --- The written form -------------------------------------------------------------------------------------------------
using Problem = std::optional<std::string>;

struct Reader {
    CalendarPlan plan;
    std::array<bool, 7> named{};

    Problem week_line(unsigned first, unsigned last, std::string_view value) {
        std::vector<OpenSpan> spans;
        if (!equal_ignoring_ascii_case(value, "closed")) {
            for (const std::string_view part : split(value, ',')) {
                const std::size_t dash = part.find('-');
                const auto from = minute_of(part.substr(0, dash));
                const auto to = dash == std::string_view::npos ? std::nullopt : minute_of(part.substr(dash + 1));
                if (!from || !to) return fmt::format("\"{}\" is not a span such as 09:00-12:00", trimmed(part));
                spans.push_back({*from, *to});
            }
            if (auto wrong = order(spans)) return wrong;
        }
        for (unsigned day = first;; day = (day + 1) % 7) {
            if (named[day]) return fmt::format("{} has its hours already", weekday_names[day]);
            named[day] = true;
            plan.week[day] = spans;
            if (day == last) return std::nullopt;
        }
    }

    Problem holiday_line(std::string_view value) {
        for (const std::string_view part : split(value, ',')) {
            const std::size_t dots = part.find("..");
            const auto from = date_of(part.substr(0, dots));
            const auto to = dots == std::string_view::npos ? from : date_of(part.substr(dots + 2));
            if (!from || !to)
                return fmt::format("\"{}\" is not a date such as 2026-10-01, nor 2026-10-01..2026-10-07", trimmed(part));
            if (*to < *from) return fmt::format("\"{}\" ends before it begins", trimmed(part));
            for (sys_days day = *from; day <= *to; day += days{1}) {
                if (!plan.holidays.insert(day).second) return fmt::format("{} is a holiday already", date_text(day));
                if (plan.holidays.size() > calendar_dates_max)
                    return fmt::format("more than {} days of holiday; leave out those of the past", calendar_dates_max);
            }
        }
        return std::nullopt;
    }

    Problem work_line(std::string_view value) {
        const std::size_t as = value.find(" as ");
        const auto date = date_of(value.substr(0, as));
        const auto like = as == std::string_view::npos ? std::nullopt : weekday_of_name(value.substr(as + 4));
        if (!date || !like) return fmt::format("\"{}\" is not such as 2026-10-10 as thursday", value);
        if (!plan.work_days.emplace(*date, weekday{*like}).second)
            return fmt::format("{} is a day of work already", date_text(*date));
        if (plan.work_days.size() > calendar_dates_max)
            return fmt::format("more than {} days of work; leave out those of the past", calendar_dates_max);
        return std::nullopt;
    }

    Problem zone_line(std::string_view value) {
        if (!plan.zone.empty()) return "the zone is given already";
        if (!customers::ZoneRules::of(value)) return fmt::format("\"{}\" is not an IANA time zone", value);
        plan.zone = value;
        return std::nullopt;
    }

    Problem line(std::string_view text) {
        text = trimmed(text.substr(0, text.find('#')));
        if (text.empty()) return std::nullopt;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) return "an entry is \"name = value\"";
        const std::string_view key = trimmed(text.substr(0, equals));
        const std::string_view value = trimmed(text.substr(equals + 1));
        if (key == "zone") return zone_line(value);
        if (key == "holiday") return holiday_line(value);
        if (key == "work") return work_line(value);
        const std::size_t dash = key.find('-');
        const auto first = weekday_of_name(key.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : weekday_of_name(key.substr(dash + 1));
        if (!first || !last)
            return fmt::format("\"{}\" is none of zone, holiday, work, a weekday, or two such as monday-friday", key);
        return week_line(*first, *last, value);
    }
};

// Each piece of open time from `from` on, in order, and the local date it is of, until visit() says no. Between two
// changes of the offset local time and UTC differ by a constant, so that skipped and repeated hours need no case.
template <class Visit>
void each_open_piece(const WorkingHours& hours, Moment from, Moment until, Visit visit) {
    Moment at = from;
    while (at < until) {
        const Millis offset = hours.rules().offset_at(at);
        const Moment end = std::min(until, hours.rules().next_change(at).value_or(until));
        for (auto day = std::chrono::floor<days>(at + offset); Moment{day} - offset < end; day += days{1}) {
            for (const OpenSpan span : hours.spans_on(day)) {
                const Moment opens = std::max(at, Moment{day} + minutes{span.from} - offset);
                const Moment closes = std::min(end, Moment{day} + minutes{span.to} - offset);
                if (opens < closes && !visit(opens, closes, day)) return;
            }
        }
        at = end;
    }
}

}  // namespace

WorkingHours::WorkingHours(CalendarPlan plan, customers::ZoneRules rules)
    : plan_{std::move(plan)}, rules_{std::move(rules)} {}

Result<WorkingHours, std::string> WorkingHours::of(CalendarPlan plan) {
    auto rules = customers::ZoneRules::of(plan.zone);
    if (!rules) return fail(fmt::format("zone: \"{}\" is not an IANA time zone", plan.zone));
    bool opens = false;
    for (std::size_t day = 0; day < plan.week.size(); ++day) {
        if (const auto wrong = order(plan.week[day])) return fail(fmt::format("{}: {}", weekday_names[day], *wrong));
        opens = opens || !plan.week[day].empty();
    }
    if (!opens) return fail(std::string{"no weekday has hours: a desk that never opens answers nobody"});
    if (plan.holidays.size() > calendar_dates_max || plan.work_days.size() > calendar_dates_max)
        return fail(fmt::format("more than {} dates; leave out those of the past", calendar_dates_max));
    for (const auto& [date, like] : plan.work_days) {
        if (!like.ok() || plan.week[like.c_encoding()].empty()) {
            return fail(fmt::format("work: {} is worked as a weekday that has no hours", date_text(date)));
        }
        if (plan.holidays.contains(date)) return fail(fmt::format("work: {} is a holiday as well", date_text(date)));
    }
    return WorkingHours{std::move(plan), *std::move(rules)};
}

Result<WorkingHours, std::string> WorkingHours::parse(std::string_view text) {
    if (text.size() > calendar_octets_max) return fail(std::string{"the calendar is longer than 64 KiB"});
    Reader reader;
    std::size_t at = 0;
    for (const std::string_view line : split(text, '\n')) {
        ++at;
        if (const auto wrong = reader.line(line)) return fail(fmt::format("line {}: {}", at, *wrong));
    }
    if (reader.plan.zone.empty()) return fail(std::string{"zone: missing, such as zone = Asia/Shanghai"});
    return of(std::move(reader.plan));
}

const std::vector<OpenSpan>& WorkingHours::spans_on(sys_days local_date) const {
    static const std::vector<OpenSpan> closed;
    if (const auto worked = plan_.work_days.find(local_date); worked != plan_.work_days.end())
        return plan_.week[worked->second.c_encoding()];
    return plan_.holidays.contains(local_date) ? closed : plan_.week[weekday{local_date}.c_encoding()];
}

bool open_at(const WorkingHours& hours, Moment at) {
    const Moment wall = at + hours.rules().offset_at(at);
    const auto day = std::chrono::floor<days>(wall);
    return std::ranges::any_of(hours.spans_on(day), [time = wall - day](OpenSpan span) {
        return minutes{span.from} <= time && time < minutes{span.to};
    });
}

Moment next_opening(const WorkingHours& hours, Moment from) {
    Moment found = from + look_ahead;
    each_open_piece(hours, from, found, [&](Moment opens, Moment, sys_days) {
        found = opens;
        return false;
    });
    return found;
}

Millis working_time_between(const WorkingHours& hours, Moment a, Moment b) {
    Millis sum{0};
    each_open_piece(hours, a, std::min(b, a + look_ahead), [&](Moment opens, Moment closes, sys_days) {
        sum += closes - opens;
        return true;
    });
    return sum;
}

std::optional<Moment> after_working_time(const WorkingHours& hours, Moment from, Millis duration) {
    if (duration <= Millis{0}) return from;
    std::optional<Moment> end;
    each_open_piece(hours, from, from + look_ahead, [&](Moment opens, Moment closes, sys_days) {
        if (closes - opens >= duration) end = opens + duration;
        duration -= closes - opens;
        return !end;
    });
    return end;
}

std::optional<Moment> after_working_days(const WorkingHours& hours, Moment from, int working_days) {
    if (working_days <= 0) return std::nullopt;
    sys_days counted = std::chrono::floor<days>(from + hours.rules().offset_at(from));
    std::optional<Moment> closing;
    bool complete = false;
    each_open_piece(hours, from, from + look_ahead, [&](Moment, Moment closes, sys_days day) {
        if (day > counted) {
            complete = working_days == 0;
            if (complete) return false;
            counted = day;
            --working_days;
        } else if (!closing) {
            return true;  // what is left of the day it was said on
        }
        closing = closes;
        return true;
    });
    return complete ? closing : std::nullopt;
}

std::optional<Moment> closing_on(const WorkingHours& hours, sys_days local_date) {
    std::optional<Moment> closing;
    const Moment around = Moment{local_date} - days{2};  // no zone is further from UTC
    each_open_piece(hours, around, around + days{5}, [&](Moment, Moment closes, sys_days day) {
        if (day == local_date) closing = closes;
        return day <= local_date;
    });
    return closing;
}

}  // namespace okpay::desk
