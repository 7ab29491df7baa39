// SPDX-License-Identifier: Apache-2.0
// What stands before the parser: its tree walk recurses and its handling of unclosed formatting is quadratic.
#pragma once

#include <string>
#include <string_view>

#include "content/html_text.hpp"

namespace okpay::content {

bool is_within(std::string_view html, const HtmlLimits& limits);
// For what is over the limits: no tree, just the text between the tags, without scripts and styles.
std::string without_tags(std::string_view html);

}  // namespace okpay::content
