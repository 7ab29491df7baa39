// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include <fmt/format.h>

#include "store/impl/verify_checks.hpp"
#include "store/schema.hpp"

namespace okpay::store {

void CheckReport::fault(std::string sentence) {
    ++faults_found;
    if (faults.size() < faults_shown_max) faults.push_back(std::move(sentence));
}

namespace {

// A row that cannot be read is the fault of the check that met it; the others still run.
template <class Check>
CheckReport guarded(std::string_view name, Connection& connection, Check check) {
    try {
        return check();
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::corrupt) throw;
        CheckReport report{.name = std::string{name}};
        report.fault(failure.what());
        connection.rollback();  // PostgreSQL takes no more statements after a failed one
        connection.begin();
        return report;
    }
}

}  // namespace

std::vector<CheckReport> verify(Connection& connection, const VerifyRequest& request) {
    Transaction snapshot{connection};
    std::vector<CheckReport> reports;
    const std::int64_t version = schema_version_of(connection);
    CheckReport schema{.name = "schema", .looked_at = 1};
    if (version != schema_version) {
        schema.fault(fmt::format(
            "the database has schema {}, this program knows {}: start `okpay serve` once to bring it up to date, "
            "or use the newer program",
            version, schema_version));
        return {schema};
    }
    reports.push_back(schema);
    const auto run = [&](std::string_view name, auto check) { reports.push_back(guarded(name, connection, check)); };
    run("engine", [&] { return check_engine(connection); });
    run("ledger_chain", [&] { return check_ledger_chain(connection, request); });
    run("ledger_balances", [&] { return check_ledger_balances(connection); });
    run("account_states", [&] { return check_account_states(connection); });
    run("locks", [&] { return check_locks(connection); });
    run("holds", [&] { return check_holds(connection); });
    run("payments", [&] { return check_payments(connection); });
    run("exchanges", [&] { return check_exchanges(connection); });
    run("corrections", [&] { return check_corrections(connection); });
    run("rail_calls", [&] { return check_rail_calls(connection); });
    run("disputes", [&] { return check_disputes(connection); });
    run("money_requests", [&] { return check_money_requests(connection); });
    run("schedules", [&] { return check_schedules(connection); });
    run("once_keys", [&] { return check_once(connection); });
    run("audit_chain", [&] { return check_audit_chain(connection); });
    run("mail_books", [&] { return check_mail_books(connection); });
    run("sealed_mail", [&] { return check_sealed_mail(connection, request); });
    run("tickets", [&] { return check_tickets(connection); });
    run("remedies", [&] { return check_remedies(connection); });
    run("identity", [&] { return check_identity(connection, request); });
    run("object_keys", [&] { return check_object_keys(connection, request); });
    run("ticket_links", [&] { return check_ticket_links(connection); });
    run("follows", [&] { return check_follows(connection); });
    run("side_threads", [&] { return check_side_threads(connection); });
    run("faq", [&] { return check_faq(connection); });
    run("macros", [&] { return check_macros(connection); });
    run("rules", [&] { return check_rules(connection); });
    run("sorting", [&] { return check_sorting(connection); });
    run("facts", [&] { return check_facts(connection); });
    run("promises", [&] { return check_promises(connection); });
    run("webhooks", [&] { return check_webhooks(connection); });
    run("phones", [&] { return check_phones(connection); });
    run("mailboxes", [&] { return check_mailboxes(connection); });
    run("incidents", [&] { return check_incidents(connection); });
    run("privacy", [&] { return check_privacy(connection); });
    run("commands", [&] { return check_commands(connection); });
    return reports;
}

}  // namespace okpay::store
