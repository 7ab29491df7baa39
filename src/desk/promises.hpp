// SPDX-License-Identifier: Apache-2.0
// What an answer promises, and until when: "We will refund you by Friday noon", 周五中午前给您答复. What is found is shown
// to whoever writes, before it is sent, and becomes a promise only when they confirm it; so what is not ours to keep is left
// out ("please send it by Friday", "within 24 hours of the payment", what is quoted or past), and what may mean several
// things is found as not sure. Nothing is guessed beyond that: "soon" is no promise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "desk/promise_times.hpp"

namespace okpay::desk {

inline constexpr std::size_t promises_max = 10;  // in one answer; more than that nobody keeps

struct FoundPromise {
    std::size_t begin, end;  // octets of the deadline in the text
    std::string text;  // the deadline as written, "by Friday noon"
    Moment due;
    bool sure;
};
// In the order of the text, each due once: the first that names a moment.
std::vector<FoundPromise> promises_in(std::string_view text, const TimeContext& context);

}  // namespace okpay::desk
