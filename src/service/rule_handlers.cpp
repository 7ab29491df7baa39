// SPDX-License-Identifier: Apache-2.0
// Rules of the desk are written, switched and put in order; those of time are judged; skills and routing are set.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "customers/permissions.hpp"
#include "service/handlers.hpp"
#include "service/rule_parts.hpp"
#include "service/rule_views.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::StaffNo;
using desk::Rule;
using desk::RuleMode;
using desk::RuleNo;
using store::RuleRow;

// A rule of time walks over no more requests than this at a time, whether it acts on them or not.
constexpr std::int64_t walked_at_once_max = 4'096;
constexpr std::int64_t walked_in_a_step = 256;

Answer no_rule() { return refused(codes::not_found, "there is no such rule"); }
std::string object_of(RuleNo no) { return fmt::format("rule:{}", number_of(no)); }
Answer changed() {
    return refused("rule_changed", "somebody changed this rule since you opened it; read it and save again");
}

std::optional<Answer> nobody_named(Books& books, const Rule& rule) {
    for (std::size_t i = 0; i < rule.actions.size(); ++i) {
        const desk::RuleAction& action = rule.actions[i];
        if (action.act != desk::RuleAct::assign && action.act != desk::RuleAct::follow) continue;
        const auto staff = store::find_staff(books.connection(), StaffNo{std::stoll(action.value)});
        if (!staff || staff->disabled || !staff->enrolled)
            return refused("assignee_inactive", fmt::format("actions/{}: nobody who works here has this number", i));
    }
    return std::nullopt;
}

Result<Rule, Answer> written_by(Books& books, const PutRule& body) {
    auto rule = rule_written(body);
    if (!rule) return fail(refused(codes::invalid, std::move(rule.error())));
    if (auto no = nobody_named(books, *rule)) return fail(*std::move(no));
    return *std::move(rule);
}

// What comes from now on is its: no request of before wakes up by a rule that was written or switched on today.
void start_anew(RuleRow& row, Moment at) {
    row.live_since = at;
    row.cursor = {};
}

// Walks over the requests whose moment came, and acts where the rule holds.
void tend(Books& books, const Context& context, const Command& command, std::vector<store::RuleNow>& live,
          store::RuleNow& one, std::int64_t acted_max, std::int64_t& walked, Answer& answer) {
    const Rule& rule = *one.newest->written;
    store::RuleCursor cursor = one.row.cursor;
    // Working hours are no longer than the hours that they lie in: whose plain hours are not over is not due.
    const Moment until = command.at - std::chrono::hours{rule.hours};
    bool more = true;
    while (more && walked < walked_at_once_max && std::ssize(answer.numbers) < acted_max) {
        const auto step = store::timed_tickets(books.connection(), rule.since, cursor, until, walked_in_a_step);
        more = std::ssize(step) == walked_in_a_step;
        for (const store::TimedTicket& timed : step) {
            const auto due = rule_due(context, rule, timed.since);
            more = more && due && *due <= command.at && std::ssize(answer.numbers) < acted_max;
            if (!due || *due > command.at || std::ssize(answer.numbers) >= acted_max) break;  // nor are those after it
            cursor = {timed.since, timed.ticket};
            ++walked;
            if (*due <= one.row.live_since) continue;
            if (store::has_fired_since(books.connection(), one.row.no, timed.ticket, timed.since)) continue;
            store::TicketRow row = store::find_ticket(books.connection(), timed.ticket).value();
            if (rule_of_time(books, command, row, live, one.row.no, timed.since))
                answer.numbers.push_back(number_of(timed.ticket));
        }
    }
    if (cursor == one.row.cursor) return;
    one.row.cursor = cursor;
    store::update_rule(books.connection(), one.row);
}

}  // namespace

Result<Rule, std::string> rule_written(const PutRule& body) {
    const auto invalid = [](std::string why) { return fail(std::move(why)); };
    const auto when = desk::rule_when_of_name(body.when);
    if (!when) return invalid("when: one of arrival, change, time");
    const auto since = desk::rule_since_of_name(body.since);
    if (!since) return invalid("since: one of opened, customer_wrote, waits_for_customer");
    auto conditions = desk::conditions_of(body.conditions);
    if (!conditions) return invalid("conditions: not as they are written");
    auto actions = desk::actions_of(body.actions);
    if (!actions) return invalid("actions: not as they are written");
    Rule rule{.name = body.name,
              .when = *when,
              .since = *since,
              .hours = body.hours,
              .working_hours = body.working_hours,
              .any = body.any,
              .conditions = *std::move(conditions),
              .actions = *std::move(actions),
              .stop = body.stop};
    for (const std::string& name : body.changes) {
        const auto change = desk::rule_change_of_name(name);
        if (!change) return invalid("changes: there is no change of this name; choose from the list");
        rule.changes.push_back(*change);
    }
    std::ranges::sort(rule.changes);  // as they are read back
    if (auto why = desk::fault_in(rule)) return invalid(*std::move(why));
    return rule;
}

Answer handle(Books& books, const Context&, const Command& command, const PutRule& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_rules, staff)) return *no;
    std::optional<RuleRow> row;
    if (body.rule != 0) {
        row = store::find_rule(books.connection(), RuleNo{body.rule});
        if (!row) return no_rule();
    }
    if (body.version != (row ? row->version : 0)) return changed();
    auto rule = written_by(books, body);
    if (!rule) return rule.error();
    if (!row && store::count_rules_ever(books.connection()) >= desk::rules_ever_max) {
        return refused("too_many_rules", fmt::format("{} rules with those that are off are the most; write a new version of "
                                                     "one that nobody needs",
                                                     desk::rules_ever_max));
    }
    if (row && store::find_rule_version(books.connection(), row->no, row->version).value().written == *rule)
        return Answer{.number = number_of(row->no)};
    const bool is_new = !row;
    if (is_new) {
        row = RuleRow{.no = RuleNo{books.next_number("rule")},
                      .place = store::last_rule_place(books.connection()) + 1,
                      .updated = command.at,
                      .updated_by = staff->no};
    }
    row->version += 1;
    row->updated = command.at;
    row->updated_by = staff->no;
    start_anew(*row, command.at);
    if (is_new) store::insert_rule(books.connection(), *row);
    else store::update_rule(books.connection(), *row);
    store::insert_rule_version(books.connection(), {.no = books.next_number("rule_version"),
                                                    .rule = row->no,
                                                    .version = row->version,
                                                    .written = *std::move(rule),
                                                    .at = command.at,
                                                    .staff = staff->no});
    books.audit(command.at, command.actor, "put_rule", object_of(row->no),
                json_text({{"version", std::to_string(row->version)}}));
    return Answer{.number = number_of(row->no)};
}

Answer handle(Books& books, const Context&, const Command& command, const SetRuleMode& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_rules, staff)) return *no;
    auto row = store::find_rule(books.connection(), RuleNo{body.rule});
    if (!row) return no_rule();
    const auto mode = desk::rule_mode_of_name(body.mode);
    if (!mode) return refused(codes::invalid, "mode: one of off, shadow, on");
    if (row->version != body.version) return changed();
    if (row->mode == *mode) return Answer{.number = body.rule, .replayed = true};
    if (*mode != RuleMode::off) {
        // It was lawful when it was written; what is in use is judged by what may be said today.
        const auto written = store::find_rule_version(books.connection(), row->no, row->version).value().written;
        if (!written) return refused(codes::invalid, "what is stored of this rule cannot be read; write it again");
        if (auto why = desk::fault_in(*written)) return refused(codes::invalid, *std::move(why));
        if (auto no = nobody_named(books, *written)) return *no;
        if (row->mode == RuleMode::off && store::count_rules(books.connection()) >= desk::rules_max) {
            return refused("too_many_rules",
                           fmt::format("{} rules in use are the most; switch one off that nobody needs", desk::rules_max));
        }
    }
    row->mode = *mode;
    row->updated = command.at;
    row->updated_by = staff->no;
    start_anew(*row, command.at);
    store::update_rule(books.connection(), *row);
    books.audit(command.at, command.actor, "set_rule_mode", object_of(row->no),
                json_text({{"mode", body.mode}, {"version", std::to_string(row->version)}}));
    return Answer{.number = body.rule};
}

Answer handle(Books& books, const Context&, const Command& command, const OrderRules& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_rules, staff)) return *no;
    auto all = store::rules(books.connection(), true);
    std::vector<std::int64_t> named = body.rules;
    std::ranges::sort(named);
    std::vector<std::int64_t> there;
    for (const store::RuleNow& one : all) there.push_back(number_of(one.row.no));
    std::ranges::sort(there);
    if (named != there) return refused("rule_changed", "rules: name each rule there is once; somebody may have added one");
    for (store::RuleNow& one : all) {
        const auto at = std::ranges::find(body.rules, number_of(one.row.no));
        const std::int64_t place = at - body.rules.begin() + 1;
        if (one.row.place == place) continue;
        one.row.place = place;
        store::update_rule(books.connection(), one.row);
    }
    books.audit(command.at, command.actor, "order_rules", "rules",
                json_text({{"rules", fmt::format("{}", fmt::join(body.rules, ","))}}));
    return Answer{.number = std::ssize(body.rules)};
}

Answer handle(Books& books, const Context& context, const Command& command, const TendRules& body) {
    Answer answer;
    std::int64_t walked = 0;  // of all of them: what is left is walked next time, from the cursors
    std::vector<store::RuleNow> live = live_rules(books, false);
    for (store::RuleNow& one : live) {
        if (one.newest->written->when == desk::RuleWhen::time)
            tend(books, context, command, live, one, body.tickets_max, walked, answer);
    }
    return answer;
}

Answer handle(Books& books, const Context&, const Command& command, const SetRouting& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_rules, staff)) return *no;
    const auto mode = desk::routing_mode_of_name(body.mode);
    if (!mode) return refused(codes::invalid, "mode: one of off, propose, assign");
    store::put_routing(books.connection(), *mode, command.at, staff->no);
    books.audit(command.at, command.actor, "set_routing", "routing", json_text({{"mode", body.mode}}));
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const PutSkills& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_rules, staff)) return *no;
    const auto whose = store::find_staff(books.connection(), StaffNo{body.staff});
    if (!whose) return refused(codes::not_found, "there is no such member of staff");
    const auto before = store::find_skills(books.connection(), whose->no);
    const desk::Skills skills{.languages = body.languages,
                              .categories = body.categories,
                              .level = body.level,
                              .open_max = body.open_max,
                              .away_until =
                                  body.away_until == 0 ? std::nullopt : std::optional{moment_of_ms(body.away_until)}};
    if (auto why = desk::fault_in(skills)) return refused(codes::invalid, *std::move(why));
    store::put_skills(books.connection(), {.staff = whose->no,
                                           .skills = skills,
                                           .last_given = before ? before->last_given : Moment{},
                                           .updated = command.at,
                                           .updated_by = staff->no});
    books.audit(command.at, command.actor, "put_skills", fmt::format("staff:{}", body.staff),
                json_text({{"languages", fmt::format("{}", fmt::join(body.languages, ","))},
                           {"categories", fmt::format("{}", fmt::join(body.categories, ","))},
                           {"level", std::to_string(body.level)},
                           {"open_max", std::to_string(body.open_max)},
                           {"away_until", skills.away_until ? rfc3339(*skills.away_until) : ""}}));
    return Answer{.number = body.staff};
}

}  // namespace okpay::service
