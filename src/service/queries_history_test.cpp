// SPDX-License-Identifier: Apache-2.0
// A customer's history as it is asked for, and what became of one payment; on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "payments/names.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using payments::PaymentKind;
using payments::PaymentState;

class History : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        wang_ = f_.customer("wang@pay.example", "王小明");
        li_ = f_.customer("li@pay.example", "Li Na");
        coffee_ = f_.merchant("Blue Harbour Coffee");
        books_ = f_.merchant("巷口書屋");
        tick();
        f_.top_up(wang_, 50'000);
        tick();
        f_.pay(wang_, coffee_, 12'850, "a", "A-1001");
        tick();
        f_.ask(f_.payment(wang_, books_, 9'999'999, "b", "B-7"), merchant(books_));  // refused
        noon_ = tick();
        f_.done(SendMoney{.key = "s", .payer = wang_, .payee = li_, .amount_minor = 700, .currency = "CNY", .memo = "lunch"},
                customer(wang_));
        tick();
        held_ = hold("h", 2'000);
        tick();
    }
    Moment tick() {
        f_.pass(std::chrono::minutes{1});
        return f_.at();
    }
    static Actor merchant(std::int64_t no) { return {ActorKind::merchant, no}; }
    static Actor customer(std::int64_t no) { return {ActorKind::customer, no}; }
    std::int64_t hold(const std::string& key, std::int64_t minor) {
        Pay pay = f_.payment(wang_, books_, minor, key, "order " + key);
        pay.manual_capture = true;
        return f_.done(pay, merchant(books_)).number;
    }
    HistoryRequest of_wang(HistoryFilter filter, std::size_t limit) {
        HistoryRequest request{.heads = {},
                               .unmoved_of = customers::CustomerNo{wang_},
                               .cursor = std::nullopt,
                               .limit = limit,
                               .filter = std::move(filter)};
        const std::int64_t wallet = f_.wallet_of(wang_);
        const auto read = f_.done(ReadAccounts{{wallet}});
        request.heads = {{money::AccountNo{wallet}, read.accounts.at(0).last_transfer}};
        return request;
    }
    std::vector<std::int64_t> found(const HistoryFilter& filter, std::size_t limit = 2) {
        std::vector<std::int64_t> sequences;
        HistoryRequest request = of_wang(filter, limit);
        while (true) {
            const PaymentPage page = queries_.history(request).value();
            for (const PaymentView& view : page.items) sequences.push_back(view.payment.seq);
            if (!page.next) return sequences;
            request.cursor = HistoryCursor::parse(page.next->text());
        }
    }
    PaymentDetail detail(std::int64_t seq) {
        return *queries_.payment_detail(queries_.payment(seq).value()->payment.id).value();
    }

    ServiceFixture f_{GetParam()};
    Queries queries_{f_.database(), 2};
    std::int64_t wang_ = 0, li_ = 0, coffee_ = 0, books_ = 0, held_ = 0;
    Moment noon_;
};

struct Asked {
    std::string_view name;
    HistoryFilter filter;
    std::vector<std::int64_t> want;  // 1 top-up, 2 coffee, 3 refused, 4 sent, 5 held
};

TEST_P(History, is_what_was_asked_for_whatever_the_pages) {
    const std::vector<Asked> table{
        {"all", {}, {5, 4, 3, 2, 1}},
        {"a merchant's word, any case", {.words = "HARBOUR"}, {2}},
        {"all words", {.words = "harbour blue"}, {2}},
        {"no word of another", {.words = "harbour lunch"}, {}},
        {"Chinese", {.words = "書屋"}, {5, 3}},
        {"the other person", {.words = "li"}, {4}},
        {"the note", {.words = "lunch"}, {4}},
        {"the order", {.words = "ORDER h"}, {5}},
        {"the amount", {.words = "128.50"}, {2}},
        {"a pattern is only text", {.words = "%"}, {}},
        {"kind", {.kind = PaymentKind::merchant_payment}, {5, 3, 2}},
        {"state", {.state = PaymentState::failed}, {3}},
        {"kind and state", {.kind = PaymentKind::merchant_payment, .state = PaymentState::requires_capture}, {5}},
        {"from", {.from = noon_}, {5, 4}},
        {"just after", {.from = noon_ + Millis{1}}, {5}},
        {"until", {.until = noon_}, {3, 2, 1}},
        {"between", {.from = noon_ - std::chrono::minutes{1}, .until = noon_ + Millis{1}}, {4, 3}},
        {"nothing", {.from = noon_ + std::chrono::days{1}}, {}},
    };
    for (const Asked& asked : table) {
        SCOPED_TRACE(asked.name);
        for (const std::size_t limit : {1U, 2U, 50U}) EXPECT_EQ(found(asked.filter, limit), asked.want) << limit;
    }
}

TEST_P(History, a_rare_word_is_found_behind_many_payments_by_going_on) {
    for (std::size_t i = 0; i < history_looked_at_max + 40; ++i) f_.top_up(wang_, 1);
    HistoryRequest request = of_wang({.words = "harbour"}, 10);
    const PaymentPage first = queries_.history(request).value();
    EXPECT_TRUE(first.items.empty());
    ASSERT_TRUE(first.next.has_value()) << "a request looks at so many and no more";
    EXPECT_EQ(found({.words = "harbour"}, 10), std::vector<std::int64_t>{2});
}

TEST_P(History, a_payment_tells_what_became_of_it) {
    const PaymentDetail open = detail(held_);
    EXPECT_EQ(open.held_until, open.view.payment.created + std::chrono::days{7});
    EXPECT_FALSE(open.hold_ended.has_value());

    f_.done(CapturePayment{"c", held_, 1'500}, merchant(books_));
    const PaymentDetail captured = detail(held_);
    ASSERT_TRUE(captured.hold_ended.has_value());
    EXPECT_EQ(captured.hold_ended->how, PaymentDetail::HoldEnd::captured);
    EXPECT_EQ(captured.hold_ended->at, f_.at());
    EXPECT_EQ(captured.view.payment.captured_minor, 1'500);
    EXPECT_EQ(captured.held_until, open.held_until);

    tick();
    f_.done(Refund{"r1", held_, 400, "error"}, merchant(books_));
    EXPECT_EQ(f_.ask(Refund{"r2", held_, 4'000, "error"}, merchant(books_)).code, "exceeds_refundable");
    tick();
    f_.done(Refund{"r3", held_, 100, "error"}, merchant(books_));
    const PaymentDetail refunded = detail(held_);
    ASSERT_EQ(refunded.refunds.size(), 2U) << "what was refused gave nothing back";
    EXPECT_EQ(refunded.refunds[0].amount.minor(), 400);
    EXPECT_EQ(refunded.refunds[1].created, f_.at());

    const std::int64_t released = hold("h2", 300);
    f_.done(CancelPayment{"x", released}, merchant(books_));
    EXPECT_EQ(detail(released).hold_ended->how, PaymentDetail::HoldEnd::canceled);
    const std::int64_t forgotten = hold("h3", 300);
    f_.pass(std::chrono::days{8});
    f_.done(ExpireHolds{10});
    EXPECT_EQ(detail(forgotten).hold_ended->how, PaymentDetail::HoldEnd::expired);

    const PaymentDetail plain = detail(2);
    EXPECT_FALSE(plain.held_until.has_value());
    EXPECT_TRUE(plain.refunds.empty());
    PaymentId guessed = plain.view.payment.id;
    guessed.bytes[15] ^= 1U;
    EXPECT_FALSE(queries_.payment_detail(guessed).value().has_value());
}

INSTANTIATE_TEST_SUITE_P(Engines, History, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& named) { return named.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
