// SPDX-License-Identifier: Apache-2.0
#include "store/file_scan_store.hpp"

#include <cstdlib>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

FileScan file_scan_in(const Row& row) {
    RowReader read{row};
    return {.mail = read.integer(),
            .content_hash = read.hash(),
            .state = read.as<ScanState>(),
            .found = read.text(),
            .at = read.moment()};
}

}  // namespace

std::string_view name_of(ScanState state) {
    switch (state) {
    case ScanState::unscanned: return "unscanned";
    case ScanState::clean: return "clean";
    case ScanState::infected: return "infected";
    case ScanState::failed: return "failed";
    case ScanState::none: return "none";
    case ScanState::of_before: return "of_before";
    }
    std::abort();
}

void insert_mail_scan(Connection& connection, const MailScan& scan) {
    connection.execute(
        "INSERT INTO mail_scan (mail, state, attempts, next_at, engine, reason, updated) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7)",
        {scan.mail, stored(scan.state), scan.attempts, moment_or_null(scan.next_at), std::string_view{scan.engine},
         std::string_view{scan.reason}, ms_of(scan.updated)});
}

void update_mail_scan(Connection& connection, const MailScan& scan) {
    connection.execute(
        "UPDATE mail_scan SET state = $2, attempts = $3, next_at = $4, engine = $5, reason = $6, updated = $7 WHERE mail = "
        "$1",
        {scan.mail, stored(scan.state), scan.attempts, moment_or_null(scan.next_at), std::string_view{scan.engine},
         std::string_view{scan.reason}, ms_of(scan.updated)});
}

std::optional<MailScan> find_mail_scan(Connection& connection, std::int64_t mail) {
    std::optional<MailScan> found;
    connection.query("SELECT mail, state, attempts, next_at, engine, reason, updated FROM mail_scan WHERE mail = $1", {mail},
                     [&found](const Row& row) {
                         RowReader read{row};
                         found = MailScan{.mail = read.integer(),
                                          .state = read.as<ScanState>(),
                                          .attempts = read.integer(),
                                          .next_at = read.maybe_moment(),
                                          .engine = read.text(),
                                          .reason = read.text(),
                                          .updated = read.moment()};
                     });
    return found;
}

std::vector<std::int64_t> due_mail_scans(Connection& connection, Moment now, std::int64_t limit) {
    std::vector<std::int64_t> due;
    connection.query(
        "SELECT mail FROM mail_scan WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at DESC, mail DESC LIMIT $2",
        {ms_of(now), limit}, [&due](const Row& row) { due.push_back(row.integer(0)); });
    return due;
}

void write_file_scan(Connection& connection, const FileScan& scan) {
    connection.execute(
        "INSERT INTO file_scan (mail, content_hash, state, found, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mail, "
        "content_hash) DO UPDATE SET state = excluded.state, found = excluded.found, at = excluded.at",
        {scan.mail, Octets{view_of(scan.content_hash)}, stored(scan.state), std::string_view{scan.found}, ms_of(scan.at)});
}

std::vector<FileScan> file_scans_of(Connection& connection, std::int64_t mail) {
    std::vector<FileScan> scans;
    connection.query("SELECT mail, content_hash, state, found, at FROM file_scan WHERE mail = $1 ORDER BY content_hash",
                     {mail}, [&scans](const Row& row) { scans.push_back(file_scan_in(row)); });
    return scans;
}

std::optional<FileScan> infected_scan_of(Connection& connection, const Hash256& content) {
    static_assert(static_cast<int>(ScanState::infected) == 3);  // as the index says it
    std::optional<FileScan> found;
    connection.query(
        "SELECT mail, content_hash, state, found, at FROM file_scan WHERE content_hash = $1 AND state = 3 ORDER BY mail "
        "LIMIT 1",
        {Octets{view_of(content)}}, [&found](const Row& row) { found = file_scan_in(row); });
    return found;
}

}  // namespace okpay::store
