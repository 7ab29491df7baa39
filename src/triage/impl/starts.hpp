// SPDX-License-Identifier: Apache-2.0
// Where one of many words may stand in folded text: an extractor looks at those places alone. A table over the first three
// octets says of each place which kinds of word may begin there; it may say too much, never too little.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace okpay::triage {

class Starts {
public:
    using Kinds = std::uint16_t;  // a set, one bit a kind

    constexpr void add(std::string_view word, Kinds kinds) {
        if (word.size() < octets) by_first_[static_cast<std::uint8_t>(word[0])] |= kinds;
        else by_three_[hash_of(word[0], word[1], word[2])] |= kinds;
    }
    constexpr void add(std::span<const std::string_view> words, Kinds kinds) {
        for (const std::string_view word : words) add(word, kinds);
    }
    constexpr void add_digits(Kinds kinds) {
        for (char c = '0'; c <= '9'; ++c) add(std::string_view{&c, 1}, kinds);
    }
    [[nodiscard]] constexpr Kinds kinds_at(std::string_view text, std::size_t at) const {
        const auto first = static_cast<std::uint8_t>(text[at]);
        if ((first & 0xC0U) == 0x80U) return 0;  // inside a character
        Kinds kinds = by_first_[first];
        if (at + octets <= text.size()) kinds |= by_three_[hash_of(text[at], text[at + 1], text[at + 2])];
        return kinds;
    }

private:
    static constexpr std::size_t octets = 3;
    static constexpr std::size_t hash_of(char a, char b, char c) {
        return (((static_cast<std::uint8_t>(b) & 63U) << 6U | (static_cast<std::uint8_t>(c) & 63U)) +
                static_cast<std::uint8_t>(a) * 0x2F1U) &
               0xFFFU;
    }
    std::array<Kinds, 256> by_first_{};
    std::array<Kinds, 4096> by_three_{};
};

// What a number in Chinese numerals may begin with (scan.hpp).
inline constexpr std::array<std::string_view, 29> chinese_numerals{"零", "〇", "一", "壹", "二", "贰", "两", "三",
                                                                   "叁", "四", "肆", "五", "伍", "六", "陆", "七",
                                                                   "柒", "八", "捌", "九", "玖", "十", "拾", "百",
                                                                   "佰", "千", "仟", "万", "亿"};

}  // namespace okpay::triage
