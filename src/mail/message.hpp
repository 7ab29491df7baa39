// SPDX-License-Identifier: Apache-2.0
// What a mail says, read out of its octets (RFC 5322, 2045-2049, 2231, 3676 and what the world sends instead).
//
// All text is UTF-8 in NFC with LF line ends, without control, bidi-override and zero-width-space characters. Nothing
// here proves anything: every field is the claim of whoever wrote the mail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/moment.hpp"
#include "mail/bounce.hpp"
#include "mail/email_address.hpp"
#include "mail/signed_claims.hpp"

namespace okpay::mail {

inline constexpr std::int32_t date_offset_minutes_limit = 24 * 60;  // beyond it a zone is nonsense

struct Header {
    std::string name;   // lower case
    std::string value;  // unfolded, not decoded; ill-formed octets as U+FFFD
    friend bool operator==(const Header&, const Header&) = default;
};

struct Attachment {
    std::string name;           // the base name as declared, made one line; may be empty; never a path
    std::string declared_type;  // "image/png", lower case; a claim, the file's type is found by its content
    std::uint64_t size_octets = 0;  // after the transfer encoding is undone
    Hash256 sha256{};               // of the same octets
    bool is_inline = false;
    std::string content_id;  // without angle brackets
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct ParsedMail {
    std::vector<Mailbox> from;  // of every From field: more than one means that none may be believed
    std::optional<Mailbox> sender;
    std::vector<Mailbox> reply_to, to, cc;
    std::string subject;
    std::string message_id, in_reply_to;  // without angle brackets; empty where missing
    std::vector<std::string> references;
    std::optional<Moment> date;
    std::optional<std::int32_t> date_offset_minutes;  // none for "-0000" and where the date is missing
    std::vector<Header> headers;                      // in the order of the mail

    std::string text;  // the whole readable body: text/plain, or HTML made text where there is no other
    std::string new_text;        // what the author newly wrote: no quote, signature or forwarded mail
    std::string quoted_text;     // a bounce carries the returned header fields here
    std::string forwarded_text;  // each forwarded mail with its From, Date and Subject
    std::vector<Attachment> attachments;

    bool charset_repaired = false;  // a label was missing, lied, or did not suffice
    bool truncated = false;         // a limit of ParseOptions was reached; the rest was not read
    bool hidden_html = false;       // the HTML holds text that a reader would not see
    bool malformed = false;         // the structure broke a rule and was read with good will
    std::optional<BounceReport> bounce;  // what a mail server says of a mail that it could not bring
    SignedClaims claims;            // what its signatures say; `parse` alone leaves them out
    friend bool operator==(const ParsedMail&, const ParsedMail&) = default;
};

struct HtmlAsText {
    std::string text;
    bool hidden_found = false;
};
using TextOfHtml = std::function<HtmlAsText(std::string_view html_utf8)>;

struct ParseOptions {
    std::size_t raw_octets_max = 64U << 20U;
    std::size_t header_octets_max = 128U << 10U;  // of one header block
    std::size_t header_fields_max = 1'000;        // of one header block
    std::size_t parts_max = 500;                  // leaves and multiparts of the whole mail
    std::size_t depth_max = 20;                   // of multiparts and embedded mails together
    std::size_t text_octets_max = 1U << 20U;      // of text, and of forwarded and quoted mail, each
    std::size_t html_octets_max = 2U << 20U;      // handed to text_of_html, over the whole mail
    std::size_t addresses_max = 500;              // of one field
    std::size_t references_max = 100;             // the first and the latest are kept
    TextOfHtml text_of_html{};                    // without it an HTML body has no text; must not throw
};

// Never throws on input and always answers; `claims` are for signed_claims_of. Time and memory are linear in the octets.
// Thread-safe.
ParsedMail parse(ByteView raw, const ParseOptions& options);

// The octets of the attachment with this hash, its transfer encoding undone; found by the same walk as `parse`, so that
// what is listed, scanned and downloaded is one thing. None where no such part is within the limits.
std::optional<Bytes> attachment_content(ByteView raw, const Hash256& sha256, const ParseOptions& options);

// The HTML of the mail's own body as UTF-8, clean like all text here: its text/html parts in order, none of a file or of an
// embedded mail. Empty where there is none. As it came otherwise: for content/safe_html.hpp, never for people.
std::string html_of(ByteView raw, const ParseOptions& options);

// Each part that is listed as a file, in the order of the mail, with its octets, which live only as long as the call; the
// same walk as `parse`.
void each_file(ByteView raw, const ParseOptions& options,
               const std::function<void(const Attachment& attachment, ByteView content)>& visit);

// Loads what is loaded lazily (ICU converters, GLib types), for a sandbox child before it locks itself in.
void warm_up();

// The first value of a field by its lower-case name, empty where missing.
std::string_view header_of(const ParsedMail& mail, std::string_view name);

}  // namespace okpay::mail
