// SPDX-License-Identifier: Apache-2.0
// Rules as versioned data. A rule names what it looks at and holds where all of its conditions hold; a condition that is
// not given asks nothing. What it does when it holds is its verdict and its state: a draft is not even looked at, a shadow
// is written down and decides nothing, an active one decides.
//
//   Watched  while a customer is watched, amounts, counts and multiples count as reached at half of what is written, shares
//            at three quarters, and times reach twice as far.
#pragma once

#include <string>
#include <vector>

#include "customers/lock.hpp"
#include "risk/facts.hpp"

namespace okpay::risk {

enum class RuleState : std::uint8_t { draft, shadow, active };
enum class Verdict : std::uint8_t { allow = 0, review = 1, deny = 2 };  // stored; the greater wins
std::string_view name_of(RuleState state);
std::string_view name_of(Verdict verdict);

struct Rule {
    std::string name;  // "change_then_payout": stable, in lower case
    RuleState state = RuleState::draft;
    Verdict verdict = Verdict::review;
    std::vector<Operation> operations;
    // What stops meanwhile. A review holds back what goes to new payees and outside, a denial all that leaves.
    customers::LockScope scope = customers::LockScope::payouts;
    std::string message_code;  // what the customer is told

    // Conditions.
    std::vector<money::Money> amount_at_least;       // by currency; in another one it does not hold
    std::optional<std::int64_t> times_own_mean;      // of the wallet's movements, where it had `history_at_least`
    std::int64_t history_at_least = 10;
    std::optional<std::int64_t> percent_of_balance;  // of what is available, at least
    std::optional<std::int64_t> in_ten_minutes, in_hour;  // movements, this one with them
    std::optional<std::int64_t> failed_sign_ins;
    std::optional<Millis> change_within, new_device_within;
    bool new_payee = false, new_device = false;
};

struct Ruleset {
    std::string version;  // kept with each decision
    std::vector<Rule> rules;
};

// What `okpay serve` judges by unless it is given a file.
const Ruleset& built_in_rules();
// A sentence where it is no set of rules: a name twice, a rule without an operation or a condition.
std::optional<std::string> fault_of(const Ruleset& ruleset);

}  // namespace okpay::risk
