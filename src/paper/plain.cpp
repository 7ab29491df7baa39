// SPDX-License-Identifier: Apache-2.0
#include "paper/plain.hpp"

#include "base/text.hpp"

namespace okpay::paper {
namespace {

bool breaks_line(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

bool is_unseen(char32_t c) {
    return turns_direction(c) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

bool turns_direction(char32_t c) {
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

char32_t take_character(std::string_view& text) {
    const auto octet = [&text](std::size_t i) { return static_cast<char32_t>(static_cast<std::uint8_t>(text[i])); };
    const char32_t lead = octet(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t character = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (octet(i) & 0x3F);
    text.remove_prefix(length);
    return character;
}

std::string plain(std::string_view text) {
    const std::string whole = to_utf8_lossy(text);
    std::string made;
    made.reserve(whole.size());
    for (std::string_view left = whole; !left.empty();) {
        const std::string_view before = left;
        const char32_t character = take_character(left);
        if (is_unseen(character)) continue;
        if (!breaks_line(character)) made += before.substr(0, before.size() - left.size());
        else if (!made.empty() && made.back() != ' ') made += ' ';
    }
    while (made.ends_with(' ')) made.pop_back();
    return made;
}

}  // namespace okpay::paper
