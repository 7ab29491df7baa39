// SPDX-License-Identifier: Apache-2.0
// All that is random in a run comes from one of these, and it from the seed.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "base/bytes.hpp"

namespace okpay::simulator {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_{seed} {}

    std::int64_t below(std::int64_t count) {  // 0 to count - 1
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
    }
    std::int64_t between(std::int64_t least, std::int64_t most) { return least + below(most - least + 1); }
    bool one_in(std::int64_t count) { return below(count) == 0; }
    // 0 to count - 1, the first twice as often as the second, three times as often as the third: so that few are met often.
    std::int64_t zipf(std::int64_t count) {
        std::int64_t whole = 0;
        for (std::int64_t i = 0; i < count; ++i) whole += shares / (i + 1);
        std::int64_t drawn = below(whole);
        for (std::int64_t i = 0; i < count; ++i) {
            drawn -= shares / (i + 1);
            if (drawn < 0) return i;
        }
        return count - 1;
    }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(below(std::ssize(from)))];
    }
    // Of the newest, since what was done lately is spoken of most.
    template <class T>
    const T& pick_lately(const std::vector<T>& from) {
        const std::int64_t back = one_in(5) ? below(std::ssize(from)) : below(std::min<std::int64_t>(std::ssize(from), 8));
        return from[from.size() - 1 - static_cast<std::size_t>(back)];
    }
    Bytes octets(std::size_t count) {
        Bytes drawn;
        while (drawn.size() < count) append_u64(drawn, random_());
        drawn.resize(count);
        return drawn;
    }

private:
    static constexpr std::int64_t shares = 27'720;  // divisible by 1 to 12
    std::mt19937_64 random_;
};

}  // namespace okpay::simulator
