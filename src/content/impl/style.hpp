// SPDX-License-Identifier: Apache-2.0
// As much of CSS as it takes to tell what a reader does not see. Values are lower case without blanks and comments.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace okpay::content {

// An image, a gradient or a colour by a name that is not known may be anything: on it no text can be said to vanish.
inline constexpr std::uint32_t unknown_background = 0x808081;

struct Style {
    bool hidden = false;
    std::optional<std::uint32_t> colour;      // 0xRRGGBB
    std::optional<std::uint32_t> background;
};

Style read_style(std::string_view declarations);
std::optional<std::uint32_t> read_colour(std::string_view value);

// The selectors ".class", "#id" and "element" (alone or after an element name) of a <style> whose rule hides. Rules
// inside @media depend on the reader's screen and are left out.
std::set<std::string> hiding_selectors(std::string_view sheet);

}  // namespace okpay::content
