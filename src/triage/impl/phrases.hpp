// SPDX-License-Identifier: Apache-2.0
// Finds the phrases of a lexicon in folded text (sheet.hpp). A lexicon is lines of patterns, parted by ";":
//
//   (a|b|)   one of these, the last here being nothing; may nest
//   *        the rest of an English word
//   ..       a gap within the sentence, at most `gap_octets_max`
//   space    white space, at least one
//
// An English word in a pattern is a whole word. A pattern starts with three octets of plain text: they are its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace okpay::triage {

struct PhraseHit {
    std::uint32_t tag;         // of the lexicon's line
    std::size_t begin, end;    // in the text searched
};

class PhraseIndex {
public:
    static constexpr std::size_t gap_octets_max = 36;

    void add(std::string_view patterns, std::uint32_t tag);
    // In the order of the text. Several patterns may overlap; one pattern is found once from each start.
    [[nodiscard]] std::vector<PhraseHit> find_in(std::string_view sentence) const;

private:
    struct Entry {
        std::string pattern;
        std::uint32_t tag;
    };
    std::unordered_map<std::uint32_t, std::vector<Entry>> entries_;  // by the first three octets
};

// Sentences in order, without the white space around them; together they hold all that is not white space.
struct Span {
    std::size_t begin, end;
};
std::vector<Span> sentences_of(std::string_view text);

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace okpay::triage
