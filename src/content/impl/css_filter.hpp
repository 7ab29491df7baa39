// SPDX-License-Identifier: Apache-2.0
// As much of CSS as may stand in a mail that is shown: colours, letters and boxes, and nothing that loads, moves out of its
// place or names a function of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okpay::content {

// The declarations of a style attribute that are on the list of properties and values, "name: value; …". What is written
// with an escape, a comment inside a value, or unbalanced, is left out.
std::string safe_declarations(std::string_view style);

// What a style attribute or sheet would load: of url(…), image-set(…) and @import. Only listed, never followed.
std::vector<std::string> addresses_in_css(std::string_view css);

}  // namespace okpay::content
