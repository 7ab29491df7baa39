// SPDX-License-Identifier: Apache-2.0
// What is refused because somebody has no account in the currency is kept where the payer is known, and the same key gets
// the same refusal for ever: also after an account was opened. On both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/codec.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using okpay::testing::ServiceFixture;
using payments::PaymentRefusal;
using payments::PaymentState;
using ::testing::IsEmpty;

class Refusals : public ::testing::TestWithParam<store::Engine> {
protected:
    Refusals() { f_.top_up(li_, 100'000); }
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    std::int64_t dollars_only(const std::string& email) {
        return f_
            .done(RegisterCustomer{.customer = f_.fresh<CustomerId>().text(),
                                   .email = email,
                                   .name = "Max",
                                   .language = "en",
                                   .zone = "UTC",
                                   .currencies = {"USD"}})
            .number;
    }
    SendMoney wish(std::int64_t payer, std::int64_t payee, std::string key) const {
        return {.key = std::move(key), .payer = payer, .payee = payee, .amount_minor = 500, .currency = "CNY", .memo = "x"};
    }
    payments::Payment kept(const Answer& answer) { return store::find_payment(*f_.connect(), answer.number).value(); }
    // A wallet in CNY, opened since.
    void open_wallet(std::int64_t customer) {
        f_.stop();
        const auto connection = f_.connect(store::Access::writer);
        Books books{*connection};
        store::Transaction transaction{*connection};
        books.open_account(money::AccountKind::customer_wallet, money::Currency::cny, CustomerNo{customer}, std::nullopt);
        books.write_back_all();
        ASSERT_TRUE(transaction.commit());
        f_.restart();
    }

    ServiceFixture f_{GetParam()};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t max_ = dollars_only("max@example.org");
    std::int64_t shop_ = f_.merchant("Shop");
};

TEST_P(Refusals, money_for_somebody_without_a_wallet_is_kept_and_stays_refused) {
    const Actor li{ActorKind::customer, li_};
    const Answer first = f_.ask(wish(li_, max_, "a"), li);
    EXPECT_EQ(first.code, "payee_cannot_receive");
    ASSERT_GT(first.number, 0);
    const payments::Payment row = kept(first);
    EXPECT_EQ(row.state, PaymentState::failed);
    EXPECT_EQ(row.refusal, PaymentRefusal::payee_cannot_receive);
    EXPECT_EQ(row.customer, CustomerNo{li_});
    EXPECT_FALSE(row.payee);
    const Answer again = f_.ask(wish(li_, max_, "a"), li);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.number, first.number);
    open_wallet(max_);
    EXPECT_EQ(f_.ask(wish(li_, max_, "a"), li).code, "payee_cannot_receive") << "for ever";
    EXPECT_EQ(f_.ask(wish(li_, li_, "a"), li).code, codes::key_reused);
    EXPECT_TRUE(f_.ask(wish(li_, max_, "b"), li).done());
    f_.stop();
    Queries queries{f_.database(), 1};
    const auto page = queries.history({.heads = {}, .unmoved_of = CustomerNo{li_}, .cursor = std::nullopt}).value();
    ASSERT_EQ(page.items.size(), 1U) << "it stands in the payer's history";
    EXPECT_EQ(page.items[0].payment.seq, first.number);
    f_.restart();
}

TEST_P(Refusals, a_payer_without_a_wallet_finds_the_refusal_in_the_history) {
    const Actor max{ActorKind::customer, max_};
    const Actor shop{ActorKind::merchant, shop_};
    const RailRequest rail{.key = "c",
                           .customer = max_,
                           .amount_minor = 100,
                           .currency = "CNY",
                           .instrument = "bank ····6819",
                           .sealed_instrument = "AAAA",
                           .instrument_hash = "00"};
    RailRequest out = rail;
    out.key = "d";
    const std::vector<std::pair<CommandBody, Actor>> all{
        {wish(max_, li_, "a"), max},
        {f_.payment(max_, shop_, 500, "b", "order"), shop},
        {CollectTopUp{rail}, max},
        {Withdraw{out}, max},
        {ExchangeMoney{"e", max_, 500, "CNY", "USD", 70}, max},
        {ExchangeMoney{"f", max_, 500, "USD", "CNY", 70}, max},
        {TopUp{"g", max_, 500, "CNY", "", "bank"}, f_.staff("bo@pay.example", "supervisor").actor()},
    };
    for (const auto& [body, actor] : all) {
        SCOPED_TRACE(kind_of(body));
        const Answer answer = f_.ask(body, actor);
        EXPECT_EQ(answer.code, "wrong_currency");
        ASSERT_GT(answer.number, 0);
        EXPECT_EQ(kept(answer).customer, CustomerNo{max_});
        EXPECT_EQ(kept(answer).refusal, PaymentRefusal::wrong_currency);
        EXPECT_TRUE(f_.ask(body, actor).replayed);
    }
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment WHERE state = 2"), std::ssize(all));
    open_wallet(max_);
    for (const auto& [body, actor] : all) EXPECT_EQ(f_.ask(body, actor).code, "wrong_currency") << kind_of(body);
    // The order was not paid by the refused attempt.
    f_.top_up(max_, 500);
    EXPECT_TRUE(f_.ask(f_.payment(max_, shop_, 500, "h", "order"), shop).done());
}

TEST_P(Refusals, a_merchant_without_the_currency_cannot_receive_it) {
    const std::int64_t abroad = f_.done(RegisterMerchant{.merchant = f_.fresh<MerchantId>().text(),
                                                         .name = "Abroad",
                                                         .api_key_hash = std::string(64, 'a'),
                                                         .currencies = {"USD"}})
                                    .number;
    const Answer answer = f_.ask(f_.payment(li_, abroad, 500, "a"), {ActorKind::merchant, abroad});
    EXPECT_EQ(answer.code, "payee_cannot_receive");
    EXPECT_EQ(kept(answer).merchant, customers::MerchantNo{abroad});
    EXPECT_EQ(kept(answer).customer, CustomerNo{li_});
}

TEST_P(Refusals, where_nobody_is_known_nothing_is_kept) {
    EXPECT_EQ(f_.ask(wish(999, li_, "a"), {ActorKind::customer, 999}).code, codes::not_found);
    EXPECT_EQ(f_.ask(f_.payment(999, shop_, 500, "b"), {ActorKind::merchant, shop_}).code, codes::not_found);
    EXPECT_EQ(f_.ask(f_.payment(li_, 999, 500, "c"), {ActorKind::merchant, 999}).code, codes::not_found);
    EXPECT_EQ(f_.ask(TopUp{"d", 999, 500, "CNY", "", "bank"}).code, codes::not_found);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Refusals, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
