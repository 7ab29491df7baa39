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

std::vector<CheckReport> verify(Connection& connection, const VerifyRequest& request) {
    Transaction snapshot{connection};
    std::vector<CheckReport> reports;
    const std::int64_t version = schema_version_of(connection);
    CheckReport schema{.name = "schema", .looked_at = 1};
    if (version != schema_version) {
        schema.fault(fmt::format("the database has schema {}, this program knows {}: start `okpay serve` once to bring it up to date, "
                                 "or use the newer program", version, schema_version));
        return {schema};
    }
    reports.push_back(schema);
    reports.push_back(check_engine(connection));
    reports.push_back(check_ledger_chain(connection, request));
    reports.push_back(check_ledger_balances(connection));
    reports.push_back(check_holds(connection));
    reports.push_back(check_payments(connection));
    reports.push_back(check_once(connection));
    reports.push_back(check_audit_chain(connection));
    reports.push_back(check_mail_books(connection));
    reports.push_back(check_sealed_mail(connection, request));
    reports.push_back(check_tickets(connection));
    reports.push_back(check_remedies(connection));
    reports.push_back(check_commands(connection));
    return reports;
}

}  // namespace okpay::store
