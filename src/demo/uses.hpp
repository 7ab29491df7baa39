// SPDX-License-Identifier: Apache-2.0
// What the streams of dice are for; each has its own (Dice::of). A number, once given, is not given to another.
#pragma once

#include <cstdint>

namespace okpay::demo::uses {

inline constexpr std::uint64_t person = 1;
inline constexpr std::uint64_t day = 2;
inline constexpr std::uint64_t traffic = 3;
inline constexpr std::uint64_t ids = 4;
inline constexpr std::uint64_t device = 5;
inline constexpr std::uint64_t taste = 6;
inline constexpr std::uint64_t deck = 7;
inline constexpr std::uint64_t mails = 8;
inline constexpr std::uint64_t subscription = 9;
inline constexpr std::uint64_t sums = 10;
inline constexpr std::uint64_t instrument = 11;
inline constexpr std::uint64_t tale = 12;
inline constexpr std::uint64_t cards = 13;
inline constexpr std::uint64_t secrets = 14;
inline constexpr std::uint64_t scenes = 15;
inline constexpr std::uint64_t own_card = 16;

}  // namespace okpay::demo::uses
