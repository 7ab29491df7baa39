// SPDX-License-Identifier: Apache-2.0
#include "service/rule_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "customers/permissions.hpp"
#include "desk/follows.hpp"
#include "desk/lifecycle.hpp"
#include "desk/working_hours.hpp"
#include "service/money_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/follow_store.hpp"
#include "triage/reading.hpp"

namespace okpay::service {
namespace {

using customers::StaffNo;
using desk::NotDone;
using desk::RuleAct;
using desk::RuleChange;
using desk::RuleEffect;
using desk::RuleEvent;
using desk::RuleNo;
using desk::RuleWhen;
using store::RuleNow;

constexpr std::size_t fault_octets_max = 500;

bool names_staff(const desk::Rule& rule) {
    return std::ranges::any_of(rule.actions, [](const desk::RuleAction& action) {
        return action.act == RuleAct::assign || action.act == RuleAct::assign_by_skill || action.act == RuleAct::follow;
    });
}

void count_fault(Books& books, store::RuleRow& row, std::string why) {
    row.faults += 1;
    row.fault = std::move(why);
    row.fault.resize(std::min(row.fault.size(), fault_octets_max));
    store::update_rule(books.connection(), row);
    books.news().rule_faults += 1;
    books.news().mail_notes.push_back(
        fmt::format("rule {} could not be judged and did nothing: {}", number_of(row.no), row.fault));
}

// What one run does to the request, and the rows that say so.
class Doing {
public:
    Doing(Books& books, const Command& command, store::TicketRow& row, std::vector<RuleNow>& live)
        : books_{books}, command_{command}, row_{row}, live_{live} {}

    void all(desk::RuleRun& run, RuleWhen when, std::optional<Moment> since) {
        const desk::Ticket before = row_.ticket;
        row_.ticket.category = run.after.category;
        row_.ticket.urgency = run.after.urgency;
        row_.ticket.route = run.after.team;
        row_.ticket.assignee = run.after.assignee;
        row_.ticket.state = run.after.state;  // new becomes open where somebody has it; nothing else
        if (!row_.ticket.investigation_due)
            row_.ticket.investigation_due = desk::investigation_due(row_.ticket.opened, row_.ticket.category);
        for (desk::RuleFiring& firing : run.firings) one(firing, when, since);
        if (row_.ticket.assignee != before.assignee) {
            const std::int64_t given = row_.ticket.assignee ? number_of(*row_.ticket.assignee) : 0;
            store::insert_event(books_.connection(), row_.ticket.no, command_.at, "assigned", std::nullopt,
                                json_text({{"staff", std::to_string(given)}}));
        }
        if (run.stopped_before) stopped(*run.stopped_before);
        store::update_ticket(books_.connection(), row_);
        books_.news().tickets.push_back(row_.ticket.request_number);
    }

private:
    RuleNow& rule(RuleNo no) {
        return *std::ranges::find(live_, no, [](const RuleNow& one) { return one.row.no; });
    }

    void one(desk::RuleFiring& firing, RuleWhen when, std::optional<Moment> since) {
        RuleNow& of = rule(firing.rule);
        const std::int64_t number = books_.next_number("rule_firing");
        if (!firing.shadow) {
            for (std::size_t i = 0; i < firing.effects.size(); ++i) {
                RuleEffect& effect = firing.effects[i];
                if (effect.not_done == NotDone::none)
                    effect.not_done = do_it(of, effect, fmt::format("firing {} action {}", number, i));
            }
        }
        // Once for its moment: what it starts counts from none.
        const bool timed = when == RuleWhen::time && firing.depth == 0;
        store::insert_rule_firing(books_.connection(), {.no = number,
                                                        .rule = firing.rule,
                                                        .version = firing.version,
                                                        .ticket = row_.ticket.no,
                                                        .at = command_.at,
                                                        .when = firing.depth == 0 ? when : RuleWhen::change,
                                                        .depth = firing.depth,
                                                        .shadow = firing.shadow,
                                                        .since = timed ? since : std::nullopt,
                                                        .effects = firing.effects});
        (firing.shadow ? of.row.shadowed : of.row.fired) += 1;
        of.row.last_fired = command_.at;
        store::update_rule(books_.connection(), of.row);
        books_.news().rules_fired += firing.shadow ? 0 : 1;
        if (firing.shadow) return;
        store::insert_event(books_.connection(), row_.ticket.no, command_.at, "rule_applied", std::nullopt,
                            json_text({{"rule", std::to_string(number_of(firing.rule))},
                                       {"version", std::to_string(firing.version)},
                                       {"name", of.newest->written->name},
                                       {"did", store::text_of(firing.effects)}}));
    }

    NotDone do_it(const RuleNow& of, const RuleEffect& effect, const std::string& what) {
        switch (effect.act) {
        case RuleAct::set_category:
        case RuleAct::set_urgency:
        case RuleAct::set_team:
        case RuleAct::assign: return NotDone::none;
        case RuleAct::assign_by_skill:
            store::note_given(books_.connection(), StaffNo{std::stoll(effect.value)}, command_.at);
            return NotDone::none;
        case RuleAct::follow: return follow(StaffNo{std::stoll(effect.value)});
        case RuleAct::note: note(effect, what); return NotDone::none;
        case RuleAct::snooze_hours: return snooze(of, effect);
        case RuleAct::escalate:
            for (const store::StaffRow& boss : store::active_staff(books_.connection(), customers::Role::supervisor)) {
                if (!row_.ticket.customer || !has_to_do_with(books_, boss, *row_.ticket.customer)) follow(boss.no);
            }
            return NotDone::none;
        }
        std::abort();
    }

    NotDone follow(StaffNo staff) {
        if (store::find_follow(books_.connection(), row_.ticket.no, staff)) return NotDone::unchanged;
        if (store::followers_of(books_.connection(), row_.ticket.no).size() >= desk::followers_max) return NotDone::refused;
        // What made it be followed is the first that is not seen.
        store::insert_follow(books_.connection(),
                             {.ticket = row_.ticket.no, .staff = staff, .since = command_.at, .seen = {}});
        return NotDone::none;
    }

    void note(const RuleEffect& effect, const std::string& what) {
        const std::string seed = command_.id.text();
        const auto id = StepIds{seed, number_of(row_.ticket.no), command_.at}.next<MessageId>(what);
        store::insert_message(books_.connection(), {.no = desk::MessageNo{books_.next_number("message")},
                                                    .id = id,
                                                    .ticket = row_.ticket.no,
                                                    .direction = desk::Direction::note,
                                                    .author = desk::Author::system,
                                                    .body = effect.value,
                                                    .at = command_.at});
        row_.ticket.updated = std::max(row_.ticket.updated, command_.at);
    }

    NotDone snooze(const RuleNow& of, const RuleEffect& effect) {
        const Moment until = command_.at + std::chrono::hours{std::stoll(effect.value)};
        if (may_not_snooze(row_.ticket, command_.at, until)) return NotDone::refused;
        put_to_sleep(books_, row_.ticket, until, of.newest->staff, command_.at);  // in the name of who wrote the rule
        return NotDone::none;
    }

    void stopped(RuleNo before) {
        RuleNow& of = rule(before);
        of.row.stopped += 1;
        store::update_rule(books_.connection(), of.row);
        books_.news().rules_stopped += 1;
        store::insert_event(books_.connection(), row_.ticket.no, command_.at, "rules_stopped", std::nullopt,
                            json_text({{"rule", std::to_string(number_of(before))},
                                       {"name", of.newest->written->name},
                                       {"most", std::to_string(desk::rule_chain_max)}}));
    }

    Books& books_;
    const Command& command_;
    store::TicketRow& row_;
    std::vector<RuleNow>& live_;
};

bool listens(const RuleNow& one, const RuleEvent& event) {
    const desk::Rule& rule = *one.newest->written;
    if (rule.when != event.when) return false;
    if (event.when == RuleWhen::time) return event.of == one.row.no;
    return event.when == RuleWhen::arrival || std::ranges::any_of(rule.changes, [&](RuleChange change) {
               return std::ranges::find(event.changes, change) != event.changes.end();
           });
}

// False: nothing was written.
bool judge(Books& books, const Command& command, store::TicketRow& row, std::vector<RuleNow>& live, const RuleEvent& event,
           std::optional<Moment> since) {
    if (std::ranges::none_of(live, [&](const RuleNow& one) { return listens(one, event); })) return false;
    desk::RuleFacts facts = rule_facts(books.connection(), row, command.at);
    const auto names = [](const RuleNow& one) { return names_staff(*one.newest->written); };
    if (std::ranges::any_of(live, names)) facts.staff = rule_candidates(books.connection(), row.ticket);
    std::vector<desk::ActiveRule> active;
    for (const RuleNow& one : live) {
        active.push_back({.no = one.row.no,
                          .version = one.row.version,
                          .place = one.row.place,
                          .shadow = one.row.mode == desk::RuleMode::shadow,
                          .rule = *one.newest->written});
    }
    desk::RuleRun run = desk::run_rules(std::move(active), std::move(facts), event);
    if (run.firings.empty()) return false;
    Doing{books, command, row, live}.all(run, event.when, since);
    return true;
}

// A mail that is filed late counts from a moment that a rule of time has passed by already: it is judged now. A moment that
// was judged when it came is not judged again because something else changed. `new_request`: all of its moments are new.
void judge_what_is_late(Books& books, const Context& context, const Command& command, store::TicketRow& row,
                        std::vector<RuleNow>& live, bool new_request) {
    for (const RuleNow& one : live) {
        const desk::Rule& rule = *one.newest->written;
        if (!new_request && rule.since != desk::RuleSince::customer_wrote) continue;
        const auto since = rule.when == RuleWhen::time ? store::counts_from(rule.since, row.ticket) : std::nullopt;
        if (!since || *since > one.row.cursor.at) continue;
        const auto due = rule_due(context, rule, *since);
        if (!due || *due > command.at || *due <= one.row.live_since) continue;
        if (store::has_fired_since(books.connection(), one.row.no, row.ticket.no, *since)) continue;
        judge(books, command, row, live, {.when = RuleWhen::time, .changes = {}, .of = one.row.no}, since);
    }
}

}  // namespace

std::vector<RuleNow> live_rules(Books& books, bool counts_faults) {
    std::vector<RuleNow> live;
    for (RuleNow& one : store::rules(books.connection(), false)) {
        std::optional<std::string> why = "what is stored of its version cannot be read";
        if (one.newest && one.newest->written) why = desk::fault_in(*one.newest->written);
        if (!why) live.push_back(std::move(one));
        else if (counts_faults) count_fault(books, one.row, *std::move(why));
    }
    return live;
}

void rules_on_arrival(Books& books, const Context& context, const Command& command, store::TicketRow& row) {
    std::vector<RuleNow> live = live_rules(books, true);
    judge(books, command, row, live, {.when = RuleWhen::arrival}, std::nullopt);
    judge_what_is_late(books, context, command, row, live, true);
}

void rules_on_change(Books& books, const Context& context, const Command& command, store::TicketRow& row,
                     std::vector<RuleChange> changes) {
    if (changes.empty()) return;
    std::vector<RuleNow> live = live_rules(books, true);
    const bool mail = std::ranges::find(changes, RuleChange::customer_wrote) != changes.end();
    judge(books, command, row, live, {.when = RuleWhen::change, .changes = std::move(changes)}, std::nullopt);
    if (mail) judge_what_is_late(books, context, command, row, live, false);
}

bool rule_of_time(Books& books, const Command& command, store::TicketRow& row, std::vector<RuleNow>& live, RuleNo rule,
                  Moment since) {
    return judge(books, command, row, live, {.when = RuleWhen::time, .changes = {}, .of = rule}, since);
}

std::vector<RuleChange> changes_between(const desk::Ticket& before, const desk::Ticket& after) {
    std::vector<RuleChange> changes;
    if (before.state != after.state) changes.push_back(RuleChange::state);
    if (before.assignee != after.assignee) changes.push_back(RuleChange::assignee);
    if (before.category != after.category) changes.push_back(RuleChange::category);
    if (before.urgency != after.urgency) changes.push_back(RuleChange::urgency);
    if (before.route != after.route) changes.push_back(RuleChange::team);
    return changes;
}

std::optional<Moment> rule_due(const Context& context, const desk::Rule& rule, Moment since) {
    const auto hours = context.settings().working_hours;
    if (!rule.working_hours || hours == nullptr) return since + std::chrono::hours{rule.hours};
    return desk::after_working_time(*hours, since, std::chrono::hours{rule.hours});
}

void route_new(Books& books, const Command& command, store::TicketRow& row) {
    const desk::RoutingMode mode = store::routing(books.connection()).mode;
    desk::Ticket& ticket = row.ticket;
    if (mode == desk::RoutingMode::off || ticket.assignee || desk::is_set_aside(ticket)) return;
    if (ticket.state != desk::TicketState::fresh && ticket.state != desk::TicketState::open) return;
    const auto candidates = rule_candidates(books.connection(), ticket);
    // What waits for facts, or found no article, is an agent's.
    const std::string team = desk::rule_team(ticket.route) ? ticket.route : "agent";
    const desk::RoutingDecision decision = desk::decide_routing({.team = team,
                                                                 .category = ticket.category,
                                                                 .language = ticket.language,
                                                                 .level = desk::level_needed(ticket.urgency)},
                                                                candidates, command.at);
    if (!decision.staff) {
        const desk::RoutingCounts& passed = decision.passed_over;
        store::insert_event(books.connection(), ticket.no, command.at, "routed_to_team", std::nullopt,
                            json_text({{"team", team},
                                       {"unavailable", std::to_string(passed.unavailable)},
                                       {"language", std::to_string(passed.language)},
                                       {"category", std::to_string(passed.category)},
                                       {"level", std::to_string(passed.level)},
                                       {"full", std::to_string(passed.full)}}));
        return;
    }
    const std::string given = std::to_string(number_of(*decision.staff));
    store::note_given(books.connection(), *decision.staff, command.at);
    const bool assigns = mode == desk::RoutingMode::assign;
    store::insert_event(books.connection(), ticket.no, command.at, assigns ? "routed" : "routing_proposed", std::nullopt,
                        json_text({{"staff", given},
                                   {"open", std::to_string(decision.open)},
                                   {"open_max", std::to_string(decision.open_max)},
                                   {"why", decision.waited_longest ? "waited_longest" : "fewest_open"}}));
    if (!assigns) return;
    ticket.assignee = *decision.staff;
    if (ticket.state == desk::TicketState::fresh) ticket.state = desk::TicketState::open;
    store::update_ticket(books.connection(), row);
    store::insert_event(books.connection(), ticket.no, command.at, "assigned", std::nullopt, json_text({{"staff", given}}));
}

}  // namespace okpay::service
