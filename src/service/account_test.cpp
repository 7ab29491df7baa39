// SPDX-License-Identifier: Apache-2.0
// Accounts that staff freeze, open and close, on both engines: who may, what is refused and with which word, what is kept of
// it, and that it survives a restart. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/account_store.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using money::AccountState;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::PaymentState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Accounts : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Answer set(std::int64_t account, std::string state, std::string reason = "because") {
        return f_.ask(SetAccountState{account, std::move(state), std::move(reason)}, boss_.actor());
    }
    Answer send(std::int64_t minor, std::string key) {
        return f_.ask(SendMoney{.key = std::move(key),
                                .payer = li_,
                                .payee = zoe_,
                                .amount_minor = minor,
                                .currency = "CNY",
                                .memo = "lunch"},
                      {ActorKind::customer, li_});
    }
    Answer pay(std::int64_t minor, std::string key, bool manual = false) {
        Pay wish = f_.payment(li_, shop_, minor, std::move(key));
        wish.manual_capture = manual;
        return f_.ask(wish, merchant());
    }
    Actor merchant() const { return {ActorKind::merchant, shop_}; }
    payments::Payment kept(const Answer& answer) { return store::find_payment(*f_.connect(), answer.number).value(); }
    std::int64_t house(money::AccountKind kind) {
        return f_.integer("SELECT no FROM account WHERE currency = 156 AND kind = " +
                          std::to_string(static_cast<int>(kind)) + " AND no NOT IN (SELECT account FROM account_owner)");
    }

    ServiceFixture f_{GetParam()};
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t zoe_ = f_.customer("zoe@example.org", "Zoe");
    std::int64_t shop_ = f_.merchant("Shop");
    std::int64_t first_ = f_.top_up(li_, 100'000);
    std::int64_t li_wallet_ = f_.wallet_of(li_);
    std::int64_t zoe_wallet_ = f_.wallet_of(zoe_);
    std::int64_t payable_ = f_.payable_of(shop_);
};

TEST_P(Accounts, a_frozen_payer_pays_nobody_and_is_told_why) {
    ASSERT_TRUE(set(li_wallet_, "debits_frozen").done());
    const Answer sent = send(100, "a");
    EXPECT_EQ(sent.code, "payer_frozen");
    EXPECT_EQ(kept(sent).refusal, payments::PaymentRefusal::payer_frozen);
    EXPECT_EQ(kept(sent).state, PaymentState::failed);
    EXPECT_EQ(pay(100, "b").code, "payer_frozen");
    EXPECT_TRUE(f_.ask(TopUp{"t", li_, 100, "CNY", "", "bank"}).done()) << "money still comes in";
    ASSERT_TRUE(set(li_wallet_, "open").done());
    EXPECT_EQ(send(100, "a").code, "payer_frozen") << "a refused key stays refused";
    EXPECT_TRUE(send(100, "c").done());
}

TEST_P(Accounts, a_frozen_payee_takes_nothing_in) {
    ASSERT_TRUE(set(zoe_wallet_, "credits_frozen").done());
    EXPECT_EQ(send(100, "a").code, "payee_frozen");
    EXPECT_EQ(f_.ask(TopUp{"t", zoe_, 100, "CNY", "", "bank"}).code, "payee_frozen");
    ASSERT_TRUE(set(payable_, "credits_frozen").done());
    EXPECT_EQ(pay(100, "b").code, "payee_frozen");
    // The fee leaves the merchant's account: where nothing may, the merchant takes nothing either.
    ASSERT_TRUE(set(payable_, "debits_frozen").done());
    EXPECT_EQ(pay(10'000, "c").code, "payee_frozen");
    EXPECT_TRUE(pay(10, "d").done()) << "without a fee";
    ASSERT_TRUE(set(payable_, "open").done());
    const std::int64_t paid = pay(10'000, "e").number;
    ASSERT_TRUE(set(payable_, "debits_frozen").done());
    EXPECT_EQ(f_.ask(Refund{"r", paid, 100, "error"}, merchant()).code, "payer_frozen");
    ASSERT_TRUE(set(payable_, "credits_frozen").done());
    EXPECT_EQ(f_.ask(Refund{"s", paid, 10'000, "error"}, merchant()).code, "payer_frozen") << "the fee cannot come back";
    ASSERT_TRUE(set(payable_, "open").done());
    ASSERT_TRUE(set(li_wallet_, "credits_frozen").done());
    EXPECT_EQ(f_.ask(Refund{"t", paid, 100, "error"}, merchant()).code, "payee_frozen");
}

TEST_P(Accounts, a_hold_of_a_frozen_payer_is_released_and_not_captured) {
    const std::int64_t first = pay(5'000, "a", true).number;
    const std::int64_t second = pay(6'000, "b", true).number;
    ASSERT_TRUE(set(li_wallet_, "frozen").done());
    EXPECT_EQ(f_.ask(CapturePayment{"c", first, 5'000}, merchant()).code, "payer_frozen");
    EXPECT_TRUE(f_.ask(CancelPayment{"x", first}, merchant()).done());
    f_.pass(std::chrono::days{8});
    EXPECT_THAT(f_.done(ExpireHolds{.holds_max = 9}).numbers, ElementsAre(second));
    EXPECT_EQ(f_.balance(li_wallet_), 100'000);
    const std::int64_t third = [&] {
        EXPECT_TRUE(set(li_wallet_, "open").done());
        return pay(7'000, "d", true).number;
    }();
    ASSERT_TRUE(set(payable_, "debits_frozen").done());
    EXPECT_EQ(f_.ask(CapturePayment{"e", third, 7'000}, merchant()).code, "payee_frozen") << "it cannot pay its fee";
}

TEST_P(Accounts, what_a_bank_has_done_goes_to_suspense_where_the_wallet_takes_nothing_in) {
    const RailRequest request{.key = "t",
                              .customer = zoe_,
                              .amount_minor = 3'000,
                              .currency = "CNY",
                              .instrument = "card ····4242",
                              .sealed_instrument = "AAAA",
                              .instrument_hash = "00"};
    const std::int64_t seq = f_.done(CollectTopUp{request}, {ActorKind::customer, zoe_}).number;
    EXPECT_EQ(set(zoe_wallet_, "closed").code, "account_not_empty") << "a bank still works on it";
    ASSERT_TRUE(set(zoe_wallet_, "credits_frozen").done());
    f_.done(TakeRailCalls{.calls_max = 9, .seed = "1"});
    f_.done(ReportRail{.payment = seq, .word = "done", .rail_reference = "R", .detail = "", .seed = "2"});
    EXPECT_EQ(f_.balance(zoe_wallet_), 0);
    EXPECT_EQ(f_.balance(house(money::AccountKind::suspense)), 3'000);
}

TEST_P(Accounts, an_empty_account_is_closed_for_good) {
    EXPECT_EQ(set(li_wallet_, "closed").code, "account_not_empty");
    f_.top_up(zoe_, 10);
    const std::int64_t held = [&] {
        Pay wish = f_.payment(zoe_, shop_, 10, "h");
        wish.manual_capture = true;
        return f_.done(wish, merchant()).number;
    }();
    EXPECT_EQ(set(zoe_wallet_, "closed").code, "account_not_empty");
    f_.done(CapturePayment{"c", held, 10}, merchant());
    ASSERT_TRUE(set(zoe_wallet_, "closed").done());
    EXPECT_EQ(send(100, "a").code, "account_closed");
    EXPECT_EQ(f_.ask(TopUp{"t", zoe_, 100, "CNY", "", "bank"}).code, "account_closed");
    for (const char* state : {"open", "frozen", "closed"}) EXPECT_EQ(set(zoe_wallet_, state).code, "account_is_closed");
    EXPECT_EQ(f_.ask(Refund{"r", held, 10, "error"}, merchant()).code, "account_closed");
}

TEST_P(Accounts, the_house_keeps_open_what_banks_write_into) {
    const std::int64_t bank = house(money::AccountKind::settlement_bank);
    EXPECT_EQ(set(bank, "closed").code, "house_account");
    EXPECT_EQ(set(bank, "frozen").code, "house_account");
    f_.done(SetExchangeRate{"CNY", "USD", "0.1386"}, boss_.actor());
    const ExchangeMoney wish{
        .key = "x", .customer = li_, .amount_minor = 10'000, .from = "CNY", .to = "USD", .expected_minor = 1'386};
    const Actor customer{ActorKind::customer, li_};
    ASSERT_TRUE(f_.ask(wish, customer).done());
    const std::int64_t liquidity = house(money::AccountKind::fx_liquidity);
    EXPECT_EQ(set(liquidity, "closed").code, "house_account");
    ASSERT_TRUE(set(liquidity, "credits_frozen").done());
    ExchangeMoney again = wish;
    again.key = "y";
    EXPECT_EQ(f_.ask(again, customer).code, "no_rate") << "the house takes no more of this currency";
}

TEST_P(Accounts, only_those_who_may_and_with_a_reason) {
    const StaffMember agent = f_.staff("ann@pay.example", "agent");
    const StaffMember li = f_.staff("li@example.org", "supervisor");  // who is a customer as well
    const auto ask = [&](const StaffMember& staff, std::int64_t account, std::string state, std::string reason) {
        return f_.ask(SetAccountState{account, std::move(state), std::move(reason)}, staff.actor()).code;
    };
    EXPECT_EQ(ask(agent, li_wallet_, "frozen", "x"), "not_permitted");
    EXPECT_EQ(f_.ask(SetAccountState{li_wallet_, "frozen", "x"}, {ActorKind::customer, li_}).code, "not_permitted");
    EXPECT_EQ(ask(li, li_wallet_, "frozen", "x"), "own_account");
    EXPECT_EQ(ask(boss_, 9'999, "frozen", "x"), "not_found");
    EXPECT_EQ(ask(boss_, li_wallet_, "thawed", "x"), "invalid");
    EXPECT_EQ(ask(boss_, li_wallet_, "frozen", "  "), "reason_missing");
    EXPECT_EQ(ask(boss_, li_wallet_, "open", "x"), "account_unchanged");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM account_event"), 0);
}

TEST_P(Accounts, events_are_kept_in_order_and_outlive_the_process) {
    ASSERT_TRUE(set(li_wallet_, "debits_frozen", " a card was stolen ").done());
    f_.top_up(li_, 50);
    ASSERT_TRUE(set(li_wallet_, "frozen", "and more").done());
    const std::int64_t audits = f_.integer("SELECT count(*) FROM audit WHERE action = 'set_account_state'");
    EXPECT_EQ(audits, 2);
    f_.restart();
    EXPECT_EQ(send(100, "a").code, "payer_frozen") << "forgotten by a restart";
    const auto events = store::account_events(*f_.connect(), money::AccountNo{li_wallet_}, 99, 99);
    ASSERT_THAT(events, SizeIs(2));
    EXPECT_EQ(events[0].from, AccountState::debits_frozen);
    EXPECT_EQ(events[0].to, AccountState::frozen);
    EXPECT_EQ(events[1].reason, "a card was stolen");
    EXPECT_EQ(events[1].staff, customers::StaffNo{boss_.no});
    EXPECT_EQ(events[1].ledger_seq + 1, events[0].ledger_seq) << "one transfer was between them";
    EXPECT_THROW(f_.run("UPDATE account_event SET reason = 'another'"), store::StorageFailure);
    EXPECT_THROW(f_.run("DELETE FROM account_event"), store::StorageFailure);
}

TEST_P(Accounts, the_state_is_read_as_of_any_place) {
    ASSERT_TRUE(set(li_wallet_, "debits_frozen").done());  // after the transfer of the first top-up
    f_.top_up(li_, 50);
    ASSERT_TRUE(set(li_wallet_, "open").done());
    f_.stop();
    Queries queries{f_.database(), 1};
    const auto state = [&](std::int64_t seq) {
        return queries.ledger_account(seq, money::AccountNo{li_wallet_}).value().value().account.state();
    };
    EXPECT_EQ(state(0), AccountState::open);
    EXPECT_EQ(state(1), AccountState::debits_frozen) << "nothing was posted between the first transfer and the event";
    EXPECT_EQ(state(2), AccountState::open);
    f_.restart();
}

TEST_P(Accounts, a_batch_that_fails_takes_the_state_back) {
    f_.stop();
    const auto connection = f_.connect(store::Access::writer);
    {
        Books books{*connection};
        store::Transaction transaction{*connection};
        const Command freeze = f_.command(SetAccountState{li_wallet_, "frozen", "x"}, boss_.actor());
        ASSERT_TRUE(execute(books, f_.context(), freeze).done());
    }  // never committed
    Books again{*connection};
    EXPECT_EQ(again.ledger().find(money::AccountNo{li_wallet_})->state(), AccountState::open);
    f_.restart();
}

INSTANTIATE_TEST_SUITE_P(Engines, Accounts, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
