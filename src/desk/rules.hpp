// SPDX-License-Identifier: Apache-2.0
// Rules of the desk as data: when something happens to a request and it is like this, do that. What a rule may say; whether
// it holds; what a set of them does. Why: docs/decisions/0047.
//
//   Never     money, locks, mail to anybody, the state of a request. A rule sets what staff may set with a word, and
//             whoever has to do with the customer is given nothing by one.
//   Once      a rule acts once at most for one event on one request. What rules change is an event for rules of changes, and
//             so on, rule_chain_max times at most: then it stops and says before which rule. So any set of rules ends.
//   Order     by place, then by number; whatever order they are handed in.
//   Written   conditions and actions are kept as lines (text_of); parsing refuses what text_of does not write.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "base/result.hpp"
#include "desk/routing.hpp"
#include "desk/ticket.hpp"
#include "money/money.hpp"

namespace okpay::desk {

enum class RuleNo : std::int64_t {};
constexpr std::int64_t number_of(RuleNo no) { return static_cast<std::int64_t>(no); }

enum class RuleMode : std::uint8_t { off = 1, shadow = 2, on = 3 };  // stored, append only
enum class RuleWhen : std::uint8_t { arrival = 1, change = 2, time = 3 };  // stored, append only
enum class RuleChange : std::uint8_t {  // stored as a bit each, append only
    customer_wrote = 0,  // once more
    answered = 1,  // by staff
    state = 2,
    assignee = 3,
    category = 4,  // these three by rules, by staff (sorting.hpp), and upwards by what is written later
    urgency = 5,
    team = 6,
};
enum class RuleSince : std::uint8_t {  // stored, append only
    opened = 1,
    customer_wrote = 2,  // the earliest word after our first answer that nobody has answered
    waits_for_customer = 3,
};
enum class RuleField : std::uint8_t {  // stored by name
    category,
    language,
    urgency,
    team,
    flag,  // of triage
    sender_domain,  // or a domain below it
    recipient,  // an address of ours that the newest mail was sent to
    words,  // each of them, anywhere in the subject or the customer's newest words
    amount_at_least,  // "500.00 CNY": an amount of this currency that the customer states
    customer_known,  // yes, no
    customer_level,
    customer_standing,
    customer_newer_than_days,
    state,
    assigned,  // yes, no
    waits_hours,  // so long or longer the customer has waited for a word of ours
};
enum class RuleAct : std::uint8_t {  // stored by name
    set_category,
    set_urgency,
    set_team,
    assign,  // a member of staff by number
    assign_by_skill,  // desk/routing.hpp
    follow,  // a member of staff by number
    note,
    snooze_hours,
    escalate,  // critical, and followed by the supervisors
};
std::string_view name_of(RuleMode mode);
std::string_view name_of(RuleWhen when);
std::string_view name_of(RuleChange change);
std::string_view name_of(RuleSince since);
std::string_view name_of(RuleField field);
std::string_view name_of(RuleAct act);
std::optional<RuleMode> rule_mode_of_name(std::string_view name);
std::optional<RuleWhen> rule_when_of_name(std::string_view name);
std::optional<RuleChange> rule_change_of_name(std::string_view name);
std::optional<RuleSince> rule_since_of_name(std::string_view name);
std::optional<RuleField> rule_field_of_name(std::string_view name);
std::optional<RuleAct> rule_act_of_name(std::string_view name);

struct RuleCondition {
    RuleField field = RuleField::category;
    bool negated = false;
    std::vector<std::string> values;  // one of them is enough
    friend bool operator==(const RuleCondition&, const RuleCondition&) = default;
};
struct RuleAction {
    RuleAct act = RuleAct::note;
    std::string value;  // empty where the act needs none
    friend bool operator==(const RuleAction&, const RuleAction&) = default;
};
struct Rule {
    std::string name;
    RuleWhen when = RuleWhen::arrival;
    std::vector<RuleChange> changes{};  // of a rule of changes: one of them
    RuleSince since = RuleSince::opened;  // these three of a rule of time
    std::int64_t hours = 0;
    bool working_hours = false;  // counted by the desk's calendar
    bool any = false;  // one condition is enough; else all of them. Without conditions: every request
    std::vector<RuleCondition> conditions{};
    std::vector<RuleAction> actions{};
    bool stop = false;  // once it acted, no other rule is judged for this event
    friend bool operator==(const Rule&, const Rule&) = default;
};

inline constexpr std::size_t rule_name_octets_max = 120;
inline constexpr std::size_t rule_conditions_max = 20;
inline constexpr std::size_t rule_values_max = 20;  // of one condition
inline constexpr std::size_t rule_value_octets_max = 200;
inline constexpr std::size_t rule_actions_max = 10;
inline constexpr std::size_t rule_note_octets_max = 2'000;
inline constexpr std::int64_t rule_hours_max = 90 * 24;
inline constexpr std::int64_t rules_max = 200;  // not off
inline constexpr std::int64_t rules_ever_max = 2'000;  // the others too: none is ever taken away
inline constexpr int rule_chain_max = 3;
inline constexpr std::int64_t rule_trial_requests_max = 10'000;  // of one dry run

// The member that is wrong and what to do: "conditions/2: …". Whether a named person works here is the caller's to know.
std::optional<std::string> fault_in(const Rule& rule);

// One a line: "not category<TAB>refund<TAB>card", "note<TAB>Two\nlines". Nothing where it is not as text_of writes it.
std::string text_of(const std::vector<RuleCondition>& conditions);
std::string text_of(const std::vector<RuleAction>& actions);
std::optional<std::vector<RuleCondition>> conditions_of(std::string_view text);
std::optional<std::vector<RuleAction>> actions_of(std::string_view text);

bool rule_team(std::string_view route);  // a route on which people work: a team

// What conditions read, and what actions change of it.
struct RuleFacts {
    std::string category, urgency, team, language;
    std::vector<std::string> flags;
    std::string sender;  // address
    std::vector<std::string> recipients;  // addresses
    std::vector<std::string> terms;  // search::tokens_of subject and newest words: terms_of
    std::vector<money::Money> amounts;
    struct Customer {
        int level = 0;
        customers::Standing standing = customers::Standing::open;
        Moment created;
    };
    std::optional<Customer> customer;
    TicketState state = TicketState::fresh;
    std::optional<customers::StaffNo> assignee;
    std::optional<Moment> waits_since;  // the customer, for a word of ours
    Moment now;
    std::vector<Candidate> staff;  // whom actions may name
};
std::vector<std::string> terms_of(std::string_view text);  // in order, each once
std::optional<money::Money> amount_of_text(std::string_view text);  // "500.00 CNY", above zero
bool holds(const RuleCondition& condition, const RuleFacts& facts);
bool matches(const Rule& rule, const RuleFacts& facts);  // whenever it is

struct ActiveRule {
    RuleNo no;
    std::int64_t version = 0;
    std::int64_t place = 0;
    bool shadow = false;  // it is written down what it would have done
    Rule rule;
};
struct RuleEvent {
    RuleWhen when = RuleWhen::arrival;
    std::vector<RuleChange> changes{};  // of `change`
    std::optional<RuleNo> of{};  // of `time`: whose time has come
};

enum class NotDone : std::uint8_t { none, unchanged, unavailable, nobody_fits, refused };
std::string_view name_of(NotDone why);
struct RuleEffect {
    RuleAct act = RuleAct::note;
    std::string value;  // as the rule says it; of assign_by_skill the number of who was chosen
    NotDone not_done = NotDone::none;
    friend bool operator==(const RuleEffect&, const RuleEffect&) = default;
};
struct RuleFiring {
    RuleNo rule;
    std::int64_t version = 0;
    bool shadow = false;
    int depth = 0;  // 0: of the event itself; 1: of what rules changed then; …
    std::vector<RuleEffect> effects{};
    friend bool operator==(const RuleFiring&, const RuleFiring&) = default;
};
struct RuleRun {
    std::vector<RuleFiring> firings;
    RuleFacts after;
    std::optional<RuleNo> stopped_before;  // the loop guard: this one would have acted next
};
RuleRun run_rules(std::vector<ActiveRule> rules, RuleFacts facts, const RuleEvent& event);

}  // namespace okpay::desk
