// SPDX-License-Identifier: Apache-2.0
// Incidents: what happened to each makes it and its members what they are, a request belongs to one that stands, and the
// text went once, to members alone, in a mail of their own request.
#include <fmt/format.h>

#include <map>

#include "store/impl/verify_checks.hpp"
#include "store/incident_store.hpp"

namespace okpay::store {
namespace {

using desk::IncidentNo;
using desk::IncidentState;
using desk::IncidentStep;
using desk::TicketNo;

// An incident told again, step by step.
struct Retold {
    std::optional<IncidentState> state;
    bool was_told = false;
    std::map<TicketNo, bool> members;  // whether they stand

    // False where it cannot have happened.
    bool take(const StepRow& row) {
        const auto goes = [&](IncidentState to) {
            const bool may = state && desk::may_become(*state, to);
            state = to;
            return may;
        };
        const auto stands = [&](bool now) {
            const auto found = members.find(row.ticket.value_or(TicketNo{0}));
            const bool before = found != members.end() && found->second;
            const bool may = state && state != IncidentState::closed && row.ticket && before != now;
            if (row.ticket) members[*row.ticket] = now;
            return may;
        };
        switch (row.step) {
        case IncidentStep::opened: return !std::exchange(state, IncidentState::open);
        case IncidentStep::joined: return stands(true) && !row.staff;
        case IncidentStep::added: return stands(true) && row.staff;
        case IncidentStep::removed: return stands(false) && row.staff;
        case IncidentStep::told: return !std::exchange(was_told, true) && row.staff && goes(IncidentState::told);
        case IncidentStep::closed: return goes(IncidentState::closed);  // by itself, where the same thing began anew
        case IncidentStep::reopened: return row.staff && goes(was_told ? IncidentState::told : IncidentState::open);
        }
        return false;
    }
};

void check_one(Connection& connection, const IncidentRow& row, CheckReport& report) {
    const std::int64_t no = number_of(row.no);
    Retold retold;
    for (const StepRow& step : steps_of(connection, row.no)) {
        if (!retold.take(step)) report.fault(fmt::format("incident {}: step {} cannot have happened", no, step.no));
    }
    if (retold.state != row.state) report.fault(fmt::format("incident {} is not in the state that its steps say", no));
    if (retold.was_told != find_incident_text(connection, row.no).has_value())
        report.fault(fmt::format("incident {}: a text without having been told, or the other way round", no));
    std::size_t known = 0;
    for (const MemberRow& member : members_of(connection, row.no)) {
        const auto found = retold.members.find(member.ticket);
        known += found != retold.members.end() ? 1 : 0;
        const std::int64_t ticket = number_of(member.ticket);
        if (found == retold.members.end() || found->second != member.standing)
            report.fault(fmt::format("incident {}: request {} does not stand as its steps say", no, ticket));
        const bool told = find_told(connection, row.no, member.ticket).has_value();
        if (told && (member.apart || !retold.was_told))
            report.fault(fmt::format("incident {}: request {} was told and should not have been", no, ticket));
        if (member.due != Due::no && (told || !member.standing || member.apart || row.state != IncidentState::told))
            report.fault(fmt::format("incident {}: request {} waits for a text that it should not get", no, ticket));
    }
    if (known != retold.members.size()) report.fault(fmt::format("incident {}: a member is missing", no));
}

}  // namespace

CheckReport check_incidents(Connection& connection) {
    CheckReport report{.name = "incidents"};
    std::vector<IncidentNo> all;
    connection.query("SELECT no FROM incident ORDER BY no", {},
                     [&all](const Row& row) { all.push_back(IncidentNo{row.integer(0)}); });
    report.looked_at = std::ssize(all) + connection.integer("SELECT count(*) FROM incident_member").value_or(0);
    for (const IncidentNo no : all) check_one(connection, find_incident(connection, no).value(), report);
    connection.query(
        "SELECT d.incident, d.ticket FROM incident_told d WHERE NOT EXISTS (SELECT 1 FROM incident_member m WHERE "
        "m.incident "
        "= d.incident AND m.ticket = d.ticket) OR NOT EXISTS (SELECT 1 FROM outgoing_mail o JOIN message g ON g.outgoing = "
        "o.no WHERE o.no = d.outgoing AND o.ticket = d.ticket AND g.ticket = d.ticket)",
        {}, [&](const Row& row) {
            report.fault(fmt::format("incident {}: request {} was told without being a member, or by no mail of its own",
                                     row.integer(0), row.integer(1)));
        });
    connection.query(
        "SELECT m.ticket FROM incident_member m JOIN incident i ON i.no = m.incident WHERE m.standing = 1 AND i.state <> 3 "
        "GROUP BY m.ticket HAVING count(*) > 1",
        {}, [&](const Row& row) {
            report.fault(fmt::format("request {} belongs to two incidents that stand", row.integer(0)));
        });
    connection.query(
        "SELECT o.ticket FROM ticket_topic o JOIN ticket t ON t.no = o.ticket WHERE t.customer IS NULL OR t.customer <> "
        "o.customer",
        {}, [&](const Row& row) {
            report.fault(fmt::format("what request {} is about was found in another customer's ledger", row.integer(0)));
        });
    connection.query(
        "SELECT f.incident, f.remedy FROM incident_refund f JOIN remedy r ON r.no = f.remedy WHERE NOT EXISTS (SELECT 1 "
        "FROM "
        "incident_member m WHERE m.incident = f.incident AND m.ticket = r.ticket AND m.apart = 0)",
        {}, [&](const Row& row) {
            report.fault(fmt::format("incident {}: refund {} is of no request of it", row.integer(0), row.integer(1)));
        });
    return report;
}

}  // namespace okpay::store
