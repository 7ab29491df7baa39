// SPDX-License-Identifier: Apache-2.0
// Merchants and customers over the whole API.
#include "api/api_world_test.hpp"

namespace okpay::api {
namespace {

using payments::Payment;
using service::Answer;
using service::Command;
using test::ApiTest;
using test::Headers;

// --- Merchants and customers

TEST_F(ApiTest, merchants_pay_with_a_key) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    service.respond = [&](const Command&) { return Answer{.number = paid.seq}; };
    const Headers merchant{{"Authorization", "Bearer sk_coffee"}};
    const std::string body =
        R"({"customer":")" + wang.id.text() + R"(","amount":{"amount":"10.00","currency":"CNY"},"order_ref":"A-1"})";
    EXPECT_EQ(code_of(post("/api/v1/payments", {{"Authorization", "Bearer sk_none"}}, body)), "bad_key");
    EXPECT_EQ(code_of(post("/api/v1/payments", merchant, body)), "idempotency_key_required");
    const Response made = post("/api/v1/payments", key("order-1", merchant), body);
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Payment");
    EXPECT_EQ(header_of(made, "Idempotent-Replayed"), "");
    const auto& command = service.last<service::Pay>();
    EXPECT_EQ(command.key, "order-1");
    EXPECT_EQ(command.customer, number_of(wang.no));
    EXPECT_EQ(command.memo, coffee.name);
    EXPECT_EQ(service.commands.back().actor.kind, service::ActorKind::merchant);

    service.respond = [&](const Command&) {
        return Answer{.code = "insufficient_funds", .detail = "no", .number = 1, .replayed = true};
    };
    const Response refused = post("/api/v1/payments", key("order-1", merchant), body);
    EXPECT_EQ(refused.status, 402U);
    EXPECT_EQ(header_of(refused, "Idempotent-Replayed"), "true");
    service.respond = [&](const Command&) { return Answer{.code = "not_found", .detail = "no wallet"}; };
    EXPECT_EQ(code_of(post("/api/v1/payments", key("order-2", merchant), body)), "wrong_currency");
    EXPECT_EQ(code_of(post("/api/v1/payments", key("order-3", merchant),
                           R"({"customer":"nobody","amount":{"amount":"1.00","currency":"CNY"}})")),
              "not_found");
}

TEST_F(ApiTest, merchants_see_their_own_payments_alone) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    world.pay(wang, books, 500, "B-1");
    const Headers coffee_key{{"Authorization", "Bearer sk_coffee"}};
    const Headers books_key{{"Authorization", "Bearer sk_books"}};
    const std::string path = "/api/v1/payments/" + payments::text_of(paid.id);
    expect_documented(get(path, coffee_key), "Payment");
    EXPECT_EQ(code_of(get(path, books_key)), "not_found");
    const Response list = get("/api/v1/payments", coffee_key);
    expect_documented(list, "PaymentList");
    EXPECT_EQ(body_of(list).at("items").as_array().size(), 1U);
    const std::string refund = R"({"amount":{"amount":"4.00","currency":"CNY"},"reason":"error"})";
    EXPECT_EQ(code_of(post(path + "/refunds", key("r-1", books_key), refund)), "not_found");
    EXPECT_EQ(code_of(post(path + "/refunds", key("r-1", coffee_key),
                           R"({"amount":{"amount":"4.00","currency":"USD"},"reason":"error"})")),
              "currencies_differ");
    const Payment back = world.refund(paid, 400);
    service.respond = [&](const Command&) { return Answer{.number = back.seq}; };
    const Response made = post(path + "/refunds", key("r-1", coffee_key), refund);
    EXPECT_EQ(made.status, 201U);
    EXPECT_EQ(body_of(made).at("original"), json::value(payments::text_of(paid.id)));
    EXPECT_EQ(body_of(made).at("direction"), "in");
}

TEST_F(ApiTest, customers_come_in_and_see_their_own_money) {
    const customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    const Headers page{{"Origin", "http://localhost:8080"}};
    const auto sign_in = [&](const std::string& email, const std::string& password) {
        return post("/api/v1/me/sign-in", page, json::serialize(json::object{{"email", email}, {"password", password}}));
    };
    const Response unknown = sign_in("nobody@example.org", "correct horse battery");
    const Response no_password = sign_in("zoe@example.org", "correct horse battery");
    const Response wrong = sign_in("wang@qq.example", "wrong");
    EXPECT_EQ(service.last<service::CountFailedCustomerSignIn>().customer, number_of(wang.no));
    EXPECT_EQ(unknown.status, 401U);
    for (const Response* other : {&no_password, &wrong}) {
        EXPECT_EQ(other->body, unknown.body);
        EXPECT_EQ(other->headers, unknown.headers);
    }
    EXPECT_EQ(code_of(post("/api/v1/me/sign-in", {}, R"({"email":"a@b.example","password":"x"})")), "origin_refused");
    const Response in = sign_in(" WANG@qq.example", "correct horse battery");
    ASSERT_EQ(in.status, 200U) << in.body;
    expect_documented(in, "CustomerSignedIn");
    const auto& command = service.last<service::SignInCustomer>();
    store::insert_customer_session(world.connection(), *bytes_of_hex(command.session_token_hash), wang.no, now(),
                                   moment_of_ms(command.session_expires));
    const std::string cookie = header_of(in, "Set-Cookie");
    const Headers own{{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Origin", "http://localhost:8080"}};

    EXPECT_EQ(code_of(get("/api/v1/me")), "not_signed_in");
    EXPECT_EQ(code_of(get("/api/v1/me", session('a'))), "not_signed_in") << "staff are no customers";
    const Response profile = get("/api/v1/me", own);
    expect_documented(profile, "CustomerWithWallets");
    EXPECT_EQ(body_of(profile).at("email"), "wang@qq.example");
    EXPECT_EQ(body_of(profile).at("wallets").at(0).at("balance").at("amount"), "90.00");
    expect_documented(get("/api/v1/me/payments", own), "PaymentList");
    expect_documented(get("/api/v1/me/payments/" + payments::text_of(paid.id), own), "Payment");
    const Payment hers = world.top_up(zoe, 700);
    EXPECT_EQ(code_of(get("/api/v1/me/payments/" + payments::text_of(hers.id), own)), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/customers", own)), "not_signed_in") << "customers are no staff";
}

TEST_F(ApiTest, customers_send_money_to_people) {
    const customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    world.top_up(wang, 10'000);
    const Bytes token(session_token_octets, 'w');
    store::insert_customer_session(world.connection(), view_of(sha256(token)), wang.no, now(),
                                   now() + std::chrono::hours{1});
    const Headers own{{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
    const auto body = [](std::string_view to) {
        return fmt::format(R"({{"to":"{}","amount":{{"amount":"20.00","currency":"CNY"}},"memo":"lunch"}})", to);
    };
    EXPECT_EQ(code_of(post("/api/v1/me/transfers", own, body("zoe@example.org"))), "idempotency_key_required");
    EXPECT_EQ(code_of(post("/api/v1/me/transfers", key("k", own), body("nobody@example.org"))), "payee_cannot_receive");
    Payment sent = world.pay(wang, coffee, 2'000, "");
    sent.kind = payments::PaymentKind::person_to_person;
    service.respond = [&](const Command&) {
        Answer answer{.number = sent.seq};
        answer.payment = std::make_shared<const Payment>(sent);
        return answer;
    };
    const Response made = post("/api/v1/me/transfers", key("k", own), body("Zoe@example.org"));
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Payment");
    EXPECT_EQ(body_of(made).at("counterparty"), "Zoe");
    const auto& command = service.last<service::SendMoney>();
    EXPECT_EQ(command.payer, number_of(wang.no));
    EXPECT_EQ(command.payee, number_of(zoe.no));
    EXPECT_EQ(command.amount_minor, 2'000);
    EXPECT_EQ(service.commands.back().actor.kind, service::ActorKind::customer);
    Headers foreign = key("k", own);
    foreign[1].second = "https://evil.example";
    EXPECT_EQ(code_of(post("/api/v1/me/transfers", foreign, body("zoe@example.org"))), "origin_refused");
}

TEST_F(ApiTest, holds_are_captured_or_released) {
    world.top_up(wang, 10'000);
    Payment held = world.pay(wang, coffee, 1'000, "A-1");
    held.state = payments::PaymentState::requires_capture;
    held.captured_minor = 0;
    const Headers merchant{{"Authorization", "Bearer sk_coffee"}};
    const std::string path = "/api/v1/payments/" + payments::text_of(held.id);
    service.respond = [&](const Command&) {
        Answer answer{.number = held.seq};
        answer.payment = std::make_shared<const Payment>(held);
        return answer;
    };
    const std::string start = R"({"customer":")" + wang.id.text() + R"(","amount":{"amount":"10.00","currency":"CNY"})";
    const Response made = post("/api/v1/payments", key("h", merchant), start + R"(,"capture_method":"manual"})");
    expect_documented(made, "Payment");
    EXPECT_EQ(body_of(made).at("state"), "requires_capture");
    EXPECT_TRUE(service.last<service::Pay>().manual_capture);
    EXPECT_EQ(code_of(post("/api/v1/payments", key("h", merchant), start + R"(,"capture_method":"later"})")), "malformed");
    const Response captured =
        post(path + "/capture", key("c", merchant), R"({"amount":{"amount":"6.00","currency":"CNY"}})");
    EXPECT_EQ(captured.status, 201U) << captured.body;
    EXPECT_EQ(service.last<service::CapturePayment>().amount_minor, 600);
    EXPECT_EQ(service.last<service::CapturePayment>().payment, held.seq);
    EXPECT_EQ(code_of(post(path + "/capture", key("c", {{"Authorization", "Bearer sk_books"}}),
                           R"({"amount":{"amount":"6.00","currency":"CNY"}})")),
              "not_found");
    EXPECT_EQ(post(path + "/cancel", key("x", merchant), "").status, 201U);
    EXPECT_EQ(service.last<service::CancelPayment>().payment, held.seq);
    service.respond = [](const Command&) { return Answer{.code = "exceeds_hold", .detail = "more"}; };
    EXPECT_EQ(post(path + "/capture", key("d", merchant), R"({"amount":{"amount":"60.00","currency":"CNY"}})").status, 422U);
}

TEST_F(ApiTest, supervisors_register_customers_and_top_up) {
    const Payment credit = world.top_up(wang, 5'000);
    service.respond = [&](const Command&) { return Answer{.number = number_of(wang.no)}; };
    const std::string body =
        R"({"email":"wang@qq.example","name":"W","language":"en","zone":"Asia/Shanghai","currencies":["CNY"]})";
    EXPECT_EQ(code_of(post("/api/v1/customers", key("c", session('a')), body)), "not_permitted");
    const Response made = post("/api/v1/customers", key("c", session('b')), body);
    EXPECT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "CustomerWithWallets");
    service.respond = [&](const Command&) { return Answer{.code = "email_in_use", .detail = "exists"}; };
    EXPECT_EQ(code_of(post("/api/v1/customers", key("d", session('b')), body)), "customer_exists");
    service.respond = [&](const Command&) { return Answer{.number = credit.seq}; };
    const std::string customer = "/api/v1/customers/" + wang.id.text();
    expect_documented(post(customer + "/top-ups", key("t", session('b')),
                           R"({"amount":{"amount":"50.00","currency":"CNY"}})"),
                      "Payment");
    EXPECT_EQ(service.last<service::TopUp>().amount_minor, 5'000);
    expect_documented(get(customer, session('a')), "CustomerWithWallets");
    expect_documented(get(customer + "/payments", session('a')), "PaymentList");
    expect_documented(get("/api/v1/customers?q=wang", session('a')), "CustomerList");
    expect_documented(get("/api/v1/mail-books", session('b')), "MailBooks");
}

}  // namespace
}  // namespace okpay::api
