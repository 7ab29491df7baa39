// SPDX-License-Identifier: Apache-2.0
// Text as it is compared: NFKC with case folding (Unicode 3.13, R5), Latin letters without accents, Traditional Chinese as
// Simplified, one character at a time. Each character knows where it stood, so that what was found can be shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::search {

struct Folded {
    std::u32string text;
    std::vector<std::uint32_t> at;  // octet of the source where each character began; one more than characters: its end
};

// Ill-formed octets become U+FFFD. Linear; thread-safe. Texts are at most 4 GiB.
Folded fold(std::string_view utf8);

enum class Letter : std::uint8_t {
    none,
    word,  // a letter or digit of a script that puts spaces between words
    packed,  // one that does not: Han, kana, Hangul
};
Letter letter_of(char32_t c);

void append_utf8(std::string& to, char32_t c);

}  // namespace okpay::search
