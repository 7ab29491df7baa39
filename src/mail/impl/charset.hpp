// SPDX-License-Identifier: Apache-2.0
// Octets in a declared, lying, unknown or missing charset made UTF-8. ICU only: iconv would open module files.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace okpay::mail {

struct DecodedText {
    std::string text;       // well-formed UTF-8, not yet cleaned
    bool repaired = false;  // the label was not the truth, or some octets fit no charset
};

// `label` as in a Content-Type, any case, may be empty. gb2312 and gbk are read as their superset gb18030, latin-1 as
// windows-1252 and so on (WHATWG Encoding). What does not fit its label is guessed: UTF-8, then the Chinese and
// Japanese charsets by how common the characters would be, at last windows-1252, which fits anything.
DecodedText decode_charset(ByteView bytes, std::string_view label);

std::string clean_text(std::string_view utf8);  // NFC, LF, no control, bidi or zero-width-space characters
std::string clean_line(std::string_view utf8);  // the same on one line, white space runs as one space, trimmed

}  // namespace okpay::mail
