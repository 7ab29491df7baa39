// SPDX-License-Identifier: Apache-2.0
#include "api/api_world_test.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"

namespace okpay::api::test {

void RememberingService::submit(Command command, std::function<void(Answer)> done) {
    if (const auto* read = command.body.as<service::ReadAccounts>()) {
        Answer answer;
        for (const std::int64_t no : read->accounts) {
            const money::Account& account = *ledger_.find(money::AccountNo{no});
            answer.accounts.push_back({no, std::string{money::code_of(account.currency)}, account.posted_minor(),
                                       account.available_minor(), account.last_transfer, account.entries});
        }
        return done(std::move(answer));
    }
    commands.push_back(command);
    done(respond(command));
}

ApiTest::ApiTest() {
    for (const auto& [staff, token] : {std::pair{&ana, 'a'}, std::pair{&ben, 'b'}, std::pair{&eve, 'e'}}) {
        const Bytes octets(session_token_octets, token);
        store::insert_session(world.connection(), view_of(sha256(octets)), staff->no, now(), now() + std::chrono::hours{1});
    }
}

ApiTest::~ApiTest() = default;

Headers ApiTest::session(char token) {
    return {{"Cookie", "okpay_staff=" + base64url_of(Bytes(session_token_octets, token))},
            {"Origin", "http://localhost:8080"}};
}

void ApiTest::insert_session_of(customers::CustomerNo customer, ByteView token_hash, Moment expires) {
    store::insert_customer_session(world.connection(), {.token_hash = Bytes{token_hash},
                                                        .no = ++sessions_made,
                                                        .customer = customer,
                                                        .created = now(),
                                                        .expires = expires,
                                                        .last_seen = now(),
                                                        .proven = now()});
}

Headers ApiTest::signed_in(const customers::Customer& customer) {
    const Bytes token(session_token_octets, static_cast<char>('A' + number_of(customer.no)));
    insert_session_of(customer.no, view_of(sha256(token)), now() + std::chrono::hours{1});
    return {{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
}

Headers ApiTest::key(std::string text, Headers headers) {
    headers.emplace_back("Idempotency-Key", std::move(text));
    return headers;
}

Response ApiTest::call(Method method, const std::string& target, Headers headers, std::string body) {
    Request request{.method = method, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
    request.message.set("Host", "localhost:8080");
    if (!body.empty()) request.message.set("Content-Type", "application/json");
    for (const auto& [name, value] : headers) request.message.set(name, value);
    request.message.body() = std::move(body);
    EXPECT_TRUE(set_target(request, target));
    std::optional<Response> response;
    asio::co_spawn(io, api.handle(std::move(request)), [&response](std::exception_ptr failure, Response answered) {
        ASSERT_FALSE(failure);
        response = std::move(answered);
    });
    io.restart();
    io.run();
    return response.value();
}

std::string ApiTest::code_of(const Response& response) {
    EXPECT_EQ(response.content_type, "application/problem+json") << response.body;
    return std::string{body_of(response).at("code").as_string()};
}

std::string ApiTest::header_of(const Response& response, std::string_view name) {
    for (const auto& [found, value] : response.headers) {
        if (found == name) return value;
    }
    return {};
}

void ApiTest::expect_documented(const Response& response, std::string_view schema) {
    EXPECT_EQ(schemas.fault(body_of(response), schema), "");
}

}  // namespace okpay::api::test
