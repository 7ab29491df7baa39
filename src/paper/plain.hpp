// SPDX-License-Identifier: Apache-2.0
// Text from outside, made inert for a layout: what is left are characters to be seen, on one line.
//
//   Taken out   control characters and line breaks (a blank stands for them), marks that turn the direction of writing
//               (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), the byte order mark, interlinear
//               annotations, language tags; ill-formed octets become U+FFFD.
//   Kept        joiners and variation selectors: names are written with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace okpay::paper {

std::string plain(std::string_view text);

// The character at the front of well-formed UTF-8, which is cut off. The text is not empty.
char32_t take_character(std::string_view& text);
bool turns_direction(char32_t character);

}  // namespace okpay::paper
