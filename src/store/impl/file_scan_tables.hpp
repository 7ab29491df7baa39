// SPDX-License-Identifier: Apache-2.0
// The tables of virus scans (store/file_scan_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// Mails with files and how far each was scanned; each file of them that was, by its content. Mails of before wait too,
// though nobody knows yet which of them have files (6): a scanner that is switched on one day looks at them. What was
// infected (3) is found by its content, whichever mail brings it.
inline constexpr std::string_view file_scan_tables = R"sql(
CREATE TABLE mail_scan (mail BIGINT PRIMARY KEY REFERENCES inbound_mail(no), state BIGINT NOT NULL, attempts BIGINT NOT NULL,
    next_at BIGINT, engine TEXT NOT NULL, reason TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX mail_scan_due ON mail_scan (next_at, mail) WHERE next_at IS NOT NULL;
CREATE TABLE file_scan (mail BIGINT NOT NULL REFERENCES mail_scan(mail), content_hash OCTETS NOT NULL, state BIGINT NOT NULL,
    found TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (mail, content_hash));
CREATE INDEX file_scan_infected ON file_scan (content_hash) WHERE state = 3;
INSERT INTO mail_scan (mail, state, attempts, next_at, engine, reason, updated)
    SELECT no, 6, 0, received, '', '', updated FROM inbound_mail WHERE state = 2 AND message IS NOT NULL;
)sql";

}  // namespace okpay::store
