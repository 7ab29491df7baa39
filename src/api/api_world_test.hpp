// SPDX-License-Identifier: Apache-2.0
// The whole API over a real database and a service that only remembers what it was told.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/schema_check_test.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/password.hpp"
#include "service/queries_world_test.hpp"

namespace okpay::api::test {

using desk::TicketState;
using payments::Payment;
using service::Answer;
using service::Command;

class RememberingService final : public service::Service {
public:
    explicit RememberingService(money::Ledger& ledger) : ledger_{ledger} {}
    void submit(Command command, std::function<void(Answer)> done) override {
        if (const auto* read = std::get_if<service::ReadAccounts>(&command.body)) {
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
    template <class Body>
    const Body& last() const {
        return std::get<Body>(commands.at(commands.size() - 1).body);
    }

    std::vector<Command> commands;
    std::function<Answer(const Command&)> respond = [](const Command&) { return Answer{.number = 1}; };

private:
    money::Ledger& ledger_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class ApiTest : public testing::Test {
public:
    ApiTest() {
        for (const auto& [staff, token] : {std::pair{&ana, 'a'}, std::pair{&ben, 'b'}, std::pair{&eve, 'e'}}) {
            const Bytes octets(session_token_octets, token);
            store::insert_session(world.connection(), view_of(sha256(octets)), staff->no, now(),
                                  now() + std::chrono::hours{1});
        }
    }
    static Headers session(char token) {
        return {{"Cookie", "okpay_staff=" + base64url_of(Bytes(session_token_octets, token))},
                {"Origin", "http://localhost:8080"}};
    }
    void insert_session_of(customers::CustomerNo customer, ByteView token_hash, Moment expires) {
        store::insert_customer_session(world.connection(), {.token_hash = Bytes{token_hash},
                                                            .no = ++sessions_made,
                                                            .customer = customer,
                                                            .created = now(),
                                                            .expires = expires,
                                                            .last_seen = now(),
                                                            .proven = now()});
    }
    Headers signed_in(const customers::Customer& customer) {
        const Bytes token(session_token_octets, static_cast<char>('A' + number_of(customer.no)));
        insert_session_of(customer.no, view_of(sha256(token)), now() + std::chrono::hours{1});
        return {{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
    }
    static Headers key(std::string text, Headers headers) {
        headers.emplace_back("Idempotency-Key", std::move(text));
        return headers;
    }
    Response call(Method method, const std::string& target, Headers headers = {}, std::string body = "") {
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
    Response get(const std::string& target, Headers headers = {}) { return call(Method::get, target, std::move(headers)); }
    Response post(const std::string& target, Headers headers, std::string body) {
        return call(Method::post, target, std::move(headers), std::move(body));
    }
    static json::value body_of(const Response& response) { return json::parse(response.body); }
    static std::string code_of(const Response& response) {
        EXPECT_EQ(response.content_type, "application/problem+json") << response.body;
        return std::string{body_of(response).at("code").as_string()};
    }
    static std::string header_of(const Response& response, std::string_view name) {
        for (const auto& [found, value] : response.headers) {
            if (found == name) return value;
        }
        return {};
    }
    void expect_documented(const Response& response, std::string_view schema) {
        EXPECT_EQ(schemas.fault(body_of(response), schema), "");
    }

    service::test::World world;
    customers::Customer wang = world.customer("wang@qq.example", "Wang Xiaoming");
    customers::Merchant coffee = world.merchant("Blue Harbour Coffee", "sk_coffee");
    customers::Merchant books = world.merchant("Books", "sk_books");
    const std::string phc =
        customers::hash_password(Secret{"correct horse battery"}, Bytes(16, 's'), {.memory_kib = 64, .passes = 1});
    store::StaffRow ana = world.staff("ana@pay.example", customers::Role::agent, phc);
    store::StaffRow ben = world.staff("ben@pay.example", customers::Role::supervisor);
    store::StaffRow eve = world.staff("eve@pay.example", customers::Role::auditor);

    asio::io_context io;
    RememberingService service{world.ledger()};
    service::Queries queries{world.database(), 2};
    Metrics metrics;
    EventHub events{io.get_executor(), now()};
    bool takes_traffic = true;
    // No child: what needs one is told by the story through the real server.
    std::shared_ptr<service::IdentityFiles> identity =
        std::make_shared<service::IdentityFiles>(store::Keyring{Secret{std::string(32, 'k')}}, std::nullopt,
                                                 sandbox::ChildOptions{.program = "/nonexistent"});
    Api api{service, queries, events, metrics,
            ApiOptions{.cookie_secure = false,
                       .web_root = {},
                       .seal_totp_secret = [](ByteView plain) { return "sealed:" + Bytes{plain}; },
                       .make_challenge =
                           [](const customers::Challenge& challenge) {
                               return make_challenge(challenge, Bytes(customers::challenge_random_octets, 'r'), Secret{"k"});
                           },
                       .identity = identity,
                       .takes_traffic = [this] { return takes_traffic; },
                       .read_threads = 2}};
    SchemaCheck schemas;
    std::int64_t sessions_made = 0;
};

}  // namespace okpay::api::test
