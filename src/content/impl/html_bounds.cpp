// SPDX-License-Identifier: Apache-2.0
#include "content/impl/html_bounds.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace okpay::content {
namespace {

std::string_view tag_name(std::string_view after_angle) {
    std::size_t length = 0;
    while (length < after_angle.size() && length < 16 &&
           ((after_angle[length] >= 'a' && after_angle[length] <= 'z') ||
            (after_angle[length] >= 'A' && after_angle[length] <= 'Z') ||
            (after_angle[length] >= '0' && after_angle[length] <= '9'))) {
        ++length;
    }
    return after_angle.substr(0, length);
}

// Elements that need no end tag do not deepen the tree by standing in a row.
bool may_stay_open(std::string_view name) {
    constexpr std::array names{"p",    "li",   "td",    "tr",    "th",     "dt",    "dd",    "br",    "img",   "hr",
                               "meta", "link", "input", "col",   "area",   "base",  "wbr",   "tbody", "thead", "option",
                               "html", "body", "head",  "tfoot", "source", "embed", "param", "track"};
    return std::ranges::any_of(names, [&](std::string_view one) { return equal_ignoring_ascii_case(one, name); });
}

}  // namespace

// An upper bound of what the parser would build, from one pass over the angle brackets.
bool is_within(std::string_view html, const HtmlLimits& limits) {
    std::size_t tags = 0, depth = 0;
    for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
        if (++tags > limits.tags_max) return false;
        std::string_view rest = html.substr(at + 1, 17);
        const bool closes = rest.starts_with('/');
        if (closes) rest.remove_prefix(1);
        const std::string_view name = tag_name(rest);
        if (name.empty() || may_stay_open(name)) continue;
        if (!closes && ++depth > limits.depth_max) return false;
        if (closes && depth > 0) --depth;
    }
    return true;
}

std::string without_tags(std::string_view html) {
    std::string text;
    std::size_t at = 0;
    while (at < html.size()) {
        const auto open = std::min(html.find('<', at), html.size());
        text += html.substr(at, open - at);
        if (open == html.size()) break;
        const std::string_view name = tag_name(html.substr(open + 1, 17));
        auto close = html.find('>', open);
        for (const std::string_view dropped : {"script", "style"}) {
            if (!equal_ignoring_ascii_case(name, dropped)) continue;
            const std::string end = "</" + std::string{dropped};
            const auto found = html.find(end, open);
            close = found == std::string_view::npos ? found : html.find('>', found);
        }
        if (close == std::string_view::npos) break;
        text += name.empty() || name == "b" || name == "i" || name == "span" ? "" : "\n";
        at = close + 1;
    }
    return text;
}

}  // namespace okpay::content
