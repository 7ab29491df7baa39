// SPDX-License-Identifier: Apache-2.0
// Mails as files hold them: one behind the other in an mbox (RFC 4155 and what programs write), or one a file.
//
//   Dialects   mboxo and mboxrd quote "From " in bodies, mboxcl counts octets in Content-Length, others do neither. A
//              Content-Length is believed where a mail or the end of the file stands behind it. Else a mail ends where an
//              empty line is followed by a "From " line with a date and that by a header field. One ">" is taken off
//              before "From ", unless the body was counted and holds "From " unquoted too.
//   Result     line ends as CRLF, without the "From " line and without the fields in which mail stores keep their own
//              books (Status, X-Status, X-UID, Content-Length and the like), which change while the mail does not: the
//              same mail out of an mbox, a Maildir and a file of its own is the same octets.
//   Bounds     one mail in memory, of `mail_octets_max` at most; time linear in the file.
//
// Pure: the caller reads the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay::mail {

class MboxReader {
public:
    // Puts up to `octets` octets from `offset` on into `into` and answers how many; fewer only at the end of the file.
    using ReadAt = std::function<std::size_t(std::uint64_t offset, char* into, std::size_t octets)>;
    MboxReader(ReadAt read_at, std::size_t mail_octets_max);

    struct Mail {
        Bytes raw;                         // empty where it is too large
        std::uint64_t offset = 0;          // of its "From " line in the file
        std::optional<Moment> delivered;   // what that line says
        bool too_large = false;
    };
    std::optional<Mail> next();  // none at the end

private:
    struct Line {
        std::string_view text;   // without its end; valid until the next line is read
        std::uint64_t offset = 0, next = 0;
        bool whole = true;       // false: longer than a mail may be
    };
    std::optional<Line> line_at(std::uint64_t offset);
    bool starts_mail_at(std::uint64_t offset);
    std::optional<std::uint64_t> counted_end(std::uint64_t body, std::uint64_t length);
    void read_body(Mail& mail, std::uint64_t& at);
    void add(Mail& mail, std::string_view line) const;

    ReadAt read_at_;
    std::size_t mail_octets_max_;
    std::uint64_t at_ = 0;
    Bytes window_;
    std::uint64_t window_at_ = 0;
};

// A whole file as the mail that it holds.
Bytes mail_of_file(ByteView octets);

// Whether the octets begin with a header field or a "From " line.
bool looks_like_mail(ByteView start);

// The date of the first Date field within these octets, for putting files in order; a rough reader of the common form.
std::optional<Moment> rough_date_of(ByteView start);

}  // namespace okpay::mail
