// SPDX-License-Identifier: Apache-2.0
#include "search/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <memory>

#include "base/ensure.hpp"

namespace okpay::search {
namespace {

constexpr char32_t han_first = 0x3400;
constexpr char32_t han_end = 0xA000;
constexpr std::size_t joined_max = 32;  // code points that are normalised as one: a base and its marks

// One character at a time: what a transliterator does by context would depend on what stands around.
const std::vector<char16_t>& simplified() {
    static const std::vector<char16_t> table = [] {
        UErrorCode error = U_ZERO_ERROR;
        const std::unique_ptr<icu::Transliterator> convert{
            icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error)};
        ensure(U_SUCCESS(error) && convert != nullptr);  // part of ICU's data since its beginnings
        std::vector<char16_t> made;
        made.reserve(han_end - han_first);
        for (char32_t c = han_first; c < han_end; ++c) {
            icu::UnicodeString one{static_cast<UChar32>(c)};
            convert->transliterate(one);
            made.push_back(one.length() == 1 ? one.charAt(0) : static_cast<char16_t>(c));
        }
        return made;
    }();
    return table;
}

const icu::Normalizer2& case_folding() {
    static const icu::Normalizer2* const found = [] {
        UErrorCode error = U_ZERO_ERROR;
        const auto* instance = icu::Normalizer2::getNFKCCasefoldInstance(error);
        ensure(U_SUCCESS(error) && instance != nullptr);
        return instance;
    }();
    return *found;
}

bool is_accented_latin(char32_t c) { return (c >= 0xC0 && c < 0x250) || (c >= 0x1E00 && c < 0x1F00); }

char32_t without_accents(char32_t c) {
    static const icu::Normalizer2* const nfd = [] {
        UErrorCode error = U_ZERO_ERROR;
        const auto* instance = icu::Normalizer2::getNFDInstance(error);
        ensure(U_SUCCESS(error) && instance != nullptr);
        return instance;
    }();
    icu::UnicodeString parts;
    if (!nfd->getDecomposition(static_cast<UChar32>(c), parts)) return c;
    return static_cast<char32_t>(parts.char32At(0));
}

char32_t finished(char32_t c) {
    if (c >= han_first && c < han_end) return simplified()[c - han_first];
    return is_accented_latin(c) ? without_accents(c) : c;
}

}  // namespace

void append_utf8(std::string& to, char32_t c) {
    char octets[U8_MAX_LENGTH];
    int32_t size = 0;
    UBool failed = 0;
    U8_APPEND(octets, size, U8_MAX_LENGTH, static_cast<UChar32>(c), failed);
    if (failed == 0) to.append(octets, static_cast<std::size_t>(size));
}

Letter letter_of(char32_t c) {
    if (c < 0x80) {
        return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') ? Letter::word
                                                                                                : Letter::none;
    }
    if ((c >= han_first && c < han_end) || (c >= 0x3041 && c <= 0x30FF && c != 0x30FB) || (c >= 0xAC00 && c <= 0xD7A3) ||
        c == 0x3005 || c == 0x3007 || (c >= 0x20000 && c < 0x323B0)) {
        return Letter::packed;
    }
    return u_isalnum(static_cast<UChar32>(c)) != 0 || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK ||
                   u_charType(static_cast<UChar32>(c)) == U_COMBINING_SPACING_MARK
               ? Letter::word
               : Letter::none;
}

Folded fold(std::string_view utf8) {
    const icu::Normalizer2& nfkc = case_folding();
    Folded folded;
    folded.text.reserve(utf8.size());
    folded.at.reserve(utf8.size() + 1);
    const auto* const data = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto size = static_cast<std::int64_t>(utf8.size());
    const auto put = [&folded](char32_t c, std::int64_t at) {
        folded.text += c;
        folded.at.push_back(static_cast<std::uint32_t>(at));
    };
    icu::UnicodeString joined, normal;
    for (std::int64_t at = 0; at < size;) {
        const std::int64_t begin = at;
        UChar32 c = 0;
        U8_NEXT(data, at, size, c);
        // ASCII and Han are most of what there is, and join with nothing but a mark that follows.
        UChar32 next = 0;
        std::int64_t behind = at;
        if (behind < size) U8_NEXT(data, behind, size, next);
        const bool stands_alone = at >= size || next < 0x300 || (next >= 0x3400 && next < 0xA000);
        if (c >= 0 && c < 0x80 && stands_alone) {
            put(static_cast<char32_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c), begin);
            continue;
        }
        if (c >= static_cast<UChar32>(han_first) && c < static_cast<UChar32>(han_end) && stands_alone) {
            put(finished(static_cast<char32_t>(c)), begin);
            continue;
        }
        joined.remove();
        joined.append(c < 0 ? UChar32{0xFFFD} : c);
        for (std::size_t count = 1; at < size && count < joined_max; ++count) {
            std::int64_t after = at;
            U8_NEXT(data, after, size, next);
            if (next < 0 || nfkc.hasBoundaryBefore(next) != 0) break;
            joined.append(next);
            at = after;
        }
        UErrorCode error = U_ZERO_ERROR;
        nfkc.normalize(joined, normal, error);
        if (U_FAILURE(error)) normal = joined;
        for (int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
            put(finished(static_cast<char32_t>(normal.char32At(i))), begin);
        }
    }
    folded.at.push_back(static_cast<std::uint32_t>(size));
    return folded;
}

}  // namespace okpay::search
