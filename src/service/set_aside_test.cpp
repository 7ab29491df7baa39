// SPDX-License-Identifier: Apache-2.0
// Spam and machine mail stand apart: in a list of their own, with no clock, until somebody takes them out or they are over.
// On both engines; after each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/lifecycle.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using desk::TicketState;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SetAside : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        ann_ = f().staff("ann@pay.example");
        boss_ = f().staff("boss@pay.example", "supervisor");
        f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    // As triage hands it over: `automatic` is said by the headers.
    std::string receive(const std::string& from, std::string category, bool automatic, customers::Assurance proven) {
        f().pass(minutes{1});
        FileMail mail = f().filing(
            f().accept(f().raw_of({.from = from, .subject = "Win", .text = fmt::format("Win a prize! {}", ++written_)})));
        mail.category = std::move(category);
        mail.route = "no_action";
        mail.urgency = "low";
        mail.automatic = automatic;
        mail.assurance = static_cast<std::int64_t>(proven);
        return f().done(mail).text;
    }
    std::string spam() { return receive("seller@elsewhere.example", "spam", false, customers::Assurance::a0_unproven); }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    TicketPage page(TicketList list) {
        return *queries_->tickets({.list = list, .me = customers::StaffNo{ann_->no}, .words = "", .limit = 50});
    }
    std::vector<std::string> listed(TicketList list) {
        std::vector<std::string> numbers;
        for (const TicketView& view : page(list).items) numbers.push_back(view.row.ticket.request_number);
        return numbers;
    }
    std::int64_t letters_to(std::string_view address) {
        return f().integer(fmt::format("SELECT count(*) FROM outgoing_mail WHERE recipient = '{}'", address));
    }
    Answer sort(const std::string& number, std::string category, std::string team = "") {
        return f().ask(SortTicket{.ticket = number,
                                  .category = std::move(category),
                                  .team = std::move(team),
                                  .language = "en",
                                  .message_id = f().fresh<MessageId>().text(),
                                  .version = ticket(number).version},
                       ann_->actor());
    }
    void tell() { f().done(TellClocks{.tickets_max = 50, .seed = fmt::format("{:064}", ++seeds_)}); }
    void close() { f().done(CloseSolved{.tickets_max = 50}); }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> ann_, boss_;
    std::unique_ptr<Queries> queries_;
    int written_ = 0, seeds_ = 0;
};

TEST_P(SetAside, stands_in_a_list_of_its_own) {
    const std::string asks = f().receive({.from = "li@example.org", .subject = "Hello", .text = "Where is my refund?"}).text;
    const std::string sold = spam();
    const std::string away = receive("li@example.org", "auto_generated", true, customers::Assurance::a1_aligned_mail);
    EXPECT_THAT(listed(TicketList::open), ElementsAre(asks));
    EXPECT_THAT(listed(TicketList::spam), ElementsAre(away, sold)) << "the newest first";
    const TicketCounts counts = page(TicketList::open).counts;
    EXPECT_EQ(counts.open, 1);
    EXPECT_EQ(counts.spam, 2);
    EXPECT_EQ(letters_to("seller@elsewhere.example"), 0);

    // Asleep it is counted once, and in its own list as before.
    f().done(SnoozeTicket{sold, ms_of(f().at() + days{3})}, ann_->actor());
    EXPECT_EQ(page(TicketList::open).counts.open, 1);
    EXPECT_EQ(page(TicketList::open).counts.spam, 2);
    EXPECT_EQ(page(TicketList::open).counts.snoozed, 1);
}

TEST_P(SetAside, no_clock_runs_until_it_is_taken_out) {
    const std::string number = spam();
    EXPECT_FALSE(desk::running_clock(ticket(number)));
    f().pass(days{3});
    tell();
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket WHERE clock_told > 0"), 0);
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket_event WHERE kind LIKE 'clock%'"), 0);

    // Whoever finds a customer in it is told how late the house is by now: the 24 hours began with the mail.
    ASSERT_TRUE(sort(number, "refund").done());
    EXPECT_EQ(ticket(number).route, "agent");
    ASSERT_TRUE(desk::running_clock(ticket(number)));
    EXPECT_LT(desk::running_clock(ticket(number))->due, f().at());
    EXPECT_THAT(listed(TicketList::spam), IsEmpty());
    EXPECT_THAT(listed(TicketList::open), ElementsAre(number));
    tell();
    EXPECT_EQ(ticket(number).clock_told, static_cast<std::int64_t>(desk::ClockAlarm::escalated));
}

TEST_P(SetAside, what_a_customer_wrote_themselves_is_a_request) {
    const std::string proven = receive("li@example.org", "spam", false, customers::Assurance::a1_aligned_mail);
    EXPECT_EQ(ticket(proven).route, "agent");
    EXPECT_EQ(ticket(proven).category, "spam") << "what it was read as stays to be seen";
    EXPECT_THAT(listed(TicketList::open), ElementsAre(proven));
    EXPECT_EQ(letters_to("li@example.org"), 1) << "and is confirmed";
    // Also what reads like a machine's, where no header says that it is one.
    const std::string notice = receive("li@example.org", "auto_generated", false, customers::Assurance::a1_aligned_mail);
    EXPECT_EQ(ticket(notice).route, "agent");
    // In their name alone it proves nothing.
    const std::string borrowed = receive("li@example.org", "spam", false, customers::Assurance::a0_unproven);
    EXPECT_THAT(listed(TicketList::spam), ElementsAre(borrowed));
    EXPECT_EQ(letters_to("li@example.org"), 2);
}

TEST_P(SetAside, who_is_waited_for_does_not_go_on_where_nobody_looks) {
    const std::string sold = spam();
    f().pass(days{3});
    const std::string asks = f().receive({.from = "li@example.org", .subject = "Hello", .text = "Where is my refund?"}).text;
    const auto merge = [&](const std::string& from, const std::string& into) {
        return f().ask(MergeTicket{.ticket = from, .into = into, .reason = "one matter", .version = ticket(from).version},
                       boss_->actor());
    };
    // What nobody waits for brings its stopped clock to nobody.
    const desk::Ticket before = ticket(asks);
    const std::string other = spam();
    ASSERT_TRUE(merge(other, asks).done());
    EXPECT_EQ(ticket(asks).first_reply_due, before.first_reply_due);
    // The other way round it is a request, within the 24 hours of the one who waits.
    ASSERT_TRUE(merge(asks, sold).done());
    EXPECT_EQ(ticket(sold).route, "agent");
    ASSERT_TRUE(desk::running_clock(ticket(sold)));
    EXPECT_EQ(desk::running_clock(ticket(sold))->due, before.first_reply_due);
    EXPECT_THAT(listed(TicketList::open), ElementsAre(sold));
}

TEST_P(SetAside, what_nobody_takes_out_is_over_by_itself) {
    const std::string old = spam();
    f().pass(days{10});
    const std::string newer = spam();
    const std::string asks = f().receive({.from = "li@example.org", .subject = "Hello", .text = "Where is my refund?"}).text;
    f().pass(desk::set_aside_for - days{10} - minutes{5});
    close();
    EXPECT_EQ(ticket(old).state, TicketState::fresh) << "not a minute early";
    f().pass(minutes{5});
    close();
    EXPECT_EQ(ticket(old).state, TicketState::solved);
    EXPECT_EQ(ticket(newer).state, TicketState::fresh);
    EXPECT_EQ(ticket(asks).state, TicketState::fresh);
    close();
    EXPECT_EQ(ticket(old).state, TicketState::closed);
    EXPECT_EQ(letters_to("seller@elsewhere.example"), 0) << "and nobody is asked whether they are content";
    EXPECT_THAT(listed(TicketList::spam), ElementsAre(newer));
}

TEST_P(SetAside, what_sleeps_is_not_over) {
    const std::string asleep = spam();
    f().done(SnoozeTicket{asleep, ms_of(f().at() + days{31})}, ann_->actor());
    f().pass(desk::set_aside_for + hours{1});
    close();
    EXPECT_EQ(ticket(asleep).state, TicketState::fresh);
    // Nor in the round in which it wakes: whoever wanted to be reminded finds it.
    f().pass(days{1});
    f().done(WakeSnoozed{.tickets_max = 10});
    close();
    EXPECT_EQ(ticket(asleep).state, TicketState::fresh);
}

INSTANTIATE_TEST_SUITE_P(Engines, SetAside, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
