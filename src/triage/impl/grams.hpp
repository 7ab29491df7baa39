// SPDX-License-Identifier: Apache-2.0
// The features of a text for the learner: what stands in it, as 64-bit keys. One text gives the same keys on every machine.
//   Words    runs of letters and digits, or one symbol: alone, in pairs, and (`skips`) in pairs with one word between
//   Pieces   of an English word with its bounds 2 to 5 characters; of Chinese 1 to 4 characters in a row
//   Digits   three and more in a row are one and the same number: which one says nothing of what is asked for
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace okpay::triage {

enum class GramBlock : std::uint8_t { words, pieces, concepts };
inline constexpr std::size_t gram_blocks = 3;

struct Gram {
    std::uint64_t key;
    std::uint32_t begin, end;  // octets of the folded text that it stands for
    GramBlock block;
};

// The same features without their places, each once with its count: what a choice needs, in a fraction of the time. The
// pieces of a word that comes several times are made once. A key is here the low half, as in a model.
class GramBag {
public:
    struct Entry {
        std::uint32_t key, count;
    };
    GramBag() = default;
    explicit GramBag(std::string_view folded);
    void add(std::uint64_t key, std::uint32_t count = 1);
    [[nodiscard]] std::span<const Entry> entries() const { return entries_; }  // in the order of their first coming

private:
    void grow();

    std::vector<Entry> entries_;
    std::vector<std::uint32_t> slots_;  // 1 + the number of an entry, 0 where free; a power of two
};

// Appends the words and pieces of folded text (sheet.hpp), in the order of the text.
void append_grams(std::string_view folded, std::vector<Gram>& to);

// The key of a thing that others found in the text (a phrase of the lexicon).
std::uint64_t concept_key(std::uint32_t family, std::uint32_t number);

}  // namespace okpay::triage
