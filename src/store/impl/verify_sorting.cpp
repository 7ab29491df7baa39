// SPDX-License-Identifier: Apache-2.0
// How requests were sorted anew: each row says a change and stands in the request's history; the category and the team set
// last are those of the request, where no rule ever acted on it. (Locks and rails make a request more urgent by themselves.)
#include <fmt/format.h>

#include "desk/sorting.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {

CheckReport check_sorting(Connection& connection) {
    CheckReport report{.name = "sorting"};
    report.looked_at = connection.integer("SELECT count(*) FROM sorting").value_or(0);
    connection.query("SELECT no FROM sorting WHERE was = became OR became = '' OR what NOT IN (1, 2, 3)", {},
                     [&](const Row& row) { report.fault(fmt::format("sorting {} changes nothing", row.integer(0))); });
    connection.query(
        "SELECT ticket, at, count(*) FROM sorting GROUP BY ticket, at HAVING count(*) <> (SELECT count(*) FROM ticket_event "
        "e "
        "WHERE e.ticket = sorting.ticket AND e.at = sorting.at AND e.kind IN ('sorted', 'raised'))",
        {}, [&](const Row& row) {
            report.fault(fmt::format("of request {} the history does not say how it was sorted", row.integer(0)));
        });
    connection.query(
        "SELECT s.no, s.ticket FROM sorting s JOIN ticket t ON t.no = s.ticket WHERE NOT EXISTS (SELECT 1 FROM sorting n "
        "WHERE "
        "n.ticket = s.ticket AND n.what = s.what AND n.no > s.no) AND NOT EXISTS (SELECT 1 FROM rule_firing f WHERE "
        "f.ticket "
        "= s.ticket) AND s.what IN (1, 3) AND s.became <> CASE s.what WHEN 1 THEN t.category ELSE t.route END",
        {}, [&](const Row& row) {
            report.fault(fmt::format("request {} is not sorted as sorting {} says", row.integer(1), row.integer(0)));
        });
    return report;
}

}  // namespace okpay::store
