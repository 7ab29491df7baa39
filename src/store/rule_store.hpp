// SPDX-License-Identifier: Apache-2.0
// Rows of rules, of what they did, and of routing. A version is never changed, a rule never removed, so that what acted can
// be read for ever. What they mean is desk/rules.hpp and desk/routing.hpp.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/moment.hpp"
#include "desk/rules.hpp"
#include "store/connection.hpp"

namespace okpay::store {

// How far a rule of time has come: it has judged what counts from this moment, up to this request.
struct RuleCursor {
    Moment at{};
    desk::TicketNo ticket{};
    friend bool operator==(const RuleCursor&, const RuleCursor&) = default;
};
struct RuleRow {
    desk::RuleNo no;
    std::int64_t version = 0;  // the newest
    desk::RuleMode mode = desk::RuleMode::off;
    std::int64_t place = 0;
    Moment updated;  // written, switched or moved
    customers::StaffNo updated_by;
    Moment live_since{};  // whose time came before is none of a rule of time's
    RuleCursor cursor{};
    std::int64_t fired = 0, shadowed = 0;  // rows of it
    std::int64_t stopped = 0;              // how often the loop guard stopped before it
    std::int64_t faults = 0;               // how often it could not be judged, and the last reason
    std::string fault{};
    std::optional<Moment> last_fired{};
};
void insert_rule(Connection& connection, const RuleRow& row);
void update_rule(Connection& connection, const RuleRow& row);
std::optional<RuleRow> find_rule(Connection& connection, desk::RuleNo no);
std::int64_t count_rules(Connection& connection);       // not off
std::int64_t count_rules_ever(Connection& connection);  // all
std::int64_t last_rule_place(Connection& connection);

struct RuleVersionRow {
    std::int64_t no = 0;
    desk::RuleNo rule;
    std::int64_t version = 0;
    std::optional<desk::Rule> written;  // none: its lines cannot be read
    Moment at;
    customers::StaffNo staff;
};
void insert_rule_version(Connection& connection, const RuleVersionRow& row);
std::optional<RuleVersionRow> find_rule_version(Connection& connection, desk::RuleNo rule, std::int64_t version);
std::vector<RuleVersionRow> rule_versions(Connection& connection, desk::RuleNo rule, std::int64_t at_most);  // newest first
// Of all rules: by rule, the newest first. `take` asks nothing of this connection.
void each_rule_version(Connection& connection, const std::function<void(const RuleVersionRow&)>& take);

struct RuleNow {
    RuleRow row;
    std::optional<RuleVersionRow> newest;  // none: the books are damaged
};
std::vector<RuleNow> rules(Connection& connection, bool with_off);  // by place, then by number

struct RuleFiringRow {
    std::int64_t no = 0;
    desk::RuleNo rule;
    std::int64_t version = 0;
    desk::TicketNo ticket;
    Moment at;
    desk::RuleWhen when = desk::RuleWhen::arrival;
    int depth = 0;
    bool shadow = false;
    std::optional<Moment> since;  // of a rule of time: from when it counted
    std::vector<desk::RuleEffect> effects;
};
void insert_rule_firing(Connection& connection, const RuleFiringRow& row);
bool has_fired_since(Connection& connection, desk::RuleNo rule, desk::TicketNo ticket, Moment since);
std::vector<RuleFiringRow> rule_firings(Connection& connection, desk::RuleNo rule, std::int64_t at_most);  // newest first
// "set_team\tagent\tdone" a line.
std::string text_of(const std::vector<desk::RuleEffect>& effects);
std::optional<std::vector<desk::RuleEffect>> effects_of(std::string_view text);

// Requests that are not at their end and count from a moment beyond the cursor, up to `until`: by moment, then by number.
struct TimedTicket {
    desk::TicketNo ticket;
    Moment since;
};
std::vector<TimedTicket> timed_tickets(Connection& connection, desk::RuleSince since, const RuleCursor& beyond, Moment until,
                                       std::int64_t limit);
std::optional<Moment> counts_from(desk::RuleSince since, const desk::Ticket& ticket);  // the same of one

// --- routing
struct SkillRow {
    customers::StaffNo staff;
    desk::Skills skills;
    Moment last_given{};
    Moment updated;
    customers::StaffNo updated_by;
};
void put_skills(Connection& connection, const SkillRow& row);  // in place of those before
std::optional<SkillRow> find_skills(Connection& connection, customers::StaffNo staff);
void note_given(Connection& connection, customers::StaffNo staff, Moment at);
// Who works here, by number, with what they can and have to do; `email` tells their own account.
struct ColleagueRow {
    desk::Candidate candidate;
    StaffId id;
    std::string name, email;
};
std::vector<ColleagueRow> candidates(Connection& connection);
std::vector<customers::StaffNo> related_staff(Connection& connection, customers::CustomerNo customer);

struct RoutingRow {
    desk::RoutingMode mode = desk::RoutingMode::off;
    std::optional<Moment> updated;  // never: nobody has set it
    std::optional<customers::StaffNo> updated_by;
};
RoutingRow routing(Connection& connection);
void put_routing(Connection& connection, desk::RoutingMode mode, Moment at, customers::StaffNo staff);

}  // namespace okpay::store
