// SPDX-License-Identifier: Apache-2.0
// Side threads: what was said stands in one thread and in no request, a thread's state and clock follow from it, each mail
// of ours went to the thread's counterparty, and none of it went to a customer.
#include <fmt/format.h>

#include "desk/side_thread.hpp"
#include "store/desk_store.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

void gapless(Connection& connection, CheckReport& report, std::string_view table) {
    const std::int64_t rows = connection.integer(fmt::format("SELECT count(*) FROM {}", table)).value_or(0);
    const std::int64_t last = highest(connection, table);
    report.looked_at += rows;
    if (rows != last)
        report.fault(fmt::format("{} has {} rows and its last number is {}: a row is missing", table, rows, last));
}

}  // namespace

CheckReport check_side_threads(Connection& connection) {
    CheckReport report{.name = "side_threads"};
    for (const std::string_view table : {"counterparty", "side_thread", "side_message"}) gapless(connection, report, table);
    faults_of(
        connection, report,
        "SELECT no FROM side_thread WHERE state NOT IN (1, 2, 3) OR kind NOT IN (1, 2, 3, 4) OR told NOT IN (0, 1, 2, 3) OR "
        "(state = 3) <> (closed IS NOT NULL) OR (closed IS NULL) <> (closed_by IS NULL)",
        "side thread {} is in no state");
    faults_of(connection, report,
              "SELECT no FROM side_thread WHERE (state = 1) <> (due IS NOT NULL) OR (due IS NULL AND told <> 0)",
              "the clock of side thread {} does not follow its state");
    // 1: the last that was said is ours; 2: theirs. Machine mail says nothing.
    faults_of(
        connection, report,
        "SELECT t.no FROM side_thread t WHERE t.state <> 3 AND t.state <> coalesce((SELECT CASE WHEN m.direction = 2 THEN "
        "1 ELSE 2 END FROM side_message m WHERE m.no = (SELECT max(n.no) FROM side_message n WHERE n.thread = t.no AND "
        "n.kind = 1)), 0)",
        "the state of side thread {} does not follow from what was said");
    faults_of(connection, report,
              "SELECT t.no FROM side_thread t WHERE NOT EXISTS (SELECT 1 FROM side_message m WHERE m.thread = t.no AND "
              "m.direction = 2) OR EXISTS (SELECT 1 FROM side_message m WHERE m.thread = t.no AND m.at > t.updated)",
              "side thread {} does not begin with a mail of ours, or is older than its newest one");
    faults_of(
        connection, report,
        "SELECT no FROM side_message WHERE direction NOT IN (1, 2) OR kind NOT IN (1, 2) OR (direction = 2) <> (outgoing "
        "IS NOT NULL) OR (direction = 1) <> (mail IS NOT NULL) OR (direction = 2) <> (staff IS NOT NULL) OR (direction = "
        "2 AND kind <> 1)",
        "side message {} is neither a mail of ours nor one of theirs");
    faults_of(
        connection, report,
        "SELECT s.no FROM side_message s JOIN side_thread t ON t.no = s.thread LEFT JOIN inbound_mail i ON i.no = s.mail "
        "AND i.state = 2 AND i.ticket = t.ticket AND i.message IS NULL WHERE s.mail IS NOT NULL AND i.no IS NULL",
        "side message {} came by a mail that is filed elsewhere");
    faults_of(connection, report, "SELECT mail FROM side_message WHERE mail IS NOT NULL GROUP BY mail HAVING count(*) > 1",
              "mail {} stands in side threads more than once");
    // An erasure empties either.
    faults_of(connection, report,
              "SELECT s.no FROM side_message s JOIN side_thread t ON t.no = s.thread LEFT JOIN outgoing_mail o ON o.no = "
              "s.outgoing AND o.kind = 'side_mail' AND o.ticket = t.ticket AND (o.recipient = '' OR lower(o.recipient) = "
              "lower(t.address)) "
              "AND o.automatic = 0 WHERE s.outgoing IS NOT NULL AND o.no IS NULL",
              "side message {} did not go to its counterparty");
    faults_of(connection, report,
              "SELECT o.no FROM outgoing_mail o WHERE o.kind = 'side_mail' AND (SELECT count(*) FROM side_message s WHERE "
              "s.outgoing = o.no) <> 1",
              "outgoing mail {} of a side thread stands in none, or in several");
    faults_of(
        connection, report,
        "SELECT m.no FROM message m WHERE EXISTS (SELECT 1 FROM side_message s WHERE s.id = m.id OR s.mail = m.mail OR "
        "s.outgoing = m.outgoing)",
        "message {} of a request is one of a side thread: the customer would read it");
    faults_of(connection, report,
              "SELECT t.no FROM side_thread t JOIN ticket k ON k.no = t.ticket WHERE t.address <> '' AND lower(t.address) = "
              "lower(k.party_address)",
              "side thread {} is with the customer of its own request");
    return report;
}

}  // namespace okpay::store
