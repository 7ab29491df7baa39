// SPDX-License-Identifier: Apache-2.0
// What an IMAP server says (RFC 9051 7, RFC 3501 7), out of octets. The answer is the same however the octets are cut.
//   Literals   are read in FETCH responses alone, the only ones with any that we ask for; "{12}" at the end of another
//              response is text. Each stands in the text as one octet 0x01, which a server cannot send.
//   Refused    a CR or LF that stands alone, control characters in a line, and what passes a limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay::mailroom {

inline constexpr std::size_t imap_line_octets_max = 64U << 10U;  // of a response without its literals
inline constexpr std::size_t imap_literals_max = 8;              // of one response
inline constexpr std::size_t imap_literal_octets_max = 4U << 10U;  // of one that was not asked for
inline constexpr std::size_t imap_nesting_max = 16;              // of lists in a FETCH response

struct ImapResponse {
    std::string text;  // without CRLF
    std::vector<Bytes> literals;
};

enum class ImapEvent : std::uint8_t {
    none,          // all octets were taken; more are needed
    response,      // take() has it
    not_imap,      // give up
    line_too_long,
    literal_too_long,
};

class ImapReader {
public:
    ImapEvent feed(std::string_view& octets);  // takes from the front what it used
    ImapResponse take() { return std::exchange(response_, {}); }
    void allow_literal(std::size_t octets_max) { literal_octets_max_ = octets_max; }

private:
    ImapEvent end_line();

    ImapResponse response_;
    std::size_t line_begins_ = 0;  // In response_.text: behind the last literal.
    std::size_t literal_left_ = 0;
    std::size_t literal_octets_max_ = imap_literal_octets_max;
    bool after_cr_ = false;
};

struct ImapFetched {
    std::optional<std::int64_t> uid, size;
    std::optional<Moment> received;  // INTERNALDATE
    std::optional<Bytes> body;       // BODY[] or BODY[]<0>; none where it is NIL or not there
};
// "* 12 FETCH (UID 5 BODY[] {342}…)". Items that nobody asked for are passed over; nothing where it is malformed.
std::optional<ImapFetched> read_fetch(ImapResponse&& response);
std::optional<Moment> moment_of_imap(std::string_view text);  // "17-Jul-1996 02:44:25 -0700"

// A number of at most 32 bits, as UIDs and counts are; nothing else around it.
std::optional<std::int64_t> imap_number(std::string_view text);

}  // namespace okpay::mailroom
