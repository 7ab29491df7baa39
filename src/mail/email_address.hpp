// SPDX-License-Identifier: Apache-2.0
// A mailbox as typed in a form, found in an envelope or in a header.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okpay::mail {

// Source    RFC 5321 4.1.2, dot-string local part at a domain name; ASCII until SMTPUTF8 has its decision.
// Refused   quoted local parts, address literals, comments, domains of one label, control characters.
// Limits    local part 64 octets, domain 255, label 63 (RFC 5321 4.5.3.1.1 and 4.5.3.1.2).
// Equality  domain without regard to case, local part as given.
class EmailAddress {
public:
    static std::optional<EmailAddress> parse(std::string_view text);
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::string_view local_part() const { return std::string_view{text_}.substr(0, text_.rfind('@')); }
    [[nodiscard]] std::string_view domain() const { return std::string_view{text_}.substr(text_.rfind('@') + 1); }
    friend bool operator==(const EmailAddress&, const EmailAddress&) = default;

private:
    explicit EmailAddress(std::string text) : text_{std::move(text)} {}
    std::string text_;  // Invariant: local@domain, domain in lower case.
};

struct Mailbox {
    std::string name;  // decoded, one line, without control and bidi characters; empty where none was given
    EmailAddress address;
    friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

struct MailboxList {
    std::vector<Mailbox> mailboxes;
    bool malformed = false;        // something that should be an address could not be read
    bool truncated = false;        // more than were asked for
    bool charset_repaired = false;
};

// The forgiving reader of a From, To, Cc, Sender or Reply-To value (RFC 5322 3.4 and what clients make of it): groups
// are flattened without recursion, routes and comments dropped, stray quotes forgiven, an encoded word never becomes
// part of an address nor splits the list. An address that EmailAddress refuses is left out and reported.
MailboxList read_mailboxes(std::string_view header_value, std::size_t mailboxes_max = 500);

}  // namespace okpay::mail
