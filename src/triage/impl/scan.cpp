// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/scan.hpp"

#include "triage/impl/sheet.hpp"

namespace okpay::triage {
namespace {

int digit_of(char32_t c) {
    switch (c) {
    case U'零':
    case U'〇': return 0;
    case U'一':
    case U'壹': return 1;
    case U'二':
    case U'贰':
    case U'两': return 2;
    case U'三':
    case U'叁': return 3;
    case U'四':
    case U'肆': return 4;
    case U'五':
    case U'伍': return 5;
    case U'六':
    case U'陆': return 6;
    case U'七':
    case U'柒': return 7;
    case U'八':
    case U'捌': return 8;
    case U'九':
    case U'玖': return 9;
    }
    return -1;
}

std::int64_t unit_of(char32_t c) {
    switch (c) {
    case U'十':
    case U'拾': return 10;
    case U'百':
    case U'佰': return 100;
    case U'千':
    case U'仟': return 1'000;
    case U'万': return 10'000;
    case U'亿': return 100'000'000;
    }
    return 0;
}

}  // namespace

std::optional<ChineseNumber> chinese_number_at(std::string_view text, std::size_t at) {
    constexpr std::size_t characters_max = 24;
    std::int64_t total = 0;      // closed by 万 or 亿
    std::int64_t section = 0;    // below 万
    std::int64_t digit = -1;     // waiting for its unit
    std::int64_t last_unit = 1;  // 两千三 is 2300: a last digit counts in tenths of the unit before
    bool after_zero = false;
    bool has_unit = false;
    std::size_t characters = 0;
    for (; at < text.size() && characters < characters_max; ++characters) {
        const CodePoint c = code_point_at(text, at);
        const int d = digit_of(c.value);
        const std::int64_t unit = unit_of(c.value);
        if (d < 0 && unit == 0) break;
        if (d >= 0) {
            if (digit > 0 && d > 0 && !has_unit) digit = digit * 10 + d;  // 一二三: digits read out
            else if (digit > 0 && has_unit) break;
            else digit = d;
            after_zero = after_zero || d == 0;
            if (digit > 1'000'000) return std::nullopt;
        } else if (unit >= 10'000) {
            section += digit > 0 ? digit : 0;
            total = (total + section) * unit;
            if (total > 1'000'000'000'000'000) return std::nullopt;
            section = 0;
            digit = -1;
            last_unit = unit;
            after_zero = false;
            has_unit = true;
        } else {
            section += (digit > 0 ? digit : 1) * unit;
            digit = -1;
            last_unit = unit;
            after_zero = false;
            has_unit = true;
        }
        at += c.octets;
    }
    if (characters == 0) return std::nullopt;
    if (digit > 0) section += has_unit && !after_zero && last_unit > 10 ? digit * (last_unit / 10) : digit;
    return ChineseNumber{total + section, at, has_unit};
}

}  // namespace okpay::triage
