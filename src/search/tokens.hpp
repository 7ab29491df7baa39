// SPDX-License-Identifier: Apache-2.0
// What of a text can be found. One reading serves texts and queries, on both engines.
//
//   Words     a run of letters and digits is one token; "don't" is one as well.
//   Packed    a run of Han, kana or Hangul: each pair of neighbours, and each character alone, so that one can be asked for.
//   Numbers   "1,280.00", "1280.0" and "1280" are the same; "128.50" is "128.5".
//   Joined    parts with hyphens or underscores between ("OK-7F3K9Q2", "pay_ab…", an UUID, "e-mail"): each part, and all of
//             them as one without what joins. Of a request number O is 0, I and L are 1. An e-mail address: its parts, and
//             the whole of it.
//   Limits    word_characters_max of a word, tokens_max of a text: what is beyond is not found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::search {

inline constexpr std::size_t word_characters_max = 64;
inline constexpr std::size_t tokens_max = 8'192;

struct Token {
    std::string term;  // UTF-8
    std::uint32_t position;  // of its first word or character, counted from the start of the text
    std::uint32_t begin, end;  // octets of the source
    friend bool operator==(const Token&, const Token&) = default;
};

// What stands together: one word, one run of packed characters, one number or address, or parts that are joined.
struct Chunk {
    enum class Kind : std::uint8_t { words, packed };
    Kind kind;
    std::vector<Token> parts;  // of a packed run: its pairs; its only character where it has one
    std::vector<Token> singles;  // of a packed run of more: each character
    std::optional<Token> whole;  // of joined parts and addresses
};

std::vector<Chunk> chunks_of(std::string_view text);
std::vector<Token> tokens_of(std::string_view text);  // all of the chunks, in order of position

}  // namespace okpay::search
