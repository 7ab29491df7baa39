// SPDX-License-Identifier: Apache-2.0
// Times of day in folded text: 17:48, 5 pm, 下午3点48分, 八点半. Which day they belong to is for datetimes.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace okpay::triage {

enum class Part : std::uint8_t { none, night, morning, noon, afternoon, evening };  // of the day

struct PartWord {
    std::string_view word;
    Part part;
};
inline constexpr std::array part_words{PartWord{"凌晨", Part::night},     PartWord{"半夜", Part::night},
                                       PartWord{"清晨", Part::morning},   PartWord{"早上", Part::morning},
                                       PartWord{"早晨", Part::morning},   PartWord{"上午", Part::morning},
                                       PartWord{"上昼", Part::morning},   PartWord{"中午", Part::noon},
                                       PartWord{"下午", Part::afternoon}, PartWord{"下昼", Part::afternoon},
                                       PartWord{"午后", Part::afternoon}, PartWord{"傍晚", Part::evening},
                                       PartWord{"晚上", Part::evening},   PartWord{"晚间", Part::evening},
                                       PartWord{"夜里", Part::evening},   PartWord{"深夜", Part::evening},
                                       PartWord{"夜晚", Part::evening},   PartWord{"早", Part::morning},
                                       PartWord{"晚", Part::evening}};
inline constexpr std::array<std::string_view, 13> english_counts{"a",    "one", "two",      "three", "four",
                                                                 "five", "six", "seven",    "eight", "nine",
                                                                 "ten",  "an",  "couple of"};

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
