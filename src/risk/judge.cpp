// SPDX-License-Identifier: Apache-2.0
#include "risk/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "money/currency.hpp"

namespace okpay::risk {
namespace {

__extension__ using Wide = __int128;

// "At least so much", stricter while watched.
bool reaches(std::int64_t value, std::int64_t threshold, bool watched) {
    return watched ? Wide{value} * 2 >= threshold : value >= threshold;
}

bool is_within(const std::optional<Millis>& since, Millis limit, bool watched) {
    return since && *since < (watched ? limit * 2 : limit);
}

bool looks_at(const Rule& rule, Operation operation) {
    return std::ranges::find(rule.operations, operation) != rule.operations.end();
}

bool amount_reached(const Rule& rule, money::Money amount, bool watched) {
    return std::ranges::any_of(rule.amount_at_least, [&](money::Money least) {
        return least.currency() == amount.currency() && reaches(amount.minor(), least.minor(), watched);
    });
}

bool conditions_of_amount_hold(const Rule& rule, const Facts& facts) {
    if (!facts.amount) return rule.amount_at_least.empty() && !rule.times_own_mean && !rule.percent_of_balance;
    const std::int64_t minor = facts.amount->minor();
    if (!rule.amount_at_least.empty() && !amount_reached(rule, *facts.amount, facts.watched)) return false;
    if (rule.times_own_mean) {
        if (facts.entries < rule.history_at_least || facts.entries == 0) return false;
        // minor >= times * moved / entries, without dividing
        const Wide scaled = Wide{minor} * facts.entries * (facts.watched ? 2 : 1);
        if (scaled < Wide{facts.moved_minor} * *rule.times_own_mean) return false;
    }
    if (rule.percent_of_balance) {
        const Wide percent = facts.watched ? Wide{*rule.percent_of_balance} * 3 / 4 : Wide{*rule.percent_of_balance};
        if (Wide{minor} * 100 < Wide{facts.available_minor} * percent) return false;
    }
    return true;
}

}  // namespace

bool holds(const Rule& rule, const Facts& facts) {
    if (!looks_at(rule, facts.operation)) return false;
    if (rule.new_payee && !facts.new_payee) return false;
    if (rule.new_device && !facts.new_device) return false;
    if (rule.in_ten_minutes && !reaches(facts.out_ten_minutes + 1, *rule.in_ten_minutes, facts.watched)) return false;
    if (rule.in_hour && !reaches(facts.out_hour + 1, *rule.in_hour, facts.watched)) return false;
    if (rule.failed_sign_ins && !reaches(facts.failed_sign_ins, *rule.failed_sign_ins, facts.watched)) return false;
    if (rule.change_within && !is_within(facts.since_change, *rule.change_within, facts.watched)) return false;
    if (rule.new_device_within && !is_within(facts.since_new_device, *rule.new_device_within, facts.watched)) return false;
    return conditions_of_amount_hold(rule, facts);
}

Judgement judge(const Facts& facts, const Ruleset& ruleset) {
    Judgement judgement;
    if (facts.cleared) return judgement;
    for (const Rule& rule : ruleset.rules) {
        if (rule.state == RuleState::draft || !holds(rule, facts)) continue;
        if (rule.state == RuleState::shadow) {
            judgement.shadows.push_back(&rule);
            continue;
        }
        judgement.held.push_back(&rule);
        if (rule.verdict > judgement.verdict) {
            judgement.verdict = rule.verdict;
            judgement.decided_by = &rule;
        }
    }
    return judgement;
}

bool asks_for_payee(const Ruleset& ruleset, Operation operation, money::Money amount, bool watched) {
    return std::ranges::any_of(ruleset.rules, [&](const Rule& rule) {
        return rule.state != RuleState::draft && rule.new_payee && looks_at(rule, operation) &&
               (rule.amount_at_least.empty() || amount_reached(rule, amount, watched));
    });
}

std::string explain(const Rule& rule, const Facts& facts) {
    std::string said;
    const auto add = [&said](const std::string& words) { said += (said.empty() ? "" : "; ") + words; };
    const auto minutes = [](Millis since) { return std::chrono::duration_cast<std::chrono::minutes>(since).count(); };
    if (facts.amount) {
        add(fmt::format("{} of {} {}", name_of(facts.operation), facts.amount->decimal(),
                        money::code_of(facts.amount->currency())));
    } else {
        add(std::string{name_of(facts.operation)});
    }
    if (rule.times_own_mean && facts.entries > 0) {
        add(fmt::format("the wallet's {} movements came to {} on average", facts.entries,
                        money::Money::of_minor(facts.moved_minor / facts.entries, facts.amount->currency())->decimal()));
    }
    if (rule.percent_of_balance && facts.available_minor > 0 && facts.amount) {
        add(fmt::format("{} % of what was there",
                        static_cast<std::int64_t>(Wide{facts.amount->minor()} * 100 / facts.available_minor)));
    }
    if (rule.in_ten_minutes) add(fmt::format("{} movements in ten minutes", facts.out_ten_minutes + 1));
    if (rule.in_hour) add(fmt::format("{} movements in an hour", facts.out_hour + 1));
    if (rule.failed_sign_ins) add(fmt::format("{} failed sign-ins before", facts.failed_sign_ins));
    if (rule.change_within && facts.since_change) add(fmt::format("{} min after a change", minutes(*facts.since_change)));
    if (rule.new_device_within && facts.since_new_device) {
        add(fmt::format("{} min after a sign-in on a new device", minutes(*facts.since_new_device)));
    }
    if (rule.new_payee) add("a new payee");
    if (rule.new_device) add("a new device");
    if (facts.watched) add("watched since a lock was released");
    return said;
}

std::string inputs_json(const Facts& facts) {
    const auto ms = [](const std::optional<Millis>& since) {
        return since ? std::to_string(since->count()) : std::string{"null"};
    };
    return fmt::format(
        R"({{"operation":"{}","amount_minor":{},"currency":"{}","available_minor":{},"entries":{},"moved_minor":{},)"
        R"("out_ten_minutes":{},"out_hour":{},"out_hour_minor":{},"new_payee":{},"new_device":{},"since_new_device_ms":{},)"
        R"("since_change_ms":{},"failed_sign_ins":{},"watched":{}}})",
        name_of(facts.operation), facts.amount ? facts.amount->minor() : 0,
        facts.amount ? money::code_of(facts.amount->currency()) : "", facts.available_minor, facts.entries,
        facts.moved_minor, facts.out_ten_minutes, facts.out_hour, facts.out_hour_minor, facts.new_payee, facts.new_device,
        ms(facts.since_new_device), ms(facts.since_change), facts.failed_sign_ins, facts.watched);
}

}  // namespace okpay::risk
