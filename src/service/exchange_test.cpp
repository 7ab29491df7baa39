// SPDX-License-Identifier: Apache-2.0
// Exchange between two wallets of one customer, on both engines: linked legs, the rate that was seen, once by its key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/exchange_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Exchanges : public ::testing::TestWithParam<store::Engine> {
protected:
    Exchanges() { f_.top_up(li_, 100'000); }
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }
    Answer set_rate(std::string from, std::string to, std::string rate) {
        return f_.ask(SetExchangeRate{std::move(from), std::move(to), std::move(rate)}, boss_.actor());
    }
    ExchangeMoney wish(std::int64_t minor, std::int64_t expected, std::string key) {
        return {.key = std::move(key),
                .customer = li_,
                .amount_minor = minor,
                .from = "CNY",
                .to = "USD",
                .expected_minor = expected};
    }
    Answer exchange(std::int64_t minor, std::int64_t expected, std::string key) {
        return f_.ask(wish(minor, expected, std::move(key)), {ActorKind::customer, li_});
    }
    std::int64_t balance(const std::string& currency) {
        for (const AccountView& account : f_.accounts()) {
            if (account.currency == currency && is_wallet(account.no)) return account.posted_minor;
        }
        return -1;
    }
    bool is_wallet(std::int64_t no) {
        return f_.integer("SELECT count(*) FROM account_owner WHERE customer IS NOT NULL AND account = " +
                          std::to_string(no)) == 1;
    }

    ServiceFixture f_{GetParam()};
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
};

TEST_P(Exchanges, move_both_legs_at_the_rate_that_was_seen) {
    EXPECT_EQ(exchange(10'000, 1'386, "a").code, "no_rate");
    ASSERT_TRUE(set_rate("CNY", "USD", "0.1386").done());
    EXPECT_EQ(exchange(10'000, 1'385, "b").code, "rate_changed");
    const Answer done = exchange(10'000, 1'386, "c");
    ASSERT_TRUE(done.done()) << done.detail;
    EXPECT_EQ(balance("CNY"), 90'000);
    EXPECT_EQ(balance("USD"), 1'386);
    EXPECT_EQ(store::find_exchange(*f_.connect(), done.number)->received.minor(), 1'386);
    EXPECT_TRUE(exchange(10'000, 1'386, "c").replayed);
    EXPECT_EQ(balance("CNY"), 90'000);
    EXPECT_EQ(exchange(10'000, 1'386, "a").code, "no_rate") << "a refused key stays refused";
}

TEST_P(Exchanges, the_newest_rate_counts_and_outlives_a_restart) {
    set_rate("CNY", "USD", "0.1386");
    set_rate("CNY", "USD", "0.14");
    f_.restart();
    EXPECT_EQ(exchange(10'000, 1'386, "a").code, "rate_changed");
    EXPECT_TRUE(exchange(10'000, 1'400, "b").done());
    EXPECT_EQ(store::current_rates(*f_.connect()).size(), 1U);
}

TEST_P(Exchanges, refuse_what_is_nothing_or_too_much) {
    set_rate("CNY", "USD", "0.1386");
    EXPECT_EQ(exchange(1, 0, "a").code, "not_positive") << "worth less than half a cent";
    EXPECT_EQ(exchange(100'001, 13'860, "b").code, "insufficient_funds");
    ExchangeMoney elsewhere = wish(100, 14, "c");
    elsewhere.to = "EUR";
    EXPECT_EQ(f_.ask(elsewhere, {ActorKind::customer, li_}).code, "wrong_currency");
    EXPECT_EQ(balance("USD"), 0);
}

TEST_P(Exchanges, stand_once_in_the_history_of_both_wallets) {
    set_rate("CNY", "USD", "0.1386");
    const std::int64_t seq = exchange(10'000, 1'386, "a").number;
    Queries queries{f_.database()};
    const auto view = queries.customer(customers::CustomerNo{li_});
    ASSERT_TRUE(view && *view);
    HistoryRequest request{.heads = {}, .unmoved_of = customers::CustomerNo{li_}, .cursor = std::nullopt};
    for (const OwnedAccount& wallet : (*view)->wallets) {
        const Answer read = f_.ask(ReadAccounts{{number_of(wallet.no)}});
        request.heads.push_back({wallet.no, read.accounts[0].last_transfer});
    }
    const auto page = queries.history(request);
    ASSERT_TRUE(page);
    ASSERT_EQ(page->items.size(), 2U);  // and the top-up
    EXPECT_EQ(page->items[0].payment.seq, seq);
    EXPECT_EQ(page->items[0].received->minor(), 1'386);
}

TEST_P(Exchanges, rates_are_set_by_whoever_may_and_are_rates) {
    const StaffMember agent = f_.staff("ann@pay.example");
    EXPECT_EQ(f_.ask(SetExchangeRate{"CNY", "USD", "0.1"}, agent.actor()).code, codes::not_permitted);
    for (const char* rate : {"0", "-1", "1e3", "", "0.123456789"}) {
        EXPECT_EQ(set_rate("CNY", "USD", rate).code, codes::invalid) << rate;
    }
    EXPECT_EQ(set_rate("CNY", "CNY", "1").code, codes::invalid);
    EXPECT_EQ(set_rate("CNY", "XXX", "1").code, codes::invalid);
}

TEST_P(Exchanges, verify_names_one_that_disagrees_with_its_rate) {
    set_rate("CNY", "USD", "0.1386");
    exchange(10'000, 1'386, "a");
    f_.run("UPDATE exchange SET received = received + 1");
    EXPECT_THAT(f_.faults(), Contains(HasSubstr("exchanges: ")));
    f_.run("UPDATE exchange SET received = received - 1");
}

INSTANTIATE_TEST_SUITE_P(Engines, Exchanges, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
