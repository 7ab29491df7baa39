// SPDX-License-Identifier: Apache-2.0
// The telephone number over HTTP: what is asked for first, what is handed to the writer, and what each answer gives away.
#include <gmock/gmock.h>

#include "api/api_world_test.hpp"
#include "store/change_store.hpp"
#include "store/phone_store.hpp"

namespace okpay::api::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view mobile = "+8613800138000";

class PhoneOverHttp : public ApiTest {
public:
    PhoneOverHttp() {
        const Bytes token(session_token_octets, 't');
        store::insert_customer_session(world.connection(), {.token_hash = Bytes{view_of(sha256(token))},
                                                            .no = 4'711,
                                                            .customer = wang.no,
                                                            .created = now(),
                                                            .expires = now() + std::chrono::hours{1},
                                                            .last_seen = now(),
                                                            .assurance = customers::Assurance::a3_second_factor,
                                                            .proven = now()});
        strong = {{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
        plain = signed_in(wang);
    }
    // A change of the number as the writer leaves it.
    customers::Change change(customers::ChangeState state, std::string from, std::string to) {
        customers::Change made{.no = 1,
                               .id = fresh_id<customers::ChangeId>(),
                               .customer = wang.no,
                               .kind = customers::ChangeKind::phone,
                               .state = state,
                               .from = std::move(from),
                               .to = std::move(to),
                               .prove_hash = sha256("prove"),
                               .cancel_hash = sha256("cancel"),
                               .asked = now(),
                               .due = now() + std::chrono::hours{1},
                               .proven = now()};
        store::insert_change(world.connection(), made);
        return made;
    }
    Response ask(const Headers& headers, std::string_view body, const std::string& once = "k") {
        return post("/api/v1/me/phone", key(once, headers), std::string{body});
    }

    Headers strong, plain;
};

TEST_F(PhoneOverHttp, nothing_begins_without_the_second_factor_and_a_number_with_its_country) {
    EXPECT_EQ(code_of(ask(plain, R"({"number":"+86 138 0013 8000"})")), "step_up_required");
    EXPECT_EQ(code_of(post("/api/v1/me/phone/code", plain, "{}")), "step_up_required");
    EXPECT_EQ(code_of(post("/api/v1/me/phone/remove", plain, "{}")), "step_up_required");
    EXPECT_EQ(code_of(post("/api/v1/me/phone", strong, R"({"number":"+86 138 0013 8000"})")), "idempotency_key_required");
    for (const char* body :
         {"{}", R"({"number":"13800138000"})", R"({"number":8613800138000})", R"({"number":"+8613800138000","level":3})"}) {
        const Response answer = ask(strong, body);
        EXPECT_EQ(code_of(answer), "malformed") << body;
    }
    EXPECT_TRUE(service.commands.empty());
    EXPECT_EQ(code_of(get("/api/v1/me/phone")), "not_signed_in");
}

TEST_F(PhoneOverHttp, what_is_asked_is_handed_on_and_a_number_is_shown_masked_to_its_owner_too) {
    const Response none = get("/api/v1/me/phone", plain);
    expect_documented(none, "OwnPhone");
    EXPECT_TRUE(body_of(none).at("number").is_null());
    const Response asked = ask(strong, R"({"number":"+86 138 0013 8000"})");
    EXPECT_EQ(asked.status, 201U) << asked.body;
    EXPECT_EQ(service.last<service::AskPhone>().number, "+86 138 0013 8000");
    EXPECT_EQ(service.last<service::AskPhone>().session, 4'711);
    EXPECT_EQ(service.commands.back().actor.no, number_of(wang.no));

    const customers::Change open = change(customers::ChangeState::proving, "", std::string{mobile});
    store::write_phone_code(world.connection(), {.change = open.no,
                                                 .hash = sha256("x"),
                                                 .codes = 1,
                                                 .wrong = 2,
                                                 .sent = now(),
                                                 .expires = now() + std::chrono::minutes{10}});
    const Response proving = get("/api/v1/me/phone", plain);
    expect_documented(proving, "OwnPhone");
    const json::value pending = body_of(proving).at("pending");
    EXPECT_EQ(pending.at("state"), "proving");
    EXPECT_EQ(pending.at("number"), "+86***00");
    EXPECT_EQ(pending.at("code").at("tries_left"), 3);
    EXPECT_FALSE(pending.at("code").at("next_at").is_null());
    EXPECT_THAT(proving.body, Not(HasSubstr("13800")));
    const Response listed = get("/api/v1/me/changes", plain);
    expect_documented(listed, "ProfileChangeList");
    EXPECT_THAT(listed.body, ::testing::AllOf(HasSubstr("+86***00"), Not(HasSubstr("13800"))));
}

TEST_F(PhoneOverHttp, a_number_that_stands_and_one_that_goes_are_told_apart) {
    store::write_phone(world.connection(), {.customer = wang.no,
                                            .number = std::string{mobile},
                                            .change = change(customers::ChangeState::held, std::string{mobile}, "").no,
                                            .confirmed = now()});
    const Response held = get("/api/v1/me/phone", plain);
    expect_documented(held, "OwnPhone");
    EXPECT_EQ(body_of(held).at("number"), "+86***00");
    EXPECT_EQ(body_of(held).at("pending").at("removes"), true);
    EXPECT_TRUE(body_of(held).at("pending").at("code").is_null());
    const std::string customer = "/api/v1/customers/" + wang.id.text();
    EXPECT_EQ(body_of(get(customer, session('b'))).at("phone"), "+86***00") << "masked for who may reveal, too";
    const auto request = world.ticket(wang, desk::TicketState::open, "call me back");
    const Response beside = get("/api/v1/tickets/" + request.ticket.request_number + "/ledger", session('b'));
    expect_documented(beside, "TicketLedger");
    EXPECT_EQ(body_of(beside).at("customer").at("phone"), "+86***00") << "on the card beside a request";
    const Response opened = post(customer + "/reveal", session('b'), R"({"item":"phone","reason":"to call back"})");
    EXPECT_EQ(opened.status, 200U) << opened.body;
    EXPECT_EQ(body_of(opened).at("value"), std::string{mobile}.c_str());
    EXPECT_EQ(service.last<service::RevealItem>().item, "phone");
}

TEST_F(PhoneOverHttp, the_writers_refusals_have_their_status) {
    for (const auto& [code, status] : {std::pair{"phone_code_wrong", 422U}, std::pair{"phone_code_ended", 409U},
                                       std::pair{"phone_at_many_accounts", 409U}, std::pair{"not_found", 404U}}) {
        service.respond = [refusal = std::string{code}](const Command&) { return Answer{.code = refusal, .detail = "why"}; };
        const Response answer = post("/api/v1/me/phone/confirm", plain, R"({"code":"123456"})");
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(code_of(answer), code);
    }
    EXPECT_EQ(service.last<service::ConfirmPhone>().code, "123456");
    service.respond = [](const Command&) { return Answer{.code = "too_many_requests", .detail = "a moment"}; };
    EXPECT_EQ(post("/api/v1/me/phone/code", strong, "{}").status, 429U);
    EXPECT_EQ(post("/api/v1/me/phone/remove", strong, "{}").status, 429U);
}

}  // namespace
}  // namespace okpay::api::test
