// SPDX-License-Identifier: Apache-2.0
// What both ends of SMTP share: paths of an envelope, and the form a message has on the wire.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace okpay::mailroom {

inline constexpr std::size_t local_part_octets_max = 64;  // RFC 5321 4.5.3.1.1
inline constexpr std::size_t domain_octets_max = 255;     // RFC 5321 4.5.3.1.2

enum class PathError { syntax, too_long, source_route };

// "<...>" of MAIL or RCPT (RFC 5321 4.1.2, RFC 6531). Quoted local parts and address literals are read; dots at odd
// places of a local part are forgiven, for real senders have them. Never lets a control character or NUL pass.
struct Path {
    std::string address;    // as given; empty for "<>"; "postmaster" may stand without a domain
    bool ascii = true;      // false: UTF-8, allowed only with SMTPUTF8
    std::string_view rest;  // what follows the ">"
};
Result<Path, PathError> read_path(std::string_view text);

// An address fit for "MAIL FROM:<...>": read_path gives it back whole. Guards our own commands against injection.
// True for "", too, the null sender.
bool is_path_address(std::string_view address);

// A message as it goes behind DATA, without the final dot: every line ends in CRLF (a bare CR or LF becomes one), lines
// that begin with a dot get another (RFC 5321 4.5.2), the last line is ended. Text in that form is only dot-stuffed.
Bytes data_form(ByteView message);
inline constexpr std::string_view end_of_data = ".\r\n";

// Printable ASCII of at most `octets_max`, for replies, header fields and logs.
std::string one_line(std::string_view text, std::size_t octets_max);

}  // namespace okpay::mailroom
