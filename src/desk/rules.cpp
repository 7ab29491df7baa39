// SPDX-License-Identifier: Apache-2.0
// What a rule may say, and how it is written down. Whether one holds, and what they do: rule_engine.cpp.
#include "desk/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <set>

#include "base/text.hpp"
#include "customers/names.hpp"
#include "desk/lifecycle.hpp"
#include "triage/reading.hpp"

namespace okpay::desk {
namespace {

constexpr std::array all_modes{RuleMode::off, RuleMode::shadow, RuleMode::on};
constexpr std::array all_whens{RuleWhen::arrival, RuleWhen::change, RuleWhen::time};
constexpr std::array all_changes{RuleChange::customer_wrote, RuleChange::answered, RuleChange::state, RuleChange::assignee,
                                 RuleChange::category,       RuleChange::urgency,  RuleChange::team};
constexpr std::array all_sinces{RuleSince::opened, RuleSince::customer_wrote, RuleSince::waits_for_customer};
constexpr std::array all_fields{RuleField::category,
                                RuleField::language,
                                RuleField::urgency,
                                RuleField::team,
                                RuleField::flag,
                                RuleField::sender_domain,
                                RuleField::recipient,
                                RuleField::words,
                                RuleField::amount_at_least,
                                RuleField::customer_known,
                                RuleField::customer_level,
                                RuleField::customer_standing,
                                RuleField::customer_newer_than_days,
                                RuleField::state,
                                RuleField::assigned,
                                RuleField::waits_hours};
constexpr std::array all_acts{RuleAct::set_category, RuleAct::set_urgency,     RuleAct::set_team,
                              RuleAct::assign,       RuleAct::assign_by_skill, RuleAct::follow,
                              RuleAct::note,         RuleAct::snooze_hours,    RuleAct::escalate};

// Teams are the routes on which people work.
constexpr std::array<std::string_view, 3> teams{"agent", "technical_team", "risk_team"};
constexpr std::array<std::string_view, 6> routes{"auto_answer",    "ask_for_info", "agent",
                                                 "technical_team", "risk_team",    "no_action"};
constexpr std::array<std::string_view, 4> urgencies{"critical", "high", "normal", "low"};
constexpr std::array<std::string_view, 3> languages{"en", "zh-Hans", "zh-Hant"};
constexpr std::array<std::string_view, 9> flags{
    "prompt_injection", "forwarded_phishing",          "sensitive_data", "account_takeover", "social_engineering",
    "hidden_html",      "sender_differs_from_account", "multi_account",  "needs_ocr"};
constexpr std::array<std::string_view, 2> yes_no{"yes", "no"};
constexpr std::array<std::string_view, 3> standings{"open", "limited", "locked"};
constexpr std::int64_t days_max = 3'660;

template <class All>
auto of_name(const All& all, std::string_view name) -> std::optional<typename All::value_type> {
    for (const auto one : all) {
        if (name_of(one) == name) return one;
    }
    return std::nullopt;
}

template <class List>
std::optional<std::string> one_of(const List& list, std::string_view value) {
    if (std::ranges::find(list, value) != list.end()) return std::nullopt;
    return fmt::format("choose one of {}", fmt::join(list, ", "));
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || text.empty() || text.front() == '-') return std::nullopt;
    return std::to_string(number) == text ? std::optional{number} : std::nullopt;  // one way to write each
}

std::optional<std::string> number_between(std::string_view value, std::int64_t least, std::int64_t most) {
    const auto number = number_in(value);
    if (number && *number >= least && *number <= most) return std::nullopt;
    return fmt::format("a whole number from {} to {}", least, most);
}

bool is_domain(std::string_view text) {
    return text.find('.') != std::string_view::npos && !text.starts_with('.') && !text.ends_with('.') &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

bool is_mailbox(std::string_view text) {
    const auto at = text.rfind('@');
    return at != std::string_view::npos && at > 0 && is_domain(text.substr(at + 1)) &&
           text.find_first_of(" \t\n<>\"") == std::string_view::npos;
}

std::optional<std::string> fault_in_value(RuleField field, std::string_view value) {
    switch (field) {
    case RuleField::category:
        if (triage::category_of_name(value)) return std::nullopt;
        return "there is no category of this name; choose from the list";
    case RuleField::language: return one_of(languages, value);
    case RuleField::urgency: return one_of(urgencies, value);
    case RuleField::team: return one_of(routes, value);
    case RuleField::flag: return one_of(flags, value);
    case RuleField::sender_domain:
        if (is_domain(value)) return std::nullopt;
        return "a domain in small letters, such as example.org";
    case RuleField::recipient:
        if (is_mailbox(value) && ascii_lower(value) == value) return std::nullopt;
        return "an address in small letters, such as support@example.org";
    case RuleField::words:
        if (!terms_of(value).empty()) return std::nullopt;
        return "a word with a letter or digit in it";
    case RuleField::amount_at_least:
        if (amount_of_text(value)) return std::nullopt;
        return "an amount above zero and its currency, such as 500.00 CNY";
    case RuleField::customer_known:
    case RuleField::assigned: return one_of(yes_no, value);
    case RuleField::customer_level: return number_between(value, 0, customers::level_max);
    case RuleField::customer_standing: return one_of(standings, value);
    case RuleField::customer_newer_than_days: return number_between(value, 1, days_max);
    case RuleField::state:
        if (ticket_state_of_name(value)) return std::nullopt;
        return "there is no state of this name; choose from the list";
    case RuleField::waits_hours: return number_between(value, 1, rule_hours_max);
    }
    std::abort();
}

std::optional<std::string> fault_in_condition(const RuleCondition& condition) {
    if (condition.values.empty()) return "name a value at least";
    if (condition.values.size() > rule_values_max) return fmt::format("{} values at most", rule_values_max);
    std::set<std::string_view> seen;
    for (const std::string& value : condition.values) {
        if (value.size() > rule_value_octets_max || !is_utf8(value))
            return fmt::format("a value of at most {} octets of text", rule_value_octets_max);
        if (auto why = fault_in_value(condition.field, value)) return why;
        if (!seen.insert(value).second) return "name each value once";
    }
    return std::nullopt;
}

std::optional<std::string> fault_in_action(const RuleAction& action) {
    switch (action.act) {
    case RuleAct::set_category: return fault_in_value(RuleField::category, action.value);
    case RuleAct::set_urgency: return one_of(urgencies, action.value);
    case RuleAct::set_team: return one_of(teams, action.value);
    case RuleAct::assign:
    case RuleAct::follow:
        if (const auto number = number_in(action.value); number && *number > 0) return std::nullopt;
        return "name a member of staff";
    case RuleAct::note:
        if (!trimmed(action.value).empty() && action.value.size() <= rule_note_octets_max && is_utf8(action.value))
            return std::nullopt;
        return fmt::format("a text of at most {} octets", rule_note_octets_max);
    case RuleAct::snooze_hours: return number_between(action.value, 1, rule_hours_max);
    case RuleAct::assign_by_skill:
    case RuleAct::escalate:
        if (action.value.empty()) return std::nullopt;
        return "this needs no value";
    }
    std::abort();
}

// What stands against itself: the second would undo the first.
std::optional<std::string> said_twice(const std::vector<RuleAction>& actions) {
    std::set<RuleAct> seen;
    for (const RuleAction& action : actions) {
        if (action.act == RuleAct::follow || action.act == RuleAct::note) continue;
        const RuleAct sets = action.act == RuleAct::assign_by_skill ? RuleAct::assign : action.act;
        if (!seen.insert(sets).second) return fmt::format("actions: {} stands there twice; keep one", name_of(action.act));
    }
    return std::nullopt;
}

std::optional<std::string> fault_in_moment(const Rule& rule) {
    const bool of_change = rule.when == RuleWhen::change;
    if (of_change && rule.changes.empty()) return "changes: name what has to change";
    if (!of_change && !rule.changes.empty()) return "changes: only a rule of changes has them; leave it empty";
    if (std::set<RuleChange>(rule.changes.begin(), rule.changes.end()).size() != rule.changes.size())
        return "changes: name each once";
    if (rule.when == RuleWhen::time) {
        if (rule.hours < 1 || rule.hours > rule_hours_max) return fmt::format("hours: 1 to {}", rule_hours_max);
        return std::nullopt;
    }
    if (rule.hours != 0 || rule.working_hours) return "hours: only a rule of time has them; leave it 0";
    return std::nullopt;
}

void append_escaped(std::string& to, std::string_view text) {
    for (const char c : text) {
        if (c == '\\') to += "\\\\";
        else if (c == '\n') to += "\\n";
        else if (c == '\t') to += "\\t";
        else to += c;
    }
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            plain += text[i];
            continue;
        }
        if (++i == text.size()) return std::nullopt;
        if (text[i] == 'n') plain += '\n';
        else if (text[i] == 't') plain += '\t';
        else if (text[i] == '\\') plain += '\\';
        else return std::nullopt;
    }
    return plain;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines = split(text, '\n');
    if (lines.back().empty()) lines.pop_back();  // each line ends with one
    return lines;
}

}  // namespace

std::optional<RuleMode> rule_mode_of_name(std::string_view name) { return of_name(all_modes, name); }
std::optional<RuleWhen> rule_when_of_name(std::string_view name) { return of_name(all_whens, name); }
std::optional<RuleChange> rule_change_of_name(std::string_view name) { return of_name(all_changes, name); }
std::optional<RuleSince> rule_since_of_name(std::string_view name) { return of_name(all_sinces, name); }
std::optional<RuleField> rule_field_of_name(std::string_view name) { return of_name(all_fields, name); }
std::optional<RuleAct> rule_act_of_name(std::string_view name) { return of_name(all_acts, name); }

bool rule_team(std::string_view route) { return std::ranges::find(teams, route) != teams.end(); }

std::optional<money::Money> amount_of_text(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto currency = money::currency_of_code(text.substr(space + 1));
    if (!currency || money::code_of(*currency) != text.substr(space + 1)) return std::nullopt;
    const auto amount = money::Money::parse(text.substr(0, space), *currency);
    return amount && amount->minor() > 0 ? amount : std::nullopt;
}

std::optional<std::string> fault_in(const Rule& rule) {
    if (rule.name.empty() || trimmed(rule.name) != rule.name || rule.name.size() > rule_name_octets_max ||
        !is_utf8(rule.name) || std::ranges::any_of(rule.name, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        return fmt::format("name: one line of at most {} octets", rule_name_octets_max);
    if (auto why = fault_in_moment(rule)) return why;
    if (rule.conditions.size() > rule_conditions_max) return fmt::format("conditions: {} at most", rule_conditions_max);
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
        if (const auto why = fault_in_condition(rule.conditions[i]))
            return fmt::format("conditions/{}: {}: {}", i, name_of(rule.conditions[i].field), *why);
    }
    if (rule.actions.empty()) return "actions: it does nothing; say what it is to do";
    if (rule.actions.size() > rule_actions_max) return fmt::format("actions: {} at most", rule_actions_max);
    for (std::size_t i = 0; i < rule.actions.size(); ++i) {
        if (const auto why = fault_in_action(rule.actions[i]))
            return fmt::format("actions/{}: {}: {}", i, name_of(rule.actions[i].act), *why);
    }
    return said_twice(rule.actions);
}

std::string text_of(const std::vector<RuleCondition>& conditions) {
    std::string text;
    for (const RuleCondition& condition : conditions) {
        if (condition.negated) text += "not ";
        text += name_of(condition.field);
        for (const std::string& value : condition.values) {
            text += '\t';
            append_escaped(text, value);
        }
        text += '\n';
    }
    return text;
}

std::string text_of(const std::vector<RuleAction>& actions) {
    std::string text;
    for (const RuleAction& action : actions) {
        text += name_of(action.act);
        text += '\t';
        append_escaped(text, action.value);
        text += '\n';
    }
    return text;
}

std::optional<std::vector<RuleCondition>> conditions_of(std::string_view text) {
    std::vector<RuleCondition> conditions;
    for (std::string_view line : lines_of(text)) {
        RuleCondition condition;
        condition.negated = line.starts_with("not ");
        if (condition.negated) line.remove_prefix(4);
        const auto parts = split(line, '\t');
        const auto field = rule_field_of_name(parts.front());
        if (!field) return std::nullopt;
        condition.field = *field;
        for (const std::string_view part : std::span{parts}.subspan(1)) {
            auto value = unescaped(part);
            if (!value) return std::nullopt;
            condition.values.push_back(*std::move(value));
        }
        conditions.push_back(std::move(condition));
    }
    return text_of(conditions) == text ? std::optional{std::move(conditions)} : std::nullopt;
}

std::optional<std::vector<RuleAction>> actions_of(std::string_view text) {
    std::vector<RuleAction> actions;
    for (const std::string_view line : lines_of(text)) {
        const auto parts = split(line, '\t');
        const auto act = rule_act_of_name(parts.front());
        auto value = parts.size() == 2 ? unescaped(parts[1]) : std::nullopt;
        if (!act || !value) return std::nullopt;
        actions.push_back({*act, *std::move(value)});
    }
    return text_of(actions) == text ? std::optional{std::move(actions)} : std::nullopt;
}

}  // namespace okpay::desk
