// SPDX-License-Identifier: Apache-2.0
// Rules of the desk and routing: written, switched, put in order; judged because time passed.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct PutRule {  // a new version; what says the same makes none. A new rule is off. The answer's number is the rule's
    std::int64_t rule;  // 0: a new one
    std::string name, when, since;
    std::vector<std::string> changes;
    std::int64_t hours;
    bool working_hours, any;
    std::string conditions, actions;  // lines of desk/rules.hpp
    bool stop;
    std::int64_t version;  // that was read; 0 of a new one
};
BOOST_DESCRIBE_STRUCT(PutRule, (),
                      (rule, name, when, since, changes, hours, working_hours, any, conditions, actions, stop, version))

struct SetRuleMode {
    std::int64_t rule;
    std::string mode;      // off, shadow, on
    std::int64_t version;  // that was read: nobody switches on what they have not seen
};
BOOST_DESCRIBE_STRUCT(SetRuleMode, (), (rule, mode, version))

struct OrderRules {
    std::vector<std::int64_t> rules;  // all of them, each once
};
BOOST_DESCRIBE_STRUCT(OrderRules, (), (rules))

struct TendRules {  // rules of time whose time has come; the numbers answered are those of the requests on which one acted
    std::int64_t tickets_max;
};
BOOST_DESCRIBE_STRUCT(TendRules, (), (tickets_max))

struct SetRouting {
    std::string mode;  // off, propose, assign
};
BOOST_DESCRIBE_STRUCT(SetRouting, (), (mode))

struct PutSkills {
    std::int64_t staff;
    std::vector<std::string> languages, categories;
    std::int64_t level, open_max;
    std::int64_t away_until;  // ms; 0: not away
};
BOOST_DESCRIBE_STRUCT(PutSkills, (), (staff, languages, categories, level, open_max, away_until))

using RuleCommands = boost::mp11::mp_list<PutRule, SetRuleMode, OrderRules, TendRules, SetRouting, PutSkills>;

}  // namespace okpay::service
