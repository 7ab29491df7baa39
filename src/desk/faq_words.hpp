// SPDX-License-Identifier: Apache-2.0
// Inside desk: texts as the terms by which articles are found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okpay::desk {

// In the order of the text, each once: folded (letters small, full width narrow), with other words for the same as one, and
// without the small words that say nothing.
std::vector<std::string> faq_terms(std::string_view text);

bool is_han_term(std::string_view term);  // a pair of Chinese characters, or one alone

// The mail without what is polite in it: greeting, thanks, the name below.
std::string without_courtesy(std::string_view mail);

// Whether it tells of something that has happened to the writer, or would command: such a mail is a person's to read.
bool tells_a_case(std::string_view mail);

// Whether one letter more, less, other, or two exchanged make one of the other. Latin letters.
bool one_letter_apart(std::string_view a, std::string_view b);

}  // namespace okpay::desk
