// SPDX-License-Identifier: Apache-2.0
// What follows DATA, read octet by octet into a message (RFC 5321 4.1.1.4, 4.5.2): only CRLF "." CRLF ends it, stuffed
// dots are taken off. A CR or LF that stands alone stops the reading at once: some other server may have taken it for
// the end of a message, and what follows for a second one (smuggling, CVE-2023-51764 to 51766).
// A message that breaks another rule is dropped and its end still looked for, so that the session can go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"

namespace okpay::mailroom {

struct DataLimits {
    std::size_t message_octets_max = 25U << 20U;
    std::size_t text_line_octets_max = 1'000;  // with CRLF, without a stuffed dot (RFC 5321 4.5.3.1.6)
    std::size_t hops_max = 50;                 // Received fields; more is a loop (RFC 5321 6.3)
    std::size_t dropped_octets_max = 64U << 20U;  // of one message that is refused already; then the session ends
};

enum class DataStatus { reading, complete, bare_line_break, endless };
enum class DataFault { none, too_large, line_too_long, nul_octet, mail_loop, no_room };

class DataReader {
public:
    DataReader(const DataLimits& limits, std::size_t declared_octets);

    // Takes octets until the status is no longer `reading`; gives how many it took.
    std::size_t feed(std::string_view bytes);
    [[nodiscard]] DataStatus status() const { return status_; }
    [[nodiscard]] DataFault fault() const { return fault_; }  // the first one
    [[nodiscard]] std::size_t octets_held() const { return message_.size(); }
    void drop(DataFault because);  // keep nothing more of this message
    Bytes take() { return std::move(message_); }

private:
    enum class At : std::uint8_t { line_start, in_line, after_cr, after_dot, after_dot_cr };
    void append(std::string_view octets);
    void end_line();
    void complete();

    DataLimits limits_;
    Bytes message_;
    std::size_t line_octets_ = 0;
    std::size_t dropped_octets_ = 0;
    At at_ = At::line_start;
    DataStatus status_ = DataStatus::reading;
    DataFault fault_ = DataFault::none;
};

}  // namespace okpay::mailroom
