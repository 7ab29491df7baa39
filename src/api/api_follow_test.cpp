// SPDX-License-Identifier: Apache-2.0
// Mentions and followers through the API: what is handed to the writer and how it is shown.
#include "api/api_world_test.hpp"
#include "desk/follows.hpp"
#include "store/follow_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::api {
namespace {

using desk::TicketState;
using service::Answer;
using service::Command;
using test::ApiTest;

class ApiFollow : public ApiTest {
protected:
    store::TicketRow one = world.ticket(wang, TicketState::open, "Declined");
    std::string path = "/api/v1/tickets/" + one.ticket.request_number;

    void SetUp() override {
        world.message(one, desk::Direction::inbound, "declined");
        service.respond = [&](const Command&) { return Answer{.number = 1, .text = one.ticket.request_number}; };
    }
    std::string code(const std::string& more, const json::object& body, char who = 'a') {
        return code_of(post(path + more, session(who), json::serialize(body)));
    }
    void follows(const store::StaffRow& staff, desk::SeenMark seen) {
        store::insert_follow(world.connection(),
                             {.ticket = one.ticket.no, .staff = staff.no, .since = world.at(), .seen = seen});
    }
};

TEST_F(ApiFollow, a_note_names_colleagues_by_their_ids) {
    const Response made =
        post(path + "/notes", session('a'),
             json::serialize(json::object{{"text", "@ben look"}, {"mentions", json::array{json::value(ben.id.text())}}}));
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Message");
    EXPECT_EQ(service.last<service::AddNote>().mentions, std::vector<std::int64_t>{number_of(ben.no)});
    EXPECT_EQ(post(path + "/notes", session('a'), R"({"text":"as ever"})").status, 201U) << "nobody has to be named";
    EXPECT_TRUE(service.last<service::AddNote>().mentions.empty());
    for (const char* nobody : {"stf_1", "01930f3e-7a00-7000-8000-000000000001"}) {
        EXPECT_EQ(code("/notes", {{"text", "x"}, {"mentions", json::array{nobody}}}), "cannot_be_mentioned");
    }
    EXPECT_EQ(code("/notes", {{"text", "x"}, {"mentions", "ben"}}), "malformed");
    for (const char* refusal : {"too_many_mentions", "cannot_be_mentioned", "too_many_followers"}) {
        service.respond = [refusal](const Command&) { return Answer{.code = refusal, .detail = "no"}; };
        const Response refused = post(path + "/notes", session('a'), R"({"text":"x"})");
        EXPECT_EQ(refused.status, 422U);
        EXPECT_EQ(code_of(refused), refusal);
    }
}

TEST_F(ApiFollow, whom_a_note_names_and_who_follows_is_shown) {
    const desk::Message note = world.message(one, desk::Direction::note, "@ben look", ana.no);
    store::insert_mention(world.connection(), note, ben.no);
    follows(ben, {1, 0});
    const Response shown = get(path, session('b'));
    expect_documented(shown, "Ticket");
    const auto body = body_of(shown);
    EXPECT_EQ(body.at("messages").at(1).at("mentions").at(0).at("id"), json::value(ben.id.text()));
    EXPECT_TRUE(body.at("messages").at(0).at("mentions").as_array().empty());
    EXPECT_TRUE(body.at("following").at("me").as_bool());
    EXPECT_EQ(body.at("following").at("seen_mark"), "2.0");
    EXPECT_FALSE(body_of(get(path, session('a'))).at("following").at("me").as_bool());

    const Response list = get("/api/v1/tickets?view=mentions", session('b'));
    expect_documented(list, "TicketList");
    EXPECT_EQ(body_of(list).at("items").at(0).at("unseen"), 1);
    EXPECT_EQ(body_of(list).at("items").at(0).at("unseen_mentions"), 1);
    EXPECT_EQ(body_of(list).at("counts").at("mentions"), 1);
    EXPECT_EQ(body_of(list).at("counts").at("following"), 1);
    EXPECT_EQ(body_of(get("/api/v1/tickets?view=following", session('b'))).at("items").as_array().size(), 1U);
    EXPECT_TRUE(body_of(get("/api/v1/tickets?view=following", session('a'))).at("items").as_array().empty());

    const Response colleagues = get(path + "/colleagues?q=be", session('a'));
    expect_documented(colleagues, "ColleagueList");
    EXPECT_EQ(body_of(colleagues).at("items").at(0).at("id"), json::value(ben.id.text()));
    EXPECT_EQ(get(path + "/colleagues?q=" + std::string(401, 'x'), session('a')).status, 400U);
    EXPECT_EQ(code_of(get(path + "/colleagues", session('e'))), "not_permitted");
    EXPECT_EQ(get("/api/v1/tickets/OK-0000000/colleagues", session('a')).status, 404U);
}

TEST_F(ApiFollow, one_follows_and_says_how_far_one_has_seen) {
    const Response followed = post(path + "/follow", session('e'), "");
    ASSERT_EQ(followed.status, 200U) << followed.body;  // who may read it may follow it
    expect_documented(followed, "Following");
    EXPECT_EQ(service.last<service::FollowTicket>().ticket, one.ticket.request_number);
    EXPECT_EQ(post(path + "/unfollow", session('e'), "").status, 200U);
    EXPECT_EQ(service.last<service::UnfollowTicket>().ticket, one.ticket.request_number);
    EXPECT_EQ(post(path + "/seen", session('e'), R"({"mark":"1.0"})").status, 200U);
    EXPECT_EQ(service.last<service::MarkSeen>().mark, "1.0");
    EXPECT_EQ(code("/seen", {{"mark", "yesterday"}}), "malformed");
    EXPECT_EQ(code("/seen", {{"mark", "yesterday"}, {"staff", "x"}}), "malformed");
    EXPECT_EQ(code("/seen", json::object{}), "malformed");
    service.respond = [](const Command&) { return Answer{.code = "too_many_followers", .detail = "50"}; };
    EXPECT_EQ(post(path + "/follow", session('a'), "").status, 422U);
}

TEST_F(ApiFollow, a_draft_keeps_whom_it_names_with_their_names) {
    post(path + "/drafts", session('a'),
         json::serialize(json::object{{"mode", "note"},
                                      {"text", "@ben"},
                                      {"figures", json::array{}},
                                      {"mentions", json::array{json::value(ben.id.text())}}}));
    EXPECT_EQ(service.last<service::SaveDraft>().mentions, std::vector<std::string>{ben.id.text()});
    store::put_draft(world.connection(), {.staff = ana.no,
                                          .ticket = one.ticket.no,
                                          .mode = store::DraftMode::note,
                                          .text = "@ben",
                                          .figures = "",
                                          .mentions = ben.id.text() + "\n",
                                          .updated = world.at()});
    const Response mine = get(path + "/drafts", session('a'));
    expect_documented(mine, "DraftList");
    EXPECT_EQ(body_of(mine).at("items").at(0).at("mentions").at(0).at("name"), json::value(ben.name));
}

}  // namespace
}  // namespace okpay::api
