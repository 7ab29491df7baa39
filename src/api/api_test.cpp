// SPDX-License-Identifier: Apache-2.0
// Staff, the desk and the pages over the whole API.
#include "api/api_world_test.hpp"

namespace okpay::api {
namespace {

using desk::TicketState;
using payments::Payment;
using service::Answer;
using service::Command;
using test::ApiTest;
using test::Headers;

// --- Who may come in

TEST_F(ApiTest, wrong_address_and_wrong_password_are_answered_alike) {
    const auto sign_in = [this](const std::string& email, const std::string& password) {
        return post("/api/v1/staff/sign-in", {{"Origin", "http://localhost:8080"}},
                    json::serialize(json::object{{"email", email}, {"password", password}, {"totp", "123456"}}));
    };
    const Response unknown = sign_in("nobody@pay.example", "correct horse battery");
    EXPECT_EQ(service.last<service::CountFailedSignIn>().staff, 0);
    const Response wrong = sign_in("ANA@pay.example", "wrong");
    EXPECT_EQ(service.last<service::CountFailedSignIn>().staff, number_of(ana.no));
    EXPECT_EQ(unknown.status, 401U);
    EXPECT_EQ(code_of(unknown), "sign_in_failed");
    EXPECT_EQ(unknown.body, wrong.body);
    EXPECT_EQ(unknown.headers, wrong.headers);
    for (int i = 0; i < 9; ++i) sign_in("nobody@pay.example", "x");
    const Response blocked = sign_in("nobody@pay.example", "x");
    EXPECT_EQ(blocked.status, 429U);
    EXPECT_EQ(header_of(blocked, "Retry-After"), "900");
}

TEST_F(ApiTest, sign_in_with_both_factors_gives_a_cookie_that_is_stored_hashed) {
    const Headers origin{{"Origin", "http://localhost:8080"}};
    const Response half =
        post("/api/v1/staff/sign-in", origin, R"({"email":"ana@pay.example","password":"correct horse battery"})");
    EXPECT_EQ(code_of(half), "totp_required");
    EXPECT_TRUE(service.commands.empty());
    const Response whole = post("/api/v1/staff/sign-in", origin,
                                R"({"email":"ana@pay.example","password":"correct horse battery","totp":"123456"})");
    ASSERT_EQ(whole.status, 200U) << whole.body;
    expect_documented(whole, "SignInAnswer");
    const auto& command = service.last<service::SignInStaff>();
    EXPECT_EQ(command.totp_code, "123456");
    const std::string cookie = header_of(whole, "Set-Cookie");
    Request again;
    again.message.set("Cookie", cookie.substr(0, cookie.find(';')));
    EXPECT_EQ(hex_of(session_token_hash(again, staff_session, false).value()), command.session_token_hash);
    service.respond = [](const Command&) { return Answer{.code = "totp_wrong", .detail = "wrong"}; };
    EXPECT_EQ(post("/api/v1/staff/sign-in", origin,
                   R"({"email":"ana@pay.example","password":"correct horse battery","totp":"000000"})")
                  .status,
              401U);
}

TEST_F(ApiTest, a_blocked_account_is_not_even_hashed) {
    ana.blocked_until = now() + std::chrono::minutes{10};
    store::update_staff(world.connection(), ana);
    const Response blocked = post("/api/v1/staff/sign-in", {{"Origin", "http://localhost:8080"}},
                                  R"({"email":"ana@pay.example","password":"correct horse battery","totp":"123456"})");
    EXPECT_EQ(code_of(blocked), "too_many_requests");
    EXPECT_TRUE(service.commands.empty());
}

TEST_F(ApiTest, staff_doors) {
    EXPECT_EQ(code_of(get("/api/v1/tickets")), "not_signed_in");
    EXPECT_EQ(code_of(get("/api/v1/tickets", session('x'))), "not_signed_in");
    EXPECT_EQ(get("/api/v1/tickets", session('a')).status, 200U);
    EXPECT_EQ(code_of(get("/api/v1/mail-books", session('a'))), "not_permitted");
    EXPECT_EQ(get("/api/v1/mail-books", session('e')).status, 200U);
    Headers foreign = session('a');
    foreign.back().second = "https://evil.example";
    EXPECT_EQ(code_of(post("/api/v1/staff/sign-out", foreign, "{}")), "origin_refused");
    EXPECT_EQ(code_of(post("/api/v1/staff/sign-in", {}, "{}")), "origin_refused");
    const Response out = post("/api/v1/staff/sign-out", session('a'), "{}");
    EXPECT_EQ(out.status, 204U);
    EXPECT_NE(header_of(out, "Set-Cookie").find("Max-Age=0"), std::string::npos);
    expect_documented(get("/api/v1/staff/me", session('a')), "Staff");
}

TEST_F(ApiTest, enrolment_seals_the_secret_and_refuses_weak_passwords) {
    store::StaffRow fresh = world.staff("new@pay.example", customers::Role::agent);
    fresh.enrolled.reset();
    fresh.enrol_token_hash = Bytes{view_of(sha256("TOKEN"))};
    fresh.enrol_expires = now() + std::chrono::hours{1};
    store::update_staff(world.connection(), fresh);
    const Headers origin{{"Origin", "http://localhost:8080"}};
    EXPECT_EQ(code_of(post("/api/v1/staff/enrol", origin, R"({"token":"OTHER","password":"a long enough one 7"})")),
              "token_invalid");
    EXPECT_EQ(code_of(post("/api/v1/staff/enrol", origin, R"({"token":"TOKEN","password":"12345"})")), "password_too_weak");
    const Response enrolled =
        post("/api/v1/staff/enrol", origin, R"({"token":"TOKEN","name":"New","password":"quiet otter lamp 7"})");
    ASSERT_EQ(enrolled.status, 200U) << enrolled.body;
    expect_documented(enrolled, "EnrolAnswer");
    const auto& command = service.last<service::EnrolStaff>();
    const Bytes sealed = bytes_of_base64(command.totp_secret_sealed).value();
    EXPECT_EQ(base32_of(sealed.substr(7)), body_of(enrolled).at("totp_secret").as_string());
    EXPECT_TRUE(customers::verify_password(command.password_phc, Secret{"quiet otter lamp 7"}));
    EXPECT_EQ(post("/api/v1/staff/enrol/confirm", origin, R"({"token":"TOKEN","totp":"123456"})").status, 204U);
}

// --- Tickets

TEST_F(ApiTest, tickets_are_as_documented_and_masked_for_those_who_may_not_reveal) {
    const auto row = world.ticket(wang, TicketState::open, "Charged twice", ana.no);
    world.message(row, desk::Direction::inbound, "twice!");
    world.message(row, desk::Direction::note, "looks true", ana.no);
    store::insert_event(world.connection(), row.ticket.no, world.at(), "opened", std::nullopt, "{}");
    store::insert_event(world.connection(), row.ticket.no, world.at(), "assigned", ben.no,
                        R"({"staff":")" + std::to_string(number_of(ana.no)) + "\"}");
    const Response list = get("/api/v1/tickets?view=open", session('a'));
    expect_documented(list, "TicketList");
    EXPECT_EQ(body_of(list).at("items").at(0).at("customer").at("email"), "wang@qq.example");
    const Response one = get("/api/v1/tickets/" + ascii_lower(row.ticket.request_number), session('a'));
    ASSERT_EQ(one.status, 200U) << one.body;
    expect_documented(one, "Ticket");
    const auto body = body_of(one);
    EXPECT_EQ(body.at("messages").at(1).at("from_address"), "");
    EXPECT_EQ(body.at("events").at(0).at("actor").at("name"), "Wang Xiaoming");
    EXPECT_EQ(body.at("events").at(1).at("detail").at("to"), "ana");
    const auto masked = body_of(get("/api/v1/tickets/" + row.ticket.request_number, session('e')));
    EXPECT_EQ(masked.at("customer").at("email"), "wa***@qq.example");
    EXPECT_EQ(masked.at("messages").at(0).at("from_address"), "wa***@qq.example");
    EXPECT_EQ(code_of(get("/api/v1/tickets/OK-0000000", session('a'))), "not_found");
    for (const std::string bad : {"view=none", "limit=0", "limit=101", "limit=x", "cursor=zz"}) {
        EXPECT_EQ(code_of(get("/api/v1/tickets?" + bad, session('a'))), "malformed") << bad;
    }
}

TEST_F(ApiTest, replies_carry_figures_by_their_whole_id) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    const auto row = world.ticket(wang, TicketState::open, "Charged twice");
    const auto message = world.message(row, desk::Direction::outbound, "done", ana.no);
    service.respond = [&](const Command&) {
        return Answer{.number = number_of(message.no), .text = row.ticket.request_number};
    };
    const std::string path = "/api/v1/tickets/" + row.ticket.request_number + "/replies";
    const auto reply = [&](const std::string& text, const std::string& figure) {
        return post(path, session('a'),
                    json::serialize(json::object{
                        {"text", text}, {"state_after", "solved"}, {"version", 1}, {"figures", json::array{figure}}}));
    };
    const Response sent = reply("CNY 10.00", payments::text_of(paid.id));
    EXPECT_EQ(sent.status, 201U) << sent.body;
    expect_documented(sent, "Message");
    EXPECT_EQ(service.last<service::ReplyToTicket>().figures, std::vector{paid.seq});
    PaymentId guessed = paid.id;
    guessed.bytes[15] ^= 1U;
    EXPECT_EQ(code_of(reply("CNY 10.00", payments::text_of(guessed))), "unbound_amount");
    EXPECT_EQ(code_of(reply("  ", payments::text_of(paid.id))), "text_missing");
    service.respond = [](const Command&) { return Answer{.code = "invalid", .detail = "state_after: cannot go there"}; };
    EXPECT_EQ(code_of(reply("x", payments::text_of(paid.id))), "state_not_allowed");
    service.respond = [](const Command&) { return Answer{.code = "ticket_changed", .detail = "look again"}; };
    EXPECT_EQ(reply("x", payments::text_of(paid.id)).status, 409U);
    EXPECT_EQ(code_of(post(path, session('a'), R"({"text":"x","state_after":"closed","version":1,"figures":[]})")),
              "malformed");
}

TEST_F(ApiTest, tickets_are_assigned_by_id_me_or_nobody) {
    const auto row = world.ticket(wang, TicketState::open, "x");
    service.respond = [&](const Command&) { return Answer{.number = 1, .text = row.ticket.request_number}; };
    const std::string path = "/api/v1/tickets/" + row.ticket.request_number + "/assign";
    expect_documented(post(path, session('a'), R"({"staff":"me"})"), "TicketSummary");
    EXPECT_EQ(service.last<service::AssignTicket>().staff, number_of(ana.no));
    post(path, session('a'), R"({"staff":")" + ben.id.text() + "\"}");
    EXPECT_EQ(service.last<service::AssignTicket>().staff, number_of(ben.no));
    post(path, session('a'), R"({"staff":null})");
    EXPECT_EQ(service.last<service::AssignTicket>().staff, 0);
    EXPECT_EQ(code_of(post(path, session('a'), "{}")), "malformed");
    EXPECT_EQ(code_of(post(path, session('e'), R"({"staff":"me"})")), "not_permitted");
}

// --- The ledger and remedies

class DoubleCharge : public ApiTest {
public:
    store::TicketRow row = [this] {
        world.tick(std::chrono::duration_cast<Millis>(now() - std::chrono::hours{20} - world.at()));
        return world.ticket(wang, TicketState::open, "Charged twice by Blue Harbour Coffee");
    }();
    desk::Message message = world.message(row, desk::Direction::inbound, "I was charged 10.00 twice");
    Payment funds = world.top_up(wang, 100'000);
    Payment first = world.pay(wang, coffee, 1'000, "A-1001");
    Payment second = world.pay(wang, coffee, 1'000, "A-1001");
    std::string path = "/api/v1/tickets/" + row.ticket.request_number;
    json::object proposal{{"kind", "refund"},
                          {"payment", payments::text_of(second.id)},
                          {"duplicate_of", payments::text_of(first.id)},
                          {"amount", {{"amount", "10.00"}, {"currency", "CNY"}}},
                          {"expected_refundable", {{"amount", "10.00"}, {"currency", "CNY"}}},
                          {"reason", "duplicate"},
                          {"note", "clear"}};
};

TEST_F(DoubleCharge, the_ledger_finds_the_pair_and_prepares_the_refund) {
    const Response ledger = get(path + "/ledger", session('a'));
    ASSERT_EQ(ledger.status, 200U) << ledger.body;
    expect_documented(ledger, "TicketLedger");
    const auto body = body_of(ledger);
    EXPECT_EQ(body.at("customer").at("wallets").at(0).at("balance").at("amount"), "980.00");
    const auto& best = body.at("findings").at(0);
    EXPECT_EQ(best.at("class"), "true_duplicate_same_order");
    EXPECT_EQ(best.at("proposal").at("payment"), json::value(payments::text_of(second.id)));
    EXPECT_EQ(best.at("proposal").at("duplicate_of"), json::value(payments::text_of(first.id)));
    EXPECT_EQ(body.at("payments").as_array().size(), 3U);
    const auto stranger = world.ticket(std::nullopt, TicketState::open, "who");
    const Response nothing = get("/api/v1/tickets/" + stranger.ticket.request_number + "/ledger", session('a'));
    expect_documented(nothing, "TicketLedger");
    EXPECT_TRUE(body_of(nothing).at("customer").is_null());
}

TEST_F(DoubleCharge, a_proposal_freezes_what_the_agent_saw) {
    EXPECT_EQ(code_of(post(path + "/remedies", session('a'), json::serialize(proposal))), "idempotency_key_required");
    service.respond = [&](const Command& command) {
        const auto& body = command.body.get<service::ProposeRefund>();
        world.remedy(row, second, ana.no, body.evidence);
        return Answer{.number = 1, .text = row.ticket.request_number};
    };
    const Response made = post(path + "/remedies", key("k-1", session('a')), json::serialize(proposal));
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Remedy");
    const auto& command = service.last<service::ProposeRefund>();
    EXPECT_EQ(command.payment, second.seq);
    EXPECT_EQ(command.duplicate_of, first.seq);
    EXPECT_EQ(command.amount_minor, 1'000);
    const auto body = body_of(made);
    EXPECT_EQ(body.at("note"), "clear");
    EXPECT_EQ(body.at("evidence").at("class"), "true_duplicate_same_order");
    EXPECT_EQ(body.at("evidence").at("customer_words"), "I was charged 10.00 twice");
    EXPECT_EQ(body.at("evidence").at("from_address"), "wa***@qq.example");
    EXPECT_FALSE(body.at("evidence").as_object().contains("note"));
    EXPECT_EQ(body.at("may_approve"), false);
    EXPECT_EQ(body.at("may_not_approve_because").at("code"), "proposer_cannot_approve");
    const auto& lines = body.at("before_after").as_array();
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].at("account_kind"), "merchant_payable");
    EXPECT_EQ(lines[0].at("owner"), "Blue Harbour Coffee");
    EXPECT_EQ(lines[1].at("before").at("amount"), "980.00");
    EXPECT_EQ(lines[1].at("after").at("amount"), "990.00");
    EXPECT_EQ(lines[2].at("account_kind"), "fee_income");
    EXPECT_TRUE(lines[2].at("owner").is_null());

    // The same again is the same command; the key with another wish is told so.
    service.respond = [](const Command&) { return Answer{.number = 1, .replayed = true}; };
    json::object other = proposal;
    other["reason"] = "goodwill";
    EXPECT_EQ(code_of(post(path + "/remedies", key("k-1", session('a')), json::serialize(other))), "idempotency_key_reused");
    EXPECT_EQ(service.commands[0].id, service.commands[1].id);
    post(path + "/remedies", key("k-2", session('a')), json::serialize(proposal));
    EXPECT_NE(service.commands[0].id, service.commands[2].id);
}

TEST_F(DoubleCharge, approval_shows_the_remedy_as_it_stands) {
    auto remedy = world.remedy(row, second, ana.no);
    const std::string approve = "/api/v1/remedies/" + remedy.id.text() + "/approve";
    const Response list = get("/api/v1/approvals", session('b'));
    expect_documented(list, "ApprovalList");
    EXPECT_EQ(body_of(list).at("items").at(0).at("may_approve"), true);
    EXPECT_EQ(code_of(post(approve, session('e'), R"({"totp":"123456"})")), "not_permitted");
    service.respond = [](const Command&) { return Answer{.code = "already_decided", .detail = "decided", .number = 1}; };
    const Response decided = post(approve, session('b'), R"({"totp":"123456"})");
    EXPECT_EQ(decided.status, 409U);
    expect_documented(decided, "Problem");
    EXPECT_EQ(body_of(decided).at("remedy").at("id"), json::value(remedy.id.text()));

    const Payment back = world.refund(second, 1'000);
    remedy.state = desk::RemedyState::executed;
    remedy.decider = ben.no;
    remedy.decided = back.created;
    remedy.executed_payment = back.seq;
    store::update_remedy_decision(world.connection(), remedy);
    service.respond = [](const Command&) { return Answer{.number = 1}; };
    const Response done = post(approve, session('b'), R"({"totp":"123456"})");
    ASSERT_EQ(done.status, 200U) << done.body;
    expect_documented(done, "Remedy");
    const auto body = body_of(done);
    EXPECT_EQ(body.at("executed_payment"), json::value(payments::text_of(back.id)));
    EXPECT_EQ(body.at("before_after").at(0).at("before").at("amount"), "19.80");
    EXPECT_EQ(body.at("before_after").at(0).at("after").at("amount"), "9.80");
    EXPECT_EQ(body.at("before_after").at(1).at("before").at("amount"), "980.00");
    EXPECT_EQ(body.at("before_after").at(1).at("after").at("amount"), "990.00");
    EXPECT_EQ(code_of(post("/api/v1/remedies/none/reject", session('b'), R"({"note":"x"})")), "not_found");
}

// --- The rest

TEST_F(ApiTest, public_pages_and_probes) {
    expect_documented(get("/api/v1/site"), "Site");
    EXPECT_EQ(get("/healthz").status, 200U);
    EXPECT_EQ(get("/readyz").status, 200U);
    takes_traffic = false;
    EXPECT_EQ(get("/readyz").status, 503U);
    EXPECT_NE(get("/metrics").body.find("okpay_reads_waiting"), std::string::npos);
    EXPECT_EQ(body_of(get("/api/openapi.json")).at("openapi"), "3.1.0");
    EXPECT_NE(get("/").body.find("make build"), std::string::npos);
    EXPECT_EQ(get("/console/tickets").status, 503U);
    EXPECT_EQ(code_of(get("/no/such/thing")), "not_found");
    EXPECT_EQ(post("/no/such/thing", {}, "{}").status, 404U);
    const Response wrong = post("/api/v1/site", {}, "{}");
    EXPECT_EQ(wrong.status, 405U);
    EXPECT_EQ(header_of(wrong, "Allow"), "GET, HEAD");
}

}  // namespace
}  // namespace okpay::api
