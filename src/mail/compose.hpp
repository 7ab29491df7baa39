// SPDX-License-Identifier: Apache-2.0
// An outgoing message as octets (RFC 5322, 2045, 2047): CRLF line ends, seven bits, no line over 998 octets and none of
// the header over 78 where it can be folded. What the caller hands in as text cannot add a field, a recipient or a body:
// control characters in a subject or a name become blanks, ids and further fields are refused where they hold any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/result.hpp"
#include "mail/email_address.hpp"
#include "mail/message.hpp"

namespace okpay::mail {

enum class AutoSubmitted : std::uint8_t { no, auto_generated, auto_replied };  // RFC 3834 5

struct OutgoingMail {
    Mailbox from;
    std::vector<Mailbox> to;
    std::vector<Mailbox> reply_to{};
    std::string subject{};
    std::string text{};  // the body, UTF-8 with LF or CRLF
    std::string message_id{};  // ids without angle brackets
    std::string in_reply_to{};  // may be empty
    std::vector<std::string> references{};  // oldest first; thinned to the first and the latest that fit
    Moment date{};
    AutoSubmitted auto_submitted = AutoSubmitted::no;
    std::vector<Header>
        extra{};  // further fields, name in the case to be sent, ASCII value; none that compose writes itself
};

enum class ComposeError : std::uint8_t { no_recipient, too_many_recipients, bad_message_id, bad_extra_header, too_large };

inline constexpr std::size_t compose_recipients_max = 50;
inline constexpr std::size_t compose_references_octets_max = 1'500;
inline constexpr std::size_t compose_header_octets_max = 4'096;  // relays refuse long ones; over it: too_large
inline constexpr std::size_t compose_text_octets_max = 4U << 20U;

Result<Bytes, ComposeError> compose(const OutgoingMail& mail);

}  // namespace okpay::mail
