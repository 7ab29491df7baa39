// SPDX-License-Identifier: Apache-2.0
// A table as CSV (RFC 4180) for people who open it in a spreadsheet program.
//
//   Octets    UTF-8 with a byte order mark, without which such programs read Chinese as something else; lines end in CRLF.
//   Text      always in quotes, so that a program that splits at semicolons or tabs splits nothing within; a quote is
//             doubled. Ill-formed octets become U+FFFD, and NUL is left out. All else stays as it is, line breaks too.
//   Formulas  A text that a spreadsheet program could take for a formula gets an apostrophe in front: one that begins
//             with a tab or a line break, or whose first character that is seen is = + - @ or the full-width form of
//             one (OWASP, CSV injection). What comes in front of it unseen (blanks of any width, controls, marks of
//             direction) does not matter.
//   Numbers   plain decimals, "-1280.50": nothing else, or `ensure` stops the process; not in quotes, so that they add up.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::paper {

struct CsvCell {
    std::string text;
    bool number = false;  // an empty number is an empty cell
};
using CsvRow = std::vector<CsvCell>;

std::string csv_of(std::span<const CsvRow> rows);

// The text of one cell without its quotes, as a reader finds it.
std::string guarded(std::string_view text);

}  // namespace okpay::paper
