// SPDX-License-Identifier: Apache-2.0
// Inside desk: the words by which people write money, for amounts.cpp. Longer ones stand before those they contain.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "money/currency.hpp"

namespace okpay::desk {

struct Unit {
    std::string_view word;                    // lower case
    std::vector<money::Currency> currencies;  // those it may mean; empty for one that we keep no books in
    bool hundredths = false;                  // cents, 角 counts separately
};

// Before a number: symbols, codes, names. nullptr where none ends the text.
const Unit* unit_ending(std::string_view text);
// Behind a number, at its start: codes and names. nullptr where none.
const Unit* unit_starting(std::string_view text);

// Whether the text ends with a word that announces money ("refunded", "余额为", "refund of"), so that a number may
// stand behind it without a unit.
bool announces_money(std::string_view text);
// Whether what follows a number counts something else: days, times, per cent, the rest of a date or an id.
bool counts_something_else(std::string_view text);

bool is_word_octet(char c);  // ASCII letter or digit
// The word of ASCII letters at the end, or at the start, of a text.
std::string_view last_word(std::string_view text);
std::string_view first_word(std::string_view text);

}  // namespace okpay::desk
