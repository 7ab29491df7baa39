// SPDX-License-Identifier: Apache-2.0
// Inside desk: what people read out and type in. Crockford's base32, read in any case and with O, I and L forgiven, and a
// check character over GF(32) by x^5 + x^2 + 1: one wrong character, or two that were exchanged, never pass, in texts of up
// to 31 characters.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace okpay::desk {

inline constexpr std::string_view crockford_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

constexpr std::optional<std::uint8_t> crockford_digit(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    const std::size_t at = crockford_alphabet.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(at);
}

// The root 2 generates all 31 others.
constexpr std::uint8_t times_root(std::uint8_t value) {
    const auto doubled = static_cast<unsigned>(value) << 1U;
    return static_cast<std::uint8_t>((doubled & 0x20U) != 0 ? doubled ^ 0x25U : doubled);
}

// sum of a^(n - i) * d_i by Horner. The last place has weight 1, so the check makes the sum zero; weights differ at every
// place.
constexpr std::uint8_t check_sum(std::span<const std::uint8_t> digits) {
    std::uint8_t sum = 0;
    for (const std::uint8_t digit : digits) sum = static_cast<std::uint8_t>(times_root(sum) ^ digit);
    return sum;
}

}  // namespace okpay::desk
