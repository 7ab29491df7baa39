// SPDX-License-Identifier: Apache-2.0
#include "content/impl/style.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/text.hpp"

namespace okpay::content {
namespace {

std::string squeezed(std::string_view css) {
    std::string result;
    for (std::size_t i = 0; i < css.size(); ++i) {
        if (css.substr(i, 2) == "/*") {
            const auto end = css.find("*/", i + 2);
            if (end == std::string_view::npos) break;
            i = end + 1;
            continue;
        }
        if (css[i] != ' ' && css[i] != '\n' && css[i] != '\t' && css[i] != '\r') result += css[i];
    }
    return ascii_lower(result);
}

// True for "0", "0px", "0.0em", "0%" and for what is too small to be read, "1px".
bool is_nothing(std::string_view length, double smallest_px) {
    const std::string text{length.substr(0, 16)};
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str()) return false;
    if (value == 0) return true;
    const std::string_view unit{end};
    return value > 0 && value <= smallest_px && (unit.starts_with("px") || unit.starts_with("pt"));
}

bool hides(std::string_view name, std::string_view value) {
    if (name == "display") return value.starts_with("none");
    if (name == "visibility") return value.starts_with("hidden") || value.starts_with("collapse");
    if (name == "font-size") return is_nothing(value, 1);
    if (name == "opacity") return is_nothing(value, 0) || value.starts_with("0.0");
    if (name == "max-height" || name == "max-width") return is_nothing(value, 0);
    if (name == "mso-hide") return value.starts_with("all");
    if (name == "text-indent" || name == "left" || name == "top") {
        return value.starts_with("-999") || value.starts_with("-1000");
    }
    return name == "clip" && value.starts_with("rect(0");
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::uint32_t> hex_colour(std::string_view digits) {
    if (digits.size() != 3 && digits.size() != 6) return std::nullopt;
    std::uint32_t colour = 0;
    for (const char c : digits) {
        const int digit = hex_digit(c);
        if (digit < 0) return std::nullopt;
        colour = colour * 16 + static_cast<std::uint32_t>(digit);
        if (digits.size() == 3) colour = colour * 16 + static_cast<std::uint32_t>(digit);
    }
    return colour;
}

}  // namespace

std::optional<std::uint32_t> read_colour(std::string_view value) {
    if (const auto important = value.find('!'); important != std::string_view::npos) value = value.substr(0, important);
    constexpr std::array names{std::pair{std::string_view{"white"}, 0xFFFFFFU}, std::pair{std::string_view{"black"}, 0U},
                               std::pair{std::string_view{"transparent"}, 0xFFFFFFU}};
    for (const auto& [name, colour] : names) {
        if (value == name) return colour;
    }
    if (value.starts_with('#')) return hex_colour(value.substr(1));
    if (!value.starts_with("rgb")) return hex_colour(value);  // as in <font color=ffffff>
    const auto open = value.find('(');
    if (open == std::string_view::npos) return std::nullopt;
    std::uint32_t colour = 0;
    const auto parts = split(value.substr(open + 1), ',');
    if (parts.size() < 3) return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
        const int part = std::atoi(std::string{parts[i].substr(0, 4)}.c_str());
        colour = colour * 256 + static_cast<std::uint32_t>(part < 0 ? 0 : part > 255 ? 255 : part);
    }
    return colour;
}

Style read_style(std::string_view declarations) {
    Style style;
    const std::string css = squeezed(declarations.substr(0, 4'096));
    bool no_height = false, clips = false;
    for (const std::string_view one : split(css, ';')) {
        const auto colon = one.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view name = one.substr(0, colon);
        const std::string_view value = one.substr(colon + 1);
        style.hidden |= hides(name, value);
        if ((name == "height" || name == "width") && is_nothing(value, 0)) no_height = true;
        if (name == "overflow" && value.starts_with("hidden")) clips = true;
        if (name == "color") {
            style.colour = read_colour(value);
            style.hidden |= value.starts_with("transparent");
        }
        if (name == "background-color" || name == "background") {
            style.background = read_colour(value).value_or(unknown_background);
        }
    }
    style.hidden |= no_height && clips;
    return style;
}

namespace {

// Comments say nothing; nor do the marks that hid a sheet from browsers of the last century.
std::string without_comments(std::string_view css) {
    std::string said;
    said.reserve(css.size());
    for (std::size_t at = 0; at < css.size();) {
        const std::string_view rest = css.substr(at);
        if (rest.starts_with("/*")) {
            const auto end = rest.find("*/", 2);
            said += ' ';
            at = end == std::string_view::npos ? css.size() : at + end + 2;
        } else if (rest.starts_with("<!--") || rest.starts_with("-->")) {
            at += rest.starts_with('<') ? 4 : 3;
        } else {
            said += css[at++];
        }
    }
    return said;
}

}  // namespace

std::set<std::string> hiding_selectors(std::string_view sheet) {
    constexpr std::size_t selectors_max = 500;
    const std::string css = without_comments(ascii_lower(sheet.substr(0, 256U << 10U)));
    std::set<std::string> found;
    std::size_t at = 0;
    while (at < css.size() && found.size() < selectors_max) {
        const auto open = css.find('{', at);
        if (open == std::string::npos) break;
        std::string_view selectors = std::string_view{css}.substr(at, open - at);
        // What ends before the rule begins is a statement: @import, @charset, @namespace.
        if (const auto end = selectors.rfind(';'); end != std::string_view::npos) selectors.remove_prefix(end + 1);
        selectors = trimmed(selectors);
        if (selectors.find("@media") != std::string_view::npos || selectors.find("@supports") != std::string_view::npos) {
            std::size_t depth = 1, end = open + 1;
            for (; end < css.size() && depth > 0; ++end) {
                if (css[end] == '{') ++depth;
                if (css[end] == '}') --depth;
            }
            at = end;
            continue;
        }
        const auto close = std::min(css.find('}', open), css.size());
        if (read_style(std::string_view{css}.substr(open + 1, close - open - 1)).hidden) {
            for (std::string_view selector : split(selectors, ',')) {
                selector = trimmed(selector);
                if (selector.find_first_of(" >+~:[*") != std::string_view::npos) continue;
                if (const auto mark = selector.find_first_of(".#"); mark != std::string_view::npos) {
                    selector.remove_prefix(mark);
                }
                if (!selector.empty() && selector.size() < 100) found.emplace(selector);
            }
        }
        at = close + 1;
    }
    return found;
}

}  // namespace okpay::content
