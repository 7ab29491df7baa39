// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/sheet.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <memory>

#include "base/ensure.hpp"

namespace okpay::triage {
namespace {

constexpr char32_t table_first = 0x3400;
constexpr char32_t table_end = 0xA000;
using Table = std::vector<char16_t>;

// One character at a time: what a transliterator does by context is not wanted, because places must stay comparable.
Table table_by(const char* transliterator_id) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> convert{
        icu::Transliterator::createInstance(transliterator_id, UTRANS_FORWARD, error)};
    ensure(U_SUCCESS(error) && convert != nullptr);  // part of ICU's data since its beginnings
    Table table;
    table.reserve(table_end - table_first);
    for (char32_t c = table_first; c < table_end; ++c) {
        icu::UnicodeString one{static_cast<UChar32>(c)};
        convert->transliterate(one);
        table.push_back(one.length() == 1 ? one.charAt(0) : static_cast<char16_t>(c));
    }
    return table;
}

void append_code_point(std::string& to, char32_t c) {
    if (c < 0x80) {
        to += static_cast<char>(c);
    } else if (c < 0x800) {
        to += static_cast<char>(0xC0U | (c >> 6U));
        to += static_cast<char>(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        to += static_cast<char>(0xE0U | (c >> 12U));
        to += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        to += static_cast<char>(0x80U | (c & 0x3FU));
    } else {
        to += static_cast<char>(0xF0U | (c >> 18U));
        to += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
        to += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        to += static_cast<char>(0x80U | (c & 0x3FU));
    }
}

// Zero means: drop it.
char32_t folded(char32_t c) {
    if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
    if (c == Sheet::blotted || c == U'\r') return U' ';
    if (c < 0x80) return c;
    if (c >= 0xFF21 && c <= 0xFF3A) return c - 0xFF21 + U'a';
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + U'!';
    switch (c) {
    case 0x00A0:
    case 0x2002:
    case 0x2003:
    case 0x2009:
    case 0x202F:
    case 0x3000: return U' ';
    case 0x2018:
    case 0x2019:
    case 0x02BC: return U'\'';
    case 0x201C:
    case 0x201D:
    case 0x300C:
    case 0x300D:
    case 0x300E:
    case 0x300F: return U'"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212: return U'-';
    case 0xFFE5: return 0xA5;
    case 0xFFE0: return 0xA2;
    case 0x5E33: return 0x8D26;  // 帳 and 帐 are 账 here: account, bill
    case 0x5E10: return 0x8D26;
    case 0x8457: return 0x7740;  // 著, where Mainland writing has 着
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x2060:
    case 0xFEFF: return 0;
    }
    return to_simplified(c);
}

char32_t look_up(const Table& table, char32_t c) { return c < table_first || c >= table_end ? c : table[c - table_first]; }

}  // namespace

char32_t to_simplified(char32_t c) {
    static const Table table = table_by("Hant-Hans");
    return look_up(table, c);
}

char32_t to_traditional(char32_t c) {
    static const Table table = table_by("Hans-Hant");
    return look_up(table, c);
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
    const std::uint8_t lead = octet(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 1) return {lead, 1};
    if (length == 0 || at + length > text.size()) return {0xFFFD, 1};
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
        value = (value << 6U) | (octet(i) & 0x3FU);
    }
    return {value, length};
}

Sheet::Sheet(std::string_view original) : original_{original} {
    folded_.reserve(original.size() + 1);
    origin_.reserve(original.size() + 1);
    for (std::size_t at = 0; at < original.size();) {
        const CodePoint c = static_cast<std::uint8_t>(original[at]) < 0x80
                                ? CodePoint{static_cast<char32_t>(original[at]), 1}
                                : code_point_at(original, at);
        if (const char32_t plain = folded(c.value); plain != 0) {
            append_code_point(folded_, plain);
            while (origin_.size() < folded_.size()) origin_.push_back(static_cast<std::uint32_t>(at));
        }
        at += c.octets;
    }
    origin_.push_back(static_cast<std::uint32_t>(original.size()));
}

}  // namespace okpay::triage
