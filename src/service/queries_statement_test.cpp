// SPDX-License-Identifier: Apache-2.0
// Statements over a life of days, on both engines: whatever the period, they say what the ledger's rows say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "money/chain.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using money::AccountNo;
using okpay::testing::ServiceFixture;
using payments::Movement;
using payments::StatementSums;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;

const Actor by_merchant{ActorKind::merchant, 1};

payments::Tariff tariff() {
    payments::Tariff tariff = payments::flat_tariff(60);
    for (const auto operation : {payments::Operation::send, payments::Operation::withdraw}) {
        tariff.fees.push_back({.operation = operation,
                               .level = std::nullopt,
                               .currency = std::nullopt,
                               .fixed_minor = 10,
                               .tiers = {},
                               .maximum_minor = std::nullopt});
    }
    return tariff;
}

class Statements : public ::testing::TestWithParam<store::Engine> {
protected:
    AccountNo wallet() const { return wallet_; }
    Statement statement(Moment from, Moment until, StatementLimits limits = {}) {
        return queries_.statement({wallet(), from, until, limits}).value().value().value();
    }
    std::vector<Movement> movements(const Statement& of) {
        std::vector<Movement> found;
        for (const StatementEntry& entry : of.entries) found.push_back(entry.line.movement);
        return found;
    }
    std::string key() { return fmt::format("{}", ++keys_); }
    Answer send(std::int64_t from, std::int64_t to, std::int64_t minor, std::string memo) {
        return f_.ask(SendMoney{.key = key(),
                                .payer = from,
                                .payee = to,
                                .amount_minor = minor,
                                .currency = "CNY",
                                .memo = std::move(memo)},
                      {ActorKind::customer, from});
    }
    std::int64_t withdraw(std::int64_t minor) {
        const std::string named = key();
        return f_
            .done(Withdraw{{.key = named,
                            .customer = wang_,
                            .amount_minor = minor,
                            .currency = "CNY",
                            .instrument = "bank ····6819",
                            .sealed_instrument = "AAAA",
                            .instrument_hash = named}},
                  {ActorKind::customer, wang_})
            .number;
    }
    void say(std::int64_t payment, std::string word) {
        f_.done(ReportRail{.payment = payment,
                           .word = std::move(word),
                           .rail_reference = "R1",
                           .detail = "",
                           .seed = fmt::format("{:064}", ++keys_)});
    }

    ServiceFixture f_{GetParam(), {.tariff = tariff()}};
    Queries queries_{f_.database(), 2};
    std::int64_t wang_ = f_.customer("wang@pay.example", "王小明", "zh-Hans");
    std::int64_t li_ = f_.customer("li@pay.example", "李薇");
    std::int64_t shop_ = f_.merchant("蓝港咖啡");
    AccountNo wallet_{f_.wallet_of(wang_)};
    int keys_ = 0;
};

TEST_P(Statements, say_what_happened_with_whom) {
    const Moment start = f_.at();
    f_.top_up(wang_, 50'000);
    f_.pass(hours{1});
    const std::int64_t paid = f_.pay(wang_, shop_, 3'000, key(), "A-1");
    f_.pass(hours{1});
    ASSERT_TRUE(send(wang_, li_, 2'000, "午饭").done());
    f_.pass(hours{1});
    ASSERT_TRUE(send(li_, wang_, 500, "找零").done());
    f_.pass(hours{1});
    f_.done(Refund{key(), paid, 1'000, "error"}, by_merchant);
    const std::int64_t withdrawn = withdraw(4'000);
    f_.done(TakeRailCalls{.calls_max = 9, .seed = fmt::format("{:064}", ++keys_)});
    say(withdrawn, "done");
    f_.pass(hours{1});
    say(withdrawn, "returned");
    f_.pass(hours{1});

    const Statement all = statement(start, f_.at());
    EXPECT_THAT(movements(all), ElementsAre(Movement::top_up, Movement::purchase, Movement::sent, Movement::received,
                                            Movement::refund, Movement::withdrawal, Movement::withdrawal_returned));
    EXPECT_EQ(all.sums,
              (StatementSums{
                  .opening_minor = 0, .closing_minor = 46'490, .in_minor = 55'500, .out_minor = -9'000, .fees_minor = -10}));
    EXPECT_EQ(all.sums.closing_minor, f_.balance(number_of(wallet())));
    EXPECT_EQ(all.entries[1].counterparty, "蓝港咖啡");
    EXPECT_EQ(all.entries[1].payment, store::find_payment(*f_.connect(), paid)->id);
    EXPECT_EQ(all.entries[2].counterparty, "李薇");
    EXPECT_EQ(all.entries[2].memo, "午饭");
    EXPECT_EQ(all.entries[2].line.fee_minor, -10);
    EXPECT_EQ(all.entries[3].counterparty, "李薇");
    EXPECT_EQ(all.entries[4].counterparty, "蓝港咖啡");
    EXPECT_EQ(all.entries[5].instrument, "bank ····6819");
    EXPECT_EQ(all.entries[6].line.fee_minor, 10);
    EXPECT_EQ(all.currency, money::Currency::cny);

    // As of the newest transfer, with the hash that verify takes.
    EXPECT_EQ(all.ledger_seq, f_.integer("SELECT max(seq) FROM transfer"));
    EXPECT_THAT(okpay::testing::faults_in(f_.verify(std::pair{all.ledger_seq, all.ledger_hash})), ::testing::IsEmpty());
    Hash256 other = all.ledger_hash;
    other[0] ^= 1;
    EXPECT_THAT(okpay::testing::faults_in(f_.verify(std::pair{all.ledger_seq, other})),
                ::testing::Not(::testing::IsEmpty()));
}

TEST_P(Statements, of_any_periods_join_without_a_gap_and_never_change) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const Moment start = f_.at();
    f_.top_up(wang_, 90'000);
    f_.top_up(li_, 90'000);
    std::vector<std::int64_t> held;
    for (int round = 0; round < 80; ++round) {
        f_.pass(std::chrono::minutes{random() % 200});
        const auto minor = static_cast<std::int64_t>(1 + random() % 500);
        switch (random() % 5) {
        case 0: f_.top_up(wang_, minor); break;
        case 1: send(wang_, li_, minor, "lunch"); break;
        case 2: send(li_, wang_, minor, "lunch"); break;
        case 3: {
            Pay hold = f_.payment(wang_, shop_, minor, key());
            hold.manual_capture = true;
            held.push_back(f_.done(hold, by_merchant).number);
            break;
        }
        default:
            if (held.empty()) break;
            if (random() % 2 == 0) f_.ask(CapturePayment{key(), held.back(), 1 + minor / 7}, by_merchant);
            else f_.ask(CancelPayment{key(), held.back()}, by_merchant);
            held.pop_back();
        }
    }
    f_.pass(hours{1});
    const Moment end = f_.at();
    std::int64_t opening = 0;
    std::size_t lines = 0;
    std::vector<std::pair<Moment, Moment>> periods;
    for (Moment from = start; from < end;) {
        const Moment until = std::min<Moment>(end, from + std::chrono::minutes{1 + random() % 2'000});
        const Statement one = statement(from, until);
        EXPECT_EQ(one.sums.opening_minor, opening);
        std::int64_t balance = opening;
        for (const StatementEntry& entry : one.entries) {
            EXPECT_TRUE(entry.line.at >= from && entry.line.at < until);
            balance += entry.line.amount_minor + entry.line.fee_minor;
            EXPECT_EQ(entry.line.balance_minor, balance);
        }
        EXPECT_EQ(one.sums.closing_minor, balance);
        opening = balance;
        lines += one.entries.size();
        periods.emplace_back(from, until);
        from = until;
    }
    EXPECT_EQ(opening, f_.balance(number_of(wallet())));
    const Statement whole = statement(start, end);
    EXPECT_EQ(whole.entries.size(), lines);
    EXPECT_EQ(whole.sums.closing_minor, opening);

    const auto [from, until] = periods[random() % periods.size()];
    const Statement before = statement(from, until);
    f_.top_up(wang_, 777);  // later: of no period that is over
    f_.restart();           // and with the accounts written back
    const Statement after = statement(from, until);
    EXPECT_EQ(after.sums, before.sums);
    EXPECT_EQ(after.entries.size(), before.entries.size());
    EXPECT_GT(after.ledger_seq, before.ledger_seq);
}

TEST_P(Statements, an_empty_period_carries_the_balance_through) {
    const Moment start = f_.at();
    EXPECT_EQ(statement(start - days{9}, start).ledger_seq, 0);
    f_.pass(hours{1});
    f_.top_up(wang_, 1'234);
    f_.pass(days{3});
    const Statement before = statement(start - days{2}, start);
    EXPECT_TRUE(before.entries.empty());
    EXPECT_EQ(before.sums, StatementSums{});
    const Statement after = statement(f_.at() - days{1}, f_.at() + days{1});
    EXPECT_TRUE(after.entries.empty());
    EXPECT_EQ(after.sums, (StatementSums{.opening_minor = 1'234, .closing_minor = 1'234}));
}

TEST_P(Statements, are_refused_beyond_their_limits_and_never_cut) {
    const Moment start = f_.at();
    for (int i = 0; i < 130; ++i) {  // more than the first read brings
        f_.pass(std::chrono::seconds{1});
        f_.top_up(wang_, 100);
    }
    f_.pass(std::chrono::seconds{1});
    const auto asked = [&](Moment from, Moment until, StatementLimits limits) {
        return queries_.statement({wallet(), from, until, limits}).value().value();
    };
    EXPECT_EQ(statement(start, f_.at(), {.transfers_max = 130}).entries.size(), 130U);
    EXPECT_EQ(asked(start, f_.at(), {.transfers_max = 129}).error(), StatementRefusal::too_long);
    const Moment middle = start + std::chrono::seconds{31};  // 30 before it, 100 after
    EXPECT_EQ(statement(start, middle, {.later_max = 100}).entries.size(), 30U);
    EXPECT_EQ(asked(start, middle, {.later_max = 99}).error(), StatementRefusal::too_far);
    EXPECT_FALSE(queries_.statement({AccountNo{9'999}, start, middle}).value().has_value());
}

INSTANTIATE_TEST_SUITE_P(Engines, Statements, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& named) { return named.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
