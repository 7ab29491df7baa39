// SPDX-License-Identifier: Apache-2.0
// Dice that fall the same on every machine: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The distributions of the
// standard library may differ between two of its makers, so those few that are needed stand here, in whole numbers.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/ensure.hpp"

namespace okpay::demo {

class Dice {
public:
    explicit constexpr Dice(std::uint64_t seed) : state_{seed} {}
    // A stream of its own for each use, so that one more throw here does not change everything there.
    static constexpr Dice of(std::uint64_t seed, std::uint64_t use, std::uint64_t index = 0) {
        Dice mixed{seed};
        mixed.state_ = mixed.next() ^ (use * 0xD1B54A32D192ED03U);
        mixed.state_ = mixed.next() ^ (index * 0x8CB92BA72F3D8DD7U);
        return mixed;
    }

    constexpr std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    // 0 to count-1; the bias is below count / 2^64.
    constexpr std::uint64_t below(std::uint64_t count) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((Wide{next()} * count) >> 64U);
    }
    constexpr std::int64_t between(std::int64_t least, std::int64_t most) {
        return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
    }
    constexpr bool chance(std::uint64_t per_mille) { return below(1000) < per_mille; }
    template <class Range>
    constexpr const auto& one_of(const Range& choices) {
        return choices[below(std::size(choices))];
    }
    // An index, each as likely as its weight says. At least one weight is positive.
    std::size_t weighted(std::span<const std::int64_t> weights) {
        std::int64_t sum = 0;
        for (const std::int64_t weight : weights) sum += weight;
        ensure(sum > 0);
        auto left = static_cast<std::int64_t>(below(static_cast<std::uint64_t>(sum)));
        std::size_t at = 0;
        while (left >= weights[at]) left -= weights[at++];
        return at;
    }
    Bytes octets(std::size_t count) {
        Bytes bytes;
        while (bytes.size() < count) append_u64(bytes, next());
        bytes.resize(count);
        return bytes;
    }

private:
    std::uint64_t state_;
};

}  // namespace okpay::demo
