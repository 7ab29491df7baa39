// SPDX-License-Identifier: Apache-2.0
// Macros through the API: what is handed to the writer, and what is filled in for a request without changing it.
#include "api/api_world_test.hpp"
#include "payments/payment_ref.hpp"
#include "store/macro_store.hpp"

namespace okpay::api {
namespace {

using desk::Macro;
using desk::MacroAssign;
using desk::TicketState;
using service::Answer;
using service::Command;
using test::ApiTest;

class ApiMacros : public ApiTest {
protected:
    store::TicketRow ticket = world.ticket(wang, TicketState::open, "Charged twice");
    std::string path = "/api/v1/tickets/" + ticket.ticket.request_number + "/macros/";

    void write(std::int64_t no, Macro macro, bool retired = false) {
        if (const auto fault = desk::fault_in(macro)) FAIL() << fault->why;
        store::insert_macro(
            world.connection(),
            {.no = desk::MacroNo{no}, .version = 1, .updated = world.at(), .updated_by = ben.no, .retired = retired});
        store::insert_macro_version(world.connection(), {.no = no,
                                                         .macro = desk::MacroNo{no},
                                                         .version = 1,
                                                         .written = std::move(macro),
                                                         .at = world.at(),
                                                         .staff = ben.no});
    }
    Response preview(std::int64_t no, const json::object& body = {}, char who = 'a') {
        return post(path + std::to_string(no), session(who), json::serialize(body));
    }
    static json::object written() {
        return {{"name", "Hello"},        {"text_en", "Hello."},  {"text_zh", "您好。"},
                {"state_after", nullptr}, {"assign_to", nullptr}, {"snooze_hours", 0}};
    }
};

TEST_F(ApiMacros, they_are_written_by_supervisors_and_what_is_malformed_does_not_reach_the_writer) {
    write(1, {.name = "Hello", .text_en = "Hello.", .text_zh = "您好。"});
    json::object body = written();
    body["state_after"] = "solved";
    body["assign_to"] = "me";
    const Response made = post("/api/v1/macros", session('b'), json::serialize(body));
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "MacroDetail");
    const auto& command = service.last<service::PutMacro>();
    EXPECT_EQ(command.macro, 0);
    EXPECT_EQ(command.state_after, "solved");
    EXPECT_EQ(command.assign, "me");
    EXPECT_EQ(code_of(post("/api/v1/macros", session('a'), json::serialize(body))), "not_permitted") << "an agent";
    EXPECT_EQ(code_of(post("/api/v1/macros/1", session('b'), json::serialize(body))), "malformed") << "no version";

    body["version"] = 1;
    body["assign_to"] = ana.id.text();
    ASSERT_EQ(post("/api/v1/macros/1", session('b'), json::serialize(body)).status, 200U);
    EXPECT_EQ(service.last<service::PutMacro>().assign, "person");
    EXPECT_EQ(service.last<service::PutMacro>().person, number_of(ana.no));
    EXPECT_EQ(service.last<service::PutMacro>().version, 1);
    body["assign_to"] = "the technical team";
    EXPECT_EQ(code_of(post("/api/v1/macros/1", session('b'), json::serialize(body))), "malformed");
    EXPECT_EQ(code_of(post("/api/v1/macros/none", session('b'), json::serialize(body))), "not_found");

    ASSERT_EQ(post("/api/v1/macros/1/retire", session('b'), "").status, 200U);
    EXPECT_TRUE(service.last<service::RetireMacro>().retired);
    ASSERT_EQ(post("/api/v1/macros/1/restore", session('b'), "").status, 200U);
    EXPECT_FALSE(service.last<service::RetireMacro>().retired);
    service.respond = [](const Command&) { return Answer{.code = "macro_says_amount", .detail = "text_en: \"CNY 5\""}; };
    EXPECT_EQ(post("/api/v1/macros/1/retire", session('b'), "").status, 422U);
}

TEST_F(ApiMacros, all_who_read_requests_see_them) {
    write(1, {.name = "Hers", .actions = {.assign = MacroAssign::person, .person = ana.no}});
    write(2, {.name = "Old", .text_en = "{payment_time}", .text_zh = "{payment_time}"}, true);
    const Response list = get("/api/v1/macros", session('e'));
    expect_documented(list, "MacroList");
    const auto items = body_of(list).at("items");
    ASSERT_EQ(items.as_array().size(), 2U);
    EXPECT_EQ(items.at(0).at("actions").at("assignee").at("name"), json::value(ana.name));
    EXPECT_EQ(items.at(0).at("actions").at("assign_to"), json::value(ana.id.text()));
    EXPECT_FALSE(items.at(0).at("writes").as_bool());
    EXPECT_TRUE(items.at(1).at("retired").as_bool());
    EXPECT_TRUE(items.at(1).at("needs_payment").as_bool());
    const Response one = get("/api/v1/macros/2", session('e'));
    expect_documented(one, "MacroDetail");
    EXPECT_EQ(body_of(one).at("history").at(0).at("by").at("name"), json::value(ben.name));
    EXPECT_EQ(code_of(get("/api/v1/macros/3", session('e'))), "not_found");
}

TEST_F(ApiMacros, a_preview_is_filled_in_and_changes_nothing) {
    write(1, {.name = "Hello",
              .text_en = "Hello {customer_name}, {agent_name} has {request_number}.",
              .text_zh = "{customer_name}，{agent_name}，{request_number}",
              .actions = {.state_after = TicketState::pending_customer, .snooze_hours = 24}});
    const Response shown = preview(1);
    ASSERT_EQ(shown.status, 200U) << shown.body;
    expect_documented(shown, "MacroPreview");
    const auto body = body_of(shown);
    const std::string text{body.at("text").as_string()};
    for (const std::string& fact : {wang.name, ana.name, ticket.ticket.request_number})
        EXPECT_NE(text.find(fact), std::string::npos) << text;
    EXPECT_EQ(body.at("actions").at("state_after"), "pending_customer");
    EXPECT_EQ(body.at("actions").at("snooze_hours"), 24);
    EXPECT_TRUE(body.at("figures").as_array().empty());
    EXPECT_TRUE(service.commands.empty());
    EXPECT_EQ(code_of(preview(1, {}, 'e')), "not_permitted") << "who only reads";
    EXPECT_EQ(code_of(preview(9)), "not_found");
    EXPECT_EQ(code_of(preview(1, {{"payment", "seven"}})), "malformed");
}

TEST_F(ApiMacros, a_payment_is_bound_where_it_is_this_customers) {
    const customers::Customer max = world.customer("max@example.org", "Max");
    world.top_up(wang, 20'000);
    world.top_up(max, 20'000);
    const payments::Payment own = world.pay(wang, coffee, 12'850);
    const payments::Payment other = world.pay(max, coffee, 500);
    write(1, {.name = "Charge", .text_en = "We saw {payment_amount}.", .text_zh = "我们看到 {payment_amount}。"});
    EXPECT_EQ(code_of(preview(1)), "macro_needs_payment");
    EXPECT_EQ(code_of(preview(1, {{"payment", payments::text_of(other.id)}})), "unbound_amount");
    const Response shown = preview(1, {{"payment", payments::text_of(own.id)}});
    ASSERT_EQ(shown.status, 200U) << shown.body;
    const auto body = body_of(shown);
    EXPECT_NE(std::string{body.at("text").as_string()}.find("128.50"), std::string::npos) << shown.body;
    ASSERT_EQ(body.at("figures").as_array().size(), 1U);
    EXPECT_EQ(body.at("figures").at(0), json::value(payments::text_of(own.id)));
}

TEST_F(ApiMacros, a_reply_takes_one_along_and_one_without_text_is_applied) {
    json::object body{{"text", "Hello."}, {"state_after", "open"}, {"version", 1}, {"figures", json::array{}}};
    const std::string replies = "/api/v1/tickets/" + ticket.ticket.request_number + "/replies";
    body["macro"] = json::object{{"id", 3}, {"version", 2}};
    post(replies, session('a'), json::serialize(body));
    EXPECT_EQ(service.last<service::ReplyToTicket>().macro, 3);
    EXPECT_EQ(service.last<service::ReplyToTicket>().macro_version, 2);
    body["macro"] = nullptr;
    post(replies, session('a'), json::serialize(body));
    EXPECT_EQ(service.last<service::ReplyToTicket>().macro, 0);
    body["macro"] = json::object{{"id", 3}};
    EXPECT_EQ(code_of(post(replies, session('a'), json::serialize(body))), "malformed");
    body["macro"] = json::object{{"id", 0}, {"version", 1}};
    EXPECT_EQ(code_of(post(replies, session('a'), json::serialize(body))), "malformed");

    service.respond = [&](const Command&) { return Answer{.number = 1, .text = ticket.ticket.request_number}; };
    const Response applied = post(path + "3/apply", session('a'), R"({"macro_version":2,"version":4})");
    ASSERT_EQ(applied.status, 200U) << applied.body;
    expect_documented(applied, "TicketSummary");
    const auto& command = service.last<service::ApplyMacro>();
    EXPECT_EQ(std::tuple(command.macro, command.macro_version, command.version), std::tuple(3, 2, 4));
    EXPECT_EQ(code_of(post(path + "3/apply", session('a'), R"({"version":4})")), "malformed");
    service.respond = [](const Command&) { return Answer{.code = "macro_changed", .detail = "look again"}; };
    EXPECT_EQ(post(path + "3/apply", session('a'), R"({"macro_version":2,"version":4})").status, 409U);
}

}  // namespace
}  // namespace okpay::api
