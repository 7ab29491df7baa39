// SPDX-License-Identifier: Apache-2.0
// Rules and what they did: their versions are all there and each was one that may be, each firing is of a version that was
// there, says what it did, is within the loop guard and is counted; nobody has skills that may not be.
#include <fmt/format.h>

#include <map>

#include "desk/rules.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/rule_store.hpp"

namespace okpay::store {
namespace {

struct Known {
    std::int64_t newest, expected;
    bool whole = true;
};

void check_versions(Connection& connection, CheckReport& report) {
    std::map<desk::RuleNo, Known> known;
    for (const auto& [row, newest] : rules(connection, true)) {
        ++report.looked_at;
        known.emplace(row.no, Known{.newest = row.version, .expected = row.version});
    }
    each_rule_version(connection, [&](const RuleVersionRow& version) {
        ++report.looked_at;
        const auto rule = known.find(version.rule);
        if (rule == known.end()) {
            report.fault(fmt::format("version {} is of no rule", version.no));
            return;
        }
        rule->second.whole = rule->second.whole && version.version == rule->second.expected--;
        const auto why = version.written ? desk::fault_in(*version.written) : std::optional<std::string>{"unreadable"};
        if (why) report.fault(fmt::format("rule {}, version {}: {}", number_of(version.rule), version.version, *why));
    });
    for (const auto& [no, of] : known) {
        if (!of.whole || of.expected != 0) report.fault(fmt::format("of rule {} not all versions are there", number_of(no)));
    }
}

void check_firings(Connection& connection, CheckReport& report) {
    connection.query(
        "SELECT f.no, f.depth, f.effects, CASE WHEN v.no IS NULL THEN 0 ELSE 1 END FROM rule_firing f LEFT JOIN "
        "rule_version "
        "v ON v.rule = f.rule AND v.version = f.version ORDER BY f.no",
        {}, [&](const Row& row) {
            ++report.looked_at;
            const auto no = row.integer(0);
            if (row.integer(3) == 0) report.fault(fmt::format("firing {} is of a version that is not there", no));
            if (row.integer(1) < 0 || row.integer(1) > desk::rule_chain_max)
                report.fault(fmt::format("firing {} lies beyond the loop guard", no));
            const auto effects = effects_of(row.text(2));
            if (!effects || effects->empty()) report.fault(fmt::format("firing {} does not say what was done", no));
        });
    connection.query(
        "SELECT r.no FROM rule r WHERE r.fired <> (SELECT count(*) FROM rule_firing f WHERE f.rule = r.no AND f.shadow = 0) "
        "OR "
        "r.shadowed <> (SELECT count(*) FROM rule_firing f WHERE f.rule = r.no AND f.shadow = 1) ORDER BY r.no",
        {}, [&](const Row& row) { report.fault(fmt::format("what rule {} did is not counted right", row.integer(0))); });
    // Whatever a rule did to a request stands in its timeline.
    connection.query(
        "SELECT f.ticket FROM rule_firing f WHERE f.shadow = 0 GROUP BY f.ticket HAVING count(*) <> (SELECT count(*) FROM "
        "ticket_event e WHERE e.ticket = f.ticket AND e.kind = 'rule_applied') ORDER BY f.ticket",
        {}, [&](const Row& row) {
            report.fault(fmt::format("the timeline of request {} does not tell what rules did", row.integer(0)));
        });
}

void check_skills(Connection& connection, CheckReport& report) {
    std::vector<customers::StaffNo> staff;
    connection.query("SELECT staff FROM staff_skill ORDER BY staff", {},
                     [&staff](const Row& row) { staff.push_back(customers::StaffNo{row.integer(0)}); });
    for (const customers::StaffNo no : staff) {
        ++report.looked_at;
        if (const auto why = desk::fault_in(find_skills(connection, no).value().skills))
            report.fault(fmt::format("skills of staff {}: {}", number_of(no), *why));
    }
}

}  // namespace

CheckReport check_rules(Connection& connection) {
    CheckReport report{.name = "rules"};
    check_versions(connection, report);
    check_firings(connection, report);
    check_skills(connection, report);
    return report;
}

}  // namespace okpay::store
