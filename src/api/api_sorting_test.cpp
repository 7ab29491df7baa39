// SPDX-License-Identifier: Apache-2.0
// Requests sorted again through the API: what reaches the writer, how the reading is shown, and the figures.
#include "api/api_world_test.hpp"

namespace okpay::api {
namespace {

using service::Answer;
using service::Command;
using test::ApiTest;

class ApiSorting : public ApiTest {
protected:
    store::TicketRow one = world.ticket(wang, desk::TicketState::open, "Declined");
    std::string path = "/api/v1/tickets/" + one.ticket.request_number;

    void SetUp() override {
        service.respond = [&](const Command&) { return Answer{.number = 1, .text = one.ticket.request_number}; };
    }
    Response sort(const json::object& body, char who = 'a') {
        return post(path + "/sort", session(who), json::serialize(body));
    }
    std::string code(const json::object& body, char who = 'a') { return code_of(sort(body, who)); }
};

TEST_F(ApiSorting, what_is_asked_reaches_the_writer_and_what_is_malformed_does_not) {
    const Response sorted = sort({{"version", 4}, {"category", "duplicate_charge"}, {"note", "twice"}});
    ASSERT_EQ(sorted.status, 200U) << sorted.body;
    expect_documented(sorted, "TicketSummary");
    const auto& plain = service.last<service::SortTicket>();
    EXPECT_EQ(plain.ticket, one.ticket.request_number);
    EXPECT_EQ(plain.version, 4);
    EXPECT_EQ(plain.category, "duplicate_charge");
    EXPECT_EQ(plain.urgency, "");
    EXPECT_EQ(plain.note, "twice");

    const json::object form{{"what_happens", "white page"}, {"error_code", "E1"}};
    ASSERT_EQ(sort({{"version", 4}, {"team", "technical_team"}, {"form", form}, {"language", "zh-Hans"}}).status, 200U);
    const auto& handed = service.last<service::SortTicket>();
    EXPECT_EQ(handed.team, "technical_team");
    EXPECT_EQ(handed.what_happens, "white page");
    EXPECT_EQ(handed.error_code, "E1");
    EXPECT_EQ(handed.steps, "");
    EXPECT_EQ(handed.language, "zh-Hans");

    EXPECT_EQ(code({{"category", "card"}}), "malformed") << "no version";
    EXPECT_EQ(code({{"version", 1}, {"team", "technical_team"}, {"form", json::object{{"steps", "x"}}}}), "malformed");
    EXPECT_EQ(code({{"version", 1}, {"note", std::string(2'001, 'x')}}), "malformed");
    EXPECT_EQ(code({{"version", 1}, {"priority", "high"}}), "malformed");
    EXPECT_EQ(code({{"version", 1}, {"category", "card"}}, 'e'), "not_permitted");
}

TEST_F(ApiSorting, refusals_are_said) {
    for (const auto& [refused, status] :
         {std::pair{"kept_by_risk_team", 403U}, std::pair{"nothing_to_sort", 422U}, std::pair{"hand_over_incomplete", 422U},
          std::pair{"ticket_changed", 409U}, std::pair{"ticket_closed", 409U}}) {
        service.respond = [code = std::string{refused}](const Command&) { return Answer{.code = code, .detail = "why"}; };
        const Response answer = sort({{"version", 1}, {"category", "card"}});
        EXPECT_EQ(answer.status, status) << refused;
        EXPECT_EQ(code_of(answer), refused);
    }
}

TEST_F(ApiSorting, the_reading_is_shown_with_its_words) {
    world.connection().execute(
        "UPDATE ticket SET reading = '{\"category\":\"card\",\"confidence\":0.83,\"secondary\":[\"refund\"],\"because\":["
        "{\"decision\":\"category\",\"value\":\"card\",\"words\":\"my card\",\"in\":\"text\",\"octets\":[0,7]}]}' WHERE no "
        "= $1",
        {number_of(one.ticket.no)});
    const Response shown = get(path, session('a'));
    expect_documented(shown, "Ticket");
    const json::object reading = body_of(shown).at("reading").as_object();
    EXPECT_EQ(reading.at("category"), "card");
    EXPECT_EQ(reading.at("confidence"), 0.83);
    EXPECT_EQ(json::serialize(reading.at("because")), R"([{"decision":"category","value":"card","words":"my card"}])");
    // Of a request that nobody read.
    world.connection().execute("UPDATE ticket SET reading = '{}' WHERE no = $1", {number_of(one.ticket.no)});
    const Response bare = get(path, session('a'));
    expect_documented(bare, "Ticket");
    EXPECT_TRUE(body_of(bare).at("reading").as_object().at("category").is_null());
}

TEST_F(ApiSorting, figures_are_for_who_reads_the_books) {
    EXPECT_EQ(get("/api/v1/triage-figures", session('a')).status, 403U);
    const Response shown = get("/api/v1/triage-figures?days=28", session('b'));
    ASSERT_EQ(shown.status, 200U) << shown.body;
    expect_documented(shown, "TriageFigures");
    EXPECT_EQ(body_of(shown).at("weeks").as_array().size(), 4U);
    for (const std::string days : {"6", "92", "x", "-1", "28d"})
        EXPECT_EQ(code_of(get("/api/v1/triage-figures?days=" + days, session('b'))), "malformed") << days;
}

TEST_F(ApiSorting, lists_of_teams) {
    for (const std::string view : {"technical", "risk", "unclear", "spam"}) {
        const Response list = get("/api/v1/tickets?view=" + view, session('a'));
        ASSERT_EQ(list.status, 200U) << list.body;
        expect_documented(list, "TicketList");
    }
}

}  // namespace
}  // namespace okpay::api
