// SPDX-License-Identifier: Apache-2.0
// What a mail server says of a mail of ours that it could not bring: a delivery status notification (RFC 3464) or one of
// the forms that were common before it. Every word here is the claim of whoever wrote the mail: which mail of ours it is
// about is proven by the token in that mail's Message-ID (desk/ticket_token.hpp), never by an address.
//
//   Standard    message/delivery-status in a multipart/report; its fields alone are believed.
//   Other forms a mail of a mail system (its sender, its subject or X-Failed-Recipients say so): the status stands
//               somewhere in its text, the returned mail in a part of its own or behind a line in the text.
//   Limits      bounced_recipients_max, returned_ids_max, diagnostic_octets_max: the first ones count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::mail {

struct ParsedMail;

inline constexpr std::size_t bounced_recipients_max = 20;
inline constexpr std::size_t returned_ids_max = 8;
inline constexpr std::size_t diagnostic_octets_max = 500;

enum class BounceAction : std::uint8_t { failed = 1, delayed = 2, arrived = 3 };  // of the codec: append only

struct BouncedRecipient {
    std::string address;  // as written, may be empty: after forwarding it is not the one that we wrote to
    BounceAction action = BounceAction::failed;
    std::string status;      // of RFC 3463, "5.1.1"; empty where none was found
    std::string diagnostic;  // the remote server's words, one line
    friend bool operator==(const BouncedRecipient&, const BouncedRecipient&) = default;
};

struct BounceReport {
    std::vector<BouncedRecipient> recipients;  // one at least
    std::vector<std::string> returned_ids;     // Message-IDs that the returned mail may have, without angle brackets
    friend bool operator==(const BounceReport&, const BounceReport&) = default;
};

// What is to be made of one recipient's report.
enum class BounceKind : std::uint8_t {  // stored, append only
    none = 0,     // it arrived
    delayed = 1,  // it is tried on
    soft = 2,     // it did not arrive; the next one may
    hard = 3,     // nothing will arrive at this address
};
enum class BounceReason : std::uint8_t {  // stored, append only
    other = 1,
    address_unknown = 2,    // X.1.1, X.1.3, X.1.6
    domain_unknown = 3,     // X.1.2, X.1.10 (RFC 7505)
    mailbox_disabled = 4,   // X.2.1
    mailbox_full = 5,       // X.2.2
    too_large = 6,          // X.2.3, X.3.4
    refused = 7,            // X.7.x: for what it is or where it comes from
    not_reached = 8,        // X.3.x, X.4.x: systems and the way to them
};
std::string_view name_of(BounceReason reason);  // "address_unknown"

struct BounceMeaning {
    BounceKind kind;
    BounceReason reason;
    friend bool operator==(const BounceMeaning&, const BounceMeaning&) = default;
};
// The table of RFC 3463 as we act on it. Where the status is missing or says nothing (X.0.0) the words decide, and what
// they do not tell is soft: an address is not given up on a guess.
BounceMeaning meaning_of(const BouncedRecipient& recipient);

// The parts of a mail that `read_bounce` reads besides the parsed mail itself.
struct BounceParts {
    std::string delivery_status;            // the text of message/delivery-status, LF; empty: there is none
    std::vector<std::string> returned_ids;  // Message-IDs of embedded mails and header copies
};
// No recipients where it is no bounce. Time is linear in the texts.
BounceReport read_bounce(const ParsedMail& mail, BounceParts parts);

}  // namespace okpay::mail
