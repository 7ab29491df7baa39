// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdlib>

#include "desk/remedy.hpp"
#include "store/desk_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"
#include "store/object_keys.hpp"

namespace okpay::store {
namespace {

// Each row that the query gives is a fault: its first column goes into the sentence.
void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

std::int64_t count(Connection& connection, std::string_view sql) { return connection.integer(sql).value_or(0); }

void gapless(Connection& connection, CheckReport& report, std::string_view table) {
    const std::int64_t rows = count(connection, fmt::format("SELECT count(*) FROM {}", table));
    const std::int64_t last = highest(connection, table);
    if (rows != last)
        report.fault(fmt::format("{} has {} rows and its last number is {}: a row is missing", table, rows, last));
}

}  // namespace

CheckReport check_engine(Connection& connection) {
    CheckReport report{.name = "engine"};
    if (connection.engine() == Engine::sqlite) {
        connection.query("PRAGMA integrity_check(20)", {}, [&](const Row& row) {
            ++report.looked_at;
            if (row.text(0) != "ok") report.fault("SQLite: " + row.string(0));
        });
        connection.query("PRAGMA foreign_key_check", {}, [&](const Row& row) {
            report.fault(fmt::format("row {} of {} refers to a row of {} that does not exist", row.integer(1), row.text(0),
                                     row.text(2)));
        });
    } else {
        report.looked_at = 1;  // PostgreSQL checks keys at each write and, where enabled, pages at each read
        const std::int64_t invalid = count(connection,
                                           "SELECT count(*) FROM pg_constraint WHERE NOT convalidated AND connamespace = "
                                           "current_schema()::regnamespace");
        if (invalid != 0) report.fault("a foreign key was switched off");
    }
    return report;
}

CheckReport check_audit_chain(Connection& connection) {
    CheckReport report{.name = "audit_chain"};
    Hash256 hash{};
    std::int64_t seq = 0;
    std::vector<std::pair<std::int64_t, Hash256>> anchors;
    each_audit(connection, [&](const AuditEntry& entry) {
        ++report.looked_at;
        if (entry.seq != seq + 1) report.fault(fmt::format("audit entry {} is missing", seq + 1));
        hash = audit_hash(hash, entry);
        if (hash != entry.hash) report.fault(fmt::format("audit entry {} does not continue the hash chain", entry.seq));
        hash = entry.hash;
        seq = entry.seq;
        if (entry.ledger_seq > 0 && (anchors.empty() || anchors.back().first != entry.ledger_seq)) {
            anchors.emplace_back(entry.ledger_seq, entry.ledger_hash);
        }
    });
    for (const auto& [ledger_seq, ledger_hash] : anchors) {
        const auto transfer = find_transfer(connection, ledger_seq);
        if (!transfer || transfer->hash != ledger_hash) {
            report.fault(fmt::format("the audit log names transfer {} with another hash than the ledger has", ledger_seq));
        }
    }
    return report;
}

CheckReport check_mail_books(Connection& connection) {
    CheckReport report{.name = "mail_books"};
    const std::int64_t accepted = count(connection, "SELECT count(*) FROM inbound_mail");
    const std::int64_t accounted = count(connection, "SELECT count(*) FROM inbound_mail WHERE state IN (1, 2, 3, 4)");
    const std::int64_t written = count(connection, "SELECT count(*) FROM outgoing_mail");
    report.looked_at = accepted + written;
    if (accepted != accounted)
        report.fault(fmt::format("{} mails were accepted and {} are accounted for", accepted, accounted));
    gapless(connection, report, "inbound_mail");
    gapless(connection, report, "outgoing_mail");
    faults_of(connection, report, "SELECT no FROM outgoing_mail WHERE state NOT IN (1, 2, 3, 4, 5)",
              "outgoing mail {} is in no state");
    faults_of(
        connection, report,
        "SELECT i.no FROM inbound_mail i LEFT JOIN message m ON m.no = i.message AND m.mail = i.no AND m.ticket = i.ticket "
        "WHERE i.state = 2 AND m.no IS NULL AND NOT EXISTS (SELECT 1 FROM mail_bounce b WHERE b.mail = i.no) AND NOT EXISTS "
        "(SELECT 1 FROM mail_check k WHERE k.mail = i.no) AND NOT EXISTS (SELECT 1 FROM side_message s WHERE s.mail = i.no)",
        "mail {} counts as filed and its message is missing");
    faults_of(connection, report,
              "SELECT i.no FROM inbound_mail i WHERE (SELECT count(*) FROM mail_bounce b WHERE b.mail = i.no) + (SELECT "
              "count(*) FROM mail_check k WHERE k.mail = i.no) + (SELECT count(*) FROM side_message s WHERE s.mail = i.no) "
              "+ CASE WHEN i.message IS NULL THEN 0 ELSE 1 END > 1",
              "mail {} was filed as two things");
    gapless(connection, report, "mail_bounce");
    gapless(connection, report, "delivery_attempt");
    gapless(connection, report, "suppressed_address");
    gapless(connection, report, "mail_check");
    gapless(connection, report, "mail_brake");
    faults_of(
        connection, report,
        "SELECT no FROM outgoing_mail WHERE state = 1 AND (held NOT IN (0, 1, 2, 3) OR (held = 1 AND NOT EXISTS (SELECT "
        "1 FROM mail_brake WHERE kind = 2 AND ended IS NULL)))",
        "outgoing mail {} is held back and nothing holds it");
    // An address given up and a mail kept back for it hold each other up; an erasure empties both.
    faults_of(connection, report,
              "SELECT o.no FROM outgoing_mail o WHERE o.state = 5 AND o.recipient <> '' AND NOT EXISTS (SELECT 1 FROM "
              "suppressed_address s WHERE s.address = lower(o.recipient) AND s.since <= o.updated)",
              "outgoing mail {} was kept back and nothing stood against its address");
    faults_of(connection, report,
              "SELECT s.no FROM suppressed_address s WHERE NOT EXISTS (SELECT 1 FROM mail_bounce b WHERE b.outgoing = "
              "s.outgoing AND b.kind IN (2, 3) AND b.reason = s.reason)",
              "the suppressed address {} has no mail that came back");
    faults_of(connection, report,
              "SELECT b.no FROM mail_bounce b JOIN inbound_mail i ON i.no = b.mail WHERE i.state <> 2 OR i.message IS NOT "
              "NULL",
              "the bounce {} was told by a mail that is filed as another thing");
    // What came back is not sent, unless a person had it sent again since.
    faults_of(connection, report,
              "SELECT o.no FROM outgoing_mail o JOIN mail_bounce b ON b.outgoing = o.no AND b.kind IN (2, 3) WHERE o.state "
              "IN (1, 2) AND NOT EXISTS (SELECT 1 FROM delivery_attempt a WHERE a.outgoing = o.no AND a.step IN (8, 9) AND "
              "a.at >= b.at)",
              "outgoing mail {} came back and does not say so");
    faults_of(connection, report, "SELECT mail FROM message WHERE mail IS NOT NULL GROUP BY mail HAVING count(*) > 1",
              "mail {} was filed more than once");
    faults_of(connection, report,
              "SELECT i.no FROM inbound_mail i WHERE i.state = 4 AND NOT EXISTS (SELECT 1 FROM inbound_mail f WHERE "
              "f.content_hash = i.content_hash AND f.no < i.no AND f.state <> 4)",
              "mail {} counts as a duplicate of a mail that is not there");
    faults_of(connection, report,
              "SELECT m.outgoing FROM message m LEFT JOIN outgoing_mail o ON o.no = m.outgoing WHERE m.outgoing IS NOT NULL "
              "AND o.no "
              "IS NULL",
              "outgoing mail {} is shown in a request and does not exist");
    return report;
}

CheckReport check_sealed_mail(Connection& connection, const VerifyRequest& request) {
    CheckReport report{.name = "sealed_mail"};
    std::vector<std::int64_t> numbers;
    connection.query("SELECT no FROM inbound_mail ORDER BY no", {},
                     [&](const Row& row) { numbers.push_back(row.integer(0)); });
    for (const std::int64_t no : numbers) {
        ++report.looked_at;
        const auto mail = find_inbound(connection, no);
        if (!mail || is_key_erased(connection, KeyOf::mail, no)) continue;
        std::optional<Bytes> sealed = mail->sealed;
        if (mail->blob) {
            if (!request.blobs) continue;
            sealed = request.blobs->get(*mail->blob);
            if (!sealed) {
                report.fault(fmt::format("the file of mail {} is missing or was changed: {}", no, *mail->blob));
                continue;
            }
        }
        if (!sealed) {
            report.fault(fmt::format("mail {} has no octets", no));
        } else if (request.keyring != nullptr) {
            const auto raw = request.keyring->unseal_object(*sealed, mail->object_key, inbound_mail_purpose);
            if (!raw) {
                report.fault(fmt::format("mail {} cannot be unsealed: its octets or its key were changed", no));
            } else if (std::ssize(*raw) != mail->size) {
                report.fault(fmt::format("mail {} has {} octets and its row says {}", no, raw->size(), mail->size));
            }
        }
    }
    return report;
}

CheckReport check_tickets(Connection& connection) {
    CheckReport report{.name = "tickets"};
    report.looked_at = count(connection, "SELECT count(*) FROM ticket");
    gapless(connection, report, "ticket");
    gapless(connection, report, "message");
    gapless(connection, report, "ticket_event");
    gapless(connection, report, "remedy");
    faults_of(connection, report, "SELECT no FROM ticket WHERE state NOT IN (1, 2, 3, 4, 5, 6)",
              "request {} is in no state");
    faults_of(connection, report,
              "SELECT t.no FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.no)",
              "request {} has no message");
    faults_of(connection, report,
              "SELECT t.no FROM ticket t WHERE EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.no AND m.at > t.updated)",
              "request {} is older than its newest message");
    return report;
}

CheckReport check_remedies(Connection& connection) {
    CheckReport report{.name = "remedies"};
    report.looked_at = count(connection, "SELECT count(*) FROM remedy");
    faults_of(
        connection, report,
        "SELECT r.no FROM remedy r LEFT JOIN payment p ON p.seq = r.executed_payment AND p.kind = 4 AND "
        "(p.state = 1 OR p.rail = 1) AND "  // a bank may have said no since
        "p.original = r.payment AND p.amount = r.amount AND p.currency = r.currency WHERE r.state = 3 AND p.seq IS NULL",
        "proposal {} counts as done and its refund is not in the ledger");
    faults_of(connection, report, "SELECT no FROM remedy WHERE state <> 3 AND executed_payment <> 0",
              "proposal {} names a refund and is not done");
    // A house of one person, a day later, whose owner was told when it was proposed.
    static const std::string alone = fmt::format(
        "decided - proposed >= {} AND EXISTS (SELECT 1 FROM outgoing_mail o WHERE o.kind = 'alone_proposed' AND o.created = "
        "remedy.proposed)",
        std::chrono::milliseconds{desk::approves_alone_waits}.count());
    static const std::string by_nobody_else = fmt::format(
        "SELECT no FROM remedy WHERE state IN (2, 3, 6) AND (decider IS NULL OR (decider = proposer AND NOT ({})))", alone);
    faults_of(connection, report, by_nobody_else, "proposal {} was approved by nobody else");
    faults_of(connection, report,
              "SELECT r.no FROM remedy r WHERE r.state = 3 AND NOT EXISTS (SELECT 1 FROM outgoing_mail o WHERE o.ticket = "
              "r.ticket AND "
              "o.names_money = 1)",
              "proposal {} is done and no answer names it");
    faults_of(
        connection, report,
        "SELECT o.no FROM outgoing_mail o WHERE o.kind = 'answer' AND NOT EXISTS (SELECT 1 FROM remedy r WHERE "
        "r.ticket = o.ticket "
        "AND r.state = 3) AND NOT EXISTS (SELECT 1 FROM duplicate_report d WHERE d.ticket = o.ticket AND d.refund <> 0)",
        "outgoing mail {} says that money moved and no posting is behind it");
    faults_of(connection, report,
              "SELECT o.no FROM outgoing_mail o WHERE o.kind = 'rail_outcome' AND NOT EXISTS (SELECT 1 FROM rail_call c "
              "WHERE c.ticket = o.ticket AND c.state IN (4, 5, 6, 7))",
              "outgoing mail {} says what became of a payment, and that is not known");
    faults_of(
        connection, report,
        "SELECT d.no FROM duplicate_report d LEFT JOIN payment p ON p.seq = d.refund AND p.kind = 4 AND "
        "(p.state = 1 OR p.rail = 1) AND p.amount = d.amount AND p.currency = d.currency AND p.customer = d.customer AND "
        "((p.original = d.payment AND p.duplicate_of = d.other) OR (p.original = d.other AND p.duplicate_of = d.payment) "
        "OR (p.original = d.payment AND p.duplicate_of <> 0)) "
        "WHERE (d.outcome = 1) <> (d.refund <> 0) OR (d.refund <> 0 AND p.seq IS NULL)",
        "the report {} of a double charge and the refund that it names do not agree");
    faults_of(connection, report,
              "SELECT d.no FROM duplicate_report d LEFT JOIN ticket t ON t.no = d.ticket AND t.customer = d.customer "
              "WHERE d.outcome <> 2 AND t.no IS NULL",
              "the report {} of a double charge has no request");
    return report;
}

CheckReport check_commands(Connection& connection) {
    CheckReport report{.name = "commands"};
    report.looked_at = count(connection, "SELECT count(*) FROM command");
    const std::int64_t accepted =
        count(connection, "SELECT count(*) FROM command WHERE kind = 'AcceptMail' AND answer LIKE '{\"code\":\"\"%'");
    std::int64_t imported = 0;  // each answer says how many it took
    constexpr std::string_view begin = R"({"code":"","detail":"","number":)";
    connection.query("SELECT answer FROM command WHERE kind = 'ImportMails'", {}, [&](const Row& row) {
        if (row.text(0).starts_with(begin)) imported += std::strtoll(row.string(0).c_str() + begin.size(), nullptr, 10);
    });
    const std::int64_t fetched = count(connection, "SELECT count(*) FROM mailbox_mail WHERE mail IS NOT NULL");
    const std::int64_t mails = count(connection, "SELECT count(*) FROM inbound_mail");
    if (accepted + imported + fetched != mails) {
        report.fault(fmt::format("{} mails were acknowledged, {} were imported, {} were fetched, and {} are there", accepted,
                                 imported, fetched, mails));
    }
    return report;
}

}  // namespace okpay::store
