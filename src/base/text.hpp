// SPDX-License-Identifier: Apache-2.0
// Text is UTF-8. These few helpers are ASCII-only by intent: what depends on a language lives in its room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okpay {

bool is_utf8(std::string_view bytes);                    // well-formed, no surrogates, at most U+10FFFF
std::string to_utf8_lossy(std::string_view bytes);       // ill-formed sequences become U+FFFD
std::string_view trimmed(std::string_view text);         // ASCII white space at both ends
std::string ascii_lower(std::string_view text);
bool equal_ignoring_ascii_case(std::string_view a, std::string_view b);
std::vector<std::string_view> split(std::string_view text, char at);  // keeps empty parts
std::string_view utf8_prefix(std::string_view text, std::size_t octets_max);  // never cuts a character

}  // namespace okpay
