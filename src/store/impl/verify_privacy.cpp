// SPDX-License-Identifier: Apache-2.0
// Nothing of an erased person is left where the list of person data says so, nobody was erased under a legal hold, and by
// one person alone only where there was no second.
#include <fmt/format.h>

#include "store/impl/verify_checks.hpp"
#include "store/person_data.hpp"

namespace okpay::store {

CheckReport check_privacy(Connection& connection) {
    CheckReport report{.name = "privacy"};
    report.looked_at = connection.integer("SELECT count(*) FROM person_erasure").value_or(0) +
                       connection.integer("SELECT count(*) FROM legal_hold").value_or(0);
    each_erasure_fault(connection, [&report](std::string fault) { report.fault(std::move(fault)); });
    connection.query(
        "SELECT e.no FROM person_erasure e WHERE e.state = 2 AND EXISTS (SELECT 1 FROM legal_hold h WHERE h.customer = "
        "e.customer AND h.placed <= e.decided AND (h.released IS NULL OR h.released > e.decided))",
        {}, [&](const Row& row) { report.fault(fmt::format("erasure {} was done under a legal hold", row.integer(0))); });
    connection.query(
        "SELECT no FROM person_erasure WHERE state NOT IN (1, 2, 3) OR (state <> 1) <> (decided IS NOT NULL) OR "
        "('staff:' || decider = proposed_by AND state = 2 AND note <> 'alone')",
        {}, [&](const Row& row) {
            report.fault(fmt::format("erasure {} was decided by nobody, or by who proposed it", row.integer(0)));
        });
    return report;
}

}  // namespace okpay::store
