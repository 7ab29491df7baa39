// SPDX-License-Identifier: Apache-2.0
// Incidents through the ordered writer, on both engines: how they open, who belongs to them, one text to each once. After
// each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service/incident_parts.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using desk::IncidentState;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using namespace std::chrono_literals;

constexpr std::int64_t price = 1'280;

class Incident : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ =
            std::make_unique<ServiceFixture>(GetParam(), okpay::testing::FixtureOptions{
                                                             .incident_refunds = {{money::Currency::cny, 2'000, 3'000}}});
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        shop_ = f().merchant("Jasmine Tea House");
        other_shop_ = f().merchant("Page One Books");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    // A customer of the shop, by place; each third reads Simplified, each fifth Traditional Chinese.
    std::int64_t customer(int place) {
        if (const auto known = customers_.find(place); known != customers_.end()) return known->second;
        const std::int64_t no = f().customer(address(place), fmt::format("Customer {}", place));
        f().top_up(no, 50'000);
        f().pay(no, shop_, price, fmt::format("p{}", place), fmt::format("A-{}", place));
        return customers_[place] = no;
    }
    static std::string address(int place) { return fmt::format("c{}@example.org", place); }
    static std::string language(int place) { return place % 3 == 0 ? "zh-Hans" : place % 5 == 0 ? "zh-Hant" : "en"; }

    // As the intake would file a mail about a payment of 12.80 there.
    FileMail mail_of(int place, const std::string& more = "") {
        customer(place);
        f().pass(5s);
        FileMail filing =
            f().filing(f().accept(f().raw_of({.from = address(place),
                                              .subject = "Payment failed",
                                              .text = "My payment of CNY 12.80 at Jasmine Tea House failed. " + more})));
        filing.category = "payment_failed";
        filing.route = "agent";
        filing.language = language(place);
        return filing;
    }
    std::string write(int place, const std::string& more = "") { return f().done(mail_of(place, more)).text; }
    std::vector<std::string> crowd(int from, int to) {
        std::vector<std::string> numbers;
        for (int place = from; place < to; ++place) numbers.push_back(write(place));
        return numbers;
    }

    IncidentDetail incident(std::int64_t no = 1) { return queries_->incident(no).value().value(); }
    std::vector<std::string> members(std::int64_t no = 1) {
        std::vector<std::string> numbers;
        for (const IncidentMemberView& member : incident(no).members) {
            if (member.row.standing) numbers.push_back(member.ticket.row.ticket.request_number);
        }
        std::ranges::reverse(numbers);
        return numbers;
    }
    std::int64_t count() { return f().integer("SELECT count(*) FROM incident"); }
    Answer tell(std::vector<std::string> also = {}, std::int64_t no = 1) {
        f().pass(1s);
        return f().ask(TellIncident{.incident = no,
                                    .text_en = "We know that payments fail there.",
                                    .text_zh_hans = "我们已知悉该商户付款失败。",
                                    .text_zh_hant = "我們已知悉該商戶付款失敗。",
                                    .also = std::move(also),
                                    .seed = f().fresh<CommandId>().text()},
                       ann_->actor());
    }
    std::vector<std::int64_t> go_on() {
        f().pass(1s);
        return f().done(TellIncidentMembers{.members_max = told_at_once_max, .seed = f().fresh<CommandId>().text()}).numbers;
    }
    // What was sent to the customer that has the text of the incident in it.
    std::vector<store::OutgoingRow> told(int place) {
        std::vector<store::OutgoingRow> found;
        for (const store::OutgoingRow& row : f().outgoing()) {
            if (row.recipient != address(place)) continue;
            const std::string text = f().text_of(row);
            const std::string_view words = language(place) == "en"        ? "We know that payments fail there."
                                           : language(place) == "zh-Hans" ? "我们已知悉该商户付款失败。"
                                                                          : "我們已知悉該商戶付款失敗。";
            if (text.find(words) != std::string::npos) found.push_back(row);
        }
        return found;
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    Answer answer(const std::string& number) {
        f().pass(1s);
        return f().done(ReplyToTicket{.ticket = number,
                                      .message_id = f().fresh<MessageId>().text(),
                                      .outgoing_id = f().fresh<OutgoingId>().text(),
                                      .text = "We look into yours.",
                                      .state_after = "",
                                      .version = ticket(number).version,
                                      .figures = {}},
                        ann_->actor());
    }
    ProposeRefund refund_of(const std::string& number, std::int64_t payment, std::int64_t minor) {
        return {.ticket = number,
                .remedy_id = f().fresh<RemedyId>().text(),
                .payment = payment,
                .duplicate_of = 0,
                .amount_minor = minor,
                .currency = "CNY",
                .expected_refundable = minor,
                .reason = "duplicate",
                .note = "",
                .evidence = ""};
    }
    void give_to_risk_team(const std::string& number) {
        f().pass(1s);
        f().done(SortTicket{.ticket = number,
                            .team = "risk_team",
                            .language = "en",
                            .message_id = f().fresh<MessageId>().text(),
                            .version = ticket(number).version},
                 ann_->actor());
    }
    template <class Body>
    std::string code(Body body) {
        return f().ask(std::move(body), ann_->actor()).code;
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_;
    std::int64_t shop_ = 0, other_shop_ = 0;
    std::map<int, std::int64_t> customers_;
    std::unique_ptr<Queries> queries_;
};

TEST_P(Incident, the_tenth_customer_makes_it_one_and_brings_the_nine_along) {
    const auto nine = crowd(0, 9);
    EXPECT_EQ(count(), 0);
    f().receive({.from = address(3), .subject = "Hello", .text = "How do I change my name?"});
    f().receive({.from = "stranger@example.net", .subject = "Jasmine Tea House", .text = "My payment of CNY 12.80 failed."});
    EXPECT_EQ(count(), 0);
    auto all = nine;
    all.push_back(write(9));
    ASSERT_EQ(count(), 1);
    EXPECT_EQ(members(), all);
    const IncidentDetail seen = incident();
    EXPECT_EQ(seen.line.row.state, IncidentState::open);
    EXPECT_EQ(seen.line.thing, "Jasmine Tea House");
    EXPECT_EQ(seen.line.row.customers, 10);
    EXPECT_EQ(seen.line.row.since, ticket(nine.front()).opened);
    EXPECT_EQ(queries_->ticket_detail(nine[4]).value()->incident->line.row.no, desk::IncidentNo{1});
    EXPECT_FALSE(queries_->ticket_detail(nine[4]).value()->incident->told);
    all.push_back(write(10));
    EXPECT_EQ(members(), all) << "who comes later joins by itself";
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(queries_->tickets({.me = customers::StaffNo{boss_->no}, .words = "", .after = {}}).value().counts.incidents,
              1);
}

TEST_P(Incident, one_voice_machines_and_what_happened_long_ago_make_none) {
    crowd(0, 9);
    for (int i = 0; i < 20; ++i) write(4, fmt::format("Again, {}.", i));
    EXPECT_EQ(count(), 0) << "who writes again and again is one";
    FileMail machine = mail_of(9);
    machine.automatic = true;
    f().done(machine);
    FileMail forged = mail_of(10);
    forged.forged = true;
    f().done(forged);
    FileMail robbed = mail_of(11);
    robbed.route = "risk_team";
    f().done(robbed);
    FileMail question = mail_of(12);
    question.category = "general_howto";
    f().done(question);
    EXPECT_EQ(count(), 0);
    f().pass(11min);
    write(13);
    EXPECT_EQ(count(), 0) << "the window is over";
}

TEST_P(Incident, what_came_before_the_window_and_quiet_things_are_no_incident_and_a_busy_shop_is_its_own_measure) {
    // 720 a day for four weeks: ten within minutes are nothing.
    const std::int64_t today = std::chrono::floor<std::chrono::days>(f().at()).time_since_epoch().count();
    std::string days;
    for (int back = 1; back <= 28; ++back) {
        days += fmt::format("INSERT INTO topic_day (kind, thing, day, requests) VALUES (1, '{}', {}, 720);", shop_,
                            today - back);
    }
    f().run(days);
    crowd(0, 12);
    EXPECT_EQ(count(), 0);
    EXPECT_EQ(f().integer(
                  fmt::format("SELECT requests FROM topic_day WHERE kind = 1 AND thing = '{}' AND day = {}", shop_, today)),
              12);
}

TEST_P(Incident, an_error_code_is_a_thing_as_well) {
    for (int place = 0; place < 10; ++place) {
        FileMail filing = mail_of(place);
        filing.category = "login_security";  // the ledger is not asked
        filing.reading = R"({"entities":{"error_codes":["E-77"]},"flags":[]})";
        f().done(filing);
    }
    ASSERT_EQ(count(), 1);
    EXPECT_EQ(incident().line.thing, "E-77");
    EXPECT_EQ(incident().line.row.topic.kind, desk::TopicKind::error_code);
}

TEST_P(Incident, each_is_told_once_in_its_language_and_a_late_one_in_its_confirmation) {
    const auto ten = crowd(0, 10);
    const IncidentDetail before = incident();
    EXPECT_THAT(before.recipients, ElementsAre(5, 4, 1));
    ASSERT_TRUE(tell().done());
    for (int place = 0; place < 10; ++place) {
        const auto mails = told(place);
        ASSERT_THAT(mails, SizeIs(1)) << place;
        EXPECT_EQ(mails[0].kind, "reply");
        EXPECT_FALSE(mails[0].automatic);
        EXPECT_THAT(f().text_of(mails[0]), HasSubstr("Check: ")) << "anybody may ask whether it is ours";
        const auto one = ticket(ten[static_cast<std::size_t>(place)]);
        EXPECT_TRUE(one.first_replied);
        EXPECT_EQ(one.state, desk::TicketState::open);
    }
    EXPECT_EQ(incident().line.row.state, IncidentState::told);
    EXPECT_EQ(incident().line.told, 10);
    EXPECT_THAT(go_on(), IsEmpty());
    EXPECT_EQ(tell().code, "nobody_to_tell");

    const std::string late = write(10);
    ASSERT_THAT(told(10), SizeIs(1));
    EXPECT_EQ(told(10)[0].kind, "acknowledgement");
    EXPECT_TRUE(told(10)[0].automatic);
    EXPECT_THAT(f().text_of(told(10)[0]), HasSubstr(late));
    EXPECT_TRUE(ticket(late).first_replied);
    EXPECT_EQ(f().integer(fmt::format("SELECT count(*) FROM outgoing_mail WHERE recipient = '{}'", address(10))), 1)
        << "the text is in the confirmation, which comes once";
    FileMail robbed = mail_of(11);
    robbed.route = "risk_team";
    const std::string apart = f().done(robbed).text;
    EXPECT_THAT(members(), ::testing::Contains(apart));
    EXPECT_THAT(told(11), IsEmpty());
    EXPECT_TRUE(queries_->ticket_detail(apart).value()->incident->apart);
    FileMail machine = mail_of(12);
    machine.automatic = true;
    f().done(machine);
    EXPECT_THAT(f().outgoing(), Not(::testing::Contains(::testing::Field(&store::OutgoingRow::recipient, address(12)))));
    EXPECT_EQ(incident().line.told, 11);
}

TEST_P(Incident, who_was_answered_is_left_out_unless_chosen_and_who_may_be_robbed_always) {
    const auto ten = crowd(0, 10);
    FileMail robbed = mail_of(10);
    robbed.category = "suspicious_activity";
    const std::string apart = f().done(robbed).text;
    ASSERT_THAT(members(), ::testing::Not(::testing::Contains(apart))) << "no question of money: it is about nothing";
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = apart, .seed = "5"}), "");
    answer(ten[1]);
    answer(ten[2]);
    f().done(SetTicketState{.ticket = ten[3], .state = "solved", .version = ticket(ten[3]).version}, ann_->actor());
    EXPECT_EQ(tell({ten[2], "OK-0000000"}).code, "no_incident_member");
    EXPECT_THAT(told(0), IsEmpty()) << "and nobody was told by it";
    ASSERT_TRUE(tell({ten[2], ten[3], apart}).done());
    EXPECT_THAT(told(0), SizeIs(1));
    EXPECT_THAT(told(1), IsEmpty());
    EXPECT_THAT(told(2), SizeIs(1)) << "chosen";
    EXPECT_THAT(told(3), IsEmpty()) << "solved";
    EXPECT_THAT(told(10), IsEmpty());
    ASSERT_TRUE(tell({ten[1]}).done()) << "chosen later";
    EXPECT_THAT(told(1), SizeIs(1));
    EXPECT_THAT(told(2), SizeIs(1));
}

TEST_P(Incident, a_text_to_many_goes_out_in_several_commits_and_nothing_is_told_twice) {
    const int all = static_cast<int>(told_at_once_max) + 8;
    const auto numbers = crowd(0, all);
    ASSERT_THAT(members(), SizeIs(static_cast<std::size_t>(all)));
    ASSERT_TRUE(tell().done());
    EXPECT_EQ(incident().line.told, told_at_once_max);
    EXPECT_EQ(code(CloseIncident{1}), "incident_being_told");
    f().restart();
    const std::string answered = numbers.back();
    answer(answered);
    EXPECT_THAT(go_on(), SizeIs(8));
    EXPECT_THAT(go_on(), IsEmpty());
    EXPECT_EQ(incident().line.told, all - 1) << "who was answered meanwhile is left out";
    for (int place = 0; place < all - 1; ++place) EXPECT_THAT(told(place), SizeIs(1)) << place;
    EXPECT_THAT(told(all - 1), IsEmpty());
    EXPECT_EQ(code(CloseIncident{1}), "");
}

TEST_P(Incident, a_text_that_names_a_figure_or_says_something_else_is_refused) {
    crowd(0, 10);
    TellIncident body{.incident = 1,
                      .text_en = "You get CNY 12.80 back.",
                      .text_zh_hans = "我们正在处理。",
                      .text_zh_hant = "我們正在處理。",
                      .also = {},
                      .seed = "1"};
    const std::int64_t mails = f().integer("SELECT count(*) FROM outgoing_mail");
    EXPECT_EQ(code(body), codes::unbound_amount);
    body.text_en = "";
    EXPECT_EQ(code(body), codes::invalid);
    body.text_en = "We are on it.";
    body.incident = 9;
    EXPECT_EQ(code(body), codes::not_found);
    EXPECT_EQ(f().integer("SELECT count(*) FROM outgoing_mail"), mails);
    EXPECT_EQ(incident().line.row.state, IncidentState::open);
    ASSERT_TRUE(tell().done());
    body.incident = 1;
    EXPECT_EQ(code(body), "incident_told") << "another text";
}

TEST_P(Incident, people_add_and_take_out_close_and_open_again) {
    const auto ten = crowd(0, 10);
    const std::string more =
        f().receive({.from = address(20), .subject = "A question", .text = "Is Jasmine Tea House open?"}).text;
    const std::string stranger = f().receive({.from = "ina@example.net", .subject = "Tea", .text = "I cannot pay."}).text;
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = ten[0], .seed = "1"}), "incident_member");
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = "OK-0000000", .seed = "1"}), codes::not_found);
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = more, .seed = "1"}), "");
    EXPECT_EQ(code(RemoveFromIncident{.incident = 1, .ticket = ten[1]}), "");
    EXPECT_EQ(code(RemoveFromIncident{.incident = 1, .ticket = ten[1]}), "no_incident_member");
    EXPECT_THAT(members(), SizeIs(10));
    ASSERT_TRUE(tell().done());
    EXPECT_THAT(told(1), IsEmpty());
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = stranger, .seed = "2"}), "");
    EXPECT_EQ(f().outgoing().back().recipient, "ina@example.net") << "who is added to what was told is told";
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = ten[1], .seed = "3"}), "");
    EXPECT_THAT(told(1), SizeIs(1));
    EXPECT_EQ(code(RemoveFromIncident{.incident = 1, .ticket = ten[1]}), "") << "what was sent stays sent";

    EXPECT_EQ(code(ReopenIncident{1}), "incident_not_closed");
    EXPECT_EQ(code(CloseIncident{1}), "");
    EXPECT_EQ(code(CloseIncident{1}), "incident_closed");
    EXPECT_EQ(code(AddToIncident{.incident = 1, .ticket = ten[1], .seed = "4"}), "incident_closed");
    EXPECT_EQ(tell().code, "incident_closed");
    const std::string after = write(11);
    EXPECT_FALSE(queries_->ticket_detail(after).value()->incident) << "nothing joins it, and one is no new one";
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(incident().line.members, 11);
    EXPECT_EQ(code(ReopenIncident{1}), "");
    EXPECT_EQ(incident().line.row.state, IncidentState::told);
    EXPECT_EQ(code(CloseIncident{1}), "");
    crowd(30, 40);
    ASSERT_EQ(count(), 2) << "another evening";
    EXPECT_EQ(code(ReopenIncident{1}), "incident_stands");
    EXPECT_EQ(code(AddToIncident{.incident = 2, .ticket = ten[2], .seed = "6"}), "") << "its first one is over";
    std::vector<std::string> actions;
    store::each_audit(*f().connect(), [&](const store::AuditEntry& entry) {
        if (entry.object == "incident:1") actions.push_back(entry.action);
    });
    EXPECT_THAT(actions, ::testing::IsSupersetOf({"open_incident", "tell_incident", "add_to_incident",
                                                  "remove_from_incident", "close_incident", "reopen_incident"}));
}

TEST_P(Incident, what_nobody_closed_is_over_after_a_day_and_the_next_burst_is_another) {
    const auto first = crowd(0, 10);
    ASSERT_EQ(count(), 1);
    ASSERT_TRUE(tell().done());
    f().pass(25h);
    // People at work on it do not make it younger.
    f().done(RemoveFromIncident{.incident = 1, .ticket = first[3]}, ann_->actor());
    const auto second = crowd(10, 19);
    EXPECT_THAT(members(), SizeIs(9)) << "one more is no part of it any more";
    EXPECT_THAT(told(10), IsEmpty());
    EXPECT_EQ(count(), 1);
    write(19);
    ASSERT_EQ(count(), 2);
    EXPECT_EQ(incident(1).line.row.state, IncidentState::closed);
    EXPECT_THAT(members(2), SizeIs(10));
    write(20);
    EXPECT_THAT(members(2), SizeIs(11));
    EXPECT_THAT(told(20), IsEmpty()) << "one text is not for two troubles";
    EXPECT_EQ(ticket(second[0]).first_replied, std::nullopt);
}

TEST_P(Incident, who_was_given_to_the_risk_team_is_no_voice) {
    const auto nine = crowd(0, 9);
    give_to_risk_team(nine[4]);
    write(9);
    EXPECT_EQ(count(), 0);
    write(10);
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(members(), Not(::testing::Contains(nine[4])));
}

TEST_P(Incident, a_role_that_may_not_answer_does_nothing_to_it_and_who_has_to_do_with_a_customer_does_not_see_the_request) {
    const auto ten = crowd(0, 10);
    const StaffMember auditor = f().staff("audit@pay.example", "auditor");
    EXPECT_EQ(f().ask(CloseIncident{1}, auditor.actor()).code, codes::not_permitted);
    f().done(RelateStaff{ann_->no, customer(4), "household"});
    EXPECT_EQ(code(RemoveFromIncident{.incident = 1, .ticket = ten[4]}), codes::not_found);
    EXPECT_EQ(code(RemoveFromIncident{.incident = 1, .ticket = ten[5]}), "");
}

// The order charged twice, by a retry.
TEST_P(Incident, refunds_are_proposed_in_one_step_and_small_ones_approved_together_by_another) {
    const auto ten = crowd(0, 10);
    ProposeIncidentRefunds wanted{.incident = 1, .refunds = {}};
    std::vector<std::int64_t> twins;
    for (int place = 0; place < 4; ++place) {
        const std::int64_t minor = place == 3 ? 2'500 : price;
        const std::int64_t twin =
            f().pay(customer(place), shop_, minor, fmt::format("again{}", place), fmt::format("B-{}", place));
        twins.push_back(twin);
        wanted.refunds.push_back(refund_of(ten[static_cast<std::size_t>(place)], twin, minor));
    }
    wanted.refunds.push_back(wanted.refunds[0]);  // once more
    wanted.refunds.push_back(wanted.refunds[0]);
    wanted.refunds[5].ticket = "OK-0000000";
    const Answer proposed = f().done(wanted, ann_->actor());
    EXPECT_EQ(proposed.text, fmt::format("{0}=proposed,{1}=proposed,{2}=proposed,{3}=proposed,{0}=open_remedy_exists,OK-"
                                         "0000000=no_incident_member",
                                         ten[0], ten[1], ten[2], ten[3]));
    EXPECT_THAT(incident().refunds, SizeIs(4));

    const auto approve = [&](std::vector<int> places, const StaffMember& by) {
        std::vector<std::string> ids;
        for (const int place : places) ids.push_back(wanted.refunds[static_cast<std::size_t>(place)].remedy_id);
        f().pass(31s);  // a code of its own each time
        return f().ask(ApproveIncidentRefunds{.incident = 1, .remedies = ids, .totp_code = f().totp(by), .seed = "7"},
                       by.actor());
    };
    EXPECT_EQ(approve({0}, *ann_).code, "proposer_cannot_approve") << "not the own ones";
    EXPECT_EQ(approve({}, *boss_).code, "nothing_to_approve");
    EXPECT_EQ(approve({0, 0}, *boss_).code, codes::invalid);
    EXPECT_EQ(approve({3}, *boss_).code, "refund_above_cap");
    EXPECT_EQ(approve({0, 1, 2}, *boss_).code, "refunds_above_cap") << "3 times 12.80 are more than 30.00";
    EXPECT_EQ(f().ask(ApproveIncidentRefunds{.incident = 1,
                                             .remedies = {wanted.refunds[0].remedy_id},
                                             .totp_code = "000000",
                                             .seed = "8"},
                      boss_->actor())
                  .code,
              codes::totp_wrong);
    // One of the two is given back by other means meanwhile.
    f().done(Refund{.key = "elsewhere", .payment = twins[1], .amount_minor = 100, .reason = "requested_by_customer"},
             {ActorKind::merchant, shop_});
    const std::int64_t balance = f().balance(f().wallet_of(customer(0)));
    const Answer approved = approve({0, 1}, *boss_);
    EXPECT_EQ(approved.text,
              fmt::format("{}=executed,{}=refundable_changed", wanted.refunds[0].remedy_id, wanted.refunds[1].remedy_id));
    EXPECT_EQ(f().balance(f().wallet_of(customer(0))), balance + price);
    EXPECT_EQ(approve({0}, *boss_).text, wanted.refunds[0].remedy_id + "=already_decided");
    EXPECT_EQ(f().balance(f().wallet_of(customer(0))), balance + price);
    EXPECT_EQ(incident().refunds[1].remedy.state, desk::RemedyState::voided);
}

TEST_P(Incident, no_refund_in_bulk_for_whom_the_risk_team_has_by_then) {
    const auto ten = crowd(0, 10);
    ProposeIncidentRefunds wanted{.incident = 1, .refunds = {}};
    for (int place = 0; place < 3; ++place) {
        const std::int64_t twin =
            f().pay(customer(place), shop_, price, fmt::format("again{}", place), fmt::format("B-{}", place));
        wanted.refunds.push_back(refund_of(ten[static_cast<std::size_t>(place)], twin, price));
    }
    give_to_risk_team(ten[0]);
    EXPECT_EQ(f().done(wanted, ann_->actor()).text,
              fmt::format("{}=no_incident_member,{}=proposed,{}=proposed", ten[0], ten[1], ten[2]));
    give_to_risk_team(ten[1]);
    const std::int64_t balance = f().balance(f().wallet_of(customer(1)));
    f().pass(31s);
    const std::string kept = wanted.refunds[1].remedy_id, paid = wanted.refunds[2].remedy_id;
    const Answer approved =
        f().done(ApproveIncidentRefunds{.incident = 1, .remedies = {kept, paid}, .totp_code = f().totp(*boss_), .seed = "7"},
                 boss_->actor());
    EXPECT_EQ(approved.text, fmt::format("{}=kept_by_risk_team,{}=executed", kept, paid));
    EXPECT_EQ(f().balance(f().wallet_of(customer(1))), balance);
}

INSTANTIATE_TEST_SUITE_P(Engines, Incident, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
