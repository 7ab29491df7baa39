// SPDX-License-Identifier: Apache-2.0
// The verdict on a movement or a sign-in, with its reasons.
#pragma once

#include "risk/rules.hpp"

namespace okpay::risk {

struct Judgement {
    Verdict verdict = Verdict::allow;
    const Rule* decided_by = nullptr;  // the first of the gravest that hold; none where it is allowed
    std::vector<const Rule*> held;     // active ones
    std::vector<const Rule*> shadows;  // that would have held
};

// Pure, and a few comparisons a rule.
Judgement judge(const Facts& facts, const Ruleset& ruleset);
bool holds(const Rule& rule, const Facts& facts);
// Whether a rule that looks at this operation asks for it, so that nobody looks it up in vain.
bool asks_for_payee(const Ruleset& ruleset, Operation operation, money::Money amount, bool watched);

// For staff: which conditions held, with what was measured: "amount 5000.00 CNY; 23 times the wallet's mean; new payee".
std::string explain(const Rule& rule, const Facts& facts);
// What it was judged by, as JSON: kept with each decision that was not to allow.
std::string inputs_json(const Facts& facts);

}  // namespace okpay::risk
