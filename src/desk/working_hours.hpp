// SPDX-License-Identifier: Apache-2.0
// When the desk is staffed: spans of each weekday in one zone, holidays, and days that are worked in exchange (调休).
//
// What the house promises everybody (a first reply within 24 h, an investigation within 48 h) runs in plain hours, at night
// too: see lifecycle.hpp. This calendar says who is there when, and measures promises in working days.
//
//   Open      at a moment whose local time lies in a span of that day. So an hour that clocks skip is not worked, and
//             one that they repeat is worked twice.
//   Written   one entry a line, "#" begins a comment:
//                 zone = Asia/Shanghai
//                 monday-friday = 09:00-12:00, 13:30-18:00
//                 saturday = 10:00-14:00          a weekday without a line is closed
//                 holiday = 2026-10-01..2026-10-07, 2027-01-01
//                 work = 2026-10-10 as thursday   with that weekday's spans
//   Refused   spans past midnight, that overlap, or of no length; a weekday or a date twice; a calendar that never opens.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "base/result.hpp"
#include "customers/zone_rules.hpp"

namespace okpay::desk {

inline constexpr std::size_t calendar_octets_max = 64UL * 1024;
inline constexpr std::size_t spans_a_day_max = 8;
inline constexpr std::size_t calendar_dates_max = 400;  // holidays; and as many days worked in exchange
// How far any search looks. A calendar opens once a week but for its holidays, so that the next opening always lies nearer.
inline constexpr std::chrono::days look_ahead{3660};
static_assert(look_ahead > std::chrono::days{7} * (calendar_dates_max + 3));

struct OpenSpan {  // minutes of the local day: {540, 720} is 09:00 to 12:00, 1440 the day's end
    int from, to;
    friend bool operator==(OpenSpan, OpenSpan) = default;
};

struct CalendarPlan {
    std::string zone;  // IANA
    std::array<std::vector<OpenSpan>, 7> week;  // by std::chrono::weekday::c_encoding(): Sunday first
    std::set<std::chrono::sys_days> holidays;   // local dates
    std::map<std::chrono::sys_days, std::chrono::weekday> work_days;
};

class WorkingHours {
public:
    // The error is a sentence that names the entry.
    static Result<WorkingHours, std::string> of(CalendarPlan plan);
    static Result<WorkingHours, std::string> parse(std::string_view text);  // "line 3: …"

    [[nodiscard]] const std::string& zone() const { return plan_.zone; }
    [[nodiscard]] const customers::ZoneRules& rules() const { return rules_; }
    [[nodiscard]] const std::vector<OpenSpan>& spans_on(std::chrono::sys_days local_date) const;  // in order

private:
    WorkingHours(CalendarPlan plan, customers::ZoneRules rules);
    CalendarPlan plan_;  // Invariant: what the head of this file refuses is not in it; spans stand in order.
    customers::ZoneRules rules_;
};

bool open_at(const WorkingHours& hours, Moment at);
Moment next_opening(const WorkingHours& hours, Moment from);  // `from` itself where it is open
// Open time in [a, b), nothing where b is not after a; counted no further than look_ahead.
Millis working_time_between(const WorkingHours& hours, Moment a, Moment b);
// When `duration` of open time has passed since `from`: at a closing, not at the opening after it. `from` where the duration
// is not positive; nothing where that is beyond look_ahead.
std::optional<Moment> after_working_time(const WorkingHours& hours, Moment from, Millis duration);
// The closing of the nth local date after that of `from` that is worked: "within 2 working days" said on a Monday is
// Wednesday's closing. Nothing where `days` is not positive or that is beyond look_ahead.
std::optional<Moment> after_working_days(const WorkingHours& hours, Moment from, int days);
// The last closing of the local date; nothing where it is not worked.
std::optional<Moment> closing_on(const WorkingHours& hours, std::chrono::sys_days local_date);

}  // namespace okpay::desk
