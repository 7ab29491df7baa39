// SPDX-License-Identifier: Apache-2.0
// Payouts to merchants by an outside rail, on both engines: where to, how much, once, and what becomes of it. After each
// test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::PaymentState;
using payments::RailCallState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Payouts : public ::testing::TestWithParam<store::Engine> {
protected:
    Payouts() {
        f_.top_up(li_, 100'000);
        f_.pay(li_, shop_, 10'000, "sale");
        owed_ = balance();
    }
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Answer set_account(const std::string& account, std::string code) {
        return f_.ask(SetPayoutAccount{.merchant = shop_,
                                       .currency = "CNY",
                                       .instrument = "bank ····" + account.substr(account.size() - 4),
                                       .sealed_instrument =
                                           base64_of(f_.context().keyring().seal(account, instrument_purpose)),
                                       .instrument_hash = hex_of(view_of(sha256(account))),
                                       .totp_code = std::move(code)},
                      boss_.actor());
    }
    void set_account() {
        ASSERT_TRUE(set_account("DE02120300000000202051", f_.totp(boss_)).done());
        f_.pass(std::chrono::seconds{30});
    }
    PayOutMerchant wish(std::int64_t minor, std::string key, bool balancing = false) const {
        return {.key = std::move(key), .merchant = shop_, .amount_minor = minor, .currency = "CNY", .balancing = balancing};
    }
    Answer pay_out(std::int64_t minor, std::string key, bool balancing = false) {
        return f_.ask(wish(minor, std::move(key), balancing), boss_.actor());
    }
    Answer all(std::string key) { return pay_out(money::Money::limit_minor, std::move(key), true); }
    std::vector<RailOrder> take() { return f_.done(TakeRailCalls{.calls_max = 100, .seed = seed()}).rail_orders; }
    Answer say(std::int64_t payment, std::string word) {
        return f_.ask(
            ReportRail{.payment = payment, .word = std::move(word), .rail_reference = "R1", .detail = "", .seed = seed()});
    }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }
    std::int64_t balance() { return f_.balance(f_.payable_of(shop_)); }
    std::int64_t in_transit() { return f_.balance(f_.integer("SELECT no FROM account WHERE kind = 8 AND currency = 156")); }
    payments::Payment payment(std::int64_t seq) { return store::find_payment(*f_.connect(), seq).value(); }
    payments::RailCall call(std::int64_t seq) { return store::find_rail_call(*f_.connect(), seq).value(); }

    ServiceFixture f_{GetParam()};
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t shop_ = f_.merchant("Shop");
    std::int64_t owed_ = 0;
    std::int64_t seeds_ = 0;
};

TEST_P(Payouts, all_that_is_owed_goes_to_the_account_that_was_set) {
    set_account();
    const Answer begun = all("p");
    ASSERT_TRUE(begun.done()) << begun.code;
    EXPECT_EQ(begun.payment->state, PaymentState::processing);
    EXPECT_EQ(begun.payment->amount.minor(), owed_);
    EXPECT_EQ(begun.payment->instrument, "bank ····2051");
    EXPECT_EQ(balance(), 0);
    EXPECT_EQ(in_transit(), owed_);
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders[0].instrument, "DE02120300000000202051");
    EXPECT_EQ(orders[0].direction, "pay_out");
    EXPECT_EQ(orders[0].amount_minor, owed_);
    say(begun.number, "done");
    EXPECT_EQ(payment(begun.number).state, PaymentState::succeeded);
    EXPECT_EQ(in_transit(), 0);
    EXPECT_THAT(f_.outgoing(), IsEmpty()) << "letters go to customers";
    const Answer again = all("p");
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.payment->state, PaymentState::processing) << "the first answer, whatever happened since";
    EXPECT_EQ(pay_out(1, "p").code, codes::key_reused);
}

TEST_P(Payouts, what_comes_back_is_owed_again) {
    set_account();
    const std::int64_t refused = pay_out(1'000, "a").number;
    take();
    say(refused, "declined");
    EXPECT_EQ(payment(refused).refusal, payments::PaymentRefusal::destination_refused);
    EXPECT_EQ(balance(), owed_);
    const std::int64_t bounced = pay_out(2'000, "b").number;
    take();
    say(bounced, "done");
    say(bounced, "returned");
    EXPECT_EQ(payment(bounced).state, PaymentState::returned);
    EXPECT_EQ(balance(), owed_);
    EXPECT_EQ(in_transit(), 0);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 0);
}

TEST_P(Payouts, unknown_is_a_state_and_ends_by_a_person) {
    set_account();
    const std::int64_t seq = pay_out(1'000, "a").number;
    take();
    say(seq, "no_answer");
    EXPECT_EQ(payment(seq).state, PaymentState::unknown);
    EXPECT_EQ(pay_out(500, "b").code, "attempt_unresolved") << "any amount: the first may come back";
    EXPECT_EQ(payment(f_.integer("SELECT max(seq) FROM payment")).duplicate_of, seq);
    for (int inquiry = 0; inquiry < payments::rail_inquiries_max; ++inquiry) {
        f_.pass(std::chrono::days{2});
        ASSERT_THAT(take(), SizeIs(1));
        say(seq, "pending");
    }
    EXPECT_FALSE(call(seq).next_at) << "a person decides";
    EXPECT_EQ(call(seq).ticket, 0);
    {
        Queries queries{f_.database(), 1};
        const auto open = queries.live_rail_calls().value();
        ASSERT_THAT(open, SizeIs(1));
        ASSERT_TRUE(open[0].merchant);
        EXPECT_EQ(open[0].merchant->name, "Shop");
        EXPECT_FALSE(open[0].customer);
    }
    f_.done(DecideRailOutcome{.payment = seq,
                              .word = "declined",
                              .note = "by telephone",
                              .totp_code = f_.totp(boss_),
                              .seed = seed()},
            boss_.actor());
    EXPECT_EQ(payment(seq).state, PaymentState::failed);
    EXPECT_EQ(balance(), owed_);
    EXPECT_TRUE(pay_out(500, "c").done());
}

TEST_P(Payouts, what_is_refused_is_kept_with_its_reason) {
    const auto code = [this](const Answer& answer) {
        EXPECT_EQ(payment(answer.number).state, PaymentState::failed);
        EXPECT_EQ(payment(answer.number).merchant, customers::MerchantNo{shop_});
        return answer.code;
    };
    EXPECT_EQ(code(all("a")), "no_payout_account");
    EXPECT_EQ(code(pay_out(0, "b")), "not_positive");
    set_account();
    EXPECT_EQ(code(pay_out(owed_ + 1, "c")), "insufficient_funds");
    const std::int64_t payable = f_.payable_of(shop_);
    f_.done(SetAccountState{payable, "debits_frozen", "the goods never came"}, boss_.actor());
    EXPECT_EQ(code(all("d")), "payer_frozen");
    f_.done(SetAccountState{payable, "open", "they came"}, boss_.actor());
    EXPECT_EQ(all("a").code, "no_payout_account") << "a refused key stays refused";
    const std::int64_t paid = all("e").number;
    take();
    say(paid, "done");
    const Answer nothing = all("f");
    EXPECT_EQ(code(nothing), "nothing_available");
    EXPECT_EQ(payment(nothing.number).amount.minor(), 0);
    EXPECT_EQ(pay_out(1, "g").code, "insufficient_funds");
    // After a refund the merchant owes us: there is less than nothing.
    f_.done(Refund{"r", f_.integer("SELECT seq FROM payment WHERE kind = 2"), 100, "error"}, {ActorKind::merchant, shop_});
    EXPECT_LT(balance(), 0);
    EXPECT_EQ(code(all("h")), "nothing_available");
    EXPECT_EQ(f_.ask(PayOutMerchant{"i", shop_, 1, "JPY"}, boss_.actor()).code, codes::not_found);
}

TEST_P(Payouts, what_goes_home_to_a_frozen_account_waits_in_suspense) {
    set_account();
    const std::int64_t seq = all("a").number;
    take();
    const std::int64_t payable = f_.payable_of(shop_);
    EXPECT_EQ(f_.ask(SetAccountState{payable, "closed", "x"}, boss_.actor()).code, "account_not_empty");
    f_.done(SetAccountState{payable, "frozen", "x"}, boss_.actor());
    say(seq, "declined");
    EXPECT_EQ(balance(), 0);
    EXPECT_EQ(f_.balance(f_.integer("SELECT no FROM account WHERE kind = 5 AND currency = 156")), owed_);
}

TEST_P(Payouts, only_those_who_may_and_the_account_with_a_second_factor) {
    const StaffMember agent = f_.staff("ann@pay.example", "agent");
    EXPECT_EQ(f_.ask(wish(1, "a"), agent.actor()).code, codes::not_permitted);
    EXPECT_EQ(f_.ask(wish(1, "a"), {ActorKind::merchant, shop_}).code, codes::not_permitted);
    EXPECT_EQ(set_account("DE02120300000000202051", "000000").code, codes::totp_wrong);
    set_account();
    EXPECT_EQ(set_account("DE02500105170137075030", "000000").code, codes::totp_wrong);
    ASSERT_TRUE(set_account("DE02500105170137075030", f_.totp(boss_)).done());
    ASSERT_TRUE(all("b").done());
    EXPECT_THAT(take().at(0).instrument, "DE02500105170137075030") << "the newest counts";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'set_payout_account'"), 2);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'pay_out_merchant'"), 1);
    EXPECT_THROW(f_.run("UPDATE payout_account SET instrument = 'bank'"), store::StorageFailure);
    f_.stop();
    Queries queries{f_.database(), 1};
    const auto page = queries.payouts(customers::MerchantNo{shop_}, 1'000'000, 10).value();
    ASSERT_THAT(page.items, SizeIs(1));
    EXPECT_EQ(page.items[0].call->state, RailCallState::sent);
    EXPECT_THAT(queries.payouts(customers::MerchantNo{shop_ + 1}, 1'000'000, 10).value().items, IsEmpty());
    EXPECT_THAT(queries.payouts(std::nullopt, 1'000'000, 10).value().items, SizeIs(1));
    f_.restart();
}

INSTANTIATE_TEST_SUITE_P(Engines, Payouts, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
