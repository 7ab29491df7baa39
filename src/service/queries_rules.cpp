// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <set>

#include "customers/permissions.hpp"
#include "desk/threading.hpp"
#include "service/queries_parts.hpp"
#include "service/rule_parts.hpp"
#include "store/privacy_store.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;
using customers::StaffNo;
using desk::RuleAct;
using store::Connection;

Person person_of(parts::People& people, StaffNo no) {
    auto person = people.find(no);
    if (!person) parts::missing("member of staff", number_of(no));
    return *std::move(person);
}

template <class Acts, class Value>
void add_people(parts::People& people, const Acts& acts, Value value_of, std::map<StaffNo, Person>& to) {
    for (const auto& one : acts) {
        if (one.act != RuleAct::assign && one.act != RuleAct::follow && one.act != RuleAct::assign_by_skill) continue;
        const std::string& value = value_of(one);
        std::int64_t no = 0;
        std::from_chars(value.data(), value.data() + value.size(), no);
        if (auto person = people.find(StaffNo{no})) to.emplace(StaffNo{no}, *std::move(person));
    }
}
void add_people(parts::People& people, const std::vector<desk::RuleAction>& actions, std::map<StaffNo, Person>& to) {
    add_people(people, actions, [](const desk::RuleAction& one) -> const std::string& { return one.value; }, to);
}
void add_people(parts::People& people, const std::vector<desk::RuleEffect>& effects, std::map<StaffNo, Person>& to) {
    add_people(people, effects, [](const desk::RuleEffect& one) -> const std::string& { return one.value; }, to);
}

RuleView view_of(parts::People& people, store::RuleNow one) {
    if (!one.newest) parts::missing("version of rule", number_of(one.row.no));
    RuleView view{.row = one.row,
                  .written = std::move(one.newest->written),
                  .updated_by = person_of(people, one.row.updated_by)};
    if (view.written) add_people(people, view.written->actions, view.people);
    return view;
}

// Whom the reader has to do with, so that nothing of theirs is shown.
class KeptFromReader {
public:
    KeptFromReader(Connection& connection, StaffNo reader, std::string email)
        : connection_{connection}, reader_{reader}, email_{std::move(email)} {}
    bool is(const desk::Ticket& ticket) {
        if (desk::same_mailbox(ticket.party_address, email_)) return true;
        if (!ticket.customer) return false;
        const auto [known, fresh] = known_.try_emplace(*ticket.customer, false);
        if (fresh) {
            const auto customer = store::find_customer(connection_, *ticket.customer);
            known->second = (customer && desk::same_mailbox(customer->email, email_)) ||
                            store::is_related(connection_, reader_, *ticket.customer);
        }
        return known->second;
    }

private:
    Connection& connection_;
    StaffNo reader_;
    std::string email_;
    std::map<customers::CustomerNo, bool> known_;
};

// As it came: nobody had done anything yet.
void as_it_came(desk::RuleFacts& facts, const store::TicketRow& row) {
    boost::system::error_code error;
    const json::value read = json::parse(row.reading, error);
    if (const json::object* object = error ? nullptr : read.if_object()) {
        const auto take = [object](std::string_view name, std::string& to) {
            const json::value* value = object->if_contains(name);
            if (value != nullptr && value->is_string()) to = std::string{value->get_string()};
        };
        take("category", facts.category);
        take("urgency", facts.urgency);
        take("route", facts.team);
        take("language", facts.language);
    }
    facts.state = desk::TicketState::fresh;
    facts.assignee.reset();
    facts.waits_since = row.ticket.opened;
    facts.now = row.ticket.opened;
}

bool has_come(const desk::Rule& rule, const desk::Ticket& ticket, Moment now) {
    const auto since = store::counts_from(rule.since, ticket);
    const bool open = ticket.state != desk::TicketState::solved && ticket.state != desk::TicketState::closed;
    return open && since && *since + std::chrono::hours{rule.hours} <= now;
}

}  // namespace

Read<std::vector<RuleView>> Queries::rules() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        std::vector<RuleView> views;
        for (store::RuleNow& one : store::rules(connection, true)) views.push_back(view_of(people, std::move(one)));
        return views;
    });
}

Read<std::optional<RuleView>> Queries::rule(std::int64_t no, StaffNo reader, std::string_view reader_email) {
    return pool_.read([&](Connection& connection) -> std::optional<RuleView> {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        const auto row = store::find_rule(connection, desk::RuleNo{no});
        if (!row) return std::nullopt;
        RuleView view = view_of(people, {*row, store::find_rule_version(connection, row->no, row->version)});
        for (store::RuleVersionRow& version : store::rule_versions(connection, row->no, rule_versions_shown_max)) {
            Person staff = person_of(people, version.staff);
            view.history.push_back({std::move(version), std::move(staff)});
        }
        KeptFromReader kept{connection, reader, std::string{reader_email}};
        for (store::RuleFiringRow& firing : store::rule_firings(connection, row->no, rule_firings_shown_max)) {
            const auto ticket = store::find_ticket(connection, firing.ticket).value().ticket;
            add_people(people, firing.effects, view.people);
            view.firings.push_back({std::move(firing), kept.is(ticket) ? std::string{} : ticket.request_number});
        }
        return view;
    });
}

Read<RuleTrial> Queries::try_rule(const RuleTrialRequest& asked) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        const auto until = std::chrono::steady_clock::now() + trial_within;
        std::vector<desk::TicketNo> numbers;
        connection.query("SELECT no FROM ticket ORDER BY no DESC LIMIT $1",
                         {std::clamp<std::int64_t>(asked.requests, 0, desk::rule_trial_requests_max)},
                         [&numbers](const store::Row& row) { numbers.push_back(desk::TicketNo{row.integer(0)}); });
        parts::People people{connection};
        KeptFromReader kept{connection, asked.reader, asked.reader_email};
        const desk::RuleEvent event{.when = asked.rule.when, .changes = asked.rule.changes, .of = desk::RuleNo{1}};
        RuleTrial trial;
        for (const desk::TicketNo no : numbers) {
            if (std::chrono::steady_clock::now() >= until) {
                trial.whole = false;
                break;
            }
            const store::TicketRow row = store::find_ticket(connection, no).value();
            if (kept.is(row.ticket)) continue;
            ++trial.looked_at;
            if (asked.rule.when == desk::RuleWhen::time && !has_come(asked.rule, row.ticket, asked.now)) continue;
            desk::RuleFacts facts = rule_facts(connection, row, asked.now);
            if (asked.rule.when == desk::RuleWhen::arrival) as_it_came(facts, row);
            if (!desk::matches(asked.rule, facts)) continue;
            ++trial.matched;
            if (trial.items.size() == trial_requests_shown_max) continue;
            facts.staff = rule_candidates(connection, row.ticket);
            const desk::ActiveRule draft{
                .no = desk::RuleNo{1}, .version = 1, .place = 1, .shadow = true, .rule = asked.rule};
            auto effects = desk::run_rules({draft}, std::move(facts), event).firings.at(0).effects;
            add_people(people, effects, trial.people);
            trial.items.push_back({row.ticket.request_number, row.ticket.subject, row.ticket.opened, std::move(effects)});
        }
        return trial;
    });
}

Read<RoutingView> Queries::routing() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        RoutingView view{.routing = store::routing(connection), .updated_by = std::nullopt};
        view.updated_by = people.find(view.routing.updated_by);
        for (store::ColleagueRow& row : store::candidates(connection)) {
            if (!customers::may(row.candidate.role, customers::Permission::reply)) continue;
            auto skills = store::find_skills(connection, row.candidate.no);
            view.staff.push_back({std::move(row), std::move(skills)});
        }
        return view;
    });
}

}  // namespace okpay::service
