// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/grams.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "triage/impl/sheet.hpp"
#include "triage/impl/wording.hpp"

namespace okpay::triage {
namespace {

constexpr std::uint64_t fnv_offset = 0xCBF29CE484222325U;
constexpr std::uint64_t fnv_prime = 0x100000001B3U;

constexpr std::uint64_t mixed_in(std::uint64_t hash, std::uint64_t value) { return (hash ^ value) * fnv_prime; }

constexpr std::uint64_t finished(std::uint64_t hash) {  // FNV leaves the high bits of short inputs poor
    hash ^= hash >> 32U;
    hash *= 0xD6E8FEB86659FD93U;
    return hash ^ (hash >> 32U);
}

enum class Kind : std::uint8_t { space, letter, digit, han, symbol };

constexpr Kind kind_of_ascii(std::size_t c) {
    if (c == ' ' || c == '\n' || c == '\t') return Kind::space;
    if ((c >= 'a' && c <= 'z') || c == '\'') return Kind::letter;
    return c >= '0' && c <= '9' ? Kind::digit : Kind::symbol;
}
constexpr auto ascii_kinds = [] {
    std::array<Kind, 128> kinds{};
    for (std::size_t c = 0; c < kinds.size(); ++c) kinds[c] = kind_of_ascii(c);
    return kinds;
}();

Kind kind_of(char32_t c) {
    if (c < ascii_kinds.size()) return ascii_kinds[c];
    if (is_han(c)) return Kind::han;
    const bool other_letters = (c >= 0xC0 && c <= 0x24F) || (c >= 0x370 && c <= 0x1FFF) || (c >= 0x3040 && c <= 0x30FF) ||
                               (c >= 0xAC00 && c <= 0xD7A3);
    return other_letters ? Kind::letter : Kind::symbol;
}

struct Word {
    std::uint64_t hash;
    std::uint32_t begin, end;
};

struct Place {
    char32_t value;
    std::uint32_t begin, end;
};

constexpr std::uint64_t word_seed = mixed_in(fnv_offset, 'w');
constexpr std::uint64_t pair_seed = mixed_in(fnv_offset, 'p');
constexpr std::uint64_t skip_seed = mixed_in(fnv_offset, 's');
constexpr std::uint64_t piece_seed = mixed_in(fnv_offset, 'c');
constexpr std::uint64_t han_seed = mixed_in(fnv_offset, 'h');

constexpr std::size_t piece_shortest = 2;
constexpr std::size_t piece_longest = 5;
constexpr std::size_t han_longest = 4;

// Calls `each` with hash, first and last place of each piece of a word with a bound on both sides.
template <class Each>
void each_piece(std::span<const Place> word, Each each) {
    const std::size_t size = word.size() + 2;
    const auto value = [&](std::size_t i) { return i == 0 || i + 1 == size ? U' ' : word[i - 1].value; };
    for (std::size_t first = 0; first + 1 < size; ++first) {
        std::uint64_t hash = piece_seed;
        for (std::size_t length = 1; length <= piece_longest && first + length <= size; ++length) {
            hash = mixed_in(hash, value(first + length - 1));
            if (length < piece_shortest) continue;
            const std::size_t front = first == 0 ? 0 : first - 1;
            const std::size_t back = std::min(first + length - 1, word.size()) - 1;
            each(hash, front, std::max(front, back));
        }
    }
}

// Takes features with their places.
class Places {
public:
    explicit Places(std::vector<Gram>& to) : to_{to} {}
    void add(GramBlock block, std::uint64_t hash, std::uint32_t begin, std::uint32_t end) {
        to_.push_back({finished(hash), begin, end, block});
    }
    void add_pieces(std::uint64_t /*word_hash*/, std::span<const Place> word) {
        each_piece(word, [&](std::uint64_t hash, std::size_t front, std::size_t back) {
            add(GramBlock::pieces, hash, word[front].begin, word[back].end);
        });
    }

private:
    std::vector<Gram>& to_;
};

// Takes features to be counted, and words whose pieces are counted in the end.
class Counts {
public:
    Counts(GramBag& to, std::size_t octets) : to_{to} {
        constexpr std::size_t octets_per_word = 4;
        words_.reserve(octets / octets_per_word);
        slots_.resize(std::bit_ceil(octets / 2 + 16));
    }
    void add(GramBlock /*block*/, std::uint64_t hash, std::uint32_t /*begin*/, std::uint32_t /*end*/) {
        to_.add(finished(hash));
    }
    void add_pieces(std::uint64_t word_hash, std::span<const Place> word) {
        std::size_t slot = finished(word_hash) & (slots_.size() - 1);
        while (slots_[slot] != 0 && words_[slots_[slot] - 1].hash != word_hash) slot = (slot + 1) & (slots_.size() - 1);
        if (slots_[slot] != 0) {
            ++words_[slots_[slot] - 1].count;
            return;
        }
        words_.push_back(
            {word_hash, 1, static_cast<std::uint32_t>(places_.size()), static_cast<std::uint32_t>(word.size())});
        places_.insert(places_.end(), word.begin(), word.end());
        slots_[slot] = static_cast<std::uint32_t>(words_.size());
    }
    void finish() {
        for (const Counted& word : words_) {
            each_piece(std::span{places_}.subspan(word.first, word.size),
                       [&](std::uint64_t hash, std::size_t, std::size_t) { to_.add(finished(hash), word.count); });
        }
    }

private:
    struct Counted {
        std::uint64_t hash;
        std::uint32_t count, first, size;
    };
    GramBag& to_;
    std::vector<Counted> words_;
    std::vector<std::uint32_t> slots_;  // 1 + the number of a word: a word takes two octets with what parts it from the next
    std::vector<Place> places_;
};

template <class Taker>
class Reader {
public:
    explicit Reader(Taker& to) : to_{to} {}

    void run(std::string_view folded) {
        for (std::size_t at = 0; at < folded.size();) {
            const CodePoint c = static_cast<std::uint8_t>(folded[at]) < 0x80
                                    ? CodePoint{static_cast<char32_t>(folded[at]), 1}
                                    : code_point_at(folded, at);
            const Kind kind = kind_of(c.value);
            const Place place{c.value, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + c.octets)};
            const bool of_word = kind == Kind::letter || kind == Kind::digit;
            if (!of_word) close_word();
            if (kind != Kind::han) close_han();
            if (of_word) word_.push_back(place);
            else if (kind == Kind::han) at += add_han(folded, place) - c.octets;
            else if (kind == Kind::symbol && c.value != Sheet::blotted)
                add_word({mixed_in(word_seed, c.value), place.begin, place.end});
            at += c.octets;
        }
        close_word();
        close_han();
    }

private:
    // The character, or a word of a region in those of another (wording.hpp): each of these stands where it was written.
    // The octets that were read.
    std::size_t add_han(std::string_view folded, const Place& place) {
        const auto wording = wording_at(folded, place.begin);
        if (!wording) {
            han_.push_back(place);
            return place.end - place.begin;
        }
        const auto end = static_cast<std::uint32_t>(place.begin + wording->written.size());
        for (std::size_t at = 0; at < wording->means.size();) {
            const CodePoint c = code_point_at(wording->means, at);
            han_.push_back({c.value, place.begin, end});
            at += c.octets;
        }
        return wording->written.size();
    }

    void add_word(const Word& word) {
        to_.add(GramBlock::words, word.hash, word.begin, word.end);
        if (known_ >= 1)
            to_.add(GramBlock::words, mixed_in(mixed_in(pair_seed, last_.hash), word.hash), last_.begin, word.end);
        if (known_ >= 2)
            to_.add(GramBlock::words, mixed_in(mixed_in(skip_seed, before_.hash), word.hash), before_.begin, word.end);
        before_ = last_;
        last_ = word;
        ++known_;
    }

    void close_word() {
        if (word_.empty()) return;
        constexpr std::size_t telling_digits = 2;
        std::size_t digits = 0;
        for (const Place& place : word_) digits += place.value >= U'0' && place.value <= U'9' ? 1 : 0;
        if (digits > telling_digits) {
            for (Place& place : word_) place.value = U'0';
            if (word_.size() > telling_digits + 1) word_.resize(telling_digits + 1);  // as long as the shortest of its kind
        }
        std::uint64_t hash = word_seed;
        for (const Place& place : word_) hash = mixed_in(hash, place.value);
        add_word({hash, word_.front().begin, word_.back().end});
        to_.add_pieces(hash, word_);
        word_.clear();
    }

    void close_han() {
        if (han_.empty()) return;
        for (std::size_t first = 0; first < han_.size(); ++first) {
            std::uint64_t hash = han_seed;
            for (std::size_t length = 1; length <= han_longest && first + length <= han_.size(); ++length) {
                hash = mixed_in(hash, han_[first + length - 1].value);
                to_.add(GramBlock::pieces, hash, han_[first].begin, han_[first + length - 1].end);
            }
        }
        han_.clear();
        known_ = 0;  // words of two languages are no pair
    }

    Taker& to_;
    std::vector<Place> word_, han_;
    Word last_{}, before_{};
    std::size_t known_ = 0;
};

}  // namespace

GramBag::GramBag(std::string_view folded) {
    entries_.reserve(folded.size());
    slots_.resize(std::bit_ceil(folded.size() * 2 + 64));
    Counts counts{*this, folded.size()};
    Reader{counts}.run(folded);
    counts.finish();
}

void GramBag::add(std::uint64_t key, std::uint32_t count) {
    if (entries_.size() * 3 >= slots_.size() * 2) grow();
    const auto low = static_cast<std::uint32_t>(key);
    for (std::size_t slot = low & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot] == 0) {
            entries_.push_back({low, count});
            slots_[slot] = static_cast<std::uint32_t>(entries_.size());
            return;
        }
        Entry& entry = entries_[slots_[slot] - 1];
        if (entry.key != low) continue;
        entry.count += count;
        return;
    }
}

void GramBag::grow() {
    slots_.assign(std::max<std::size_t>(slots_.size() * 2, 64), 0);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        std::size_t slot = entries_[i].key & (slots_.size() - 1);
        while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = i + 1;
    }
}

void append_grams(std::string_view folded, std::vector<Gram>& to) {
    Places places{to};
    Reader{places}.run(folded);
}

std::uint64_t concept_key(std::uint32_t family, std::uint32_t number) {
    return finished(mixed_in(mixed_in(mixed_in(fnv_offset, 'k'), family), number));
}

}  // namespace okpay::triage
