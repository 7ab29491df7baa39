// SPDX-License-Identifier: Apache-2.0
// Hosted mailboxes: the journal has each mail that came from one, once, and no mailbox stands before what its journal has.
#include <fmt/format.h>

#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

}  // namespace

CheckReport check_mailboxes(Connection& connection) {
    CheckReport report{.name = "mailboxes"};
    const std::int64_t rows = connection.integer("SELECT count(*) FROM mailbox_mail").value_or(0);
    report.looked_at = rows + connection.integer("SELECT count(*) FROM hosted_mailbox").value_or(0);
    if (const auto last = connection.integer("SELECT max(no) FROM mailbox_mail"); last && *last != rows)
        report.fault(fmt::format("the journal of mailboxes has {} rows and the last is {}", rows, *last));
    faults(connection, report,
           "SELECT b.no FROM hosted_mailbox b WHERE b.taken <> (SELECT count(*) FROM mailbox_mail m WHERE m.mailbox = b.no "
           "AND m.mail IS NOT NULL)",
           "the journal of mailbox {} has another number of mails than were taken");
    faults(connection, report,
           "SELECT m.no FROM mailbox_mail m JOIN hosted_mailbox b ON b.no = m.mailbox WHERE m.walk > b.walk OR (m.walk = "
           "b.walk AND m.uid > b.last_uid)",
           "row {} of the journal is ahead of its mailbox");
    faults(
        connection, report,
        "SELECT m.no FROM mailbox_mail m LEFT JOIN inbound_mail i ON i.no = m.mail WHERE m.outcome NOT IN (1, 2, 3, 4) OR "
        "(m.outcome IN (1, 2) AND (i.no IS NULL OR i.channel NOT IN ('imap', 'import'))) OR (m.outcome IN (3, 4) AND "
        "m.mail IS NOT NULL)",
        "row {} of the journal of mailboxes and the mail that it names do not agree");
    faults(connection, report,
           "SELECT i.no FROM inbound_mail i WHERE i.channel = 'imap' AND NOT EXISTS (SELECT 1 FROM mailbox_mail m WHERE "
           "m.mail = i.no)",
           "mail {} came from a mailbox and its journal does not know it");
    return report;
}

}  // namespace okpay::store
