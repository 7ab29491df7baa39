// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/language.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "triage/impl/sheet.hpp"

namespace okpay::triage {
namespace {

struct CommonWords {
    std::string_view tag, words;
};
constexpr std::array common_words{
    CommonWords{"en", "the i my is you to and not have it a of for was your on in me been this please can"},
    CommonWords{"de", "ich und nicht die der das ist mein meine habe wurde bitte mit zu ein eine sie auf von"},
    CommonWords{"fr", "je et le la les mon ma est pas vous une un de des pour avec été sur mes bonjour"},
    CommonWords{"es", "el la los mi es no un una y de que por para con mis hola han cuenta se"},
    CommonWords{"pt", "o a os meu minha não um uma e de que por para com foi olá conta em"},
    CommonWords{"it", "il la i mio mia è non un una e di che per con sono stato ho conto ciao"},
    CommonWords{"nl", "de het een ik mijn niet is en van op mij heb voor met je dat kan"},
};

// A word of at most eight octets as a number; longer ones are 0, and common to no language.
class Packed {
public:
    constexpr void add(char c) {
        value_ = value_ << 8U | static_cast<std::uint8_t>(c);
        ++octets_;
    }
    [[nodiscard]] constexpr std::uint64_t value() const { return octets_ <= 8 ? value_ : 0; }

private:
    std::uint64_t value_ = 0;
    std::size_t octets_ = 0;
};

struct CommonWord {
    std::uint64_t word = 0;
    std::uint8_t languages = 0;  // a set, one bit each
};
constexpr std::size_t table_size = 512;  // over twice the words
constexpr std::size_t slot_of(std::uint64_t word) { return (word * 0x9E3779B97F4A7C15U) >> 55U; }

constexpr auto table = [] {
    std::array<CommonWord, table_size> words{};
    for (std::size_t language = 0; language < common_words.size(); ++language) {
        Packed packed;
        const auto close = [&] {
            std::size_t slot = slot_of(packed.value());
            while (words[slot].word != 0 && words[slot].word != packed.value()) slot = (slot + 1) % table_size;
            words[slot].word = packed.value();
            words[slot].languages = static_cast<std::uint8_t>(words[slot].languages | 1U << language);
            packed = {};
        };
        for (const char c : common_words[language].words) {
            if (c == ' ') close();
            else packed.add(c);
        }
        close();
    }
    return words;
}();

std::string latin_language(std::string_view text) {
    std::array<int, common_words.size()> found{};
    Packed word;
    const auto close = [&] {
        const std::uint64_t value = word.value();
        word = {};
        if (value == 0) return;
        std::size_t slot = slot_of(value);
        while (table[slot].word != 0 && table[slot].word != value) slot = (slot + 1) % table_size;
        for (std::size_t i = 0; i < found.size(); ++i) found[i] += table[slot].languages >> i & 1;
    };
    for (const char c : text) {
        const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<std::uint8_t>(c) >= 0x80;
        if (part) word.add(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        else close();
    }
    close();
    const auto most = std::ranges::max_element(found);
    constexpr int words_min = 3;  // fewer may be names
    if (*most < words_min || *most <= found[0]) return "en";
    return std::string{common_words[static_cast<std::size_t>(most - found.begin())].tag};
}

}  // namespace

std::string language_of(std::string_view text) {
    int han = 0;
    int kana = 0;
    int hangul = 0;
    int latin = 0;
    int cyrillic = 0;
    int arabic = 0;
    int thai = 0;
    int only_traditional = 0;
    int only_simplified = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto [c, octets] = code_point_at(text, at);
        at += octets;
        if (is_han(c)) {
            ++han;
            const bool traditional = to_simplified(c) != c;
            if (traditional) ++only_traditional;
            else if (to_traditional(c) != c) ++only_simplified;
        } else if (c >= 0x3041 && c <= 0x30FF) {
            ++kana;
        } else if (c >= 0xAC00 && c <= 0xD7A3) {
            ++hangul;
        } else if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= 0xC0 && c <= 0x24F)) {
            ++latin;
        } else if (c >= 0x0400 && c <= 0x04FF) {
            ++cyrillic;
        } else if (c >= 0x0600 && c <= 0x06FF) {
            ++arabic;
        } else if (c >= 0x0E00 && c <= 0x0E7F) {
            ++thai;
        }
    }
    constexpr int latin_letters_per_han = 4;  // one character says as much as a word
    if (kana > 1 && kana * 5 > han) return "ja";
    if (hangul * 2 > han && hangul * 2 > latin) return "ko";
    if (han > 0 && han * latin_letters_per_han >= latin) {
        // Some simplified forms are common in Traditional text too (台, 只, 里), the other way round hardly any.
        return only_traditional > 0 && only_traditional * 2 >= only_simplified ? "zh-Hant" : "zh-Hans";
    }
    if (cyrillic > latin) return "ru";
    if (arabic > latin) return "ar";
    if (thai > latin) return "th";
    return latin_language(text);
}

}  // namespace okpay::triage
