// SPDX-License-Identifier: Apache-2.0
// Incidents through the API: what is handed to the writer and how it is shown.
#include "api/api_world_test.hpp"
#include "store/incident_store.hpp"
#include "store/privacy_store.hpp"

namespace okpay::api {
namespace {

using desk::IncidentNo;
using desk::IncidentStep;
using desk::TicketState;
using service::Answer;
using service::Command;
using test::ApiTest;

class ApiIncidents : public ApiTest {
protected:
    store::TicketRow one = world.ticket(wang, TicketState::open, "Declined");
    store::TicketRow two = world.ticket(std::nullopt, TicketState::fresh, "Declined too");
    const std::string path = "/api/v1/incidents/3";
    const std::string text = R"("text_en":"We are on it.","text_zh_hans":"我们正在处理。","text_zh_hant":"我們正在處理。")";

    void SetUp() override {
        world.message(one, desk::Direction::inbound, "declined");
        store::insert_incident(world.connection(),
                               {.no = IncidentNo{3},
                                .topic = {desk::TopicKind::merchant, std::to_string(number_of(coffee.no))},
                                .since = world.at(),
                                .opened = world.at(),
                                .updated = world.at(),
                                .requests = 12,
                                .customers = 11,
                                .usual = {.requests = 28, .days = 14}});
        std::int64_t step = 0;
        const auto note = [&](IncidentStep what, std::optional<desk::TicketNo> ticket) {
            store::insert_step(world.connection(), {.no = ++step,
                                                    .incident = IncidentNo{3},
                                                    .step = what,
                                                    .at = world.at(),
                                                    .staff = std::nullopt,
                                                    .ticket = ticket});
        };
        note(IncidentStep::opened, std::nullopt);
        for (const auto& ticket : {one.ticket, two.ticket}) {
            note(IncidentStep::joined, ticket.no);
            store::insert_member(world.connection(), {.incident = IncidentNo{3},
                                                      .ticket = ticket.no,
                                                      .since = world.at(),
                                                      .apart = !ticket.customer});
        }
        service.respond = [&](const Command&) { return Answer{.number = 3}; };
    }
    std::string code(const std::string& more, const std::string& body, char who = 'a') {
        return code_of(post(path + more, session(who), body));
    }
};

TEST_F(ApiIncidents, are_listed_and_shown_with_their_requests) {
    const Response list = get("/api/v1/incidents", session('e'));
    ASSERT_EQ(list.status, 200U) << list.body;
    expect_documented(list, "IncidentList");
    const json::value first = body_of(list).at("items").at(0);
    EXPECT_EQ(first.at("about").at("thing"), json::value("Blue Harbour Coffee"));
    EXPECT_EQ(first.at("requests"), json::value(2));
    EXPECT_EQ(first.at("burst").at("customers"), json::value(11));
    EXPECT_TRUE(body_of(get("/api/v1/incidents?view=closed", session('e'))).at("items").as_array().empty());
    EXPECT_EQ(code_of(get("/api/v1/incidents?view=all", session('e'))), "malformed");

    const Response detail = get(path, session('e'));
    ASSERT_EQ(detail.status, 200U) << detail.body;
    expect_documented(detail, "IncidentDetail");
    const json::value shown = body_of(detail);
    EXPECT_EQ(shown.at("members").as_array().size(), 2U);
    EXPECT_EQ(shown.at("steps").as_array().size(), 3U);
    EXPECT_EQ(shown.at("members").at(0).at("left_out"), json::value("apart"));
    EXPECT_EQ(shown.at("members").at(1).at("left_out"), json::value(nullptr));
    EXPECT_EQ(code_of(get("/api/v1/incidents/4", session('e'))), "not_found");
    EXPECT_EQ(code_of(get("/api/v1/incidents/x", session('e'))), "not_found");

    const Response ticket = get("/api/v1/tickets/" + one.ticket.request_number, session('a'));
    expect_documented(ticket, "Ticket");
    EXPECT_EQ(body_of(ticket).at("incident").at("id"), json::value(3));
    EXPECT_EQ(body_of(ticket).at("incident").at("apart"), json::value(false));
    const Response counts = get("/api/v1/tickets", session('a'));
    EXPECT_EQ(body_of(counts).at("counts").at("incidents"), json::value(1));
}

TEST_F(ApiIncidents, who_has_to_do_with_a_customer_sees_nothing_of_that_request) {
    store::set_staff_relation(world.connection(), ana.no, wang.no, customers::StaffRelation::household, "test", world.at());
    const Response detail = get(path, session('a'));
    ASSERT_EQ(detail.status, 200U) << detail.body;
    EXPECT_EQ(body_of(detail).at("members").as_array().size(), 1U);
    EXPECT_EQ(detail.body.find(one.ticket.request_number), std::string::npos) << detail.body;
    EXPECT_NE(detail.body.find(two.ticket.request_number), std::string::npos);
}

TEST_F(ApiIncidents, a_text_is_looked_at_before_it_is_sent) {
    const Response preview = post(path + "/preview", session('a'), "{" + text + "}");
    ASSERT_EQ(preview.status, 200U) << preview.body;
    expect_documented(preview, "IncidentTextPreview");
    EXPECT_EQ(code("/preview", R"({"text_en":"You get CNY 5.","text_zh_hans":"我们正在处理。"})"), "unbound_amount");
    EXPECT_EQ(code("/preview", R"({"text_en":"","text_zh_hans":"我们正在处理。"})"), "malformed");
    EXPECT_EQ(code("/preview", R"({"text_en":"We are on it."})"), "malformed");
    EXPECT_TRUE(service.commands.empty()) << "nothing is sent by it";
    EXPECT_EQ(code_of(post("/api/v1/incidents/4/preview", session('a'), "{" + text + "}")), "not_found");
    EXPECT_EQ(code("/preview", "{" + text + "}", 'e'), "not_permitted");
}

TEST_F(ApiIncidents, what_staff_do_is_one_command_each) {
    const Response told = post(path + "/text", session('a'), "{" + text + R"(,"also":["ok-7f3k9q2"]})");
    ASSERT_EQ(told.status, 200U) << told.body;
    expect_documented(told, "IncidentDetail");
    const auto& tell = service.last<service::TellIncident>();
    EXPECT_EQ(tell.incident, 3);
    EXPECT_EQ(tell.text_en, "We are on it.");
    EXPECT_EQ(tell.text_zh_hant, "我們正在處理。");
    EXPECT_EQ(tell.also.size(), 1U);
    EXPECT_FALSE(tell.seed.empty());
    EXPECT_EQ(post(path + "/text", session('a'), "{}").status, 200U) << "to those that were not told yet";
    EXPECT_EQ(service.last<service::TellIncident>().text_en, "");

    const std::string number = R"({"ticket":")" + one.ticket.request_number + R"("})";
    EXPECT_EQ(post(path + "/members", session('a'), number).status, 200U);
    EXPECT_EQ(service.last<service::AddToIncident>().ticket, one.ticket.request_number);
    EXPECT_EQ(post(path + "/members/remove", session('a'), number).status, 200U);
    EXPECT_EQ(service.last<service::RemoveFromIncident>().incident, 3);
    EXPECT_EQ(post(path + "/close", session('a'), "{}").status, 200U);
    EXPECT_EQ(service.last<service::CloseIncident>().incident, 3);
    EXPECT_EQ(post(path + "/reopen", session('a'), "{}").status, 200U);
    EXPECT_EQ(service.last<service::ReopenIncident>().incident, 3);
    EXPECT_EQ(code("/close", "{}", 'e'), "not_permitted");
    service.respond = [](const Command&) { return Answer{.code = "incident_being_told", .detail = "in a moment"}; };
    EXPECT_EQ(post(path + "/close", session('a'), "{}").status, 409U);
}

TEST_F(ApiIncidents, refunds_are_those_that_the_ledger_proves) {
    world.tick(std::chrono::duration_cast<Millis>(api.now() - world.at()) - Millis{3'600'000});  // an hour ago
    world.top_up(wang, 100'000);
    const auto first = world.pay(wang, coffee, 1'280, "A-1");
    world.tick(Millis{20'000});
    const auto again = world.pay(wang, coffee, 1'280, "A-1-2");
    const Response list = get(path + "/refunds", session('a'));
    ASSERT_EQ(list.status, 200U) << list.body;
    expect_documented(list, "IncidentRefundList");
    ASSERT_EQ(body_of(list).at("items").as_array().size(), 1U) << list.body;
    EXPECT_EQ(body_of(list).at("items").at(0).at("ticket"), json::value(one.ticket.request_number));

    const std::string wanted = json::serialize(json::object{
        {"tickets", json::array{json::value(one.ticket.request_number), json::value(two.ticket.request_number)}}});
    service.respond = [&](const Command&) {
        return Answer{.number = 3, .text = one.ticket.request_number + "=proposed", .numbers = {1}};
    };
    EXPECT_EQ(code("/refunds", wanted), "idempotency_key_required");
    const Response proposed = post(path + "/refunds", key("k1", session('a')), wanted);
    ASSERT_EQ(proposed.status, 200U) << proposed.body;
    expect_documented(proposed, "IncidentOutcomes");
    EXPECT_EQ(body_of(proposed).at("items").at(0).at("outcome"), json::value("proposed"));
    const auto& command = service.last<service::ProposeIncidentRefunds>();
    ASSERT_EQ(command.refunds.size(), 1U) << "of the other request nothing is proven";
    EXPECT_EQ(command.refunds[0].payment, again.seq);
    EXPECT_EQ(command.refunds[0].duplicate_of, first.seq);
    EXPECT_EQ(command.refunds[0].amount_minor, 1'280);
    EXPECT_NE(command.refunds[0].evidence.find("declined"), std::string::npos) << "what the proposer saw is frozen";
    EXPECT_EQ(code_of(post(path + "/refunds", key("k2", session('e')), wanted)), "not_permitted");

    service.respond = [](const Command&) { return Answer{.number = 3, .text = "r1=executed,r2=refundable_changed"}; };
    const std::string ids = R"({"remedies":["r1","r2"],"totp":"123456"})";
    const Response approved = post(path + "/refunds/approve", session('b'), ids);
    ASSERT_EQ(approved.status, 200U) << approved.body;
    expect_documented(approved, "IncidentOutcomes");
    EXPECT_EQ(body_of(approved).at("items").at(1).at("outcome"), json::value("refundable_changed"));
    EXPECT_EQ(service.last<service::ApproveIncidentRefunds>().remedies.size(), 2U);
    EXPECT_EQ(code("/refunds/approve", ids, 'e'), "not_permitted") << "an auditor approves nothing";
}

}  // namespace
}  // namespace okpay::api
