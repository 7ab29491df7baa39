// SPDX-License-Identifier: Apache-2.0
#include "demo/impl/calendar.hpp"

#include "base/ensure.hpp"
#include "customers/local_time.hpp"

namespace okpay::demo {
namespace {

constexpr std::int64_t minutes_of_day = 24 * 60;
constexpr std::array<std::int64_t, 7> weight_of_weekday{109, 95, 96, 98, 102, 118, 125};  // Sunday first

std::chrono::weekday weekday_of(Moment start) { return std::chrono::weekday{std::chrono::floor<std::chrono::days>(start)}; }

}  // namespace

Calendar::Calendar(Moment now, std::int64_t days, std::int64_t transactions)
    : now_{now}, first_{std::chrono::floor<std::chrono::days>(now) - std::chrono::days{days}}, days_{days + 1} {
    std::vector<std::int64_t> weights;
    std::int64_t sum = 0;
    for (std::int64_t day = 0; day < days_; ++day) {
        const std::int64_t open_minutes = std::chrono::floor<std::chrono::minutes>(end(day) - start(day)).count();
        const std::int64_t busy = weight_of_weekday[weekday_of(start(day)).c_encoding()] * (300 + day);
        sum += day == 0 ? 0 : busy * open_minutes / minutes_of_day;  // on the first day people register
        weights.push_back(sum);
    }
    __extension__ using Wide = __int128;
    for (const std::int64_t weight : weights) rows_.push_back(static_cast<std::int64_t>(Wide{transactions} * weight / sum));
}

bool Calendar::is_weekend(std::int64_t day) const {
    const auto weekday = weekday_of(start(day));
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

std::int64_t Calendar::day_of_long_month() const {
    for (std::int64_t day = days_ - 32; day > 2; --day) {
        const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(start(day))};
        const std::chrono::year_month_day_last last{date.year(), date.month() / std::chrono::last};
        if (date.day() == std::chrono::day{1} && last.day() == std::chrono::day{31}) return day;
    }
    return -1;
}

Moment Calendar::yesterday(std::size_t zone, int hour, int minute) const {
    const std::chrono::minutes offset{customers::utc_offset_minutes(all_zones[zone], now_ - std::chrono::days{1})};
    const Moment midnight = std::chrono::floor<std::chrono::days>(now_ + offset);
    return midnight - std::chrono::days{1} + std::chrono::hours{hour} + std::chrono::minutes{minute} - offset;
}

void Calendar::turn_to(std::int64_t day) {
    day_ = day;
    for (std::size_t zone = 0; zone < all_zones.size(); ++zone) {
        offset_minutes_[zone] = customers::utc_offset_minutes(all_zones[zone], start(day));
    }
}

Moment Calendar::in_time(std::int64_t local_minute, std::size_t zone, Dice& dice) const {
    const std::int64_t minute = (local_minute - offset_minutes_[zone] + 2 * minutes_of_day) % minutes_of_day;
    return start(day_) + std::chrono::minutes{minute} + Millis{dice.between(0, 59'999)};
}

Moment Calendar::moment_in(std::span<const std::uint8_t, 24> hours, std::size_t zone, Dice& dice) const {
    std::array<std::int64_t, 24> weights{};
    std::ranges::copy(hours, weights.begin());
    constexpr int tries_max = 8;  // a morning world has no evening yet
    for (int i = 0; i < tries_max; ++i) {
        const auto hour = static_cast<std::int64_t>(dice.weighted(weights));
        const Moment at = in_time(hour * 60 + dice.between(0, 59), zone, dice);
        if (at < end(day_)) return at;
    }
    return start(day_) + Millis{dice.between(0, (end(day_) - start(day_)).count() - 1)};
}

Moment Calendar::moment_between(int from_hour, int to_hour, std::size_t zone, Dice& dice) const {
    std::array<std::uint8_t, 24> hours{};
    ensure(from_hour >= 0 && from_hour < to_hour && to_hour <= 24);
    for (auto hour = static_cast<std::size_t>(from_hour); hour < static_cast<std::size_t>(to_hour); ++hour) hours[hour] = 1;
    return moment_in(hours, zone, dice);
}

}  // namespace okpay::demo
