// SPDX-License-Identifier: Apache-2.0
// Days and times of day in a text, resolved against the moment of the message in the customer's local time. A day without
// a year is the nearest; a weekday is the latest one unless words around it point ahead; a time without a day belongs to
// the day last named, else to today. What is read is blotted.
#pragma once

#include <string>
#include <vector>

#include "base/moment.hpp"
#include "triage/impl/sheet.hpp"

namespace okpay::triage {

struct StatedTime {
    std::string text;  // "2026-11-05T17:48" or "2026-11-05"
    int days_ahead;    // of the message's own day: 0 today, negative in the past
};

// `local_now`: the moment of the message plus the customer's offset, so that its UTC reading is their wall clock.
std::vector<StatedTime> take_datetimes(Sheet& sheet, Moment local_now);

}  // namespace okpay::triage
