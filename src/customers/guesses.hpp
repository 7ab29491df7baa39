// SPDX-License-Identifier: Apache-2.0
// Wrong codes of one kind in a row, and the block that follows. Each block is twice as long as the one before, so that who
// knows the password gets some thirty guesses in the first two hours and ten a day later on; a right code forgets them all.
// Each kind of factor has its own: who is kept from one may come in by another.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/moment.hpp"

namespace okpay::customers {

inline constexpr std::int64_t guesses_in_a_row_max = 10;
inline constexpr std::chrono::minutes guess_block_first{15};
inline constexpr std::chrono::hours guess_block_longest{24};
inline constexpr std::int64_t guess_blocks_doubled_max = 7;  // 15 min doubled so often is beyond a day

struct Guesses {
    std::int64_t wrong = 0, blocks = 0;
    Moment blocked_until;
    [[nodiscard]] bool blocked(Moment at) const { return blocked_until > at; }
    friend bool operator==(const Guesses&, const Guesses&) = default;
};

constexpr Guesses after_wrong_guess(Guesses guesses, Moment at) {
    if (++guesses.wrong < guesses_in_a_row_max) return guesses;
    const std::chrono::minutes doubled = guess_block_first * (1 << std::min(guesses.blocks, guess_blocks_doubled_max));
    return {.wrong = 0,
            .blocks = guesses.blocks + 1,
            .blocked_until = at + std::min<std::chrono::minutes>(doubled, guess_block_longest)};
}

}  // namespace okpay::customers
