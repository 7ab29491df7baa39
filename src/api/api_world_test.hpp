// SPDX-License-Identifier: Apache-2.0
// The whole API over a real database and a service that only remembers what it was told.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/schema_check_test.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/password.hpp"
#include "queries_world.hpp"

namespace okpay::api::test {

using desk::TicketState;
using payments::Payment;
using service::Answer;
using service::Command;

class RememberingService final : public service::Service {
public:
    explicit RememberingService(money::Ledger& ledger) : ledger_{ledger} {}
    void submit(Command command, std::function<void(Answer)> done) override;
    template <class Body>
    const Body& last() const {
        return commands.at(commands.size() - 1).body.get<Body>();
    }

    std::vector<Command> commands;
    std::function<Answer(const Command&)> respond = [](const Command&) { return Answer{.number = 1}; };

private:
    money::Ledger& ledger_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class ApiTest : public testing::Test {
public:
    ApiTest();
    ~ApiTest() override;
    static Headers session(char token);
    void insert_session_of(customers::CustomerNo customer, ByteView token_hash, Moment expires);
    Headers signed_in(const customers::Customer& customer);
    static Headers key(std::string text, Headers headers);
    Response call(Method method, const std::string& target, Headers headers = {}, std::string body = "");
    Response get(const std::string& target, Headers headers = {}) { return call(Method::get, target, std::move(headers)); }
    Response post(const std::string& target, Headers headers, std::string body) {
        return call(Method::post, target, std::move(headers), std::move(body));
    }
    static json::value body_of(const Response& response) { return json::parse(response.body); }
    static std::string code_of(const Response& response);
    static std::string header_of(const Response& response, std::string_view name);
    void expect_documented(const Response& response, std::string_view schema);

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
