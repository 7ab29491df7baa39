// SPDX-License-Identifier: Apache-2.0
// Requests that belong together, sleep, and drafts, through the API: what is handed to the writer and how it is shown.
#include "api/api_world_test.hpp"
#include "desk/ticket_links.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::api {
namespace {

using desk::TicketState;
using service::Answer;
using service::Command;
using test::ApiTest;

class ApiTogether : public ApiTest {
protected:
    store::TicketRow one = world.ticket(wang, TicketState::open, "Declined");
    store::TicketRow two = world.ticket(wang, TicketState::closed, "Declined again");
    std::string path = "/api/v1/tickets/" + one.ticket.request_number;
    json::value other = json::value(two.ticket.request_number);

    void SetUp() override {
        service.respond = [&](const Command&) { return Answer{.number = 1, .text = one.ticket.request_number}; };
    }
    std::string code(const std::string& more, const json::object& body, char who = 'a') {
        return code_of(post(path + more, session(who), json::serialize(body)));
    }
    void merge() {
        store::insert_ticket_link(world.connection(), {.no = 1,
                                                       .ticket = two.ticket.no,
                                                       .other = one.ticket.no,
                                                       .kind = desk::LinkKind::merged_into,
                                                       .reason = "the same",
                                                       .made = world.at(),
                                                       .made_by = ana.no,
                                                       .ended = std::nullopt,
                                                       .from_state = TicketState::open,
                                                       .kept = desk::clocks_kept(one.ticket),
                                                       .into_version = 2});
    }
};

TEST_F(ApiTogether, what_is_asked_reaches_the_writer_and_what_is_malformed_does_not) {
    const Response linked =
        post(path + "/links", session('a'), json::serialize(json::object{{"other", other}, {"kind", "related"}}));
    ASSERT_EQ(linked.status, 200U) << linked.body;
    expect_documented(linked, "TicketSummary");
    EXPECT_EQ(service.last<service::LinkTickets>().other, two.ticket.request_number);
    EXPECT_EQ(code("/links", {{"other", other}, {"kind", "merged_into"}}), "malformed");
    EXPECT_EQ(code("/links/remove", {{"other", other}, {"kind", "cousin"}}), "malformed");
    EXPECT_EQ(code("/links", {{"other", other}, {"kind", "related"}}, 'e'), "not_permitted");

    post(path + "/merge", session('a'),
         json::serialize(json::object{{"into", ascii_lower(two.ticket.request_number)}, {"version", 3}}));
    EXPECT_EQ(service.last<service::MergeTicket>().into, two.ticket.request_number) << "in any case";
    EXPECT_EQ(service.last<service::MergeTicket>().version, 3);
    EXPECT_EQ(code("/merge", {{"into", other}}), "malformed") << "no version";

    EXPECT_EQ(code("/split", {{"messages", json::array{}}, {"version", 1}}), "malformed");
    const Response made =
        post(path + "/split", session('a'), json::serialize(json::object{{"messages", json::array{"m"}}, {"version", 1}}));
    EXPECT_EQ(made.status, 201U) << made.body;
    EXPECT_EQ(code("/snooze", {{"until", "tomorrow"}}), "malformed");
    post(path + "/snooze", session('a'), R"({"until":"2026-09-18T09:00:00Z"})");
    EXPECT_EQ(service.last<service::SnoozeTicket>().until, ms_of(*moment_of_rfc3339("2026-09-18T09:00:00Z")));
    EXPECT_EQ(code("/drafts", {{"mode", "letter"}, {"text", "x"}, {"figures", json::array{}}}), "malformed");

    service.respond = [](const Command&) { return Answer{.code = "snooze_past_clock", .detail = "first_reply"}; };
    EXPECT_EQ(post(path + "/snooze", session('a'), R"({"until":"2026-09-18T09:00:00Z"})").status, 409U);
    service.respond = [](const Command&) { return Answer{.code = "still_bound", .detail = "remedy"}; };
    EXPECT_EQ(code("/merge", {{"into", other}, {"version", 1}}), "still_bound");
}

TEST_F(ApiTogether, a_merge_is_shown_on_both_sides_and_to_the_customer) {
    world.message(one, desk::Direction::inbound, "declined");
    world.message(two, desk::Direction::inbound, "declined again");
    merge();
    const Response shown = get(path, session('a'));
    expect_documented(shown, "Ticket");
    const auto body = body_of(shown);
    ASSERT_EQ(body.at("messages").as_array().size(), 2U);
    EXPECT_TRUE(body.at("messages").at(0).at("request").is_null());
    EXPECT_EQ(body.at("messages").at(1).at("request"), other);
    EXPECT_EQ(body.at("links").at(0).at("kind"), "merged_into");
    EXPECT_FALSE(body.at("links").at(0).at("from_here").as_bool());
    const auto behind = body_of(get("/api/v1/tickets/" + two.ticket.request_number, session('a')));
    EXPECT_EQ(behind.at("merged_into"), json::value(one.ticket.request_number));
    const Response own = get("/api/v1/me/requests/" + two.ticket.request_number, signed_in(wang));
    expect_documented(own, "OwnRequestDetail");
    EXPECT_EQ(body_of(own).at("continued_in"), json::value(one.ticket.request_number));
    expect_documented(get("/api/v1/me/requests", signed_in(world.customer("max@example.org", "Max"))), "OwnRequestList");
}

TEST_F(ApiTogether, what_sleeps_and_what_is_written_is_shown) {
    store::put_snooze(world.connection(), {.ticket = one.ticket.no,
                                           .until = world.at() + std::chrono::hours{5},
                                           .staff = ana.no,
                                           .at = world.at()});
    const Response list = get("/api/v1/tickets?view=snoozed", session('a'));
    expect_documented(list, "TicketList");
    EXPECT_EQ(body_of(list).at("items").at(0).at("snoozed_until"), json::value(rfc3339(world.at() + std::chrono::hours{5})));
    EXPECT_EQ(body_of(list).at("counts").at("snoozed"), 1);
    EXPECT_EQ(body_of(get("/api/v1/tickets?view=open", session('a'))).at("items").as_array().size(), 0U);

    store::put_draft(world.connection(), {.staff = ana.no,
                                          .ticket = one.ticket.no,
                                          .mode = store::DraftMode::reply,
                                          .text = "Dear",
                                          .figures = "pay_1\npay_2\n",
                                          .updated = world.at()});
    const Response mine = get(path + "/drafts", session('a'));
    expect_documented(mine, "DraftList");
    EXPECT_EQ(body_of(mine).at("items").at(0).at("figures").as_array().size(), 2U);
    EXPECT_EQ(body_of(get(path + "/drafts", session('b'))).at("items").as_array().size(), 0U) << "nobody else's";
    EXPECT_EQ(code_of(get(path + "/drafts", session('e'))), "not_permitted");
}

}  // namespace
}  // namespace okpay::api
