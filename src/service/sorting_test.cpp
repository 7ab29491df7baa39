// SPDX-License-Identifier: Apache-2.0
// Requests are set right and handed over, and raised by what is written later, on both engines. After each test the books
// are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/lifecycle.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/rule_store.hpp"
#include "store/sorting_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Sorted : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        ann_ = f().staff("ann@pay.example");
        tom_ = f().staff("tom@pay.example", "technical");
        rita_ = f().staff("rita@pay.example", "risk");
        boss_ = f().staff("boss@pay.example", "supervisor");
        f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    std::string write(std::string text = "How do I get my money back from the bookshop?", std::string answers = "") {
        f().pass(minutes{1});
        const std::string subject = answers.empty() ? fmt::format("Letter {}", ++written_) : "Re: [" + answers + "]";
        return f()
            .receive({.from = "li@example.org", .subject = subject, .text = text + fmt::format("\n\n{}", ++written_)})
            .text;
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    TicketDetail detail(const std::string& number) { return queries_->ticket_detail(number).value().value(); }
    SortTicket wish(const std::string& number) {
        f().pass(minutes{1});
        return {.ticket = number,
                .language = "en",
                .message_id = f().fresh<MessageId>().text(),
                .version = ticket(number).version};
    }
    Answer sort(const std::string& number, std::string category, std::string urgency = "", std::string team = "",
                const StaffMember* who = nullptr) {
        SortTicket body = wish(number);
        body.category = std::move(category);
        body.urgency = std::move(urgency);
        body.team = std::move(team);
        return f().ask(std::move(body), (who == nullptr ? *ann_ : *who).actor());
    }
    std::vector<std::string> told(const std::string& number, std::string_view kind) {
        std::vector<std::string> details;
        for (const EventView& event : detail(number).events) {
            if (event.kind == kind) details.push_back(event.detail);
        }
        return details;
    }
    std::vector<std::string> listed(TicketList list) {
        std::vector<std::string> numbers;
        const auto page = queries_->tickets({.list = list, .me = customers::StaffNo{ann_->no}, .words = "", .limit = 50});
        for (const TicketView& view : page->items) numbers.push_back(view.row.ticket.request_number);
        return numbers;
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> ann_, tom_, rita_, boss_;
    std::unique_ptr<Queries> queries_;
    int written_ = 0;
};

TEST_P(Sorted, a_category_that_was_read_wrong_is_set_right) {
    const std::string number = write();
    const desk::Ticket before = ticket(number);
    ASSERT_NE(before.category, "duplicate_charge");
    ASSERT_TRUE(sort(number, "duplicate_charge", "high").done());
    const desk::Ticket after = ticket(number);
    EXPECT_EQ(after.category, "duplicate_charge");
    EXPECT_EQ(after.urgency, "high");
    EXPECT_EQ(after.route, before.route);
    EXPECT_EQ(after.version, before.version + 1);
    EXPECT_EQ(after.investigation_due, before.opened + desk::investigation_within) << "a payment error has its clock";
    EXPECT_THAT(told(number, "sorted"),
                ElementsAre(fmt::format(R"({{"what":"category","was":"{}","became":"duplicate_charge"}})", before.category),
                            fmt::format(R"({{"what":"urgency","was":"{}","became":"high"}})", before.urgency)));
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'sort'"), 2);

    // Called otherwise again, the investigation that the customer was told of goes on.
    ASSERT_TRUE(sort(number, "general_howto").done());
    EXPECT_EQ(ticket(number).investigation_due, after.investigation_due);
}

TEST_P(Sorted, nobody_sorts_what_they_have_not_seen) {
    const std::string number = write();
    SortTicket body = wish(number);
    body.category = "card";
    write("And my card?", number);
    EXPECT_EQ(f().ask(body, ann_->actor()).code, "ticket_changed");
    body.version = ticket(number).version;
    EXPECT_TRUE(f().ask(body, ann_->actor()).done());
    EXPECT_EQ(sort(number, "card").code, "nothing_to_sort");
    EXPECT_EQ(sort(number, "parcels").code, "invalid");
    body.ticket = "OK-0000000";
    EXPECT_EQ(f().ask(body, ann_->actor()).code, "not_found");
    const StaffMember auditor = f().staff("audit@pay.example", "auditor");
    EXPECT_EQ(sort(number, "refund", "", "", &auditor).code, "not_permitted");
}

TEST_P(Sorted, the_technical_team_gets_the_form_and_the_request) {
    const std::string number = write("The payment page shows nothing after I pay.");
    f().done(AssignTicket{.ticket = number, .staff = ann_->no}, ann_->actor());
    EXPECT_EQ(sort(number, "", "", "technical_team").code, "hand_over_incomplete");
    EXPECT_THAT(listed(TicketList::technical), IsEmpty());
    f().done(SnoozeTicket{number, ms_of(f().at() + hours{2})}, ann_->actor());

    SortTicket body = wish(number);
    body.team = "technical_team";
    body.what_happens = "White page after the bank's page. Card 4111 1111 1111 1111.";
    body.steps = "Pay, confirm.";
    body.note = "Second one today.";
    ASSERT_TRUE(f().ask(body, ann_->actor()).done());
    const desk::Ticket after = ticket(number);
    EXPECT_EQ(after.route, "technical_team");
    EXPECT_FALSE(after.assignee) << "the agent has it no more";
    EXPECT_FALSE(detail(number).ticket.snoozed_until) << "it sleeps no more";
    EXPECT_THAT(listed(TicketList::technical), ElementsAre(number));
    const MessageView note = detail(number).messages.back();
    EXPECT_EQ(note.message.direction, desk::Direction::note);
    EXPECT_THAT(note.message.body, HasSubstr("What happens: White page after the bank's page."));
    EXPECT_THAT(note.message.body, HasSubstr("\nSteps: Pay, confirm.\n\nSecond one today."));
    EXPECT_EQ(note.message.body.find("4111 1111"), std::string::npos) << "numbers of cards are masked";

    // Whoever of the team has it keeps it when only its name changes; back with the agents they have it no more.
    f().done(AssignTicket{.ticket = number, .staff = tom_->no}, tom_->actor());
    ASSERT_TRUE(sort(number, "topup_withdrawal", "", "", &*tom_).done());
    EXPECT_EQ(ticket(number).assignee, customers::StaffNo{tom_->no});
    ASSERT_TRUE(sort(number, "", "", "agent", &*tom_).done());
    EXPECT_FALSE(ticket(number).assignee);
    EXPECT_THAT(listed(TicketList::technical), IsEmpty());
}

TEST_P(Sorted, what_may_be_an_attack_is_given_away_by_few) {
    const std::string number = write("Somebody logged into my account and paid 300 euros without me. I did not do this!");
    ASSERT_EQ(ticket(number).route, "risk_team");
    EXPECT_THAT(listed(TicketList::risk), ElementsAre(number));
    EXPECT_EQ(sort(number, "", "", "agent").code, "kept_by_risk_team");
    EXPECT_EQ(sort(number, "", "low").code, "kept_by_risk_team");
    EXPECT_EQ(sort(number, "", "", "agent", &*tom_).code, "kept_by_risk_team");
    EXPECT_TRUE(sort(number, "", "low", "agent", &*rita_).done());
    EXPECT_EQ(ticket(number).route, "agent");
}

TEST_P(Sorted, what_is_written_later_raises_and_never_calms) {
    const std::string number = write();
    ASSERT_EQ(ticket(number).route == "risk_team", false);
    f().done(AssignTicket{.ticket = number, .staff = ann_->no}, ann_->actor());
    const std::string urgency = ticket(number).urgency;
    write("Fine, I will wait for it then.", number);
    EXPECT_EQ(ticket(number).urgency, urgency);
    EXPECT_THAT(told(number, "raised"), IsEmpty());
    write("Now somebody logged into my account and paid 300 euros without me. I did not do this!", number);
    EXPECT_EQ(ticket(number).route, "risk_team");
    EXPECT_EQ(ticket(number).urgency, "critical");
    EXPECT_FALSE(ticket(number).assignee);
    EXPECT_THAT(listed(TicketList::risk), ElementsAre(number));
    EXPECT_EQ(told(number, "raised").size(), 2U);
    write("Sorry, how long does a refund take usually?", number);
    EXPECT_EQ(ticket(number).route, "risk_team");
    EXPECT_EQ(ticket(number).urgency, "critical");
}

TEST_P(Sorted, what_was_taken_for_spam_is_a_request_once_its_sender_writes_one) {
    f().pass(minutes{1});
    FileMail first =
        f().filing(f().accept(f().raw_of({.from = "li@example.org", .subject = "Win", .text = "Win a prize!"})));
    first.category = "spam";
    first.route = "no_action";
    first.urgency = "low";
    const std::string number = f().done(first).text;
    write("Somebody was in my account and paid 300 euros. I did not do this!", number);
    EXPECT_EQ(ticket(number).route, "risk_team");
    EXPECT_NE(ticket(number).category, "spam");
    EXPECT_EQ(ticket(number).urgency, "critical");
    EXPECT_EQ(sort(number, "spam", "", "risk_team").code, "kept_by_risk_team");
}

TEST_P(Sorted, splits_and_merges_take_nothing_from_the_risk_team) {
    const std::string robbed = write("Somebody logged into my account and paid 300 euros without me. I did not do this!");
    ASSERT_EQ(ticket(robbed).route, "risk_team");
    write("And how do I get a statement?", robbed);
    const MessageView words = detail(robbed).messages.front();
    const Answer split = f().done(SplitTicket{.ticket = robbed,
                                              .messages = {words.message.id.text()},
                                              .subject = "",
                                              .category = "",
                                              .ticket_id = f().fresh<TicketId>().text(),
                                              .outgoing_id = f().fresh<OutgoingId>().text(),
                                              .seed = "5",
                                              .version = ticket(robbed).version},
                                  ann_->actor());
    EXPECT_EQ(ticket(split.text).route, "risk_team");
    EXPECT_FALSE(ticket(split.text).assignee);
    const std::string plain = write();
    ASSERT_EQ(ticket(plain).route == "risk_team", false);
    f().done(MergeTicket{.ticket = robbed, .into = plain, .reason = "the same", .version = ticket(robbed).version},
             ann_->actor());
    EXPECT_EQ(ticket(plain).route, "risk_team");
    EXPECT_EQ(ticket(plain).urgency, "critical");
}

TEST_P(Sorted, rules_of_changes_hear_of_it) {
    PutRule body{.rule = 0,
                 .name = "Double charges are urgent",
                 .when = "change",
                 .since = "opened",
                 .changes = {"category"},
                 .hours = 0,
                 .working_hours = false,
                 .any = false,
                 .conditions = desk::text_of(
                     std::vector<desk::RuleCondition>{{.field = desk::RuleField::category, .values = {"duplicate_charge"}}}),
                 .actions =
                     desk::text_of(std::vector<desk::RuleAction>{{.act = desk::RuleAct::set_urgency, .value = "high"}}),
                 .stop = false,
                 .version = 0};
    const std::int64_t rule = f().done(body, boss_->actor()).number;
    f().done(SetRuleMode{.rule = rule, .mode = "on", .version = 1}, boss_->actor());
    const std::string number = write();
    ASSERT_TRUE(sort(number, "card").done());
    EXPECT_NE(ticket(number).urgency, "high");
    ASSERT_TRUE(sort(number, "duplicate_charge").done());
    EXPECT_EQ(ticket(number).urgency, "high");
}

TEST_P(Sorted, lists_and_counts_of_what_is_unclear) {
    const std::string number = write();
    ASSERT_TRUE(sort(number, "unclear").done());
    EXPECT_THAT(listed(TicketList::unclear), ElementsAre(number));
    const auto counts = [&] {
        return queries_->tickets({.list = TicketList::open, .me = customers::StaffNo{ann_->no}, .words = "", .limit = 1})
            ->counts;
    };
    EXPECT_EQ(counts().unclear, 1);
    f().done(SnoozeTicket{number, ms_of(f().at() + hours{2})}, ann_->actor());
    EXPECT_EQ(counts().unclear, 0);
    EXPECT_THAT(listed(TicketList::unclear), IsEmpty());
}

TEST_P(Sorted, corrections_are_figures_and_training) {
    const std::string wrong = write();
    const std::string read = ticket(wrong).category;
    const std::string right = write("Please tell me your fees.");
    const std::string back = write("Where do I see my statements?");
    ASSERT_TRUE(sort(wrong, "duplicate_charge").done());
    const std::string was = ticket(back).category;
    ASSERT_TRUE(sort(back, "complaint").done());
    ASSERT_TRUE(sort(back, was).done());
    f().pass(hours{1});
    const auto figures = queries_->sorting_figures(f().at() - std::chrono::days{7}, f().at()).value();
    EXPECT_EQ(figures.read, 3);
    EXPECT_EQ(figures.corrected, 1);
    const auto of = std::ranges::find(figures.categories, read, &desk::SortingFigures::Category::name);
    ASSERT_NE(of, figures.categories.end());
    EXPECT_EQ(of->taken_away, 1);
    EXPECT_EQ(of->most_often, "duplicate_charge");

    std::vector<std::string> texts;
    store::each_corrected(*f().connect(), [&](const store::CorrectedRequest& one) {
        texts.push_back(one.category + ": " + one.text.substr(0, 20));
    });
    EXPECT_THAT(texts, ElementsAre("duplicate_charge: How do I get my mone", was + ": Where do I see my st"));
}

TEST_P(Sorted, the_words_that_decided_stand_in_the_reading) {
    const std::string number = write("I was charged twice for one coffee.");
    const std::string reading = store::find_ticket(*f().connect(), number).value().reading;
    EXPECT_THAT(reading, HasSubstr(R"("because":[{"decision":"category","value":")"));
    EXPECT_THAT(reading, HasSubstr("charged twice"));
}

INSTANTIATE_TEST_SUITE_P(Engines, Sorted, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
