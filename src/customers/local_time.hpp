// SPDX-License-Identifier: Apache-2.0
// A moment in the customer's zone, and back. Zone rules come from ICU's built-in data.
// A zone that ICU does not know counts as UTC, so that a bad profile never stops a mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/moment.hpp"

namespace okpay::customers {

bool is_zone(std::string_view zone);  // an IANA name known to ICU, "Asia/Shanghai"
int utc_offset_minutes(std::string_view zone, Moment at);  // +480 for Asia/Shanghai; summer time included

std::string local_time_text(std::string_view zone, Moment at);  // "2026-11-05 17:48"
std::string local_day_text(std::string_view zone, Moment at);   // "2026-11-05"
// "2026-11-05 17:48 (Asia/Shanghai)": for a reader whose zone we only believe.
std::string local_time_with_zone(std::string_view zone, Moment at);

// Local wall-clock text "2026-11-05T17:48", "2026-11-05 17:48" or "2026-11-05": the span of moments it can mean,
// [from, to), a minute or a day long. In the hour that summer time repeats it is the earlier one.
struct LocalSpan {
    Moment from, to;
    bool whole_day;
    friend bool operator==(const LocalSpan&, const LocalSpan&) = default;
};
std::optional<LocalSpan> local_span(std::string_view zone, std::string_view text);

}  // namespace okpay::customers
