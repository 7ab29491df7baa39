// SPDX-License-Identifier: Apache-2.0
#include "mailroom/line_reader.hpp"

namespace okpay::mailroom {

LineEvent LineReader::feed(std::string_view& bytes) {
    while (!bytes.empty()) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (std::exchange(after_cr_, false)) {
            if (c != '\n') return LineEvent::bare_line_break;
            if (std::exchange(skipped_octets_, 0) == 0) return LineEvent::line;
        } else if (c == '\n') {
            return LineEvent::bare_line_break;
        } else if (c == '\r') {
            after_cr_ = true;
        } else if (skipped_octets_ > 0) {
            if (++skipped_octets_ > skipped_octets_max_) return LineEvent::endless;
        } else if (line_.size() + 3 > line_octets_max_) {  // with this octet and CRLF
            line_.clear();
            skipped_octets_ = 1;
            return LineEvent::too_long;
        } else {
            line_ += c;
        }
    }
    return LineEvent::none;
}

}  // namespace okpay::mailroom
