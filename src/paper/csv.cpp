// SPDX-License-Identifier: Apache-2.0
#include "paper/csv.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "paper/plain.hpp"

namespace okpay::paper {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Blanks of any width and whatever else has no width: what a program may skip before it looks for a formula.
bool is_skipped(char32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x034F || c == 0x1680 || c == 0x180E ||
           (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 ||
           c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE0FFF) || turns_direction(c);
}

bool begins_formula(char32_t c) {
    switch (c) {
    case U'=':
    case U'+':
    case U'-':
    case U'@':
    case U'\uFF1D':    // ＝
    case U'\uFF0B':    // ＋
    case U'\uFF0D':    // －
    case U'\uFF20':    // ＠
    case U'\uFE66':    // ﹦ and the other small forms, which are folded to the same
    case U'\uFE62':    // ﹢
    case U'\uFE63':    // ﹣
    case U'\uFE6B':    // ﹫
    case U'\u2212':    // −
        return true;
    default: return false;
    }
}

bool looks_like_formula(std::string_view text) {
    if (text.starts_with('\t') || text.starts_with('\r') || text.starts_with('\n')) return true;
    while (!text.empty()) {
        const char32_t character = take_character(text);
        if (!is_skipped(character)) return begins_formula(character);
    }
    return false;
}

bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto digits = [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    return digits(text.substr(0, point)) && (point == std::string_view::npos || digits(text.substr(point + 1)));
}

}  // namespace

std::string guarded(std::string_view text) {
    std::string clean = to_utf8_lossy(text);
    std::erase(clean, '\0');
    return looks_like_formula(clean) ? "'" + clean : clean;
}

std::string csv_of(std::span<const CsvRow> rows) {
    std::string csv{byte_order_mark};
    for (const CsvRow& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) csv += ',';
            const CsvCell& cell = row[i];
            if (cell.number) {
                ensure(cell.text.empty() || is_decimal(cell.text));
                csv += cell.text;
                continue;
            }
            csv += '"';
            for (const char c : guarded(cell.text)) {
                if (c == '"') csv += '"';
                csv += c;
            }
            csv += '"';
        }
        csv += "\r\n";
    }
    return csv;
}

}  // namespace okpay::paper
