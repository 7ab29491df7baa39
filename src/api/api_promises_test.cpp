// SPDX-License-Identifier: Apache-2.0
// Promises over the API: found in a draft in the customer's zone, carried by the reply, shown, ended.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "api/api_world_test.hpp"
#include "store/promise_store.hpp"

namespace okpay::api::test {
namespace {

class PromisesApi : public ApiTest {
public:
    store::TicketRow row = world.ticket(wang, TicketState::open, "Charged twice", ana.no);
    desk::Message message = world.message(row, desk::Direction::outbound, "By noon.", ana.no);
    std::string path = "/api/v1/tickets/" + row.ticket.request_number;

    store::PromiseRow promise() {
        store::PromiseRow made{.no = desk::PromiseNo{1},
                               .ticket = row.ticket.no,
                               .message = message.no,
                               .words = "By noon",
                               .staff = ana.no,
                               .promise = {.made = world.at(), .due = world.at() + std::chrono::hours{5}}};
        store::insert_promise(world.connection(), made);
        return made;
    }
};

TEST_F(PromisesApi, are_found_in_a_draft_and_reckoned_in_the_customers_zone) {
    const Response answer = post(path + "/promises/find", session('a'),
                                 R"({"text":"Thank you. We will refund you within 48 hours. Please answer by Friday."})");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    expect_documented(answer, "FoundPromises");
    const json::value body = body_of(answer);
    EXPECT_EQ(body.at("zone"), wang.zone.c_str());
    ASSERT_EQ(body.at("items").as_array().size(), 1U) << answer.body;
    const json::value& one = body.at("items").at(0);
    EXPECT_EQ(one.at("text"), "within 48 hours");
    EXPECT_EQ(one.at("sure"), true);
    const auto due = moment_of_rfc3339(one.at("due").as_string().c_str());
    ASSERT_TRUE(due);
    const auto left = *due - api.now();
    EXPECT_LE(left, std::chrono::hours{48});
    EXPECT_GE(left, std::chrono::hours{47});
    EXPECT_TRUE(service.commands.empty()) << "nothing is a promise by it";
    EXPECT_TRUE(body_of(post(path + "/promises/find", session('a'), R"({"text":"Soon."})")).at("items").as_array().empty());
    EXPECT_EQ(code_of(post("/api/v1/tickets/OK-0000000/promises/find", session('a'), R"({"text":"x"})")), "not_found");
    EXPECT_EQ(code_of(post(path + "/promises/find", session('e'), R"({"text":"x"})")), "not_permitted");
    EXPECT_EQ(code_of(post(path + "/promises/find", session('a'), "{}")), "malformed");
    const std::string long_text(50'001, 'x');
    EXPECT_EQ(code_of(post(path + "/promises/find", session('a'), json::serialize(json::object{{"text", long_text}}))),
              "malformed");
}

TEST_F(PromisesApi, are_carried_by_the_reply_that_says_them) {
    service.respond = [&](const Command&) {
        return Answer{.number = number_of(message.no), .text = row.ticket.request_number};
    };
    const auto reply = [&](const std::string& promises) {
        return post(path + "/replies", session('a'),
                    R"({"text":"By noon.","state_after":"open","version":1,"figures":[])" + promises + "}");
    };
    EXPECT_EQ(reply("").status, 201U) << "a client that knows of none says nothing";
    EXPECT_TRUE(service.last<service::ReplyToTicket>().promises.empty());
    EXPECT_EQ(reply(R"(,"promises":[{"text":"By noon","due":"2030-01-01T12:00:00Z"}])").status, 201U);
    const auto& promises = service.last<service::ReplyToTicket>().promises;
    ASSERT_EQ(promises.size(), 1U);
    EXPECT_EQ(promises[0].text, "By noon");
    EXPECT_EQ(moment_of_ms(promises[0].due), moment_of_rfc3339("2030-01-01T12:00:00Z"));
    const std::vector<std::pair<std::string, std::string>> wrong{
        {R"({})", "/promises"},
        {R"(["By noon"])", "/promises/0"},
        {R"([{"text":"By noon"}])", "/promises/0/due"},
        {R"([{"text":"By noon","due":"noon"}])", "/promises/0/due"},
        {R"([{"text":"By noon","due":"2030-01-01T12:00:00Z","sure":true}])", "/promises/0/sure"},
    };
    for (const auto& [text, place] : wrong) {
        const Response refused = reply(",\"promises\":" + text);
        EXPECT_EQ(code_of(refused), "malformed") << text;
        EXPECT_THAT(refused.body, ::testing::HasSubstr(place)) << text;
    }
    std::string eleven;
    for (int i = 0; i < 11; ++i) {
        if (i > 0) eleven += ",";
        eleven += R"({"text":"By noon","due":"2030-01-01T12:00:00Z"})";
    }
    EXPECT_EQ(code_of(reply(",\"promises\":[" + eleven + "]")), "malformed");
    service.respond = [](const Command&) { return Answer{.code = "promise_left_open", .detail = "leave it open"}; };
    const Response refused = reply("");
    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(code_of(refused), "promise_left_open");
}

TEST_F(PromisesApi, are_shown_with_their_request_and_ended) {
    const store::PromiseRow made = promise();
    const Response shown = get(path, session('a'));
    ASSERT_EQ(shown.status, 200U) << shown.body;
    expect_documented(shown, "Ticket");
    const json::value body = body_of(shown);
    const json::value& one = body.at("promises").at(0);
    EXPECT_EQ(one.at("text"), "By noon");
    EXPECT_EQ(one.at("state"), "open");
    EXPECT_EQ(one.at("message"), message.id.text().c_str());
    EXPECT_EQ(one.at("made_by").at("name"), "ana");

    service.respond = [&](const Command&) { return Answer{.number = 1, .text = row.ticket.request_number}; };
    const Response kept = post(path + "/promises/1/keep", session('a'), "{}");
    ASSERT_EQ(kept.status, 200U) << kept.body;
    expect_documented(kept, "Promise");
    EXPECT_EQ(service.last<service::KeepPromise>().promise, number_of(made.no));
    const Response withdrawn = post(path + "/promises/1/withdraw", session('a'), R"({"reason":"found"})");
    ASSERT_EQ(withdrawn.status, 200U) << withdrawn.body;
    EXPECT_EQ(service.last<service::WithdrawPromise>().reason, "found");
    EXPECT_EQ(code_of(post(path + "/promises/1/withdraw", session('a'), "{}")), "malformed");
    post(path + "/promises/x/keep", session('a'), "{}");
    EXPECT_EQ(service.last<service::KeepPromise>().promise, 0) << "nobody's";
    EXPECT_EQ(code_of(post(path + "/promises/1/keep", session('e'), "{}")), "not_permitted");
    service.respond = [](const Command&) { return Answer{.code = "promise_ended", .detail = "it has ended"}; };
    EXPECT_EQ(post(path + "/promises/1/keep", session('a'), "{}").status, 409U);
}

}  // namespace
}  // namespace okpay::api::test
