// SPDX-License-Identifier: Apache-2.0
// Deadlines in a text, English and Chinese: "by Friday noon", "within 2 working days", 周五中午前, 48小时内. What they mean
// is reckoned in the reader's zone. Whether anybody promises anything by them is for promises.hpp to say.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "customers/zone_rules.hpp"
#include "desk/working_hours.hpp"

namespace okpay::desk {

inline constexpr std::chrono::days deadline_ahead_max{366};  // whoever writes of later has no clock in mind

struct TimeContext {
    Moment now;
    customers::ZoneRules zone;            // of who reads the text
    const WorkingHours* hours = nullptr;  // of the desk; without them, what is said in working time is not sure
};

struct TimePhrase {
    std::size_t begin, end;  // octets of the text
    Moment due;              // after `now`, within deadline_ahead_max
    bool sure;               // only one reading; else the earlier one of those that are likely
    bool deadline;           // "by", "within", 前, 内; not merely a day on which something is
    bool from_now;  // a span of time: nothing where it runs from something else, "within 24 hours of the payment"
};
// In the order of the text, none inside another; at most `phrases_max`.
inline constexpr std::size_t phrases_max = 100;
std::vector<TimePhrase> time_phrases(std::string_view text, const TimeContext& context);

}  // namespace okpay::desk
