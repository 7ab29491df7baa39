// SPDX-License-Identifier: Apache-2.0
// Lines out of octets, for commands and replies: CRLF alone ends one. The answer is the same however the octets are cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace okpay::mailroom {

enum class LineEvent {
    none,             // all octets were taken; more are needed
    line,             // take_line() has it, without CRLF
    too_long,         // told once; the rest of the line is skipped
    endless,          // the skipped line passed its limit: give up
    bare_line_break,  // a CR or LF stands alone: give up
};

class LineReader {
public:
    // Limits in octets: of a line with its CRLF, and of what is skipped of a longer one.
    LineReader(std::size_t line_octets_max, std::size_t skipped_octets_max)
        : line_octets_max_{line_octets_max}, skipped_octets_max_{skipped_octets_max} {}

    LineEvent feed(std::string_view& bytes);  // takes from the front what it used
    std::string take_line() { return std::exchange(line_, {}); }

private:
    std::size_t line_octets_max_;
    std::size_t skipped_octets_max_;
    std::string line_;
    std::size_t skipped_octets_ = 0;  // Of the line that was too long; 0 while none is skipped.
    bool after_cr_ = false;
};

}  // namespace okpay::mailroom
