// SPDX-License-Identifier: Apache-2.0
// What answers promised: each stands in an answer of its request, its state agrees with its times, and a request's own
// clock is the earliest that is not done.
#include <fmt/format.h>

#include "store/desk_store.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

}  // namespace

CheckReport check_promises(Connection& connection) {
    CheckReport report{.name = "promises"};
    report.looked_at = connection.integer("SELECT count(*) FROM promise").value_or(0);
    if (report.looked_at != highest(connection, "promise")) report.fault("a promise is missing");
    faults_of(
        connection, report,
        "SELECT p.no FROM promise p LEFT JOIN message m ON m.no = p.message AND m.ticket = p.ticket AND m.direction = 2 "
        "WHERE m.no IS NULL",
        "promise {} was made in no answer of its request");
    faults_of(connection, report, "SELECT no FROM promise WHERE due <= made OR told NOT IN (0, 1, 2, 3)",
              "promise {} was over when it was made, or something unknown was told of it");
    // Kept and withdrawn before its end, broken from its end on, done late or not at all.
    faults_of(
        connection, report,
        "SELECT no FROM promise WHERE NOT ((state = 1 AND ended IS NULL AND told <= 1) OR (state IN (2, 4) AND ended IS "
        "NOT NULL AND ended < due) OR (state = 3 AND (ended IS NULL OR ended >= due)))",
        "the state of promise {} and its times do not agree");
    faults_of(
        connection, report,
        "SELECT t.no FROM ticket t LEFT JOIN (SELECT ticket, min(due) AS due FROM promise WHERE ended IS NULL GROUP BY "
        "ticket) p ON p.ticket = t.no WHERE coalesce(t.promise_due, 0) <> coalesce(p.due, 0)",
        "the clock of request {} is not the earliest of its promises");
    faults_of(connection, report,
              "SELECT p.no FROM promise p JOIN ticket t ON t.no = p.ticket WHERE p.ended IS NULL AND t.state IN (5, 6)",
              "promise {} runs on though its request is solved");
    return report;
}

}  // namespace okpay::store
