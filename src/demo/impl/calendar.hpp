// SPDX-License-Identifier: Apache-2.0
// The days of the world, UTC, and what o'clock it is meanwhile where the customers live.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/moment.hpp"
#include "demo/dice.hpp"
#include "demo/people.hpp"

namespace okpay::demo {

class Calendar {
public:
    // From UTC midnight `days` days before that of `now` on; the last day ends at `now`.
    Calendar(Moment now, std::int64_t days, std::int64_t transactions);

    [[nodiscard]] std::int64_t days() const { return days_; }
    [[nodiscard]] Moment start(std::int64_t day) const { return first_ + std::chrono::days{day}; }
    [[nodiscard]] Moment end(std::int64_t day) const { return std::min(now_, start(day + 1)); }
    [[nodiscard]] Moment now() const { return now_; }
    [[nodiscard]] bool is_weekend(std::int64_t day) const;
    // How many rows shall have been made by the end of the day: more at the weekend, a few more each week.
    [[nodiscard]] std::int64_t rows_by_end_of(std::int64_t day) const { return rows_[static_cast<std::size_t>(day)]; }
    // The last 1st of a month with 31 days whose 31st is over too; -1 where there is none.
    [[nodiscard]] std::int64_t day_of_long_month() const;
    // The local time of yesterday in the zone, as seen from `now`.
    [[nodiscard]] Moment yesterday(std::size_t zone, int hour, int minute) const;

    void turn_to(std::int64_t day);  // looks up the zones' offsets
    // A moment of the day turned to whose local hour is as likely as its weight; where the day ends early, one before that.
    [[nodiscard]] Moment moment_in(std::span<const std::uint8_t, 24> hours, std::size_t zone, Dice& dice) const;
    [[nodiscard]] Moment moment_between(int from_hour, int to_hour, std::size_t zone, Dice& dice) const;

private:
    [[nodiscard]] Moment in_time(std::int64_t local_minute, std::size_t zone, Dice& dice) const;

    Moment now_, first_;
    std::int64_t days_, day_ = 0;
    std::vector<std::int64_t> rows_;
    std::array<std::int64_t, all_zones.size()> offset_minutes_{};
};

}  // namespace okpay::demo
