// SPDX-License-Identifier: Apache-2.0
// Whether a rule holds, and what a set of them does to one request on one event.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "customers/names.hpp"
#include "desk/incident.hpp"
#include "desk/lifecycle.hpp"
#include "desk/rules.hpp"
#include "search/tokens.hpp"
#include "triage/reading.hpp"

namespace okpay::desk {
namespace {

using customers::StaffNo;

bool has(const std::vector<std::string>& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

// Values were judged when the rule was written; what is none names nothing and holds for nobody.
std::int64_t number_or(std::string_view text, std::int64_t otherwise) {
    std::int64_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool is_below(std::string_view domain, std::string_view above) {
    return domain == above ||
           (domain.size() > above.size() && domain.ends_with(above) && domain[domain.size() - above.size() - 1] == '.');
}

bool has_words(const RuleFacts& facts, std::string_view words) {
    const std::vector<std::string> wanted = terms_of(words);
    return !wanted.empty() && std::ranges::includes(facts.terms, wanted);
}

bool has_amount(const RuleFacts& facts, std::string_view least) {
    const auto wanted = amount_of_text(least);
    return wanted && std::ranges::any_of(facts.amounts, [&](money::Money amount) {
               return amount.currency() == wanted->currency() && amount.minor() >= wanted->minor();
           });
}

bool value_holds(RuleField field, const std::string& value, const RuleFacts& facts) {
    switch (field) {
    case RuleField::category: return facts.category == value;
    case RuleField::language: return facts.language == value;
    case RuleField::urgency: return facts.urgency == value;
    case RuleField::team: return facts.team == value;
    case RuleField::flag: return has(facts.flags, value);
    case RuleField::sender_domain: {
        const auto at = facts.sender.rfind('@');
        return at != std::string::npos && is_below(ascii_lower(facts.sender.substr(at + 1)), value);
    }
    case RuleField::recipient:
        return std::ranges::any_of(facts.recipients,
                                   [&](const std::string& one) { return equal_ignoring_ascii_case(one, value); });
    case RuleField::words: return has_words(facts, value);
    case RuleField::amount_at_least: return has_amount(facts, value);
    case RuleField::customer_known: return facts.customer.has_value() == (value == "yes");
    case RuleField::customer_level: return facts.customer && facts.customer->level == number_or(value, -1);
    case RuleField::customer_standing: return facts.customer && customers::name_of(facts.customer->standing) == value;
    case RuleField::customer_newer_than_days:
        return facts.customer && facts.now - facts.customer->created < std::chrono::days{number_or(value, 0)};
    case RuleField::state: return state_name(facts.state) == value;
    case RuleField::assigned: return facts.assignee.has_value() == (value == "yes");
    case RuleField::waits_hours:
        return facts.waits_since && facts.now - *facts.waits_since >= std::chrono::hours{number_or(value, rule_hours_max)};
    }
    std::abort();
}

const Candidate* find(const std::vector<Candidate>& staff, std::string_view number) {
    const StaffNo no{number_or(number, 0)};
    const auto found = std::ranges::find(staff, no, &Candidate::no);
    const bool may = found != staff.end() && found->active && !found->has_to_do_with_customer;
    return may ? &*found : nullptr;
}

const std::string critical{triage::name_of(triage::Urgency::critical)};

// What was changed goes into `facts`, and its kind into `changes`.
class Acting {
public:
    Acting(RuleFacts& facts, std::set<RuleChange>& changes) : facts_{facts}, changes_{changes} {}

    RuleEffect act(const RuleAction& action) {
        RuleEffect effect{.act = action.act, .value = action.value};
        switch (action.act) {
        case RuleAct::set_category:
            effect.not_done = unless_guarded([&] { return set(facts_.category, action.value, RuleChange::category); });
            break;
        case RuleAct::set_urgency:
            effect.not_done = action.value == critical
                                  ? set(facts_.urgency, action.value, RuleChange::urgency)
                                  : unless_guarded([&] { return set(facts_.urgency, action.value, RuleChange::urgency); });
            break;
        case RuleAct::set_team:
            effect.not_done = unless_guarded([&] { return set(facts_.team, action.value, RuleChange::team); });
            break;
        case RuleAct::assign:
            if (const Candidate* one = find(facts_.staff, action.value)) effect.not_done = assign(one->no);
            else effect.not_done = NotDone::unavailable;
            break;
        case RuleAct::assign_by_skill: by_skill(effect); break;
        case RuleAct::follow:
            if (find(facts_.staff, action.value) == nullptr) effect.not_done = NotDone::unavailable;
            break;
        case RuleAct::note: break;
        case RuleAct::snooze_hours: effect.not_done = unless_guarded([] { return NotDone::none; }); break;
        case RuleAct::escalate:  // supervisors follow it, also where it is critical already
            set(facts_.urgency, critical, RuleChange::urgency);
            break;
        }
        return effect;
    }

private:
    // What may be an attack stays the risk team's and as urgent as it is: its sender could aim at the words of a rule.
    template <class Act>
    NotDone unless_guarded(Act act) {
        const bool guarded = is_guarded({.category = facts_.category, .route = facts_.team, .flags = facts_.flags});
        return guarded ? NotDone::refused : act();
    }
    NotDone set(std::string& what, const std::string& value, RuleChange change) {
        if (what == value) return NotDone::unchanged;
        what = value;
        changes_.insert(change);
        return NotDone::none;
    }
    NotDone assign(StaffNo no) {
        if (facts_.assignee == no) return NotDone::unchanged;
        facts_.assignee = no;
        changes_.insert(RuleChange::assignee);
        if (facts_.state == TicketState::fresh) facts_.state = TicketState::open;
        return NotDone::none;
    }
    // Whoever has it keeps it.
    void by_skill(RuleEffect& effect) {
        if (facts_.assignee) {
            effect.not_done = NotDone::unchanged;
            return;
        }
        const RoutingNeed need{.team = facts_.team,
                               .category = facts_.category,
                               .language = facts_.language,
                               .level = level_needed(facts_.urgency)};
        const RoutingDecision decision = decide_routing(need, facts_.staff, facts_.now);
        if (!decision.staff) {
            effect.not_done = NotDone::nobody_fits;
            return;
        }
        effect.value = std::to_string(number_of(*decision.staff));
        effect.not_done = assign(*decision.staff);
    }

    RuleFacts& facts_;
    std::set<RuleChange>& changes_;
};

bool is_meant(const ActiveRule& one, const RuleEvent& event) {
    if (one.rule.when != event.when) return false;
    switch (event.when) {
    case RuleWhen::arrival: return true;
    case RuleWhen::change:
        return std::ranges::any_of(one.rule.changes, [&](RuleChange change) {
            return std::ranges::find(event.changes, change) != event.changes.end();
        });
    case RuleWhen::time: return event.of == one.no;
    }
    std::abort();
}

}  // namespace

std::vector<std::string> terms_of(std::string_view text) {
    std::vector<std::string> terms;
    for (search::Token& token : search::tokens_of(text)) terms.push_back(std::move(token.term));
    std::ranges::sort(terms);
    const auto again = std::ranges::unique(terms);
    terms.erase(again.begin(), again.end());
    return terms;
}

bool holds(const RuleCondition& condition, const RuleFacts& facts) {
    const bool any = std::ranges::any_of(condition.values, [&](const std::string& value) {
        return value_holds(condition.field, value, facts);
    });
    return any != condition.negated;
}

bool matches(const Rule& rule, const RuleFacts& facts) {
    const auto holds_here = [&](const RuleCondition& condition) { return holds(condition, facts); };
    if (rule.any && !rule.conditions.empty()) return std::ranges::any_of(rule.conditions, holds_here);
    return std::ranges::all_of(rule.conditions, holds_here);
}

RuleRun run_rules(std::vector<ActiveRule> rules, RuleFacts facts, const RuleEvent& event) {
    std::ranges::sort(rules, {}, [](const ActiveRule& one) { return std::pair{one.place, one.no}; });
    RuleRun run;
    std::set<RuleNo> fired;  // each acts once
    RuleEvent now = event;
    for (int depth = 0;; ++depth) {
        std::set<RuleChange> changes;
        bool stopped = false;
        for (const ActiveRule& one : rules) {
            if (fired.contains(one.no) || !is_meant(one, now) || !matches(one.rule, facts)) continue;
            if (depth > rule_chain_max) {
                if (one.shadow) continue;  // it would have changed nothing
                run.stopped_before = one.no;
                stopped = true;
                break;
            }
            fired.insert(one.no);
            RuleFiring firing{.rule = one.no, .version = one.version, .shadow = one.shadow, .depth = depth};
            RuleFacts tried = one.shadow ? facts : RuleFacts{};
            std::set<RuleChange> unheard;
            Acting acting{one.shadow ? tried : facts, one.shadow ? unheard : changes};
            for (const RuleAction& action : one.rule.actions) firing.effects.push_back(acting.act(action));
            run.firings.push_back(std::move(firing));
            stopped = one.rule.stop && !one.shadow;
            if (stopped) break;
        }
        if (stopped || changes.empty()) break;
        now = {.when = RuleWhen::change, .changes = {changes.begin(), changes.end()}};
    }
    run.after = std::move(facts);
    return run;
}

}  // namespace okpay::desk
