// SPDX-License-Identifier: Apache-2.0
#include "payments/tariff.hpp"

#include <gtest/gtest.h>

namespace okpay::payments {
namespace {

using money::AccountNo;
using money::Currency;
using money::Money;
using std::chrono::days;

constexpr Moment now = Moment{} + days{20'000} + std::chrono::hours{13};
constexpr AccountNo wallet{1}, other{2};

Money cny(std::int64_t minor) { return *Money::of_minor(minor, Currency::cny); }

FeeRule fee(std::int64_t fixed, std::vector<FeeTier> tiers, std::int64_t minimum = 0,
            std::optional<std::int64_t> maximum = std::nullopt, Operation operation = Operation::send) {
    return {.operation = operation,
            .level = std::nullopt,
            .currency = Currency::cny,
            .fixed_minor = fixed,
            .tiers = std::move(tiers),
            .minimum_minor = minimum,
            .maximum_minor = maximum};
}
const FeeTier all(std::int64_t ppm) { return {.up_to_minor = std::nullopt, .rate_ppm = ppm}; }

TEST(Fee, is_fixed_and_percent_between_minimum_and_maximum) {
    const FeeRule rule = fee(30, {all(29'000)}, 50, 10'000);
    EXPECT_EQ(fee_minor_of(rule, cny(100)), 50) << "33 is below the minimum";
    EXPECT_EQ(fee_minor_of(rule, cny(10'000)), 30 + 290);
    EXPECT_EQ(fee_minor_of(rule, cny(10'000'000)), 10'000);
    EXPECT_EQ(fee_minor_of(rule, cny(0)), 0) << "nothing costs nothing";
    EXPECT_EQ(fee_minor_of(fee(0, {}), cny(10'000)), 0);
}

TEST(Fee, rounds_half_to_even_once) {
    const FeeRule half = fee(0, {all(500'000)});
    EXPECT_EQ(fee_minor_of(half, cny(1)), 0);
    EXPECT_EQ(fee_minor_of(half, cny(3)), 2);
    EXPECT_EQ(fee_minor_of(half, cny(5)), 2);
    // Two slices of half a fen each are one fen, not two roundings to none.
    const FeeRule sliced = fee(0, {{.up_to_minor = 1, .rate_ppm = 500'000}, all(500'000)});
    EXPECT_EQ(fee_minor_of(sliced, cny(2)), 1);
    EXPECT_EQ(fee_minor_of(fee(0, {all(parts_per_million)}), cny(Money::limit_minor)), Money::limit_minor) << "no overflow";
}

TEST(Fee, tiers_are_slices) {
    const FeeRule rule =
        fee(0, {{.up_to_minor = 100'000, .rate_ppm = 6'000}, {.up_to_minor = 1'000'000, .rate_ppm = 4'000}, all(2'000)});
    EXPECT_EQ(fee_minor_of(rule, cny(100'000)), 600);
    EXPECT_EQ(fee_minor_of(rule, cny(100'001)), 600);
    EXPECT_EQ(fee_minor_of(rule, cny(1'000'000)), 600 + 3'600);
    EXPECT_EQ(fee_minor_of(rule, cny(2'000'000)), 600 + 3'600 + 2'000);
    EXPECT_EQ(fee_minor_of(fee(0, {{.up_to_minor = 100, .rate_ppm = 10'000}}), cny(1'000)), 1)
        << "nothing beyond the last tier";
}

TEST(Fee, out_of_an_amount_never_exceeds_it) {
    EXPECT_EQ(fee_minor_of(fee(500, {}, 0, std::nullopt, Operation::pay), cny(100)), 100);
    EXPECT_EQ(fee_minor_of(fee(500, {}, 0, std::nullopt, Operation::send), cny(100)), 500);
}

TEST(Tariff, takes_the_most_particular_fee) {
    Tariff tariff;
    const auto add = [&](std::optional<int> level, std::optional<Currency> currency, std::int64_t ppm) {
        FeeRule rule = fee(0, {all(ppm)});
        rule.level = level;
        rule.currency = currency;
        tariff.fees.push_back(rule);
    };
    add(std::nullopt, std::nullopt, 10'000);
    add(1, std::nullopt, 20'000);
    add(std::nullopt, Currency::cny, 30'000);
    add(1, Currency::cny, 40'000);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 1, cny(1'000)), 40);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 2, cny(1'000)), 30);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 1, *Money::of_minor(1'000, Currency::usd)), 20);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 2, *Money::of_minor(1'000, Currency::usd)), 10);
    EXPECT_EQ(tariff.fee_minor(Operation::withdraw, 1, cny(1'000)), 0);
    EXPECT_EQ(flat_tariff(60).fee_minor(Operation::pay, std::nullopt, cny(12'850)), 77);
}

money::Transfer transfer(money::TransferCode code, AccountNo debit, AccountNo credit, std::int64_t amount, Moment at,
                         money::TransferKind kind = money::TransferKind::single) {
    return {.seq = 1,
            .payment = 1,
            .kind = kind,
            .code = code,
            .debit = debit,
            .credit = credit,
            .currency = Currency::cny,
            .amount = amount,
            .at = at,
            .debit_after = 0,
            .credit_after = 0,
            .debit_prev = 0,
            .credit_prev = 0,
            .hash = {}};
}

TEST(Usage, counts_by_day_and_side) {
    using money::TransferCode;
    using money::TransferKind;
    Usage usage;
    usage.note(transfer(TransferCode::person_to_person, wallet, other, 100, now), wallet);
    usage.note(transfer(TransferCode::person_to_person, other, wallet, 40, now), wallet);
    usage.note(transfer(TransferCode::person_to_person, wallet, other, 500, now - days{6}), wallet);
    usage.note(transfer(TransferCode::person_to_person, wallet, other, 9'000, now - days{7}), wallet);
    EXPECT_EQ(usage.of(Operation::send, now, 1), (Usage::Sum{100, 1}));
    EXPECT_EQ(usage.of(Operation::send, now, 7), (Usage::Sum{600, 2}));
    EXPECT_EQ(usage.of(Operation::send, now, 30), (Usage::Sum{9'600, 3}));
    EXPECT_EQ(usage.of(Operation::receive, now, 1), (Usage::Sum{40, 1}));
    // A hold counts until it is released, and what was captured of it counts once.
    usage.note(transfer(TransferCode::payment, wallet, other, 70, now, TransferKind::pending), wallet);
    usage.note(transfer(TransferCode::payment, wallet, other, 50, now, TransferKind::post_pending), wallet);
    EXPECT_EQ(usage.of(Operation::pay, now, 1), (Usage::Sum{70, 1}));
    usage.note(transfer(TransferCode::payment, wallet, other, 70, now, TransferKind::void_pending), wallet);
    EXPECT_EQ(usage.of(Operation::pay, now, 1), (Usage::Sum{0, 0}));
    usage.note(transfer(TransferCode::payment, wallet, other, 70, now + days{1}, TransferKind::expire_pending), wallet);
    EXPECT_EQ(usage.of(Operation::pay, now + days{1}, 1), (Usage::Sum{0, 0})) << "never less than nothing";
}

TEST(Limits, hold_to_the_last_fen_and_the_last_time) {
    const auto rule = [](LimitWindow window, std::optional<int> level, std::optional<std::int64_t> amount,
                         std::optional<std::int64_t> count) {
        return LimitRule{Operation::send, window, level, Currency::cny, amount, count};
    };
    Tariff tariff;
    tariff.limits = {rule(LimitWindow::item, std::nullopt, 500, std::nullopt),
                     rule(LimitWindow::day, std::nullopt, 1'000, std::nullopt),
                     rule(LimitWindow::day, std::nullopt, std::nullopt, 3), rule(LimitWindow::day, 2, 9'000, std::nullopt),
                     rule(LimitWindow::week, std::nullopt, 2'000, std::nullopt)};
    Usage usage;
    const auto judge = [&](std::int64_t minor, int level = 1, Moment at = now) {
        return limit_refusal(tariff, Operation::send, level, cny(minor), usage, at);
    };
    const auto send = [&](std::int64_t minor, Moment at = now) {
        usage.note(transfer(money::TransferCode::person_to_person, wallet, other, minor, at), wallet);
    };
    EXPECT_EQ(judge(501), PaymentRefusal::limit_per_item);
    EXPECT_EQ(judge(500), PaymentRefusal::none);
    send(500);
    EXPECT_EQ(judge(500), PaymentRefusal::none);
    send(499);
    EXPECT_EQ(judge(1), PaymentRefusal::none);
    EXPECT_EQ(judge(2), PaymentRefusal::limit_per_day);
    EXPECT_EQ(judge(500, 2), PaymentRefusal::none) << "the rule of a level replaces those for any";
    send(1);
    EXPECT_EQ(judge(1), PaymentRefusal::limit_per_day) << "a fourth time, and the amount";
    EXPECT_EQ(judge(500, 1, now + days{1}), PaymentRefusal::none) << "a new day";
    send(500, now + days{1});
    send(499, now + days{1});
    EXPECT_EQ(judge(2, 1, now + days{2}), PaymentRefusal::limit_per_week);
    EXPECT_EQ(judge(1, 1, now + days{2}), PaymentRefusal::none);
    EXPECT_EQ(tariff.days_looked_back(Operation::send, 1, Currency::cny), 7);
    EXPECT_EQ(tariff.days_looked_back(Operation::send, 1, Currency::usd), 0);
}

TEST(Limits, of_a_balance_are_those_of_the_level_first) {
    Tariff tariff;
    tariff.balances = {{.level = std::nullopt, .currency = Currency::cny, .amount_minor = 5'000},
                       {.level = 2, .currency = Currency::cny, .amount_minor = 50'000}};
    EXPECT_EQ(tariff.balance_limit(1, Currency::cny), 5'000);
    EXPECT_EQ(tariff.balance_limit(2, Currency::cny), 50'000);
    EXPECT_EQ(tariff.balance_limit(2, Currency::usd), std::nullopt);
}

}  // namespace
}  // namespace okpay::payments
