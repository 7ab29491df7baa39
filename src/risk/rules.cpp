// SPDX-License-Identifier: Apache-2.0
#include "risk/rules.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

namespace okpay::risk {
namespace {

using customers::LockScope;
using money::Currency;
using money::Money;

// About the same worth in each: a movement below it is no reason to lock anybody.
std::vector<Money> about(std::int64_t cny) {
    const auto of = [](std::int64_t minor, Currency currency) { return *Money::of_minor(minor, currency); };
    const std::int64_t fen = cny * 100;
    return {of(fen, Currency::cny),       of(fen, Currency::hkd),
            of(fen, Currency::mop),       of(fen / 7, Currency::usd),
            of(fen / 8, Currency::eur),   of(fen / 9, Currency::gbp),
            of(fen / 5, Currency::sgd),   of(fen / 5, Currency::aud),
            of(fen / 5, Currency::cad),   of(fen / 8, Currency::chf),
            of(fen * 4, Currency::twd),   of(cny * 20, Currency::jpy),
            of(cny * 190, Currency::krw), of(cny * 1000 / 19, Currency::bhd)};
}

constexpr std::chrono::hours day{24};

}  // namespace

std::string_view name_of(RuleState state) {
    switch (state) {
    case RuleState::draft: return "draft";
    case RuleState::shadow: return "shadow";
    case RuleState::active: return "active";
    }
    std::abort();
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::allow: return "allow";
    case Verdict::review: return "review";
    case Verdict::deny: return "deny";
    }
    std::abort();
}

const Ruleset& built_in_rules() {
    static const Ruleset rules{.version = "built-in 1",
                               .rules = {
                                   {.name = "change_then_payout",
                                    .state = RuleState::active,
                                    .verdict = Verdict::deny,
                                    .operations = {Operation::send, Operation::withdraw},
                                    .scope = LockScope::debits,
                                    .message_code = "changed_then_payout",
                                    .amount_at_least = about(2'000),
                                    .percent_of_balance = 50,
                                    .change_within = day,
                                    .new_payee = true},
                                   {.name = "new_device_then_payout",
                                    .state = RuleState::active,
                                    .verdict = Verdict::review,
                                    .operations = {Operation::send, Operation::withdraw},
                                    .scope = LockScope::payouts,
                                    .message_code = "new_device_payout",
                                    .amount_at_least = about(2'000),
                                    .percent_of_balance = 50,
                                    .new_device_within = day,
                                    .new_payee = true},
                                   {.name = "guessed_then_in",
                                    .state = RuleState::active,
                                    .verdict = Verdict::review,
                                    .operations = {Operation::sign_in},
                                    .scope = LockScope::payouts,
                                    .message_code = "failed_sign_ins",
                                    .failed_sign_ins = 8,
                                    .new_device = true},
                                   {.name = "far_above_own_history",
                                    .state = RuleState::active,
                                    .verdict = Verdict::review,
                                    .operations = {Operation::send, Operation::withdraw},
                                    .scope = LockScope::payouts,
                                    .message_code = "unusual_payments",
                                    .amount_at_least = about(5'000),
                                    .times_own_mean = 20,
                                    .percent_of_balance = 80,
                                    .new_payee = true},
                                   {.name = "many_in_ten_minutes",
                                    .state = RuleState::shadow,
                                    .verdict = Verdict::deny,
                                    .operations = {Operation::pay, Operation::send, Operation::withdraw},
                                    .scope = LockScope::debits,
                                    .message_code = "unusual_payments",
                                    .in_ten_minutes = 30},
                                   {.name = "emptied_at_once",
                                    .state = RuleState::shadow,
                                    .verdict = Verdict::review,
                                    .operations = {Operation::send, Operation::withdraw},
                                    .scope = LockScope::payouts,
                                    .message_code = "unusual_payments",
                                    .amount_at_least = about(2'000),
                                    .percent_of_balance = 95,
                                    .new_payee = true},
                               }};
    return rules;
}

std::optional<std::string> fault_of(const Ruleset& ruleset) {
    if (ruleset.version.empty()) return "the rules have no version";
    std::set<std::string_view> names;
    for (const Rule& rule : ruleset.rules) {
        if (rule.name.empty()) return "a rule has no name";
        if (!names.insert(rule.name).second) return fmt::format("rule {} is there twice", rule.name);
        if (rule.operations.empty()) return fmt::format("rule {} looks at no operation", rule.name);
        if (rule.message_code.empty()) return fmt::format("rule {} tells the customer nothing", rule.name);
        if (rule.verdict == Verdict::allow)
            return fmt::format("rule {} allows: only review and deny are verdicts", rule.name);
        const bool asks = !rule.amount_at_least.empty() || rule.times_own_mean || rule.percent_of_balance ||
                          rule.in_ten_minutes || rule.in_hour || rule.failed_sign_ins || rule.change_within ||
                          rule.new_device_within || rule.new_payee || rule.new_device;
        if (!asks) return fmt::format("rule {} has no condition and would hold always", rule.name);
    }
    return std::nullopt;
}

}  // namespace okpay::risk
