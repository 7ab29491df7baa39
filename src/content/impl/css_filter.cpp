// SPDX-License-Identifier: Apache-2.0
#include "content/impl/css_filter.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace okpay::content {
namespace {

constexpr std::size_t style_octets_max = 4'096;
constexpr std::size_t value_octets_max = 300;
constexpr std::size_t addresses_a_sheet_max = 100;

bool is_listed(std::string_view property) {
    constexpr std::array names{"background",     "background-color", "border",         "border-bottom",  "border-collapse",
                               "border-color",   "border-left",      "border-radius",  "border-right",   "border-spacing",
                               "border-style",   "border-top",       "border-width",   "color",          "direction",
                               "font",           "font-family",      "font-size",      "font-style",     "font-variant",
                               "font-weight",    "height",           "letter-spacing", "line-height",    "list-style-type",
                               "margin",         "margin-bottom",    "margin-left",    "margin-right",   "margin-top",
                               "max-width",      "min-width",        "padding",        "padding-bottom", "padding-left",
                               "padding-right",  "padding-top",      "table-layout",   "text-align",     "text-decoration",
                               "text-transform", "vertical-align",   "white-space",    "width",          "word-break",
                               "word-spacing",   "word-wrap",        "overflow-wrap"};
    return std::ranges::any_of(names, [&](std::string_view one) { return one == property; });
}

// Words, lengths, colours, and the names of fonts in quotes. No function but those of colours, so nothing is loaded, read
// from the page or reckoned; no escape, by which one could be hidden.
bool is_plain(std::string_view property, std::string_view value) {
    constexpr std::array colours{"rgb", "rgba", "hsl", "hsla"};
    char quote = 0;
    int depth = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
            else if (c == '\\' || c == '<' || c == '>' || c == '&' || static_cast<unsigned char>(c) < ' ') return false;
            continue;
        }
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          static_cast<unsigned char>(c) >= 0x80;
        if (word || c == ' ' || c == '#' || c == '.' || c == ',' || c == '%') continue;
        if (c == '-') {  // text that is drawn over other text, or out of sight
            const bool negative = i + 1 < value.size() && value[i + 1] >= '0' && value[i + 1] <= '9' &&
                                  (i == 0 || value[i - 1] == ' ' || value[i - 1] == ',' || value[i - 1] == '(');
            if (negative || (i + 1 < value.size() && value[i + 1] == '.')) return false;
        } else if (c == '/') {  // size and height of lines
            if (property != "font") return false;
        } else if (c == '\'' || c == '"') {
            if (property != "font-family" && property != "font") return false;
            quote = c;
        } else if (c == '(') {
            auto begin = i;
            while (begin > 0 && ((value[begin - 1] >= 'a' && value[begin - 1] <= 'z') ||
                                 (value[begin - 1] >= 'A' && value[begin - 1] <= 'Z')))
                --begin;
            const std::string name = ascii_lower(value.substr(begin, i - begin));
            if (++depth > 1 || std::ranges::none_of(colours, [&](std::string_view one) { return one == name; }))
                return false;
        } else if (c == ')') {
            if (--depth < 0) return false;
        } else {
            return false;
        }
    }
    return quote == 0 && depth == 0;
}

std::string without_comments(std::string_view css) {
    std::string result;
    for (std::size_t i = 0; i < css.size(); ++i) {
        if (css.substr(i, 2) != "/*") {
            result += css[i];
            continue;
        }
        const auto end = css.find("*/", i + 2);
        if (end == std::string_view::npos) break;
        result += ' ';
        i = end + 1;
    }
    return result;
}

// At semicolons outside of quotes and brackets.
std::vector<std::string_view> declarations_of(std::string_view css) {
    std::vector<std::string_view> found;
    char quote = 0;
    std::size_t depth = 0, begin = 0;
    for (std::size_t i = 0; i < css.size(); ++i) {
        const char c = css[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')' && depth > 0) {
            --depth;
        } else if (c == ';' && depth == 0) {
            found.push_back(css.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    found.push_back(css.substr(begin));
    return found;
}

}  // namespace

std::string safe_declarations(std::string_view style) {
    std::string kept;
    const std::string css = without_comments(style.substr(0, style_octets_max));
    for (const std::string_view one : declarations_of(css)) {
        const auto colon = one.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string property = ascii_lower(trimmed(one.substr(0, colon)));
        std::string value{trimmed(one.substr(colon + 1))};
        if (const auto mark = value.find('!'); mark != std::string::npos) value = trimmed(value.substr(0, mark));
        std::ranges::replace_if(value, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
        if (value.empty() || value.size() > value_octets_max || !is_listed(property) || !is_plain(property, value)) continue;
        if (!kept.empty()) kept += "; ";
        kept += property + ": " + value;
    }
    return kept;
}

std::vector<std::string> addresses_in_css(std::string_view css) {
    std::vector<std::string> found;
    const std::string low = ascii_lower(css);
    const auto take = [&](std::size_t at) {
        while (at < css.size() && (css[at] == ' ' || css[at] == '\t' || css[at] == '\n' || css[at] == '\r')) ++at;
        if (at >= css.size()) return;
        const bool quoted = css[at] == '"' || css[at] == '\'';
        const auto end = quoted ? css.find(css[at], at + 1) : css.find_first_of(") \t\r\n;", at);
        const auto begin = quoted ? at + 1 : at;
        const auto address = trimmed(css.substr(begin, std::min(end, css.size()) - begin));
        if (!address.empty()) found.emplace_back(address);
    };
    for (const std::string_view mark : {"url(", "image-set(", "@import"}) {
        for (auto at = low.find(mark); at != std::string::npos; at = low.find(mark, at + mark.size())) {
            if (found.size() >= addresses_a_sheet_max) return found;
            const auto after = at + mark.size();
            const auto next = low.find_first_not_of(" \t\r\n", after);
            if (mark != "url(" && next != std::string::npos && low.compare(next, 4, "url(") == 0) continue;  // counted there
            take(after);
        }
    }
    return found;
}

}  // namespace okpay::content
