// SPDX-License-Identifier: Apache-2.0
// HTML, as mails carry it, made readable text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace okpay::content {

struct HtmlText {
    std::string text;           // UTF-8 with LF; lists with "- " or "1. ", table cells apart by a tab, quotes with "> "
    bool hidden_found = false;  // text was dropped that a reader would not have seen
    bool simplified = false;    // over a limit: tags were only stripped, and what is hidden is not known
};

struct HtmlLimits {
    std::size_t octets_max = 2U << 20U;  // the rest is cut off
    std::size_t tags_max = 100'000;
    std::size_t depth_max = 250;
};

// Drops script, style, head, comments and whatever CSS or attributes hide: display:none, visibility:hidden, font size
// or box of zero, opacity 0, text of the colour of its background, aria-hidden, `hidden`; by inline style or by a rule
// for one class, id or element. Never throws on input; time and memory linear in the octets. Thread-safe.
HtmlText text_of_html(std::string_view html, const HtmlLimits& limits = {});

}  // namespace okpay::content
