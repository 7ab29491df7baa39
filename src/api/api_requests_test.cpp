// SPDX-License-Identifier: Apache-2.0
// Requests for money, scheduled transfers and limits through the API.
#include "api/api_world_test.hpp"
#include "store/money_request_store.hpp"
#include "store/schedule_store.hpp"

#include <fmt/format.h>

namespace okpay::api {
namespace {

using payments::MoneyRequest;
using payments::MoneyRequestState;
using service::Answer;
using service::Command;
using test::ApiTest;
using test::Headers;

class ApiRequests : public ApiTest {
protected:
    MoneyRequest request(std::int64_t no, std::optional<customers::CustomerNo> payer, std::string said,
                         MoneyRequestState state = MoneyRequestState::pending, Millis lasts = std::chrono::hours{24}) {
        MoneyRequest row{.no = no,
                         .id = fresh_id<MoneyRequestId>(),
                         .key = sha256(std::to_string(no)),
                         .payee = wang.no,
                         .payer = payer,
                         .payer_said = std::move(said),
                         .amount = *money::Money::of_minor(1'250, money::Currency::cny),
                         .memo = "Dinner",
                         .state = state,
                         .expires = now() + lasts,
                         .created = now()};
        if (state != MoneyRequestState::pending) row.ended = now();
        store::insert_money_request(world.connection(), row);
        return row;
    }
    static std::string path(const MoneyRequest& row, std::string_view more = "") {
        return fmt::format("/api/v1/me/money-requests/{}{}", row.id.text(), more);
    }
    customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    customers::Customer max = world.customer("max@example.org", "Max");
};

TEST_F(ApiRequests, asking_an_unknown_address_reads_the_same_as_asking_a_known_one) {
    const Headers own = signed_in(wang);
    std::int64_t made = 0;
    service.respond = [&](const Command& command) {
        const auto& body = command.body.get<service::RequestMoney>();
        const auto payer = body.payer == 0 ? std::nullopt : std::optional{customers::CustomerNo{body.payer}};
        const MoneyRequest row = request(++made, payer, body.payer_said);
        return Answer{.number = row.no, .text = row.id.text()};
    };
    const auto ask = [&](std::string_view payer, const std::string& once) {
        return post("/api/v1/me/money-requests", key(once, own),
                    fmt::format(R"({{"payer":"{}","amount":{{"amount":"12.50","currency":"CNY"}},"memo":"Dinner"}})",
                                payer));
    };
    EXPECT_EQ(code_of(post("/api/v1/me/money-requests", own, R"({"amount":{"amount":"1.00","currency":"CNY"}})")),
              "idempotency_key_required");
    const Response known = ask(" Zoe@example.org ", "a");
    ASSERT_EQ(known.status, 201U) << known.body;
    expect_documented(known, "MoneyRequest");
    EXPECT_EQ(service.last<service::RequestMoney>().payer, number_of(zoe.no));
    EXPECT_EQ(service.last<service::RequestMoney>().payer_said, "zoe@example.org");
    const Response unknown = ask("nobody@example.org", "b");
    ASSERT_EQ(unknown.status, 201U) << unknown.body;
    EXPECT_EQ(service.last<service::RequestMoney>().payer, 0);
    json::object one = body_of(known).as_object();
    json::object other = body_of(unknown).as_object();
    EXPECT_EQ(one.at("payer_address"), "zoe@example.org");
    EXPECT_TRUE(one.at("payer_name").is_null()) << "no name for an address";
    for (const char* differs : {"id", "url", "payer_address", "created_at", "expires_at"}) {
        one.erase(differs);
        other.erase(differs);
    }
    EXPECT_EQ(json::serialize(one), json::serialize(other));
    EXPECT_EQ(code_of(ask("no address", "c")), "malformed");
    service.respond = [](const Command&) { return Answer{.code = "too_many_requests", .detail = "wait"}; };
    EXPECT_EQ(ask("zoe@example.org", "d").status, 429U);
}

TEST_F(ApiRequests, each_sees_what_is_theirs) {
    const MoneyRequest named = request(1, zoe.no, "zoe@example.org");
    const MoneyRequest nobodys = request(2, std::nullopt, "nobody@example.org");
    const MoneyRequest open = request(3, std::nullopt, "");
    const MoneyRequest over = request(4, zoe.no, "zoe@example.org", MoneyRequestState::pending, -std::chrono::hours{1});
    const Headers payee = signed_in(wang);
    const Headers payer = signed_in(zoe);
    const Headers other = signed_in(max);
    for (const MoneyRequest& row : {named, nobodys, open}) {
        const Response mine = get(path(row), payee);
        expect_documented(mine, "MoneyRequest");
        EXPECT_TRUE(body_of(mine).at("is_mine").as_bool());
        EXPECT_FALSE(body_of(mine).at("may_pay").as_bool());
        EXPECT_EQ(header_of(get(path(row, "/code.svg"), payee), "Cache-Control"), "no-store");
    }
    const Response theirs = get(path(named), payer);
    expect_documented(theirs, "MoneyRequest");
    EXPECT_TRUE(body_of(theirs).at("may_pay").as_bool());
    EXPECT_TRUE(body_of(theirs).at("may_decline").as_bool());
    EXPECT_TRUE(body_of(theirs).at("payer_address").is_null());
    EXPECT_EQ(body_of(theirs).at("payee_name"), "Wang Xiaoming");
    EXPECT_EQ(code_of(get(path(named), other)), "not_found");
    EXPECT_EQ(code_of(get(path(nobodys), other)), "not_found");
    EXPECT_FALSE(body_of(get(path(open), other)).at("may_decline").as_bool());
    EXPECT_EQ(body_of(get(path(over), payer)).at("state"), "expired") << "before anybody wrote it down";
    EXPECT_EQ(code_of(get("/api/v1/me/money-requests/none", payer)), "not_found");

    const Response mine = get("/api/v1/me/money-requests?limit=3", payee);
    expect_documented(mine, "MoneyRequestList");
    EXPECT_EQ(body_of(mine).at("items").as_array().size(), 3U);
    const std::string next{body_of(mine).at("next_cursor").as_string()};
    EXPECT_EQ(body_of(get("/api/v1/me/money-requests?limit=3&cursor=" + next, payee)).at("items").as_array().size(), 1U);
    EXPECT_EQ(body_of(get("/api/v1/me/money-requests?side=asked_of_me", payer)).at("items").as_array().size(), 2U);
    EXPECT_EQ(code_of(get("/api/v1/me/money-requests?side=all", payee)), "malformed");
    EXPECT_EQ(code_of(get("/api/v1/me/money-requests?cursor=x", payee)), "malformed");
}

TEST_F(ApiRequests, it_is_paid_declined_and_taken_back_by_who_may) {
    const MoneyRequest row = request(1, zoe.no, "zoe@example.org");
    const Headers payee = signed_in(wang);
    const Headers payer = signed_in(zoe);
    EXPECT_EQ(code_of(post(path(row, "/pay"), payer, "{}")), "idempotency_key_required");
    EXPECT_EQ(code_of(post(path(row, "/pay"), key("k", signed_in(max)), "{}")), "not_found");
    EXPECT_TRUE(service.commands.empty());
    service.respond = [](const Command&) { return Answer{.code = "request_not_open", .detail = "over"}; };
    const Response late = post(path(row, "/pay"), key("k", payer), "{}");
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(service.last<service::PayMoneyRequest>().request, row.id.text());
    EXPECT_EQ(service.last<service::PayMoneyRequest>().payer, number_of(zoe.no));
    service.respond = [&](const Command&) { return Answer{.number = row.no, .text = row.id.text()}; };
    EXPECT_EQ(code_of(post(path(row, "/cancel"), payer, "{}")), "not_found");
    EXPECT_EQ(code_of(post(path(row, "/decline"), payee, "{}")), "not_found");
    expect_documented(post(path(row, "/decline"), payer, "{}"), "MoneyRequest");
    expect_documented(post(path(row, "/cancel"), payee, "{}"), "MoneyRequest");
    EXPECT_EQ(service.last<service::EndMoneyRequest>().customer, number_of(wang.no));
}

TEST_F(ApiRequests, transfers_are_scheduled_listed_and_ended) {
    const Headers own = signed_in(wang);
    service.respond = [&](const Command& command) {
        const auto* body = command.body.as<service::ScheduleTransfer>();
        if (body == nullptr) return Answer{.code = std::string{service::codes::not_found}, .detail = "none"};
        payments::TransferSchedule row{.no = 1,
                                       .id = ScheduleId::parse(body->schedule).value(),
                                       .key = sha256("k"),
                                       .payer = wang.no,
                                       .payee = customers::CustomerNo{body->payee},
                                       .amount = *money::Money::of_minor(body->amount_minor, money::Currency::cny),
                                       .memo = body->memo,
                                       .first_on = payments::day_of_text(body->first_on).value(),
                                       .every = payments::every_of_name(body->every).value(),
                                       .times = body->times,
                                       .zone = body->zone,
                                       .next_at = std::nullopt,
                                       .created = now(),
                                       .updated = now()};
        row.next_at = due_at(row, 1);
        store::insert_schedule(world.connection(), row);
        return Answer{.number = 1, .text = row.id.text()};
    };
    const auto body = [](std::string_view to) {
        return fmt::format(R"({{"to":"{}","amount":{{"amount":"20.00","currency":"CNY"}},"memo":"rent",)"
                           R"("first_on":"2027-01-31","every":"month","times":0}})",
                           to);
    };
    EXPECT_EQ(code_of(post("/api/v1/me/scheduled-transfers", own, body("zoe@example.org"))), "idempotency_key_required");
    EXPECT_EQ(code_of(post("/api/v1/me/scheduled-transfers", key("k", own), body("nobody@example.org"))),
              "payee_cannot_receive");
    const Response made = post("/api/v1/me/scheduled-transfers", key("k", own), body("Zoe@example.org"));
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "ScheduledTransfer");
    EXPECT_EQ(service.last<service::ScheduleTransfer>().zone, wang.zone) << "the customer's own";
    EXPECT_EQ(body_of(made).at("payee_name"), "Zoe");
    EXPECT_EQ(body_of(made).at("next_on"), "2027-01-31");
    const Response list = get("/api/v1/me/scheduled-transfers", own);
    expect_documented(list, "ScheduledTransferList");
    EXPECT_EQ(body_of(list).at("items").as_array().size(), 1U);
    EXPECT_EQ(body_of(get("/api/v1/me/scheduled-transfers", signed_in(zoe))).at("items").as_array().size(), 0U);
    EXPECT_EQ(code_of(post("/api/v1/me/scheduled-transfers/x/end", own, "{}")), "not_found");
}

TEST_F(ApiRequests, limits_say_what_was_used_and_what_is_left) {
    world.top_up(wang, 10'000);
    world.pay(wang, coffee, 3'000, "A-1");
    payments::Tariff tariff;
    tariff.limits.push_back({.operation = payments::Operation::pay,
                             .window = payments::LimitWindow::day,
                             .level = std::nullopt,
                             .currency = money::Currency::cny,
                             .amount_minor = 4'000'000'000,
                             .count = std::nullopt});
    tariff.limits.push_back({.operation = payments::Operation::pay,
                             .window = payments::LimitWindow::year,
                             .level = std::nullopt,
                             .currency = money::Currency::cny,
                             .amount_minor = 5'000,
                             .count = 2});
    tariff.balances.push_back({.level = std::nullopt, .currency = money::Currency::cny, .amount_minor = 20'000});
    Api limited{service, queries, events, metrics,
                ApiOptions{.cookie_secure = false, .web_root = {}, .read_threads = 2, .tariff = tariff}};
    Request request{.method = Method::get, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
    for (const auto& [name, value] : signed_in(wang)) request.message.set(name, value);
    ASSERT_TRUE(set_target(request, "/api/v1/me/limits"));
    std::optional<Response> answered;
    asio::co_spawn(io, limited.handle(std::move(request)),
                   [&answered](std::exception_ptr, Response response) { answered = std::move(response); });
    io.restart();
    io.run();
    ASSERT_TRUE(answered);
    ASSERT_EQ(answered->status, 200U) << answered->body;
    expect_documented(*answered, "Limits");
    const json::value body = body_of(*answered);
    ASSERT_EQ(body.at("limits").as_array().size(), 2U);
    // The world's payments are of another day than today, and of this year.
    const bool same_year = now() - service::test::world_start < std::chrono::days{364};
    const json::value& year = body.at("limits").at(1);
    EXPECT_EQ(year.at("window"), "year");
    EXPECT_EQ(year.at("amount_used").at("amount"), same_year ? "30.00" : "0.00");
    EXPECT_EQ(year.at("amount_left").at("amount"), same_year ? "20.00" : "50.00");
    EXPECT_EQ(year.at("count_left").as_int64(), same_year ? 1 : 2);
    EXPECT_EQ(body.at("balances").at(0).at("amount_used").at("amount"), "70.00");
    EXPECT_EQ(body.at("balances").at(0).at("amount_left").at("amount"), "130.00");
}

}  // namespace
}  // namespace okpay::api
