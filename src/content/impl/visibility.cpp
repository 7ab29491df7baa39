// SPDX-License-Identifier: Apache-2.0
#include "content/impl/visibility.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "content/impl/style.hpp"

namespace okpay::content {
namespace {

// The style sheets of the document, found in the text.
std::set<std::string> selectors_of(std::string_view html) {
    constexpr std::size_t sheets_max = 20;
    std::set<std::string> hiding;
    const std::string low = ascii_lower(html);
    std::size_t at = 0;
    for (std::size_t sheet = 0; sheet < sheets_max; ++sheet) {
        const auto open = low.find("<style", at);
        const auto body = open == std::string::npos ? open : low.find('>', open);
        if (body == std::string::npos) break;
        const auto end = std::min(low.find("</style", body), low.size());
        hiding.merge(hiding_selectors(std::string_view{low}.substr(body + 1, end - body - 1)));
        at = end;
    }
    return hiding;
}

}  // namespace

bool is_seen(const Visibility& sight) {
    if (sight.hidden) return false;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const int a = static_cast<int>((sight.colour >> shift) & 0xFFU);
        const int b = static_cast<int>((sight.background >> shift) & 0xFFU);
        if (std::abs(a - b) > 8) return true;
    }
    return false;
}

bool has_ink(std::string_view words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto octet = static_cast<std::uint8_t>(words[i]);
        if (octet <= ' ') continue;
        if (octet == 0xC2 || octet == 0xCD) {  // U+00A0, U+00AD, U+034F
            ++i;
        } else if (octet == 0xE2 && words.substr(i + 1, 1) == "\x80") {  // U+2000 to U+203F: blanks, joiners
            i += 2;
        } else if (words.compare(i, 3, "\xEF\xBB\xBF") == 0) {
            i += 2;
        } else {
            return true;
        }
    }
    return false;
}

std::string_view attribute_of(const GumboElement& element, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? std::string_view{} : std::string_view{found->value};
}

Hiding::Hiding(std::string_view html) : selectors_{selectors_of(html)} {}

bool Hiding::by_rule(const GumboElement& element) const {
    if (selectors_.empty()) return false;
    if (selectors_.contains(gumbo_normalized_tagname(element.tag))) return true;
    const auto id = attribute_of(element, "id");
    if (!id.empty() && selectors_.contains("#" + ascii_lower(id))) return true;
    for (const std::string_view name : split(attribute_of(element, "class").substr(0, 1'000), ' ')) {
        if (!name.empty() && selectors_.contains("." + ascii_lower(name))) return true;
    }
    return false;
}

void Hiding::apply(const GumboElement& element, Visibility& sight) const {
    if (element.attributes.length == 0 && selectors_.empty()) return;
    const Style style = read_style(attribute_of(element, "style"));
    if (const auto colour = read_colour(ascii_lower(attribute_of(element, "color")))) sight.colour = *colour;
    if (const auto behind = attribute_of(element, "bgcolor"); !behind.empty()) {
        sight.background = read_colour(ascii_lower(behind)).value_or(unknown_background);
    }
    if (!attribute_of(element, "background").empty()) sight.background = unknown_background;
    sight.colour = style.colour.value_or(sight.colour);
    sight.background = style.background.value_or(sight.background);
    sight.hidden |= style.hidden || by_rule(element) || attribute_of(element, "aria-hidden") == "true" ||
                    gumbo_get_attribute(&element.attributes, "hidden") != nullptr;
}

}  // namespace okpay::content
