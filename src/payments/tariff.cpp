// SPDX-License-Identifier: Apache-2.0
#include "payments/tariff.hpp"

#include <algorithm>
#include <chrono>

#include "base/ensure.hpp"
#include "payments/decide.hpp"

namespace okpay::payments {
namespace {

using money::TransferCode;
using money::TransferKind;

__extension__ using Wide = __int128;

std::int64_t day_of(Moment at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

// How particular a rule is: level and currency, currency, level, neither; none where it does not fit.
std::optional<int> particularity(std::optional<int> rule_level, std::optional<int> level,
                                 std::optional<money::Currency> rule_currency, money::Currency currency) {
    if (rule_level && rule_level != level) return std::nullopt;
    if (rule_currency && rule_currency != currency) return std::nullopt;
    return (rule_currency ? 2 : 0) + (rule_level ? 1 : 0);
}

struct Counted {
    Operation operation;
    int sign;
};
std::optional<Counted> counted(const money::Transfer& transfer, money::AccountNo account) {
    const bool pays = transfer.debit == account;
    const bool releases = transfer.kind == TransferKind::void_pending || transfer.kind == TransferKind::expire_pending;
    switch (transfer.code) {
    case TransferCode::top_up: return pays ? std::nullopt : std::optional{Counted{Operation::top_up, 1}};
    case TransferCode::payment:
        if (!pays || transfer.kind == TransferKind::post_pending) return std::nullopt;  // counted when it was held
        return Counted{Operation::pay, releases ? -1 : 1};
    case TransferCode::person_to_person: return Counted{pays ? Operation::send : Operation::receive, 1};
    case TransferCode::withdrawal: return pays ? std::optional{Counted{Operation::withdraw, 1}} : std::nullopt;
    case TransferCode::withdrawal_returned: return pays ? std::nullopt : std::optional{Counted{Operation::withdraw, -1}};
    case TransferCode::fee:
    case TransferCode::refund:
    case TransferCode::fee_refund:
    case TransferCode::correction:
    case TransferCode::merchant_payout:
    case TransferCode::withdrawal_settled:
    case TransferCode::unexplained:
    case TransferCode::acquirer_settled:
    case TransferCode::dispute_taken:
    case TransferCode::dispute_returned:
    case TransferCode::dispute_lost:
    case TransferCode::exchange: return std::nullopt;
    }
    std::abort();
}

PaymentRefusal refusal_of(LimitWindow window) {
    switch (window) {
    case LimitWindow::item: return PaymentRefusal::limit_per_item;
    case LimitWindow::day: return PaymentRefusal::limit_per_day;
    case LimitWindow::week: return PaymentRefusal::limit_per_week;
    case LimitWindow::month: return PaymentRefusal::limit_per_month;
    case LimitWindow::year: return PaymentRefusal::limit_per_year;
    }
    std::abort();
}

}  // namespace

std::string_view name_of(Operation operation) {
    switch (operation) {
    case Operation::top_up: return "top_up";
    case Operation::pay: return "pay";
    case Operation::send: return "send";
    case Operation::withdraw: return "withdraw";
    case Operation::receive: return "receive";
    }
    std::abort();
}

std::optional<Operation> operation_of_name(std::string_view name) {
    const auto found = std::ranges::find(all_operations, name, [](Operation o) { return name_of(o); });
    return found != all_operations.end() ? std::optional{*found} : std::nullopt;
}

std::string_view name_of(LimitWindow window) {
    switch (window) {
    case LimitWindow::item: return "item";
    case LimitWindow::day: return "day";
    case LimitWindow::week: return "week";
    case LimitWindow::month: return "month";
    case LimitWindow::year: return "year";
    }
    std::abort();
}

std::optional<LimitWindow> limit_window_of_name(std::string_view name) {
    const auto found = std::ranges::find(all_windows, name, [](LimitWindow w) { return name_of(w); });
    return found != all_windows.end() ? std::optional{*found} : std::nullopt;
}

std::int64_t days_of(LimitWindow window) {
    switch (window) {
    case LimitWindow::item: return 0;
    case LimitWindow::day: return 1;
    case LimitWindow::week: return 7;
    case LimitWindow::month: return 30;
    case LimitWindow::year: return 365;
    }
    std::abort();
}

std::int64_t fee_minor_of(const FeeRule& rule, money::Money amount) {
    if (amount.minor() <= 0) return 0;
    // Slices are added up in millionths of a minor unit, so that there is one rounding.
    Wide millionths = 0;
    std::int64_t below = 0;
    for (const FeeTier& tier : rule.tiers) {
        const std::int64_t end = std::min(tier.up_to_minor.value_or(amount.minor()), amount.minor());
        if (end > below) millionths += Wide{end - below} * tier.rate_ppm;
        below = std::max(below, end);
    }
    const Wide whole = millionths / parts_per_million;
    const Wide twice_left = millionths % parts_per_million * 2;
    const bool up = twice_left > parts_per_million || (twice_left == parts_per_million && whole % 2 == 1);
    std::int64_t fee = rule.fixed_minor + static_cast<std::int64_t>(whole) + (up ? 1 : 0);
    fee = std::max(fee, rule.minimum_minor);
    if (rule.maximum_minor) fee = std::min(fee, *rule.maximum_minor);
    return rule.operation == Operation::pay ? std::min(fee, amount.minor()) : fee;
}

std::int64_t Tariff::fee_minor(Operation operation, std::optional<int> level, money::Money amount) const {
    const FeeRule* best = nullptr;
    int best_fit = -1;
    for (const FeeRule& rule : fees) {
        if (rule.operation != operation) continue;
        const auto fit = particularity(rule.level, level, rule.currency, amount.currency());
        if (fit && *fit > best_fit) {
            best = &rule;
            best_fit = *fit;
        }
    }
    return best == nullptr ? 0 : fee_minor_of(*best, amount);
}

std::vector<LimitRule> Tariff::limits_of(Operation operation, int level, money::Currency currency) const {
    std::vector<LimitRule> found;
    for (const LimitWindow window : all_windows) {
        // A rule for this level replaces those for any.
        const auto fits = [&](const LimitRule& rule, bool of_level) {
            return rule.operation == operation && rule.window == window && rule.currency == currency &&
                   (of_level ? rule.level == level : !rule.level);
        };
        const auto take = [&](bool of_level) {
            const std::size_t before = found.size();
            std::ranges::copy_if(limits, std::back_inserter(found), [&](const LimitRule& r) { return fits(r, of_level); });
            return found.size() > before;
        };
        if (!take(true)) take(false);
    }
    return found;
}

std::optional<std::int64_t> Tariff::balance_limit(int level, money::Currency currency) const {
    std::optional<std::int64_t> any;
    for (const BalanceRule& rule : balances) {
        if (rule.currency != currency) continue;
        if (rule.level == level) return rule.amount_minor;
        if (!rule.level) any = rule.amount_minor;
    }
    return any;
}

std::int64_t Tariff::days_looked_back(Operation operation, int level, money::Currency currency) const {
    if (limits.empty()) return 0;
    const std::vector<LimitRule> rules = limits_of(operation, level, currency);
    return rules.empty() ? 0 : days_of(rules.back().window);
}

Tariff flat_tariff(std::int64_t merchant_basis_points) {
    Tariff tariff;
    if (merchant_basis_points > 0) {
        tariff.fees.push_back({.operation = Operation::pay,
                               .level = std::nullopt,
                               .currency = std::nullopt,
                               .tiers = {{.up_to_minor = std::nullopt, .rate_ppm = merchant_basis_points * 100}},
                               .maximum_minor = std::nullopt});
    }
    return tariff;
}

void Usage::note(const money::Transfer& transfer, money::AccountNo account) {
    const auto what = counted(transfer, account);
    if (!what) return;
    Sum& sum = sums_[{day_of(transfer.at), what->operation}];
    sum.amount_minor += what->sign * transfer.amount;
    sum.count += what->sign;
}

Usage::Sum Usage::of(Operation operation, Moment now, std::int64_t days) const {
    Sum total;
    const std::int64_t today = day_of(now);
    for (auto next = sums_.lower_bound({today - days + 1, Operation::top_up}); next != sums_.end(); ++next) {
        if (next->first.operation != operation) continue;
        total.amount_minor += next->second.amount_minor;
        total.count += next->second.count;
    }
    // What was released on a later day than it was held may leave less than nothing in a short window.
    return {std::max<std::int64_t>(total.amount_minor, 0), std::max<std::int64_t>(total.count, 0)};
}

PaymentRefusal limit_refusal(const Tariff& tariff, Operation operation, int level, money::Money amount, const Usage& used,
                             Moment now) {
    for (const LimitRule& rule : tariff.limits_of(operation, level, amount.currency())) {
        const Usage::Sum sum =
            rule.window == LimitWindow::item ? Usage::Sum{} : used.of(operation, now, days_of(rule.window));
        const bool too_much = rule.amount_minor && sum.amount_minor > *rule.amount_minor - amount.minor();
        const bool too_often = rule.count && sum.count >= *rule.count;
        if (too_much || too_often) return refusal_of(rule.window);
    }
    return PaymentRefusal::none;
}

}  // namespace okpay::payments
