// SPDX-License-Identifier: Apache-2.0
// Merchants and customers over the whole API.
#include <fmt/format.h>

#include "api/api_world_test.hpp"
#include "api/qr_code.hpp"

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
    insert_session_of(wang.no, *bytes_of_hex(command.session_token_hash), moment_of_ms(command.session_expires));
    const std::string cookie = header_of(in, "Set-Cookie");
    const Headers own{{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Origin", "http://localhost:8080"}};

    EXPECT_EQ(code_of(get("/api/v1/me")), "not_signed_in");
    EXPECT_EQ(code_of(get("/api/v1/me", session('a'))), "not_signed_in") << "staff are no customers";
    const Response profile = get("/api/v1/me", own);
    expect_documented(profile, "CustomerWithWallets");
    EXPECT_EQ(body_of(profile).at("email"), "wang@qq.example");
    EXPECT_EQ(body_of(profile).at("wallets").at(0).at("balance").at("amount"), "90.00");
    expect_documented(get("/api/v1/me/payments", own), "PaymentList");
    expect_documented(get("/api/v1/me/payments/" + payments::text_of(paid.id), own), "PaymentDetail");
    const Payment hers = world.top_up(zoe, 700);
    EXPECT_EQ(code_of(get("/api/v1/me/payments/" + payments::text_of(hers.id), own)), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/customers", own)), "not_signed_in") << "customers are no staff";
}

TEST_F(ApiTest, customers_send_money_to_people) {
    const customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    world.top_up(wang, 10'000);
    const Bytes token(session_token_octets, 'w');
    insert_session_of(wang.no, view_of(sha256(token)), now() + std::chrono::hours{1});
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

TEST_F(ApiTest, customers_filter_their_history_and_see_what_became_of_a_payment) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    world.refund(paid, 400);
    world.refused(wang, coffee, 9'999'999);
    const Headers own = signed_in(wang);
    const auto found = [&](const std::string& query) {
        const Response list = get("/api/v1/me/payments?" + query, own);
        expect_documented(list, "PaymentList");
        return body_of(list).at("items").as_array().size();
    };
    EXPECT_EQ(found(""), 4U);
    EXPECT_EQ(found("kind=refund"), 1U);
    EXPECT_EQ(found("state=failed"), 1U);
    EXPECT_EQ(found("q=harbour+A-1"), 1U);
    EXPECT_EQ(found("from=" + rfc3339(paid.created) + "&until=" + rfc3339(paid.created + Millis{1})), 1U);
    for (const char* wrong : {"kind=gift", "state=lost", "from=yesterday", "until=2026-11-05"}) {
        EXPECT_EQ(code_of(get(std::string{"/api/v1/me/payments?"} + wrong, own)), "malformed") << wrong;
    }
    const Response detail = get("/api/v1/me/payments/" + payments::text_of(paid.id), own);
    expect_documented(detail, "PaymentDetail");
    EXPECT_EQ(body_of(detail).at("refunds").at(0).at("amount").at("amount"), "4.00");
    EXPECT_TRUE(body_of(detail).at("held_until").is_null());
}

TEST_F(ApiTest, a_pay_code_names_the_customer_by_id_and_nothing_else) {
    const Headers own = signed_in(wang);
    const auto url = [&](const std::string& query) {
        const Response made = get("/api/v1/me/pay-code" + query, own);
        expect_documented(made, "PayCode");
        return std::string{body_of(made).at("url").as_string()};
    };
    const std::string plain = "http://localhost:8080/account/pay?to=" + wang.id.text();
    EXPECT_EQ(url(""), plain);
    EXPECT_EQ(url("?amount=12.5&currency=cny&note=%E5%8D%88%E9%A5%AD+%26x%3D1"),
              plain + "&amount=12.50&currency=CNY&note=%E5%8D%88%E9%A5%AD%20%26x%3D1");
    EXPECT_EQ(url("?currency=USD"), plain + "&currency=USD");
    for (const char* wrong :
         {"?amount=12", "?amount=0&currency=CNY", "?amount=-1&currency=CNY", "?amount=1.234&currency=CNY", "?currency=XXX",
          "?note=1234567890123456789012345678901234567890123456789012345678901"}) {
        EXPECT_EQ(code_of(get(std::string{"/api/v1/me/pay-code"} + wrong, own)), "malformed") << wrong;
        EXPECT_EQ(code_of(get(std::string{"/api/v1/me/pay-code.svg"} + wrong, own)), "malformed") << wrong;
    }
    const Response picture = get("/api/v1/me/pay-code.svg", own);
    EXPECT_EQ(picture.content_type, "image/svg+xml");
    EXPECT_EQ(picture.body, qr_svg(plain).value());
    EXPECT_EQ(header_of(picture, "Cache-Control"), "no-store");
    EXPECT_EQ(code_of(get("/api/v1/me/pay-code")), "not_signed_in");
}

TEST_F(ApiTest, a_payee_is_a_name_for_who_has_the_code) {
    const customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    const Headers own = signed_in(wang);
    const Response payee = get("/api/v1/me/payees/" + zoe.id.text(), own);
    expect_documented(payee, "Payee");
    EXPECT_EQ(body_of(payee).at("name"), "Zoe");
    EXPECT_EQ(body_of(payee).at("is_me"), false);
    EXPECT_EQ(payee.body.find("zoe@"), std::string::npos);
    EXPECT_EQ(body_of(get("/api/v1/me/payees/" + wang.id.text(), own)).at("is_me"), true);
    EXPECT_EQ(code_of(get("/api/v1/me/payees/zoe@example.org", own)), "not_found") << "an address opens nothing";
    EXPECT_EQ(code_of(get("/api/v1/me/payees/" + world.id<CustomerId>().text(), own)), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/me/payees/" + zoe.id.text(), session('a'))), "not_signed_in");
}

TEST_F(ApiTest, treasury_is_read_by_those_who_may) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    world.pay(wang, books, 500, "B-1");
    const std::string ledger = "/api/v1/ledger";
    const std::string wallet = std::to_string(number_of(world.wallet(wang)));
    for (const std::string& path : {std::string{"/accounts"}, "/accounts/" + wallet, "/accounts/" + wallet + "/entries",
                                    std::string{"/trial-balance"}, std::string{"/journal"}}) {
        EXPECT_EQ(code_of(get(ledger + path, session('a'))), "not_permitted") << path;
        EXPECT_EQ(get(ledger + path, session('b')).status, 200U) << path;
        EXPECT_EQ(get(ledger + path, session('e')).status, 200U) << path;
        EXPECT_EQ(code_of(get(ledger + path + "?as_of_seq=999", session('e'))), "malformed");
        EXPECT_EQ(code_of(get(ledger + path + "?as_of_seq=-1", session('e'))), "malformed");
        EXPECT_EQ(code_of(get(ledger + path + "?as_of=noon", session('e'))), "malformed");
    }
    const auto read = [&](const std::string& path, std::string_view schema) {
        const Response answer = get(ledger + path, session('e'));
        expect_documented(answer, schema);
        return body_of(answer);
    };
    const json::value account = read("/accounts/" + wallet, "LedgerAccountAnswer");
    EXPECT_EQ(account.at("account").at("balance").at("amount"), "85.00");
    EXPECT_EQ(account.at("account").at("owner").at("name"), "Wang Xiaoming");
    EXPECT_EQ(read("/accounts/" + wallet + "?as_of_seq=1", "LedgerAccountAnswer").at("account").at("balance").at("amount"),
              "100.00");
    const json::value then = read("/accounts/" + wallet + "?as_of=" + rfc3339(paid.created), "LedgerAccountAnswer");
    EXPECT_EQ(then.at("account").at("balance").at("amount"), "90.00");
    EXPECT_EQ(then.at("as_of_seq"), "3") << "the fee of the payment counts: it was posted with it";
    const json::value all = read("/accounts?kind=customer_wallet&currency=CNY", "LedgerAccountList");
    EXPECT_EQ(all.at("items").as_array().size(), 1U);
    EXPECT_EQ(code_of(get(ledger + "/accounts?kind=purse", session('e'))), "malformed");
    const json::value trial = read("/trial-balance", "TrialBalance");
    EXPECT_EQ(trial.at("currencies").at(0).at("balanced"), true);
    EXPECT_EQ(trial.at("currencies").at(0).at("total").at("debit_balances").at("amount"), "100.00");
    EXPECT_EQ(trial.at("currencies").at(0).at("total").at("credit_balances").at("amount"), "100.00");
    const json::value journal = read("/journal?limit=2", "Journal");
    EXPECT_EQ(journal.at("items").at(0).at("seq"), "5");
    const std::string cursor{journal.at("next_cursor").as_string()};
    EXPECT_EQ(read("/journal?limit=2&cursor=" + cursor, "Journal").at("items").at(0).at("seq"), "3");
    const json::value own = read("/journal?account=" + wallet, "Journal");
    EXPECT_EQ(own.at("items").as_array().size(), 3U);
    EXPECT_EQ(own.at("items").at(1).at("payment"), json::value(payments::text_of(paid.id)));
    EXPECT_EQ(own.at("items").at(1).at("debit_after").at("amount"), "90.00");
    const std::string payment = "/payments/" + payments::text_of(paid.id);
    EXPECT_EQ(read(payment, "LedgerPayment").at("transfers").as_array().size(), 2U) << "the payment and its fee";
    EXPECT_EQ(code_of(get(ledger + payment, session('a'))), "not_permitted");
    EXPECT_EQ(code_of(get(ledger + "/payments/" + payments::text_of(world.id<PaymentId>()), session('e'))), "not_found");
    EXPECT_EQ(code_of(get(ledger + "/accounts/999", session('e'))), "not_found");
    EXPECT_EQ(code_of(get(ledger + "/journal?account=999", session('e'))), "not_found");
}

TEST_F(ApiTest, a_place_too_far_from_both_ends_is_refused) {
    for (int i = 0; i < 9; ++i) world.top_up(wang, 1'000);
    store::set_cursor(world.connection(), "balances", 9);  // as after a write-back of all accounts
    store::write_accounts(world.connection(), world.ledger().accounts());
    Api narrow{service, queries, events, metrics, ApiOptions{.cookie_secure = false, .ledger_distance_max = 3}};
    const auto status = [&](const std::string& path) {
        Request request{.method = Method::get, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        for (const auto& [name, value] : session('e')) request.message.set(name, value);
        EXPECT_TRUE(set_target(request, "/api/v1/ledger/" + path));
        std::optional<Response> response;
        asio::co_spawn(io, narrow.handle(std::move(request)),
                       [&response](const std::exception_ptr&, Response answered) { response = std::move(answered); });
        io.restart();
        io.run();
        return response->status == 200 ? "200" : code_of(*response);
    };
    EXPECT_EQ(status("trial-balance"), "200");
    EXPECT_EQ(status("trial-balance?as_of_seq=6"), "200") << "three from the present";
    EXPECT_EQ(status("trial-balance?as_of_seq=3"), "200") << "three from the beginning";
    for (const char* path : {"trial-balance", "accounts", "accounts/1", "accounts/1/entries"}) {
        EXPECT_EQ(status(std::string{path} + "?as_of_seq=5"), "as_of_too_far") << path;
    }
    EXPECT_EQ(status("journal?as_of_seq=5"), "200") << "rows are there";
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
