// SPDX-License-Identifier: Apache-2.0
// A payment is made once by its key, for ever: whoever asks how often, at the same time or after a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::IsEmpty;

class Once : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_.emplace(GetParam());
        customer_ = fixture_->customer("li@example.org", "Li Wei");
        first_ = fixture_->merchant("First");
        second_ = fixture_->merchant("Second");
        fixture_->top_up(customer_, 100'000);
    }
    void TearDown() override {
        if (!fixture_) return;
        std::int64_t sum = 0;
        for (const AccountView& account : fixture_->accounts()) sum += account.posted_minor;
        EXPECT_EQ(sum, 0) << "money came from nowhere or went there";
        EXPECT_THAT(fixture_->faults(), IsEmpty());
    }
    static Actor merchant(std::int64_t no) { return {ActorKind::merchant, no}; }
    Answer pay(const Pay& body) { return fixture_->ask(body, merchant(body.merchant)); }
    std::int64_t left() { return fixture_->balance(fixture_->wallet_of(customer_)); }

    std::optional<ServiceFixture> fixture_;
    std::int64_t customer_ = 0, first_ = 0, second_ = 0;
};

TEST_P(Once, sixty_four_threads_with_one_key_make_one_payment) {
    constexpr int threads_count = 64;
    std::vector<Command> commands;
    for (int i = 0; i < threads_count; ++i) {
        commands.push_back(fixture_->command(fixture_->payment(customer_, first_, 700, "order-1"), merchant(first_)));
    }
    std::latch start{threads_count};
    std::vector<Answer> answers(threads_count);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < threads_count; ++i) {
            threads.emplace_back([&, i] {
                const auto at = static_cast<std::size_t>(i);
                start.arrive_and_wait();
                answers[at] = okpay::testing::submit(fixture_->writer(), commands[at]).get();
            });
        }
    }
    int replayed = 0;
    for (const Answer& answer : answers) {
        EXPECT_TRUE(answer.done()) << answer.code;
        EXPECT_EQ(answer.number, answers.front().number);
        replayed += answer.replayed ? 1 : 0;
    }
    EXPECT_EQ(replayed, threads_count - 1);
    EXPECT_EQ(fixture_->integer("SELECT count(*) FROM payment WHERE kind = 2"), 1);
    EXPECT_EQ(left(), 100'000 - 700);
}

TEST_P(Once, the_same_key_with_another_body_is_refused_and_moves_nothing) {
    const Pay body = fixture_->payment(customer_, first_, 700, "k", "A|1");
    const std::int64_t other_customer = fixture_->customer("zoe@example.org", "Zoe");
    const Answer paid = pay(body);
    ASSERT_TRUE(paid.done());
    std::vector<Pay> others(6, body);
    others[0].amount_minor = 701;
    others[1].currency = "USD";
    others[2].order_ref = "A-2";
    others[3].manual_capture = true;
    others[4].customer = other_customer;
    others[5].memo = body.memo + "|A";  // the same words, told apart at another place
    others[5].order_ref = "1";
    for (const Pay& other : others) EXPECT_EQ(pay(other).code, codes::key_reused);
    EXPECT_EQ(fixture_
                  ->ask(TopUp{.key = "k",
                              .customer = customer_,
                              .amount_minor = 700,
                              .currency = "CNY",
                              .memo = "",
                              .instrument = ""},
                        merchant(first_))
                  .code,
              codes::key_reused);
    const Answer again = pay(body);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, paid.number);
    EXPECT_EQ(left(), 100'000 - 700);
}

TEST_P(Once, a_key_belongs_to_its_principal) {
    const Answer one = pay(fixture_->payment(customer_, first_, 700, "k"));
    const Answer two = pay(fixture_->payment(customer_, second_, 700, "k"));
    EXPECT_TRUE(one.done() && two.done());
    EXPECT_NE(one.number, two.number);
    EXPECT_FALSE(two.replayed);
    EXPECT_EQ(left(), 100'000 - 1'400);
}

TEST_P(Once, an_order_reference_is_paid_once_for_each_merchant) {
    EXPECT_TRUE(pay(fixture_->payment(customer_, first_, 700, "a", "order-9")).done());
    const Answer refused = pay(fixture_->payment(customer_, first_, 700, "b", "order-9"));
    EXPECT_EQ(refused.code, "order_already_paid");
    EXPECT_GT(refused.number, 0) << "what was refused is kept with its reason";
    EXPECT_TRUE(pay(fixture_->payment(customer_, second_, 700, "c", "order-9")).done());
    fixture_->restart();
    EXPECT_EQ(pay(fixture_->payment(customer_, first_, 700, "d", "order-9")).code, "order_already_paid");
    EXPECT_EQ(left(), 100'000 - 1'400);
}

TEST_P(Once, an_order_whose_payment_failed_or_was_released_may_be_paid_again) {
    EXPECT_EQ(pay(fixture_->payment(customer_, first_, 200'000, "a", "o")).code, "insufficient_funds");
    Pay hold = fixture_->payment(customer_, first_, 700, "b", "o");
    hold.manual_capture = true;
    const Answer held = pay(hold);
    ASSERT_TRUE(held.done());
    EXPECT_EQ(pay(fixture_->payment(customer_, first_, 700, "c", "o")).code, "order_already_paid")
        << "the hold has the order";
    EXPECT_TRUE(fixture_->ask(CancelPayment{"x", held.number}, merchant(first_)).done());
    fixture_->restart();
    EXPECT_TRUE(pay(fixture_->payment(customer_, first_, 700, "d", "o")).done());
    EXPECT_EQ(left(), 100'000 - 700);
}

TEST_P(Once, a_key_from_before_a_restart_is_still_known) {
    const Pay body = fixture_->payment(customer_, first_, 700, "before");
    const Pay too_much = fixture_->payment(customer_, first_, 900'000, "refused before");
    const Answer paid = pay(body);
    const Answer refused = pay(too_much);
    ASSERT_EQ(refused.code, "insufficient_funds");
    fixture_->restart();
    const Answer again = pay(body);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, paid.number);
    fixture_->top_up(customer_, 900'000);
    const Answer refused_again = pay(too_much);  // a refused key stays refused, though the money is there now
    EXPECT_TRUE(refused_again.replayed);
    EXPECT_EQ(refused_again.code, "insufficient_funds");
    EXPECT_EQ(refused_again.number, refused.number);
    EXPECT_EQ(left(), 1'000'000 - 700);
}

TEST_P(Once, a_refund_is_made_once_by_its_key) {
    const std::int64_t payment = pay(fixture_->payment(customer_, first_, 10'000, "p")).number;
    const std::int64_t twin = pay(fixture_->payment(customer_, first_, 10'000, "q")).number;
    const Refund body{.key = "r", .payment = payment, .amount_minor = 2'500, .reason = "goodwill"};
    const Answer refund = fixture_->ask(body, merchant(first_));
    ASSERT_TRUE(refund.done());
    const Answer again = fixture_->ask(body, merchant(first_));
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, refund.number);
    Refund other = body;
    other.amount_minor = 2'501;
    EXPECT_EQ(fixture_->ask(other, merchant(first_)).code, codes::key_reused);
    other = body;
    other.duplicate_of = twin;
    EXPECT_EQ(fixture_->ask(other, merchant(first_)).code, codes::key_reused);
    EXPECT_EQ(fixture_->ask(body, merchant(second_)).code, codes::not_found)
        << "another merchant's payment does not exist for it";
    EXPECT_EQ(left(), 100'000 - 20'000 + 2'500);
}

TEST_P(Once, refunds_never_pass_what_was_captured) {
    const std::int64_t payment = pay(fixture_->payment(customer_, first_, 1'000, "p")).number;
    const auto refund = [&](const std::string& key, std::int64_t minor) {
        return fixture_
            ->ask(Refund{.key = key, .payment = payment, .amount_minor = minor, .reason = "goodwill"}, merchant(first_))
            .code;
    };
    EXPECT_EQ(refund("1", 600), "");
    EXPECT_EQ(refund("2", 401), "exceeds_refundable");
    EXPECT_EQ(refund("3", 400), "");
    EXPECT_EQ(refund("4", 1), "exceeds_refundable");
    EXPECT_EQ(left(), 100'000);
    EXPECT_EQ(fixture_->balance(fixture_->payable_of(first_)), 0) << "the fee went back with the parts, to the last cent";
}

TEST_P(Once, a_captured_hold_gives_back_its_fee_when_refunded) {
    Pay hold = fixture_->payment(customer_, first_, 10'000, "h");
    hold.manual_capture = true;
    const std::int64_t payment = pay(hold).number;
    EXPECT_TRUE(fixture_->ask(CapturePayment{"c", payment, 5'000}, merchant(first_)).done());
    const Answer again = fixture_->ask(CapturePayment{"c", payment, 5'000}, merchant(first_));
    EXPECT_TRUE(again.done() && again.replayed);
    EXPECT_EQ(again.payment->captured_minor, 5'000);
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", payment, 4'000}, merchant(first_)).code, codes::key_reused);
    const Answer late = fixture_->ask(CapturePayment{"d", payment, 4'000}, merchant(first_));
    EXPECT_EQ(late.code, "not_capturable");
    EXPECT_GT(late.number, payment) << "a refused capture is kept with its reason";
    EXPECT_EQ(fixture_->ask(CancelPayment{"x", payment}, merchant(first_)).code, "not_cancelable");
    EXPECT_EQ(left(), 95'000);
    EXPECT_EQ(fixture_->balance(fixture_->payable_of(first_)), 5'000 - 30);
    EXPECT_EQ(store::find_payment(*fixture_->connect(), payment)->fee_minor, 30);
    EXPECT_TRUE(
        fixture_->ask(Refund{.key = "r", .payment = payment, .amount_minor = 5'000, .reason = "goodwill"}, merchant(first_))
            .done());
    EXPECT_EQ(left(), 100'000);
    EXPECT_EQ(fixture_->balance(fixture_->payable_of(first_)), 0);
}

TEST_P(Once, held_money_cannot_be_spent_and_comes_back) {
    Pay hold = fixture_->payment(customer_, first_, 99'000, "h");
    hold.manual_capture = true;
    const std::int64_t held = pay(hold).number;
    EXPECT_EQ(pay(fixture_->payment(customer_, first_, 1'001, "x")).code, "insufficient_funds");
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", held, 99'001}, merchant(first_)).code, "exceeds_hold");
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", held, 10}, merchant(second_)).code, codes::not_found);
    EXPECT_EQ(fixture_->ask(CancelPayment{"c", held}, merchant(second_)).code, codes::not_found);
    EXPECT_TRUE(fixture_->ask(CancelPayment{"c", held}, merchant(first_)).done());
    const Answer again = fixture_->ask(CancelPayment{"c", held}, merchant(first_));
    EXPECT_TRUE(again.done() && again.replayed);
    EXPECT_EQ(again.payment->state, payments::PaymentState::canceled);
    EXPECT_EQ(fixture_->ask(CapturePayment{"late", held, 10}, merchant(first_)).code, "not_capturable");
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", held, 99'001}, merchant(first_)).code, "exceeds_hold")
        << "what was refused stays refused under its key";
    EXPECT_TRUE(pay(fixture_->payment(customer_, first_, 100'000, "y")).done());
}

TEST_P(Once, a_hold_that_has_expired_cannot_be_captured) {
    Pay hold = fixture_->payment(customer_, first_, 5'000, "h");
    hold.manual_capture = true;
    hold.hold_ms = 60'000;
    const std::int64_t held = pay(hold).number;
    fixture_->restart();
    fixture_->pass(std::chrono::minutes{2});
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", held, 5'000}, merchant(first_)).code, "not_capturable");
    EXPECT_TRUE(fixture_->ask(CancelPayment{"c", held}, merchant(first_)).done());
    EXPECT_EQ(left(), 100'000);
}

TEST_P(Once, money_sent_to_a_person_moves_once) {
    const std::int64_t friend_ = fixture_->customer("zoe@example.org", "Zoe");
    const Actor self{ActorKind::customer, customer_};
    const SendMoney body{
        .key = "s", .payer = customer_, .payee = friend_, .amount_minor = 2'000, .currency = "CNY", .memo = "lunch"};
    const Answer sent = fixture_->ask(body, self);
    ASSERT_TRUE(sent.done());
    EXPECT_EQ(sent.payment->kind, payments::PaymentKind::person_to_person);
    const Answer again = fixture_->ask(body, self);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, sent.number);
    SendMoney other = body;
    other.memo = "dinner";
    EXPECT_EQ(fixture_->ask(other, self).code, codes::key_reused);
    other = body;
    other.key = "t";
    other.amount_minor = 98'001;
    EXPECT_EQ(fixture_->ask(other, self).code, "insufficient_funds");
    other.key = "u";
    other.payee = customer_;
    EXPECT_EQ(fixture_->ask(other, self).code, "same_account");
    other.key = "v";
    other.payee = 999;
    EXPECT_EQ(fixture_->ask(other, self).code, "payee_cannot_receive");
    EXPECT_EQ(left(), 98'000);
    EXPECT_EQ(fixture_->balance(fixture_->wallet_of(friend_)), 2'000);
}

TEST_P(Once, a_hold_ends_when_its_time_is_over) {
    Pay body = fixture_->payment(customer_, first_, 5'000, "h", "A-7");
    body.manual_capture = true;
    body.hold_ms = 60'000;
    const std::int64_t first = pay(body).number;
    body.key = "h2";
    body.order_ref = "A-8";
    body.hold_ms = 120'000;
    const std::int64_t second = pay(body).number;
    const auto expire = [&] { return fixture_->ask(ExpireHolds{.holds_max = 10}).numbers; };
    EXPECT_THAT(expire(), ::testing::IsEmpty());
    fixture_->restart();
    fixture_->pass(std::chrono::minutes{1});
    EXPECT_THAT(expire(), ::testing::ElementsAre(first));
    EXPECT_THAT(expire(), ::testing::IsEmpty());
    EXPECT_EQ(store::find_payment(*fixture_->connect(), first)->state, payments::PaymentState::canceled);
    EXPECT_EQ(fixture_->ask(CapturePayment{"c", first, 10}, merchant(first_)).code, "not_capturable");
    EXPECT_TRUE(pay(fixture_->payment(customer_, first_, 95'000, "all that is not held", "A-7")).done());
    fixture_->restart();
    fixture_->pass(std::chrono::minutes{2});
    EXPECT_THAT(expire(), ::testing::ElementsAre(second));
    EXPECT_EQ(left(), 5'000);
}

INSTANTIATE_TEST_SUITE_P(Engines, Once, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
