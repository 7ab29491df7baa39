// SPDX-License-Identifier: Apache-2.0
// Times of day in folded text: 17:48, 5 pm, 下午3点48分, 八点半. Which day they belong to is for datetimes.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace okpay::triage {

enum class Part : std::uint8_t { none, night, morning, noon, afternoon, evening };  // of the day

struct TimeToken {
    int minute;       // of the day; 1440 and more reach into the next
    bool needs_part;  // whether it is before or after noon was not said
    std::size_t begin, end;
};
std::optional<TimeToken> time_of_day_at(std::string_view text, std::size_t at);

// A clock's hour and minute as the minute of the day, given the part of the day that was named.
int minute_of(int hour, int minute, Part part);

struct Count {
    int value;
    std::size_t end;
};
std::optional<Count> count_at(std::string_view text, std::size_t at);  // 3, 三, three, a; below 1,000
bool starts_number(std::string_view text, std::size_t at);             // not the middle of a longer one

}  // namespace okpay::triage
