// SPDX-License-Identifier: Apache-2.0
// States of accounts, payouts and corrections over the whole API: who may, what is read of a request, what is answered.
#include <fmt/format.h>

#include "api/api_world_test.hpp"
#include "store/account_store.hpp"
#include "store/correction_store.hpp"
#include "store/payout_store.hpp"

namespace okpay::api {
namespace {

using payments::Payment;
using service::Answer;
using service::Command;
using test::ApiTest;
using test::Headers;

TEST_F(ApiTest, an_account_shows_its_state_and_what_was_done_to_it) {
    world.top_up(wang, 10'000);
    const std::string wallet = "/api/v1/accounts/1";
    EXPECT_EQ(code_of(get(wallet, session('a'))), "not_permitted") << "an agent";
    const Response before = get(wallet, session('e'));
    expect_documented(before, "AccountAnswer");
    EXPECT_EQ(body_of(before).at("account").at("state"), "open");
    EXPECT_TRUE(body_of(before).at("events").as_array().empty());
    for (std::int64_t no = 1; no <= 2; ++no) {
        store::insert_account_event(world.connection(),
                                    {.no = no,
                                     .account = money::AccountNo{1},
                                     .at = now(),
                                     .staff = ben.no,
                                     .from = no == 1 ? money::AccountState::open : money::AccountState::frozen,
                                     .to = no == 1 ? money::AccountState::frozen : money::AccountState::open,
                                     .reason = fmt::format("reason {}", no),
                                     .ledger_seq = 1});
    }
    const Response after = get(wallet + "?limit=1", session('e'));
    expect_documented(after, "AccountAnswer");
    EXPECT_EQ(body_of(after).at("events").at(0).at("reason"), "reason 2");
    EXPECT_EQ(body_of(after).at("events").at(0).at("by").at("id").as_string(), ben.id.text());
    EXPECT_EQ(body_of(after).at("next_cursor"), "2");
    EXPECT_EQ(body_of(get(wallet + "?limit=1&cursor=2", session('e'))).at("events").at(0).at("reason"), "reason 1");
    EXPECT_EQ(code_of(get("/api/v1/accounts/999", session('e'))), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/accounts/x", session('e'))), "not_found");

    const std::string body = R"({"state":"frozen","reason":"stolen"})";
    EXPECT_EQ(code_of(post(wallet + "/state", key("k", session('e')), body)), "not_permitted") << "an auditor";
    EXPECT_EQ(code_of(post(wallet + "/state", session('b'), body)), "idempotency_key_required");
    EXPECT_EQ(code_of(post(wallet + "/state", key("k", session('b')), R"({"state":"thawed","reason":"x"})")), "malformed");
    EXPECT_EQ(code_of(post(wallet + "/state", key("k", session('b')), R"({"state":"open"})")), "malformed");
    expect_documented(post(wallet + "/state", key("k", session('b')), body), "AccountAnswer");
    EXPECT_EQ(service.last<service::SetAccountState>().account, 1);
    EXPECT_EQ(service.last<service::SetAccountState>().reason, "stolen");
    const CommandId first = service.commands.back().id;
    post(wallet + "/state", key("k", session('b')), body);
    EXPECT_EQ(service.commands.back().id, first) << "one key is one command";
    service.respond = [](const Command&) { return Answer{.code = "account_not_empty", .detail = "money"}; };
    EXPECT_EQ(post(wallet + "/state", key("l", session('b')), R"({"state":"closed","reason":"x"})").status, 409U);
}

TEST_F(ApiTest, a_merchant_reads_its_balance_and_its_payouts) {
    world.top_up(wang, 10'000);
    world.pay(wang, coffee, 1'000, "A-1");
    const Headers coffee_key{{"Authorization", "Bearer sk_coffee"}};
    const Response balance = get("/api/v1/balance", coffee_key);
    expect_documented(balance, "MerchantBalances");
    EXPECT_EQ(body_of(balance).at("items").at(0).at("currency"), "CNY");
    EXPECT_EQ(code_of(get("/api/v1/balance")), "bad_key");
    const Response none = get("/api/v1/payouts", coffee_key);
    expect_documented(none, "PayoutList");
    EXPECT_TRUE(body_of(none).at("items").as_array().empty());
    expect_documented(get("/api/v1/ledger/payouts?merchant=" + coffee.id.text(), session('e')), "PayoutList");
    EXPECT_EQ(code_of(get("/api/v1/ledger/payouts?merchant=x", session('e'))), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/ledger/payouts", session('a'))), "not_permitted");
}

TEST_F(ApiTest, staff_say_where_to_and_how_much) {
    const std::string path = "/api/v1/merchants/" + coffee.id.text();
    store::insert_payout_account(world.connection(), {.no = 1,
                                                      .merchant = coffee.no,
                                                      .currency = money::Currency::cny,
                                                      .instrument = "bank ····6819",
                                                      .sealed_instrument = "x",
                                                      .instrument_hash = "x",
                                                      .set_at = now(),
                                                      .staff = ben.no});
    const Response shown = get(path, session('e'));
    expect_documented(shown, "MerchantAccounts");
    EXPECT_EQ(body_of(shown).at("payout_accounts").at(0).at("destination"), "bank ····6819");
    EXPECT_EQ(code_of(get("/api/v1/merchants/" + books.id.text() + "x", session('e'))), "not_found");
    const std::string account = R"({"currency":"CNY","destination":"GB28NWBK60161331926819","totp_code":"123456"})";
    EXPECT_EQ(code_of(post(path + "/payout-account", session('e'), account)), "not_permitted");
    EXPECT_EQ(code_of(post(path + "/payout-account", session('b'), account)), "rail_not_configured");

    const auto pay_out = [&](std::string name, const std::string& body) {
        return post(path + "/payouts", key(std::move(name), session('b')), body);
    };
    service.respond = [](const Command&) { return Answer{.code = "nothing_available", .detail = "nothing", .number = 1}; };
    EXPECT_EQ(pay_out("a", R"({"currency":"CNY"})").status, 402U);
    EXPECT_TRUE(service.last<service::PayOutMerchant>().balancing);
    EXPECT_EQ(service.last<service::PayOutMerchant>().key, "a");
    EXPECT_EQ(service.last<service::PayOutMerchant>().merchant, number_of(coffee.no));
    pay_out("b", R"({"amount":{"amount":"12.50","currency":"CNY"}})");
    EXPECT_FALSE(service.last<service::PayOutMerchant>().balancing);
    EXPECT_EQ(service.last<service::PayOutMerchant>().amount_minor, 1'250);
    for (const char* body :
         {"{}", R"({"currency":"XXX"})", R"({"currency":"CNY","amount":{"amount":"12.50","currency":"CNY"}})"}) {
        EXPECT_EQ(code_of(pay_out("c", body)), "malformed") << body;
    }
    EXPECT_EQ(code_of(post(path + "/payouts", session('b'), R"({"currency":"CNY"})")), "idempotency_key_required");
}

TEST_F(ApiTest, corrections_are_proposed_by_accounts_or_by_the_transfer_that_they_turn) {
    world.top_up(wang, 10'000);
    const std::string path = "/api/v1/corrections";
    const auto correction = [&](std::int64_t no) {
        return payments::Correction{.no = no,
                                    .id = CorrectionId::of(now(), Bytes(10, static_cast<char>(no))),
                                    .debit = money::AccountNo{1},
                                    .credit = money::AccountNo{2},
                                    .amount = *money::Money::of_minor(100, money::Currency::cny),
                                    .reason = "x",
                                    .proposer = ben.no,
                                    .proposed = now(),
                                    .decider = std::nullopt,
                                    .decided = std::nullopt,
                                    .note = ""};
    };
    store::insert_correction(world.connection(), correction(1));
    payments::Correction rejected = correction(2);
    rejected.state = payments::CorrectionState::rejected;
    rejected.decider = ana.no;
    rejected.decided = now();
    store::insert_correction(world.connection(), rejected);
    const Response list = get(path, session('e'));
    expect_documented(list, "CorrectionList");
    EXPECT_EQ(body_of(list).at("items").as_array().size(), 2U);
    EXPECT_EQ(body_of(get(path + "?state=proposed", session('e'))).at("items").as_array().size(), 1U);
    EXPECT_EQ(code_of(get(path + "?state=lost", session('e'))), "malformed");

    const std::string body =
        R"({"debit":"1","credit":"2","amount":{"amount":"1.00","currency":"CNY"},"reason":"bank statement"})";
    EXPECT_EQ(code_of(post(path, key("k", session('a')), body)), "not_permitted");
    const Response made = post(path, key("k", session('b')), body);
    EXPECT_EQ(made.status, 201U);
    expect_documented(made, "Correction");
    EXPECT_EQ(service.last<service::ProposeCorrection>().debit, 1);
    EXPECT_EQ(service.last<service::ProposeCorrection>().amount_minor, 100);
    post(path, key("l", session('b')), R"({"reverses":"1","reason":"twice"})");
    const auto& turned = service.last<service::ProposeCorrection>();
    const auto transfer = store::find_transfer(world.connection(), 1).value();
    EXPECT_EQ(turned.reverses, 1);
    EXPECT_EQ(turned.debit, number_of(transfer.credit));
    EXPECT_EQ(turned.credit, number_of(transfer.debit));
    EXPECT_EQ(turned.amount_minor, transfer.amount);
    for (const char* bad : {R"({"reason":"x"})", R"({"reverses":"0","reason":"x"})", R"({"reverses":"1"})",
                            R"({"reverses":"1","debit":"1","reason":"x"})"}) {
        EXPECT_EQ(code_of(post(path, key("m", session('b')), bad)), "malformed") << bad;
    }
    EXPECT_EQ(code_of(post(path, key("m", session('b')), R"({"reverses":"77","reason":"x"})")), "not_found");

    const std::string one = path + "/" + correction(1).id.text();
    expect_documented(post(one + "/approve", session('b'), R"({"totp_code":"123456"})"), "Correction");
    EXPECT_TRUE(service.last<service::DecideCorrection>().approved);
    EXPECT_EQ(service.last<service::DecideCorrection>().totp_code, "123456");
    expect_documented(post(one + "/reject", session('b'), R"({"note":"no"})"), "Correction");
    EXPECT_FALSE(service.last<service::DecideCorrection>().approved);
    EXPECT_EQ(code_of(post(one + "/reject", session('b'), "{}")), "malformed");
    EXPECT_EQ(code_of(post(one + "/approve", session('e'), R"({"totp_code":"123456"})")), "not_permitted");
}

}  // namespace
}  // namespace okpay::api
