// SPDX-License-Identifier: Apache-2.0
// Which number the writer gave to the nth row that we made of a kind. Rows are numbered without gaps in the order of the
// commands, so a number is predicted until it is known; where others write between, what was answered counts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/ensure.hpp"

namespace okpay::demo {

class Numbering {
public:
    std::int64_t make() { return ++made_; }  // the place of the next row: 1 for the first
    [[nodiscard]] std::int64_t made() const { return made_; }
    [[nodiscard]] std::int64_t number_of(std::int64_t place) const {
        ensure(place >= 1 && place <= made_);
        const auto after = std::ranges::upper_bound(shifts_, place, {}, &Shift::from);
        return place + std::prev(after)->by;
    }
    // The answer for the next place that has not been answered yet; 0: no row was made.
    void learn(std::int64_t number) {
        const std::int64_t place = ++learnt_;
        ensure(place <= made_);
        if (number == 0) {
            shifts_.push_back({place + 1, shifts_.back().by - 1});
        } else if (number != place + shifts_.back().by) {
            shifts_.push_back({place, number - place});
        }
    }
    // The next place has its number like any other, and its answer does not tell it.
    void pass() { ensure(++learnt_ <= made_); }

private:
    struct Shift {
        std::int64_t from, by;
    };
    std::int64_t made_ = 0, learnt_ = 0;
    std::vector<Shift> shifts_{{1, 0}};  // Invariant: `from` never falls.
};

}  // namespace okpay::demo
