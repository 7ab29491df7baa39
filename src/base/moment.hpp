// SPDX-License-Identifier: Apache-2.0
// A point in time, UTC, in milliseconds. Pure rooms are handed one; only the edges read the clock (clock.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okpay {

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

constexpr Moment moment_of_ms(std::int64_t since_epoch_ms) { return Moment{Millis{since_epoch_ms}}; }
constexpr std::int64_t ms_of(Moment moment) { return moment.time_since_epoch().count(); }

// RFC 3339 in UTC: "2026-11-05T09:48:00Z", with ".123" only where milliseconds are not zero.
std::string rfc3339(Moment moment);
// Any offset, any number of fraction digits (cut to milliseconds); nothing else. Years 1970 to 9999.
std::optional<Moment> moment_of_rfc3339(std::string_view text);
// RFC 5322 date-time in UTC, "Thu, 05 Nov 2026 09:48:00 +0000", for the Date header.
std::string rfc5322_date(Moment moment);

}  // namespace okpay
