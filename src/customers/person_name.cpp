// SPDX-License-Identifier: Apache-2.0
#include "customers/person_name.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::customers {
namespace {

constexpr std::size_t parts_max = 8;
constexpr std::size_t zone_octets_max = 400;
constexpr int steps_max = 100'000;  // of one comparison: with eight parts never reached by a name

using Readings = std::vector<std::string>;

// ICAO 9303 part 3 section 6: where it differs from taking the marks away.
std::string_view icao(char32_t c) {
    switch (c) {
    case U'Ä':
    case U'Æ': return "AE";
    case U'Å': return "AA";
    case U'Ö':
    case U'Ø':
    case U'Œ': return "OE";
    case U'Ü': return "UE";
    case U'ẞ': return "SS";
    case U'Þ': return "TH";
    default: return "";
    }
}

std::string latin(const icu::UnicodeString& text) {
    // Built once, cloned for each use: a transliterator is not for two threads at once.
    static const std::unique_ptr<const icu::Transliterator> shared = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> made{
            icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Upper", UTRANS_FORWARD, status)};
        ensure(U_SUCCESS(status) && made != nullptr);  // ICU's own data
        return made;
    }();
    const std::unique_ptr<icu::Transliterator> own{shared->clone()};
    icu::UnicodeString out{text};
    own->transliterate(out);
    std::string utf8;
    out.toUTF8String(utf8);
    return utf8;
}

std::string letters_of(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') out += c;
    }
    return out;
}

void add(Readings& readings, std::string one) {
    if (!one.empty() && std::ranges::find(readings, one) == readings.end()) readings.push_back(std::move(one));
}

bool is_han(char32_t c) { return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC) != 0; }

// One word of the name, or one Chinese character.
Readings readings_of(const icu::UnicodeString& word) {
    Readings readings;
    const std::string plain = latin(word);
    add(readings, letters_of(plain));
    std::string transliterated, doubled;
    bool differs = false;
    icu::UnicodeString upper{word};
    upper.toUpper();
    for (std::int32_t i = 0; i < upper.length(); i = upper.moveIndex32(i, 1)) {
        const auto c = static_cast<char32_t>(upper.char32At(i));
        const std::string_view special = icao(c);
        const std::string one = letters_of(latin(icu::UnicodeString{static_cast<UChar32>(c)}));
        transliterated += special.empty() ? one : special;
        doubled += c == U'Ü' ? "UXX" : c == U'Ñ' ? "NXX" : one;
        differs = differs || !special.empty() || c == U'Ñ';
    }
    if (differs) {
        add(readings, transliterated);
        add(readings, doubled);
    }
    if (is_han(static_cast<char32_t>(word.char32At(0)))) {  // 吕 lǚ: LYU on passports, LU or LV elsewhere
        for (const std::string_view syllable : {"LU", "NU"}) {
            if (readings.front() != syllable) continue;
            add(readings, std::string{syllable.substr(0, 1)} + "YU");
            add(readings, std::string{syllable.substr(0, 1)} + "V");
        }
    }
    return readings;
}

bool is_filler(char c) { return c == '<'; }
bool may_be_filler(char c) { return c == '<' || c == 'K' || c == 'S' || c == 'C' || c == 'E' || c == 'X'; }

// Takes the stated parts out of what was read, in any order, each in one of its readings.
class Walk {
public:
    Walk(const std::vector<Readings>& parts, std::string_view zone) : parts_{parts}, zone_{zone} {}

    bool whole() { return from(0, 0, true); }
    // All stated parts stand there, and more.
    bool more() { return from(0, 0, false); }

private:
    bool from(std::size_t at, unsigned used, bool to_the_end) {
        if (++steps_ > steps_max) return false;
        const bool at_border = at >= zone_.size() || may_be_filler(zone_[at]);
        while (at < zone_.size() && is_filler(zone_[at])) ++at;
        const bool all = used == (1U << parts_.size()) - 1;
        if (all && to_the_end && std::ranges::all_of(zone_.substr(at), may_be_filler)) return true;
        if (all && !to_the_end) return at_border;  // "An" is no part of "ANNA"
        if (at >= zone_.size()) return false;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if ((used >> i) & 1U) continue;
            for (const std::string& reading : parts_[i]) {
                if (zone_.substr(at).starts_with(reading) && from(at + reading.size(), used | (1U << i), to_the_end)) {
                    return true;
                }
            }
        }
        if (may_be_filler(zone_[at]) && from(at + 1, used, to_the_end)) return true;
        if (to_the_end) return false;
        const auto next = zone_.find('<', at);  // a word that was not stated
        return next != std::string_view::npos && from(next, used, to_the_end);
    }

    const std::vector<Readings>& parts_;
    std::string_view zone_;
    int steps_ = 0;
};

// "WANG<<XIAOMING<<<" stays; "Xiao-ming Wang" becomes "XIAO<MING<WANG".
std::string zone_of(std::string_view text) {
    text = utf8_prefix(text, zone_octets_max);
    const bool plain = std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '<'; });
    if (plain) return std::string{text};
    std::string zone;
    for (const auto& part : latin_parts(text)) zone += part.front() + "<";
    return zone;
}

}  // namespace

std::vector<std::vector<std::string>> latin_parts(std::string_view name) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFKCInstance(status);
    ensure(U_SUCCESS(status));
    const std::string_view bounded = utf8_prefix(name, zone_octets_max);
    const icu::UnicodeString text = nfc->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece{bounded.data(), static_cast<std::int32_t>(bounded.size())}), status);
    std::vector<Readings> parts;
    icu::UnicodeString word;
    const auto end_word = [&] {
        if (word.isEmpty()) return;
        if (Readings readings = readings_of(word); !readings.empty()) parts.push_back(std::move(readings));
        word.remove();
    };
    for (std::int32_t i = 0; i < text.length() && parts.size() < 4 * parts_max; i = text.moveIndex32(i, 1)) {
        const auto c = static_cast<char32_t>(text.char32At(i));
        if (is_han(c)) {
            end_word();
            word.append(static_cast<UChar32>(c));
            end_word();
        } else if (u_isalpha(static_cast<UChar32>(c)) || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK) {
            word.append(static_cast<UChar32>(c));
        } else if (c != U'\'' && c != U'’') {  // O'Connor is one word
            end_word();
        }
    }
    end_word();
    return parts;
}

NameMatch compare_names(std::string_view stated, std::string_view zone_text) {
    const std::vector<Readings> parts = latin_parts(stated);
    const std::string zone = zone_of(zone_text);
    if (parts.empty() || parts.size() > parts_max || zone.empty()) return NameMatch::different;
    if (Walk{parts, zone}.whole()) return NameMatch::same;
    if (Walk{parts, zone}.more()) return NameMatch::part;
    // The other way: more was stated than stands there, "Anna Maria Berg" and "BERG<<ANNA".
    for (std::size_t left_out = 0; left_out < parts.size() && parts.size() > 2; ++left_out) {
        std::vector<Readings> fewer = parts;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
        if (Walk{fewer, zone}.whole()) return NameMatch::part;
    }
    return NameMatch::different;
}

}  // namespace okpay::customers
