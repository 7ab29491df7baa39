// SPDX-License-Identifier: Apache-2.0
// Side threads through the API: what is handed to the writer, and what is shown to staff.
#include "api/api_world_test.hpp"
#include "payments/payment_ref.hpp"
#include "store/side_store.hpp"

namespace okpay::api {
namespace {

using desk::TicketState;
using service::Answer;
using service::Command;
using test::ApiTest;

class ApiSide : public ApiTest {
protected:
    store::TicketRow ticket = world.ticket(wang, TicketState::open, "Charged twice");
    std::string path = "/api/v1/tickets/" + ticket.ticket.request_number + "/side-threads";

    void SetUp() override {
        world.message(ticket, desk::Direction::inbound, "charged twice");
        service.respond = [&](const Command&) { return Answer{.number = 1, .text = ticket.ticket.request_number}; };
        store::insert_counterparty(world.connection(), {.no = desk::CounterpartyNo{1},
                                                        .party = party,
                                                        .updated = world.at(),
                                                        .updated_by = ben.no});
        store::insert_side_thread(world.connection(), {.no = desk::SideThreadNo{1},
                                                       .number = number,
                                                       .ticket = ticket.ticket.no,
                                                       .from_book = desk::CounterpartyNo{1},
                                                       .party = party,
                                                       .subject = "A payment",
                                                       .opened = world.at(),
                                                       .opened_by = ana.no,
                                                       .updated = world.at(),
                                                       .due = world.at() + std::chrono::hours{24},
                                                       .closed = std::nullopt,
                                                       .closed_by = std::nullopt});
        store::insert_side_message(world.connection(), {.no = 1,
                                                        .id = fresh_id<MessageId>(),
                                                        .thread = desk::SideThreadNo{1},
                                                        .direction = desk::Direction::outbound,
                                                        .staff = ana.no,
                                                        .from_address = "support@pay.example",
                                                        .subject = "A payment",
                                                        .body = "Please look at it.",
                                                        .quoted = "",
                                                        .mail_message_id = "",
                                                        .mail = std::nullopt,
                                                        .outgoing = std::nullopt,
                                                        .at = world.at()});
    }
    static json::object mail() {
        return {{"text", "Please look."}, {"payments", json::array{}}, {"answer_within_hours", 24}, {"version", 1}};
    }
    json::object opening() {
        json::object body = mail();
        body["counterparty"] = 1;
        body["subject"] = "A payment";
        return body;
    }
    Response send(const std::string& where, const json::object& body, char who = 'a') {
        return post(where, session(who), json::serialize(body));
    }

    const desk::Counterparty party{.kind = desk::CounterpartyKind::bank, .name = "Bank", .address = "d@bank.example"};
    const std::string number = "TP-0000000";
};

TEST_F(ApiSide, one_is_opened_with_the_book_or_with_a_typed_address) {
    const Response opened = send(path, opening());
    ASSERT_EQ(opened.status, 201U) << opened.body;
    expect_documented(opened, "SideThread");
    EXPECT_EQ(service.last<service::OpenSideThread>().counterparty, 1);
    EXPECT_EQ(service.last<service::OpenSideThread>().ticket, ticket.ticket.request_number);
    EXPECT_EQ(service.last<service::OpenSideThread>().answer_within_hours, 24);
    json::object typed = opening();
    typed.erase("counterparty");
    EXPECT_EQ(code_of(send(path, typed)), "malformed") << "to nobody";
    typed["to"] = json::object{{"kind", "merchant"}, {"address", "a@shop.example"}, {"language", "zh-Hant"}};
    ASSERT_EQ(send(path, typed).status, 201U);
    EXPECT_EQ(service.last<service::OpenSideThread>().counterparty, 0);
    EXPECT_EQ(service.last<service::OpenSideThread>().kind, "merchant");
    EXPECT_EQ(service.last<service::OpenSideThread>().address, "a@shop.example");
    EXPECT_EQ(service.last<service::OpenSideThread>().language, "zh-Hant");
    typed["counterparty"] = 1;
    EXPECT_EQ(code_of(send(path, typed)), "malformed") << "to two";
    for (const std::int64_t hours : {0, 721}) {
        json::object body = opening();
        body["answer_within_hours"] = hours;
        EXPECT_EQ(code_of(send(path, body)), "malformed");
    }
    json::object body = opening();
    body["payments"] = json::array{"pay_nothing"};
    EXPECT_EQ(code_of(send(path, body)), "malformed");
    EXPECT_EQ(code_of(send(path, opening(), 'e')), "not_permitted") << "an auditor reads";
    EXPECT_EQ(get("/api/v1/tickets/OK-0000000/side-threads", session('a')).status, 404U);
}

TEST_F(ApiSide, they_are_read_written_on_and_closed) {
    const Response list = get(path, session('e'));
    expect_documented(list, "SideThreadList");
    const auto shown = body_of(list).at("items").at(0);
    EXPECT_EQ(shown.at("number"), json::value(number));
    EXPECT_EQ(shown.at("state"), "waiting");
    EXPECT_EQ(shown.at("counterparty").at("address"), "d@bank.example");
    EXPECT_EQ(shown.at("messages").at(0).at("body"), "Please look at it.");
    EXPECT_EQ(body_of(get("/api/v1/tickets", session('a'))).at("items").at(0).at("side_threads").at("waiting"), 1);

    const Response written = send(path + "/" + number + "/mails", mail());
    ASSERT_EQ(written.status, 201U) << written.body;
    expect_documented(written, "SideThread");
    EXPECT_EQ(service.last<service::WriteSideMail>().thread, number);
    EXPECT_EQ(service.last<service::WriteSideMail>().version, 1);
    const Response closed = send(path + "/" + number + "/close", {{"version", 1}});
    ASSERT_EQ(closed.status, 200U) << closed.body;
    expect_documented(closed, "SideThread");
    EXPECT_EQ(service.last<service::CloseSideThread>().thread, number);
    EXPECT_EQ(code_of(send(path + "/" + number + "/close", json::object{})), "malformed");
    const std::vector<std::pair<std::string, unsigned>> refusals{
        {"ticket_changed", 409},         {"side_thread_erased", 409},    {"side_own_address", 422},
        {"side_customers_address", 422}, {"too_many_side_threads", 422}, {"too_many_side_messages", 422},
        {"unbound_amount", 422},         {"counterparty_retired", 409}};
    for (const auto& [code, status] : refusals) {
        service.respond = [&code](const Command&) { return Answer{.code = code, .detail = "no"}; };
        const Response refused = send(path, opening());
        EXPECT_EQ(refused.status, status) << code;
        EXPECT_EQ(code_of(refused), code);
    }
}

TEST_F(ApiSide, the_book_is_written_by_supervisors_and_read_by_all_staff) {
    const Response list = get("/api/v1/counterparties", session('e'));
    expect_documented(list, "CounterpartyList");
    EXPECT_EQ(body_of(list).at("items").at(0).at("name"), "Bank");
    json::object body{
        {"kind", "bank"}, {"name", "Bank"}, {"address", "d@bank.example"}, {"language", "en"}, {"whole_domain", true}};
    const Response made = send("/api/v1/counterparties", body, 'b');
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Counterparty");
    EXPECT_EQ(service.last<service::PutCounterparty>().counterparty, 0);
    EXPECT_TRUE(service.last<service::PutCounterparty>().whole_domain);
    EXPECT_EQ(code_of(send("/api/v1/counterparties", body, 'a')), "not_permitted");
    EXPECT_EQ(code_of(send("/api/v1/counterparties/1", body, 'b')), "malformed") << "no version";
    body["version"] = 3;
    body["retired"] = true;
    ASSERT_EQ(send("/api/v1/counterparties/1", body, 'b').status, 200U);
    EXPECT_TRUE(service.last<service::PutCounterparty>().retired);
    EXPECT_EQ(service.last<service::PutCounterparty>().version, 3);
    EXPECT_EQ(send("/api/v1/counterparties/none", body, 'b').status, 404U);
    for (const char* code : {"counterparty_changed", "counterparty_taken"}) {
        service.respond = [code](const Command&) { return Answer{.code = code, .detail = "no"}; };
        EXPECT_EQ(send("/api/v1/counterparties/1", body, 'b').status, 409U) << code;
    }
}

TEST_F(ApiSide, what_is_being_written_to_them_is_kept) {
    EXPECT_EQ(post("/api/v1/tickets/" + ticket.ticket.request_number + "/drafts", session('a'),
                   R"({"mode":"side","text":"Please","figures":[]})")
                  .status,
              200U);
    EXPECT_EQ(service.last<service::SaveDraft>().mode, "side");
}

}  // namespace
}  // namespace okpay::api
