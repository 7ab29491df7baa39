// SPDX-License-Identifier: Apache-2.0
// A titled table on A4 pages.
//
//   Text      plain: there is no markup, whatever it holds is shown as characters (plain.hpp). It is selectable; the glyphs
//             that are used are embedded. A text that is too wide is wrapped; a row that is too high for the rest of the
//             page begins on the next, and one that is too high for any page goes on there.
//   Pages     "2 / 5" below; the heads of the columns on each.
//   Language  of the words: chooses between the Chinese forms of one character, and stands in the file for reading aloud.
//   Fonts     Noto Sans CJK; where the machine has none, what Fontconfig gives instead.
//   Same      the same document is the same octets, on one machine.
//   Threads   any; heavy: about a second for 3,000 rows. Nothing is shared between two calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/moment.hpp"
#include "base/result.hpp"

namespace okpay::paper {

enum class PaperLanguage : std::uint8_t { en, zh_hans, zh_hant };
enum class PaperError : std::uint8_t { not_rendered };  // no memory, or no font at all

struct Field {
    std::string label, value;
};

struct Column {
    std::string heading;
    double share = 1;  // of the width
    bool figures = false;  // to the right, each on one line, smaller where it is too long
};

struct PaperCell {
    std::string text;
    std::vector<std::string> below = {};  // smaller, each on a line of its own
};

struct PaperRow {
    std::vector<PaperCell> cells;  // one a column
    bool strong = false;
};

struct Document {
    PaperLanguage language = PaperLanguage::en;
    std::string title, issuer;    // of the file and above each page but the first
    std::string heading;          // above the first page; empty: the title
    std::vector<Field> fields;    // above the table
    std::vector<Field> figures;   // a few in one line, large
    std::vector<Column> columns;  // at least one
    std::vector<PaperRow> rows;
    std::vector<std::string> notes;  // below the table
    Moment made;
};

Result<std::string, PaperError> pdf_of(const Document& document);

}  // namespace okpay::paper
