// SPDX-License-Identifier: Apache-2.0
// Payments by card, the question before the same is paid again, and "I was charged twice", over HTTP.
#include <fmt/format.h>

#include "api/api_world_test.hpp"
#include "payments/payment_ref.hpp"
#include "store/duplicate_store.hpp"

namespace okpay::api {
namespace {

using test::ApiTest;
using test::Headers;

const Headers merchant{{"Authorization", "Bearer sk_coffee"}};

std::string body_with(const customers::Customer& customer, std::string_view members) {
    return fmt::format(R"({{"customer":"{}","amount":{{"amount":"10.00","currency":"CNY"}}{}}})", customer.id.text(),
                       members);
}

TEST_F(ApiTest, a_card_needs_a_rail_and_is_not_held) {
    EXPECT_EQ(code_of(post("/api/v1/payments", key("a", merchant), body_with(wang, R"(,"instrument":"tok_visa4242")"))),
              "rail_not_configured");
    EXPECT_EQ(code_of(post("/api/v1/payments", key("b", merchant),
                           body_with(wang, R"(,"instrument":"tok_visa4242","capture_method":"manual")"))),
              "malformed");
    EXPECT_EQ(code_of(post("/api/v1/payments", key("c", merchant), body_with(wang, R"(,"not_a_duplicate":"yes")"))),
              "malformed");
    EXPECT_TRUE(service.commands.empty()) << "nothing of it reached the writer";
    ApiOptions options{.cookie_secure = false, .web_root = {}, .prepare_instrument = {}};
    options.prepare_instrument = [](payments::RailDirection direction,
                                    std::string_view text) -> Result<PreparedInstrument, std::string> {
        EXPECT_EQ(direction, payments::RailDirection::collect);
        if (text == "4242424242424242") return fail(std::string{"is a card number, which we never take"});
        return PreparedInstrument{.masked = "card", .sealed = "c2VhbGVk", .hash = "00ff"};
    };
    Api with_rail{service, queries, events, metrics, std::move(options)};
    const auto pay = [&](std::string_view instrument, std::string text) {
        Request request{.method = Method::post, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        for (const auto& [name, value] : key(std::move(text), merchant)) request.message.set(name, value);
        request.message.set("Content-Type", "application/json");
        request.message.body() = body_with(wang, fmt::format(R"(,"instrument":"{}","order_ref":"A-1")", instrument));
        EXPECT_TRUE(set_target(request, "/api/v1/payments"));
        std::optional<Response> response;
        asio::co_spawn(io, with_rail.handle(std::move(request)),
                       [&response](const std::exception_ptr&, Response answered) { response = std::move(answered); });
        io.restart();
        io.run();
        return *response;
    };
    const Response number = pay("4242424242424242", "d");
    EXPECT_EQ(code_of(number), "malformed");
    EXPECT_EQ(number.body.find("4242"), std::string::npos) << "a card number is not said back";
    world.top_up(wang, 10'000);
    payments::Payment charged = world.pay(wang, coffee, 1'000, "A-1");
    charged.state = payments::PaymentState::processing;
    service.respond = [&](const service::Command&) {
        service::Answer answer{.number = charged.seq};
        answer.payment = std::make_shared<const payments::Payment>(charged);
        return answer;
    };
    const Response made = pay("tok_visa4242", "e");
    expect_documented(made, "Payment");
    EXPECT_EQ(body_of(made).at("state"), "processing");
    EXPECT_EQ(service.last<service::Pay>().instrument, "card");
    EXPECT_EQ(service.last<service::Pay>().sealed_instrument, "c2VhbGVk");
    EXPECT_EQ(service.last<service::Pay>().instrument_hash, "00ff");
}

TEST_F(ApiTest, what_would_be_repeated_is_named) {
    world.top_up(wang, 10'000);
    const payments::Payment first = world.pay(wang, coffee, 1'000, "A-1");
    const payments::Payment kept = world.pay(wang, coffee, 1'000, "A-2");
    world.connection().execute("UPDATE payment SET duplicate_of = $2 WHERE seq = $1", {kept.seq, first.seq});
    for (const char* code : {"possible_duplicate", "attempt_unresolved"}) {
        service.respond = [&](const service::Command&) {
            return service::Answer{.code = code, .detail = "the same again", .number = kept.seq};
        };
        const Response refused = post("/api/v1/payments", key("a", merchant), body_with(wang, ""));
        EXPECT_EQ(refused.status, 409U);
        EXPECT_EQ(body_of(refused).at("first_payment"), json::value(payments::text_of(first.id))) << code;
        expect_documented(refused, "Problem");
    }
    service.respond = [&](const service::Command&) {
        return service::Answer{.code = "insufficient_funds", .number = kept.seq};
    };
    EXPECT_FALSE(
        body_of(post("/api/v1/payments", key("b", merchant), body_with(wang, ""))).as_object().contains("first_payment"));
    post("/api/v1/payments", key("c", merchant), body_with(wang, R"(,"not_a_duplicate":true)"));
    EXPECT_TRUE(service.last<service::Pay>().not_a_duplicate);
}

TEST_F(ApiTest, a_charge_that_came_twice_is_reported_by_its_payer) {
    world.top_up(wang, 10'000);
    const payments::Payment first = world.pay(wang, coffee, 1'000, "A-1");
    const payments::Payment second = world.pay(wang, coffee, 1'000, "a-1");
    const std::string path = "/api/v1/me/payments/" + payments::text_of(second.id) + "/report-duplicate";
    service.respond = [&](const service::Command&) {
        service::Answer answer{.number = 1, .text = "OK-2345-6"};
        answer.numbers = {static_cast<std::int64_t>(store::ReportOutcome::request_opened),
                          static_cast<std::int64_t>(payments::PairClass::true_duplicate_same_order), first.seq, 0};
        return answer;
    };
    const Headers own = signed_in(wang);
    EXPECT_EQ(code_of(post(path, {{"Origin", "http://localhost:8080"}}, "{}")), "not_signed_in");
    EXPECT_EQ(code_of(post(path, {}, "{}")), "origin_refused");
    EXPECT_EQ(code_of(post(path, own, "{}")), "idempotency_key_required");
    const Response report = post(path, key("k", own), R"({"text":"I bought it once"})");
    EXPECT_EQ(report.status, 201U) << report.body;
    expect_documented(report, "DuplicateReport");
    EXPECT_EQ(body_of(report).at("outcome"), "request_opened");
    EXPECT_EQ(body_of(report).at("other_payment"), json::value(payments::text_of(first.id)));
    EXPECT_EQ(body_of(report).at("ticket"), "OK-2345-6");
    const auto& command = service.last<service::ReportDuplicate>();
    EXPECT_EQ(command.payment, second.seq);
    EXPECT_EQ(command.customer, number_of(wang.no));
    EXPECT_EQ(command.text, "I bought it once");
    EXPECT_TRUE(TicketId::parse(command.ticket_id) && OutgoingId::parse(command.outgoing_id));
    EXPECT_EQ(code_of(post(path, key("k2", own), R"({"twin":"A-1"})")), "malformed");
    EXPECT_EQ(code_of(post("/api/v1/me/payments/pay_x/report-duplicate", key("k3", own), "{}")), "not_found");
}

}  // namespace
}  // namespace okpay::api
