// SPDX-License-Identifier: Apache-2.0
// What a virus scanner said of the files of mails. A row of `mail_scan` stands there from the commit that files a mail with
// files on, scanner or none; mails of before scans have one too. `next_at` says when it is due. What it says of a file is
// kept by the file's content, so that what is handed out is what was scanned.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/moment.hpp"
#include "store/connection.hpp"

namespace okpay::store {

enum class ScanState : std::uint8_t {  // stored, append only
    unscanned = 1,  // nobody has looked yet
    clean = 2,      // nothing was found, which is no promise
    infected = 3,
    failed = 4,     // it could not be scanned; tried again while next_at is set
    none = 5,       // of a mail: a scan found no file in it
    of_before = 6,  // of a mail that was filed before scans were recorded: nobody knows whether it has files
};
std::string_view name_of(ScanState state);
// Whether people are told that the mail has files.
constexpr bool may_have_files(ScanState state) { return state != ScanState::none && state != ScanState::of_before; }

struct MailScan {
    std::int64_t mail;
    ScanState state = ScanState::unscanned;  // the worst of its files
    std::int64_t attempts = 0;
    std::optional<Moment> next_at;  // none: it is over
    std::string engine;  // which scanner, of when; empty until it was asked
    std::string reason;  // of a failed one
    Moment updated;
};
struct FileScan {
    std::int64_t mail;
    Hash256 content_hash;
    ScanState state;
    std::string found;  // of an infected one the signature's name; of a failed one what was said
    Moment at;
};

void insert_mail_scan(Connection& connection, const MailScan& scan);
void update_mail_scan(Connection& connection, const MailScan& scan);
std::optional<MailScan> find_mail_scan(Connection& connection, std::int64_t mail);
// Of which it is time, the newest due first: the mail of today does not wait behind the archive.
std::vector<std::int64_t> due_mail_scans(Connection& connection, Moment now, std::int64_t limit);

void write_file_scan(Connection& connection, const FileScan& scan);  // instead of an earlier one of the same file
std::vector<FileScan> file_scans_of(Connection& connection, std::int64_t mail);
// What was said of this content in whichever mail, where that was a virus; of several the first mail's.
std::optional<FileScan> infected_scan_of(Connection& connection, const Hash256& content);

}  // namespace okpay::store
