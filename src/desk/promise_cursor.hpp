// SPDX-License-Identifier: Apache-2.0
// Reading words and numbers from a place in a text whose ASCII letters are small. A step that does not fit moves nothing.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace okpay::desk {

constexpr bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Cursor {
    std::string_view text;
    std::size_t at = 0;

    [[nodiscard]] std::string_view rest() const { return text.substr(at); }
    // A word, or a figure, goes on from the octet before to that at `place`: "24h" is one token of two words.
    [[nodiscard]] bool inside_word(std::size_t place) const {
        return inside_token(place) && is_digit(text[place - 1]) == is_digit(text[place]);
    }
    [[nodiscard]] bool inside_token(std::size_t place) const {
        if (place == 0 || place >= text.size()) return false;
        const auto joins = [](char c) { return is_small_letter(c) || is_digit(c); };
        return joins(text[place - 1]) && joins(text[place]);
    }
    void skip_spaces() {
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
    }
    bool literal(std::string_view what) {
        if (!rest().starts_with(what)) return false;
        at += what.size();
        return true;
    }
    // Words apart by one space in `what` may be so by any white space here; whole words only.
    bool words(std::string_view what) {
        Cursor ahead = *this;
        ahead.skip_spaces();
        if (ahead.inside_word(ahead.at)) return false;
        while (!what.empty()) {
            const std::size_t space = what.find(' ');
            if (!ahead.literal(what.substr(0, space))) return false;
            if (ahead.inside_word(ahead.at)) return false;
            if (space == std::string_view::npos) break;
            ahead.skip_spaces();
            what.remove_prefix(space + 1);
        }
        *this = ahead;
        return true;
    }
    template <std::size_t n>
    bool any(const std::array<std::string_view, n>& choices) {  // longer ones first where one begins another
        for (const std::string_view choice : choices) {
            if (words(choice)) return true;
        }
        return false;
    }
    template <std::size_t n>
    std::optional<std::size_t> which(const std::array<std::string_view, n>& choices) {
        for (std::size_t i = 0; i < n; ++i) {
            if (words(choices[i])) return i;
        }
        return std::nullopt;
    }
    template <std::size_t n>
    std::optional<std::size_t> which_literal(const std::array<std::string_view, n>& choices) {
        for (std::size_t i = 0; i < n; ++i) {
            if (literal(choices[i])) return i;
        }
        return std::nullopt;
    }
    // All digits that stand here, at most `digits_max` of them, and not a part of a decimal figure.
    std::optional<int> number(std::size_t digits_max) {
        Cursor ahead = *this;
        ahead.skip_spaces();
        std::size_t end = ahead.at;
        int value = 0;
        while (end < text.size() && is_digit(text[end]) && end - ahead.at < digits_max)
            value = value * 10 + (text[end++] - '0');
        if (end == ahead.at || (end < text.size() && is_digit(text[end]))) return std::nullopt;
        if (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') && is_digit(text[end + 1])) return std::nullopt;
        at = end;
        return value;
    }
};

}  // namespace okpay::desk
