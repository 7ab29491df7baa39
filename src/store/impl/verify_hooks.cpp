// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "store/hook_store.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

// Whoever was told of what never happened will not be told when it does.
void check_place(const HookEndpoint& endpoint, const HookPlace& head, CheckReport& report) {
    if (endpoint.seen.payments <= head.payments && endpoint.seen.events <= head.events) return;
    report.fault(fmt::format("the web hook {} was told of more than the books hold", endpoint.no));
}

}  // namespace

// What became of payments is where their rows are; nobody was told more than happened; what waits is of an endpoint, has its
// moment, and is behind the place of its endpoint, so that it is not told twice on purpose or never.
CheckReport check_webhooks(Connection& connection) {
    CheckReport report{.name = "webhooks"};
    report.looked_at = connection.integer("SELECT count(*) FROM payment_event").value_or(0) +
                       connection.integer("SELECT count(*) FROM hook_endpoint").value_or(0) +
                       connection.integer("SELECT count(*) FROM hook_delivery").value_or(0);
    faults(connection, report,
           "SELECT e.no FROM payment_event e LEFT JOIN payment p ON p.seq = e.payment WHERE p.seq IS NULL OR p.merchant IS "
           "NULL OR e.after_payment < e.payment",
           "payment event {} is of no payment to a merchant that was there");
    faults(connection, report,
           "SELECT e.no FROM payment_event e WHERE e.after_payment > (SELECT coalesce(max(seq), 0) FROM payment)",
           "payment event {} stands after a payment that does not exist");
    faults(connection, report,
           "SELECT p.seq FROM payment p JOIN payment_event e ON e.payment = p.seq WHERE e.no = (SELECT max(n.no) FROM "
           "payment_event n WHERE n.payment = p.seq AND n.kind = 1) AND e.state <> p.state",
           "payment {} is in another state than its last event says");
    faults(connection, report,
           "SELECT e.no FROM payment_event e LEFT JOIN dispute d ON d.no = e.dispute WHERE e.kind = 2 AND (d.no IS NULL OR "
           "d.payment <> e.payment)",
           "payment event {} is of a dispute that is not of its payment");
    const HookPlace merchants = hook_head(connection, payments::HookOwner::merchant);
    const HookPlace house = hook_head(connection, payments::HookOwner::house);
    for (const HookEndpoint& endpoint : enabled_hook_endpoints(connection)) {
        check_place(endpoint, endpoint.merchant ? merchants : house, report);
    }
    faults(connection, report, "SELECT no FROM hook_endpoint WHERE state <> 5 AND length(secret) = 0",
           "the web hook {} has no secret to sign with");
    faults(
        connection, report,
        "SELECT d.no FROM hook_delivery d LEFT JOIN hook_endpoint h ON h.no = d.endpoint WHERE h.no IS NULL OR h.state = 5",
        "delivery {} is of no web hook");
    faults(connection, report,
           "SELECT no FROM hook_delivery WHERE (state = 1 AND next_at IS NULL) OR (state <> 1 AND next_at IS NOT NULL) OR "
           "state NOT IN (1, 2, 3)",
           "delivery {} has a next try and no use for it, or the other way round");
    faults(connection, report,
           "SELECT d.no FROM hook_delivery d JOIN hook_endpoint h ON h.no = d.endpoint WHERE (d.source IN (1, 5) AND "
           "d.position > h.seen_payments) OR (d.source IN (2, 3) AND d.position > h.seen_events)",
           "delivery {} is of what its web hook has not come to");
    return report;
}

}  // namespace okpay::store
