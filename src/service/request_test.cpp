// SPDX-License-Identifier: Apache-2.0
// Requests for money on both engines: asked, paid once whatever races, declined, canceled, expired; nobody learns whose an
// address is. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <latch>
#include <thread>

#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/money_request_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using payments::MoneyRequest;
using payments::MoneyRequestState;
using payments::PaymentState;
using std::chrono::days;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class MoneyRequests : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        li_ = f().customer("li@example.org", "Li Wei");
        zoe_ = f().customer("zoe@example.org", "Zoe", "zh-Hans");
        f().top_up(zoe_, 100'000);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }

    ServiceFixture& f() { return *fixture_; }
    static Actor as(std::int64_t customer) { return {ActorKind::customer, customer}; }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }
    RequestMoney asking(std::int64_t payer, const std::string& said, std::int64_t minor = 12'850) {
        return {.key = fmt::format("ask {}", ++keys_),
                .request = f().fresh<MoneyRequestId>().text(),
                .payee = li_,
                .payer = payer,
                .payer_said = said,
                .amount_minor = minor,
                .currency = "CNY",
                .memo = "Dinner",
                .expires = ms_of(f().at() + days{14}),
                .seed = seed()};
    }
    std::string ask_zoe(std::int64_t minor = 12'850) {
        return f().done(asking(zoe_, "zoe@example.org", minor), as(li_)).text;
    }
    Answer pay(const std::string& request, std::int64_t payer, const std::string& key) {
        return f().ask(PayMoneyRequest{.key = key, .request = request, .payer = payer, .seed = seed()}, as(payer));
    }
    Answer end(const std::string& request, std::int64_t customer) {
        return f().ask(EndMoneyRequest{.request = request, .customer = customer, .seed = seed()}, as(customer));
    }
    MoneyRequest row(const std::string& request) {
        return store::find_money_request(*f().connect(), MoneyRequestId::parse(request).value()).value();
    }
    std::int64_t balance(std::int64_t customer) { return f().balance(f().wallet_of(customer)); }
    std::string letter(std::size_t i) { return f().text_of(f().outgoing().at(i)); }

    std::unique_ptr<ServiceFixture> fixture_;
    std::int64_t li_ = 0, zoe_ = 0;
    std::int64_t keys_ = 0, seeds_ = 0;
};

TEST_P(MoneyRequests, the_payer_is_written_to_and_the_payee_when_it_is_paid) {
    const std::string request = ask_zoe();
    ASSERT_THAT(f().outgoing(), SizeIs(1));
    EXPECT_EQ(f().outgoing()[0].recipient, "zoe@example.org");
    EXPECT_THAT(letter(0), AllOf(HasSubstr("Li Wei"), HasSubstr("128.50"), HasSubstr("Dinner"), HasSubstr("非本平台内容")));
    EXPECT_EQ(balance(zoe_), 100'000) << "asking moves nothing";

    const Answer paid = pay(request, zoe_, "k");
    ASSERT_TRUE(paid.done()) << paid.detail;
    EXPECT_EQ(balance(zoe_), 87'150);
    EXPECT_EQ(balance(li_), 12'850);
    EXPECT_EQ(row(request).state, MoneyRequestState::paid);
    EXPECT_EQ(row(request).payment, paid.number);
    ASSERT_THAT(f().outgoing(), SizeIs(2));
    EXPECT_EQ(f().outgoing()[1].recipient, "li@example.org");
    EXPECT_THAT(letter(1), AllOf(HasSubstr("Zoe"), HasSubstr("CNY 128.50"), HasSubstr("has paid")));

    const Answer again = pay(request, zoe_, "k");
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, paid.number);
    EXPECT_EQ(pay(request, zoe_, "another key").code, "request_not_open");
    EXPECT_EQ(balance(zoe_), 87'150);
    EXPECT_THAT(f().outgoing(), SizeIs(2));
}

TEST_P(MoneyRequests, sixty_four_payers_at_once_pay_an_open_one_once) {
    RequestMoney open = asking(0, "");
    const std::string request = f().done(open, as(li_)).text;
    EXPECT_THAT(f().outgoing(), IsEmpty()) << "nobody in particular is asked";
    constexpr int payers_count = 64;
    std::vector<std::int64_t> payers;
    for (int i = 0; i < payers_count; ++i) {
        payers.push_back(f().customer(fmt::format("p{}@example.org", i), fmt::format("P{}", i)));
        f().top_up(payers.back(), 20'000);
    }
    std::vector<Command> commands;
    for (const std::int64_t payer : payers) {
        commands.push_back(
            f().command(PayMoneyRequest{.key = "k", .request = request, .payer = payer, .seed = seed()}, as(payer)));
    }
    std::vector<std::future<Answer>> answers(payers.size());
    std::latch start{payers_count};
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < payers.size(); ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                answers[i] = okpay::testing::submit(f().writer(), commands[i]);
            });
        }
    }
    int done = 0;
    for (auto& future : answers) {
        const Answer answer = future.get();
        if (answer.done()) ++done;
        else EXPECT_EQ(answer.code, "request_not_open");
    }
    EXPECT_EQ(done, 1);
    EXPECT_EQ(balance(li_), 12'850);
    EXPECT_EQ(f().integer("SELECT count(*) FROM payment WHERE kind = 3 AND state = 1"), 1);
    EXPECT_EQ(f().integer("SELECT count(*) FROM payment WHERE kind = 3 AND refusal = 35"), payers_count - 1)
        << "each refusal is kept";
    EXPECT_THAT(f().outgoing(), SizeIs(1)) << "one letter to who asked";
}

TEST_P(MoneyRequests, an_attempt_that_fails_leaves_it_pending) {
    const std::string request = ask_zoe(150'000);
    EXPECT_EQ(pay(request, zoe_, "k1").code, "insufficient_funds");
    EXPECT_EQ(row(request).state, MoneyRequestState::pending);
    EXPECT_EQ(row(request).payment, 0);
    EXPECT_THAT(f().outgoing(), SizeIs(1));
    f().top_up(zoe_, 50'000);
    EXPECT_EQ(pay(request, zoe_, "k1").code, "insufficient_funds") << "what was refused stays refused";
    EXPECT_TRUE(pay(request, zoe_, "k2").done());
    EXPECT_EQ(balance(zoe_), 0);
}

TEST_P(MoneyRequests, the_payer_declines_and_the_payee_cancels) {
    const std::string declined = ask_zoe();
    const std::string canceled = ask_zoe();
    const std::int64_t max = f().customer("max@example.org", "Max");
    EXPECT_EQ(end(declined, max).code, "not_found") << "nobody else sees it";
    EXPECT_TRUE(end(declined, zoe_).done());
    EXPECT_EQ(row(declined).state, MoneyRequestState::declined);
    EXPECT_THAT(letter(f().outgoing().size() - 1), AllOf(HasSubstr("declined"), HasSubstr("CNY 128.50")));
    EXPECT_TRUE(end(canceled, li_).done());
    EXPECT_EQ(row(canceled).state, MoneyRequestState::canceled);
    EXPECT_THAT(f().outgoing(), SizeIs(3)) << "a cancellation needs no letter";
    EXPECT_EQ(pay(declined, zoe_, "k1").code, "request_not_open");
    EXPECT_EQ(pay(canceled, zoe_, "k2").code, "request_not_open");
    EXPECT_TRUE(end(declined, zoe_).replayed) << "twice is once";
    EXPECT_EQ(end(declined, li_).code, "request_not_open") << "a declined one is not canceled";
    EXPECT_EQ(end(canceled, zoe_).code, "request_not_open");
    EXPECT_EQ(balance(zoe_), 100'000);
}

TEST_P(MoneyRequests, an_open_one_is_canceled_by_who_asked_and_by_nobody_else) {
    const std::string open = f().done(asking(0, ""), as(li_)).text;
    EXPECT_EQ(end(open, zoe_).code, "not_found");
    EXPECT_EQ(pay(open, li_, "k").code, "same_account");
    EXPECT_TRUE(end(open, li_).done());
}

TEST_P(MoneyRequests, time_ends_it_and_before_that_the_clock_does) {
    const std::string request = ask_zoe();
    const ExpireMoneyRequests expire{.requests_max = 10, .seed = seed()};
    EXPECT_THAT(f().done(expire).numbers, IsEmpty());
    f().pass(days{14});
    EXPECT_EQ(pay(request, zoe_, "k").code, "request_not_open") << "whether or not somebody has looked";
    EXPECT_THAT(f().done(expire).numbers, SizeIs(1));
    EXPECT_EQ(row(request).state, MoneyRequestState::expired);
    EXPECT_THAT(f().done(expire).numbers, IsEmpty());
    EXPECT_THAT(f().outgoing(), SizeIs(1));
}

TEST_P(MoneyRequests, an_address_that_is_nobodys_looks_like_any_other) {
    const Answer known = f().ask(asking(zoe_, "zoe@example.org"), as(li_));
    const Answer unknown = f().ask(asking(0, "nobody@example.org"), as(li_));
    EXPECT_TRUE(known.done() && unknown.done());
    EXPECT_EQ(row(unknown.text).state, MoneyRequestState::pending);
    EXPECT_FALSE(row(unknown.text).payer);
    const std::int64_t max = f().customer("max@example.org", "Max");
    EXPECT_EQ(pay(unknown.text, max, "k").code, "not_found") << "it is not open to whoever holds the link";
    EXPECT_THAT(f().outgoing(), SizeIs(1)) << "strangers are not written to";
    // One after the other is refused at the same count.
    for (int i = 1; i < payments::money_requests_to_one_payer_a_day_max; ++i) {
        EXPECT_TRUE(f().ask(asking(zoe_, "zoe@example.org"), as(li_)).done());
        EXPECT_TRUE(f().ask(asking(0, "nobody@example.org"), as(li_)).done());
    }
    const Answer no_more = f().ask(asking(zoe_, "zoe@example.org"), as(li_));
    EXPECT_EQ(no_more.code, "too_many_requests");
    const Answer no_more_there = f().ask(asking(0, "nobody@example.org"), as(li_));
    EXPECT_EQ(no_more_there.code, no_more.code);
    EXPECT_EQ(no_more_there.detail, no_more.detail);
    f().pass(hours{24} + Millis{1});
    EXPECT_TRUE(f().ask(asking(zoe_, "zoe@example.org"), as(li_)).done());
}

TEST_P(MoneyRequests, nobody_is_flooded) {
    // Many who ask one: the later ones are shown in the account alone, and who asks does not learn it.
    for (int i = 0; i < payments::money_request_letters_a_day_max + 2; ++i) {
        const std::int64_t other = f().customer(fmt::format("o{}@example.org", i), "Other");
        RequestMoney one = asking(zoe_, "zoe@example.org");
        one.payee = other;
        EXPECT_TRUE(f().ask(one, as(other)).done());
    }
    EXPECT_THAT(f().outgoing(), SizeIs(payments::money_request_letters_a_day_max));
    // One who asks many.
    for (int i = 0; i < payments::money_requests_open_max; ++i) {
        EXPECT_TRUE(f().ask(asking(0, fmt::format("n{}@example.org", i)), as(li_)).done());
    }
    EXPECT_EQ(f().ask(asking(0, "another@example.org"), as(li_)).code, "too_many_requests");
}

TEST_P(MoneyRequests, one_key_makes_one_request) {
    RequestMoney body = asking(zoe_, "zoe@example.org");
    const Answer first = f().ask(body, as(li_));
    body.request = f().fresh<MoneyRequestId>().text();
    const Answer again = f().ask(body, as(li_));
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.text, first.text);
    body.amount_minor += 1;
    EXPECT_EQ(f().ask(body, as(li_)).code, "idempotency_key_reused");
    EXPECT_THAT(f().outgoing(), SizeIs(1));
}

TEST_P(MoneyRequests, what_cannot_be_asked_is_refused) {
    RequestMoney body = asking(li_, "li@example.org");
    EXPECT_EQ(f().ask(body, as(li_)).code, "same_account");
    body = asking(0, "");
    body.currency = "EUR";
    EXPECT_EQ(f().ask(body, as(li_)).code, "wrong_currency");
    body = asking(0, "", 0);
    EXPECT_EQ(f().ask(body, as(li_)).code, "invalid");
    body = asking(0, "");
    body.expires = ms_of(f().at());
    EXPECT_EQ(f().ask(body, as(li_)).code, "invalid");
    body.expires = ms_of(f().at() + days{91});
    EXPECT_EQ(f().ask(body, as(li_)).code, "invalid");
    EXPECT_EQ(f().integer("SELECT count(*) FROM money_request"), 0);
}

TEST_P(MoneyRequests, secrets_in_a_note_are_masked) {
    RequestMoney body = asking(zoe_, "zoe@example.org");
    body.memo = "card 4242 4242 4242 4242";
    const std::string request = f().done(body, as(li_)).text;
    EXPECT_THAT(row(request).memo, AllOf(HasSubstr("4242"), Not(HasSubstr("4242 4242"))));
    EXPECT_THAT(letter(0), Not(HasSubstr("4242 4242")));
}

INSTANTIATE_TEST_SUITE_P(Engines, MoneyRequests, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
