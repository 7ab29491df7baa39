// SPDX-License-Identifier: Apache-2.0
// Small steps over folded text that the extractors share. A reader returns the place behind what it read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "triage/impl/phrases.hpp"

namespace okpay::triage {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

constexpr std::size_t skip_spaces(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    return at;
}
constexpr std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

// text.substr(at).starts_with(word), written out: mostly the first octet differs, which needs no call.
constexpr bool stands_at(std::string_view text, std::size_t at, std::string_view word) {
    if (at > text.size() || text.size() - at < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (text[at + i] != word[i]) return false;
    }
    return true;
}

// The longest of `words` that stands at `at`; an English one must be a whole word. Index into words, or none.
template <std::size_t n>
constexpr std::optional<std::size_t> word_at(std::string_view text, std::size_t at,
                                             const std::array<std::string_view, n>& words) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < n; ++i) {
        const std::string_view word = words[i];
        if (!stands_at(text, at, word) || (best && words[*best].size() >= word.size())) continue;
        const std::size_t end = at + word.size();
        if (is_word(word.front()) && at > 0 && is_word(text[at - 1]) && !(is_digit(word.front()) != is_digit(text[at - 1])))
            continue;
        if (is_letter(word.back()) && end < text.size() && is_letter(text[end])) continue;
        best = i;
    }
    return best;
}

// Whether one of `words` stands in the `octets` before `at`, in the same line.
constexpr bool is_near_before(std::string_view text, std::size_t at, std::size_t octets,
                              std::span<const std::string_view> words) {
    const std::size_t from = at > octets ? at - octets : 0;
    std::string_view before = text.substr(from, at - from);
    if (const auto line = before.rfind('\n'); line != std::string_view::npos) before.remove_prefix(line + 1);
    for (const std::string_view word : words) {
        if (before.find(word) != std::string_view::npos) return true;
    }
    return false;
}

constexpr std::int64_t number_of(std::string_view digits) {  // at most 18 digits
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

// 三百二十, 两千三, 一百二十八块五 (up to 块), 叁仟贰佰, 〇, 半 is not one. Up to 亿.
struct ChineseNumber {
    std::int64_t value;
    std::size_t end;
    bool has_unit;  // 十 百 千 万: a number as spoken, not digits read out
};
std::optional<ChineseNumber> chinese_number_at(std::string_view text, std::size_t at);

}  // namespace okpay::triage
