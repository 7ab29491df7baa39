// SPDX-License-Identifier: Apache-2.0
// Fees on top and limits per level, judged inside the posting, on both engines: across restarts, at once, and to the last
// fen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using money::Currency;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::LimitWindow;
using payments::Operation;
using ::testing::IsEmpty;

payments::Tariff tariff() {
    payments::Tariff t = payments::flat_tariff(60);
    const auto fee = [](Operation operation, std::int64_t fixed) {
        return payments::FeeRule{.operation = operation,
                                 .level = std::nullopt,
                                 .currency = Currency::cny,
                                 .fixed_minor = fixed,
                                 .tiers = {},
                                 .maximum_minor = std::nullopt};
    };
    t.fees.push_back(fee(Operation::send, 10));
    t.fees.push_back(fee(Operation::withdraw, 200));
    const auto limit = [](Operation operation, LimitWindow window, std::optional<int> level, std::int64_t amount) {
        return payments::LimitRule{operation, window, level, Currency::cny, amount, std::nullopt};
    };
    t.limits = {limit(Operation::send, LimitWindow::day, 1, 5'000), limit(Operation::pay, LimitWindow::item, 1, 9'000),
                limit(Operation::receive, LimitWindow::day, 1, 4'500),
                limit(Operation::withdraw, LimitWindow::week, 1, 3'000)};
    t.balances = {{.level = 1, .currency = Currency::cny, .amount_minor = 30'000}};
    return t;
}

class Limits : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }
    Answer send(std::int64_t minor, const std::string& key) {
        return f_.ask(
            SendMoney{.key = key, .payer = li_, .payee = wang_, .amount_minor = minor, .currency = "CNY", .memo = ""},
            {ActorKind::customer, li_});
    }
    Answer withdraw(std::int64_t minor, const std::string& key) {
        return f_.ask(Withdraw{{.key = key,
                                .customer = li_,
                                .amount_minor = minor,
                                .currency = "CNY",
                                .instrument = "bank ····6819",
                                .sealed_instrument = "AAAA",
                                .instrument_hash = key}},
                      {ActorKind::customer, li_});
    }
    Answer set_level(std::int64_t customer, std::int64_t level) {
        return f_.ask(SetCustomerLevel{.customer = customer, .level = level, .note = "passport seen"}, boss_.actor());
    }
    std::int64_t balance(std::int64_t customer) { return f_.balance(f_.wallet_of(customer)); }

    ServiceFixture f_{GetParam(), {.tariff = tariff()}};
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t wang_ = f_.customer("wang@example.org", "Wang Fang");
    std::int64_t shop_ = f_.merchant("Shop");
};

TEST_P(Limits, the_payer_pays_the_fee_on_top) {
    f_.top_up(li_, 1'010);
    EXPECT_EQ(send(1'001, "a").code, "insufficient_funds") << "the fee has to fit as well";
    const Answer sent = send(1'000, "b");
    ASSERT_TRUE(sent.done()) << sent.detail;
    EXPECT_EQ(sent.payment->fee_minor, 10);
    EXPECT_EQ(balance(li_), 0);
    EXPECT_EQ(balance(wang_), 1'000);
}

TEST_P(Limits, a_window_holds_to_the_last_fen_and_over_a_restart) {
    f_.top_up(li_, 20'000);
    EXPECT_TRUE(send(4'000, "a").done());
    EXPECT_EQ(send(1'001, "b").code, "limit_per_day");
    f_.restart();
    EXPECT_EQ(send(1'001, "c").code, "limit_per_day") << "what was done before is read again";
    EXPECT_EQ(send(600, "d").code, "payee_limit") << "and 4,500 is what the payee may receive";
    EXPECT_TRUE(send(500, "e").done());
    f_.pass(std::chrono::hours{24});
    EXPECT_TRUE(send(4'500, "f").done()) << "a new day";
    EXPECT_EQ(send(1'001, "b").code, "limit_per_day") << "a refused key stays refused";
    EXPECT_EQ(store::find_payment(*f_.connect(), send(1'001, "b").number)->refusal, payments::PaymentRefusal::limit_per_day);
}

TEST_P(Limits, two_at_once_do_not_both_fit) {
    f_.top_up(li_, 20'000);
    std::vector<std::future<Answer>> answers;
    for (int i = 0; i < 16; ++i) {
        const SendMoney body{.key = fmt::format("k{}", i),
                             .payer = li_,
                             .payee = wang_,
                             .amount_minor = 1'500,
                             .currency = "CNY",
                             .memo = ""};
        answers.push_back(okpay::testing::submit(f_.writer(), f_.command(body, {ActorKind::customer, li_})));
    }
    int done = 0;
    for (auto& answer : answers) done += answer.get().done() ? 1 : 0;
    EXPECT_EQ(done, 3);
    EXPECT_EQ(balance(wang_), 4'500);
}

TEST_P(Limits, a_level_raises_them_and_is_audited) {
    f_.top_up(li_, 20'000);
    EXPECT_EQ(f_.ask(f_.payment(li_, shop_, 9'001, "a")).code, "limit_per_item");
    EXPECT_TRUE(set_level(li_, 2).done());
    EXPECT_TRUE(f_.ask(f_.payment(li_, shop_, 9'001, "b")).done());
    f_.restart();
    EXPECT_TRUE(f_.ask(f_.payment(li_, shop_, 9'001, "c")).done());
    EXPECT_EQ(set_level(li_, 4).code, codes::invalid);
    EXPECT_EQ(f_.ask(SetCustomerLevel{.customer = li_, .level = 3, .note = " "}, boss_.actor()).code, "note_missing");
    const StaffMember agent = f_.staff("ann@pay.example");
    EXPECT_EQ(f_.ask(SetCustomerLevel{.customer = li_, .level = 3, .note = "x"}, agent.actor()).code, codes::not_permitted);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'set_level'"), 1);
}

TEST_P(Limits, a_wallet_holds_no_more_than_its_level_allows) {
    f_.top_up(wang_, 29'000);
    f_.top_up(li_, 20'000);
    EXPECT_EQ(send(1'001, "a").code, "payee_limit");
    EXPECT_TRUE(send(1'000, "b").done());
}

TEST_P(Limits, a_withdrawal_that_comes_back_brings_its_fee_and_counts_no_more) {
    f_.top_up(li_, 20'000);
    const Answer first = withdraw(3'000, "a");
    ASSERT_TRUE(first.done()) << first.detail;
    EXPECT_EQ(balance(li_), 20'000 - 3'200);
    EXPECT_EQ(withdraw(1'000, "b").code, "limit_per_week");
    f_.done(TakeRailCalls{.calls_max = 9, .seed = "1"});
    f_.done(ReportRail{.payment = first.number, .word = "declined", .rail_reference = "", .detail = "", .seed = "2"});
    EXPECT_EQ(balance(li_), 20'000);
    EXPECT_TRUE(withdraw(1'000, "c").done());
}

TEST_P(Limits, a_released_hold_counts_no_more) {
    f_.top_up(li_, 20'000);
    Pay hold = f_.payment(li_, shop_, 9'000, "h");
    hold.manual_capture = true;
    const std::int64_t held = f_.done(hold, {ActorKind::merchant, shop_}).number;
    EXPECT_TRUE(f_.ask(CancelPayment{"x", held}, {ActorKind::merchant, shop_}).done());
    EXPECT_TRUE(f_.ask(f_.payment(li_, shop_, 9'000, "again")).done());
}

INSTANTIATE_TEST_SUITE_P(Engines, Limits, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
