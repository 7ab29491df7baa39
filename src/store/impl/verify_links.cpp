// SPDX-License-Identifier: Apache-2.0
// Requests that belong together: what was merged goes on somewhere and not in a circle, both sides say so, and what was
// split off says the same as what stayed.
#include <fmt/format.h>

#include <map>

#include "desk/ticket_links.hpp"
#include "store/desk_store.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

void circles(Connection& connection, CheckReport& report) {
    std::map<std::int64_t, std::int64_t> on;
    connection.query("SELECT ticket, other FROM ticket_link WHERE kind = 4 AND ended IS NULL", {},
                     [&on](const Row& row) { on[row.integer(0)] = row.integer(1); });
    for (const auto& [ticket, first] : on) {
        std::int64_t at = ticket;
        int steps = 0;
        for (auto next = on.find(at); next != on.end() && steps <= desk::merged_chain_max; next = on.find(at)) {
            at = next->second;
            ++steps;
        }
        if (steps > desk::merged_chain_max) report.fault(fmt::format("request {} goes on in a circle", ticket));
    }
}

}  // namespace

CheckReport check_ticket_links(Connection& connection) {
    CheckReport report{.name = "ticket_links"};
    report.looked_at = connection.integer("SELECT count(*) FROM ticket_link").value_or(0) +
                       connection.integer("SELECT count(*) FROM split_message").value_or(0) +
                       connection.integer("SELECT count(*) FROM ticket_snooze").value_or(0);
    const auto rows = connection.integer("SELECT count(*) FROM ticket_link").value_or(0);
    if (rows != highest(connection, "ticket_link"))
        report.fault(fmt::format("ticket_link has {} rows and its last number is {}: a row is missing", rows,
                                 highest(connection, "ticket_link")));
    faults_of(
        connection, report,
        "SELECT no FROM ticket_link WHERE kind NOT IN (1, 2, 3, 4) OR ticket = other OR (ended IS NULL) <> (ended_by IS "
        "NULL)",
        "link {} is none");
    faults_of(connection, report,
              "SELECT no FROM ticket_link WHERE (kind = 4) <> (from_state IS NOT NULL AND into_state IS NOT NULL AND "
              "into_version IS NOT NULL AND first_reply_due IS NOT NULL)",
              "link {} does not say how the requests stood before it");
    faults_of(
        connection, report,
        "SELECT l.no FROM ticket_link l WHERE l.kind = 4 AND (NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket = "
        "l.ticket AND e.kind = 'merged_into' AND e.at = l.made) OR NOT EXISTS (SELECT 1 FROM ticket_event e WHERE "
        "e.ticket = l.other AND e.kind = 'merged_here' AND e.at = l.made))",
        "link {} merged two requests and their histories do not say so");
    circles(connection, report);
    // An erasure empties both sides alike.
    faults_of(connection, report,
              "SELECT s.copy FROM split_message s JOIN message c ON c.no = s.copy JOIN message o ON o.no = s.original WHERE "
              "c.ticket = o.ticket OR c.body <> o.body OR c.at <> o.at OR c.direction <> 1 OR o.direction <> 1 OR c.mail IS "
              "NOT NULL OR NOT EXISTS (SELECT 1 FROM ticket_link l WHERE l.ticket = c.ticket AND l.other = o.ticket AND "
              "l.kind = 3 AND l.ended IS NULL)",
              "message {} was split off and is not what stayed");
    connection.query("SELECT ticket FROM ticket_snooze WHERE until <= at OR until > at + $1",
                     {std::int64_t{Millis{desk::snooze_max}.count()}}, [&](const Row& row) {
                         report.fault(fmt::format("request {} sleeps longer than any may", row.integer(0)));
                     });
    return report;
}

}  // namespace okpay::store
