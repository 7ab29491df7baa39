// SPDX-License-Identifier: Apache-2.0
// What was asked for once: the request's history says that it was, and that something came.
#include <fmt/format.h>

#include <array>

#include "store/impl/verify_checks.hpp"

namespace okpay::store {

CheckReport check_facts(Connection& connection) {
    CheckReport report{.name = "facts"};
    report.looked_at = connection.integer("SELECT count(*) FROM asked_facts").value_or(0);
    struct Fault {
        std::string_view where, words;
    };
    constexpr std::array faults{
        Fault{"f.asked = '' OR f.answered < f.at", "asks for nothing, or was answered before"},
        Fault{"(SELECT count(*) FROM ticket_event e WHERE e.ticket = f.ticket AND e.kind = 'facts_asked') <> 1",
              "is not told of once in the history of the request"},
        Fault{"(f.answered IS NULL) <> NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket = f.ticket AND e.kind = "
              "'facts_given')",
              "was answered, and the history of the request does not say so, or the other way round"}};
    for (const Fault& fault : faults) {
        connection.query(fmt::format("SELECT f.ticket FROM asked_facts f WHERE {}", fault.where), {}, [&](const Row& row) {
            report.fault(fmt::format("what was asked of request {} {}", row.integer(0), fault.words));
        });
    }
    return report;
}

}  // namespace okpay::store
