// SPDX-License-Identifier: Apache-2.0
// HTML from outside that stays HTML, for a frame without scripts on an origin of its own (threats.md T60 to T66).
//
//   Kept      elements and attributes on a list, styles by css_filter.hpp, links to http, https, mailto and tel, pictures of
//             the same message (cid:) and small ones that the text carries itself. What is on no list is left out; its
//             text stays, but for what is no text (scripts, styles, forms' fields, frames, drawings).
//   Hidden    what a reader would not have seen is left out, as in html_text.hpp.
//   Secrets   masked by mask.hpp, also where tags stand between their digits: the formatting of that line is given up then.
//   Remote    nothing is loaded. What would have been is listed.
//   Fixed     the answer, read again, is answered as it is: made over until it is, and as plain text where that takes too
//             long. So another parser has nothing to read differently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "content/html_text.hpp"
#include "content/mask.hpp"

namespace okpay::content {

inline constexpr std::size_t remote_listed_max = 200;
inline constexpr std::size_t links_listed_max = 500;
inline constexpr std::size_t inline_picture_octets_max = 256U << 10U;  // of a data: address
inline constexpr int sanitising_rounds_max = 8;

struct ShownLink {
    std::string address, text;  // the text as shown, at most 200 octets of it
    bool deceives = false;  // the text names another host than the address leads to
};

struct SafeHtml {
    std::string html;  // a fragment for the body of a page
    std::vector<std::string> remote;  // addresses, each once
    std::vector<std::string> content_ids;  // of pictures in the same message, each once
    std::vector<ShownLink> links;
    std::vector<SecretKind> masked;
    bool hidden_found = false;
    bool simplified = false;  // over a limit, or never the same twice: the text alone
};

// Never throws on input; time and memory linear in the octets for each round. Thread-safe.
SafeHtml safe_html(std::string_view html, const HtmlLimits& limits = {});

}  // namespace okpay::content
