// SPDX-License-Identifier: Apache-2.0
// A small part of Markdown, for articles that we write ourselves and operators import: what is shown is made of escaped
// text and of tags of ours alone, so nothing in a file can become a tag, a script or remote content.
//
//   Blocks    paragraphs; "## " and "### " headings; "- " and "1. " lists of one level (a line that begins with two blanks
//             goes on); blank lines part them.
//   Inline    **strong**, `code`, [words](address). A backslash takes away the meaning of the character behind it.
//   Addresses https://…, mailto:…, and /… on our own site. No other scheme, no picture, no raw HTML, no table: a fault
//             that names its line.
//   Limits    markdown_octets_max; beyond it is a fault too.
// Pure, linear in the octets, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace okpay::content {

inline constexpr std::size_t markdown_octets_max = 16UL * 1024;

struct MarkdownFault {
    int line;         // from 1
    std::string why;  // a plain sentence
    friend bool operator==(const MarkdownFault&, const MarkdownFault&) = default;
};

// The first thing that is not of the part above; nothing where the text can be shown as it is meant.
std::optional<MarkdownFault> fault_in_markdown(std::string_view text);

// For pages: h3, h4, p, ul, ol, li, strong, code and a (rel="noopener", no other attribute). A text with a fault is shown
// with its signs as text.
std::string html_of_markdown(std::string_view text);

// For mails: LF, lists with "- " and "1. ", addresses behind their words in brackets; those of our own site begin with
// `site` ("https://pay.example"). Ends with LF where it is not empty.
std::string text_of_markdown(std::string_view text, std::string_view site);

}  // namespace okpay::content
