// SPDX-License-Identifier: Apache-2.0
// Rules and skills as supervisors read them, and what a rule would have done to the requests there are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/command_rules.hpp"
#include "service/desk_views.hpp"
#include "store/people_store.hpp"
#include "store/rule_store.hpp"

namespace okpay::service {

inline constexpr std::int64_t rule_versions_shown_max = 50;
inline constexpr std::int64_t rule_firings_shown_max = 50;
inline constexpr std::size_t trial_requests_shown_max = 50;
inline constexpr std::chrono::seconds trial_within{5};  // then it says how far it came

// What is said of a rule, whole and lawful; else the member that is wrong and what to do. Whether a named person works here
// is not looked at.
Result<desk::Rule, std::string> rule_written(const PutRule& body);

struct RuleView {
    struct Version {
        store::RuleVersionRow row;
        Person staff;
    };
    struct Firing {
        store::RuleFiringRow row;
        std::string request;  // its number; empty: it is of a customer whom the reader has to do with
    };
    store::RuleRow row;
    std::optional<desk::Rule> written;  // none: it cannot be read
    Person updated_by;
    std::map<customers::StaffNo, Person> people{};  // whom its actions name
    std::vector<Version> history{};                 // newest first; of a single rule
    std::vector<Firing> firings{};                  // the same
};

struct RuleTrialRequest {
    desk::Rule rule;             // one that may be: desk::fault_in
    std::int64_t requests = 0;   // the newest so many are looked at; rule_trial_requests_max at most
    customers::StaffNo reader;
    std::string reader_email;
    Moment now;
};
// Nothing is changed by it. Requests are judged as they are known today; a rule of arrival by what triage read of them, as
// if nobody had done anything yet. Hours are plain ones. None of customers whom the reader has to do with.
struct RuleTrial {
    struct Item {
        std::string request, subject;
        Moment opened;
        std::vector<desk::RuleEffect> effects;
    };
    std::int64_t looked_at = 0, matched = 0;
    bool whole = true;          // false: trial_within was over first
    std::vector<Item> items{};  // the newest that matched, trial_requests_shown_max
    std::map<customers::StaffNo, Person> people{};
};

struct RoutingView {
    struct Colleague {
        store::ColleagueRow row;
        std::optional<store::SkillRow> skills;
    };
    store::RoutingRow routing;
    std::optional<Person> updated_by;
    std::vector<Colleague> staff{};  // who work here and may be given requests, by number
};

}  // namespace okpay::service
