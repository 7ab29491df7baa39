// SPDX-License-Identifier: Apache-2.0
// Automatic mail never runs away: two desks that answer each other stop, what comes too often waits for a person, and where
// the relay does not take mail one of it is tried now and then. What people write is not held.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service/mail_out.hpp"
#include "service_fixture.hpp"
#include "store/delivery_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using store::Held;
using store::OutgoingState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t small_volume = 5;

class Brakes : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres && okpay::testing::postgres_missing()) {
            GTEST_SKIP() << *okpay::testing::postgres_missing();
        }
        f_.emplace(GetParam(), FixtureOptions{.automatic_mails_per_hour_max = small_volume});
    }
    void TearDown() override {
        if (f_) EXPECT_THAT(f_->faults(), IsEmpty());
    }
    Answer ask_of(const std::string& from, const std::string& subject, const std::string& text, bool proven = true) {
        return f_->receive({.from = from, .subject = subject, .text = text, .proven = proven});
    }
    Answer write(const StaffMember& staff, const std::string& ticket, const std::string& text) {
        const auto row = store::find_ticket(*f_->connect(), ticket);
        return f_->ask(ReplyToTicket{.ticket = ticket,
                                     .message_id = f_->fresh<MessageId>().text(),
                                     .outgoing_id = f_->fresh<OutgoingId>().text(),
                                     .text = text,
                                     .state_after = "",
                                     .version = row->ticket.version,
                                     .figures = {}},
                       staff.actor());
    }
    void report(std::int64_t outgoing, const std::string& state) {
        f_->done(ReportDelivery{.outgoing = store::find_outgoing(*f_->connect(), outgoing)->id.text(),
                                .state = state,
                                .text = state == "sent" ? "250 taken" : "451 not now",
                                .next_at = ms_of(f_->at() + std::chrono::hours{1})});
    }
    std::vector<Held> held() {
        std::vector<Held> all;
        for (const auto& row : f_->outgoing()) all.push_back(row.held);
        return all;
    }
    std::optional<store::MailBrake> brake(store::BrakeKind kind) { return store::standing_brake(*f_->connect(), kind); }

    std::optional<ServiceFixture> f_;
};

TEST_P(Brakes, two_desks_that_answer_each_other_stop) {
    f_->customer("desk@other.example", "The other desk");  // an authenticated customer gets a word back for each request
    std::size_t answered = 0;
    for (int round = 0; round < 10; ++round) {
        // The other desk acknowledges ours as a new mail: another number each time, no header that gives it away.
        ask_of("desk@other.example", fmt::format("We have your mail [#{}]", 1'000 + round),
               fmt::format("Your case CASE-{} is with us, we answer within 24 hours.", 77 + round));
        if (f_->outgoing().size() == answered) break;  // nothing left for it to answer
        answered = f_->outgoing().size();
        f_->pass(std::chrono::seconds{5});
    }
    EXPECT_EQ(answered, static_cast<std::size_t>(acknowledgements_alike_hour_max));
    EXPECT_EQ(f_->integer("SELECT count(*) FROM ticket_event WHERE kind = 'acknowledgement_capped'"), 1);
    // The same person with another matter is still answered.
    ask_of("desk@other.example", "A refund", "I want my money back.");
    EXPECT_EQ(f_->outgoing().size(), answered + 1);
}

TEST_P(Brakes, too_much_automatic_mail_waits_for_a_supervisor) {
    const StaffMember ann = f_->staff("ann@pay.example"), boss = f_->staff("boss@pay.example", "supervisor");
    std::string ticket;
    for (std::int64_t i = 0; i < small_volume + 2; ++i) {
        ticket = ask_of(fmt::format("who{}@example.net", i), "Q", fmt::format("Question {}", i), false).text;
    }
    EXPECT_THAT(held(), ElementsAre(Held::no, Held::no, Held::no, Held::no, Held::no, Held::volume, Held::volume));
    EXPECT_EQ(f_->done(TakeOutgoing{100}).numbers.size(), static_cast<std::size_t>(small_volume));
    const auto standing = brake(store::BrakeKind::volume);
    ASSERT_TRUE(standing);
    EXPECT_THAT(standing->why, HasSubstr("5 automatic mails within an hour"));
    EXPECT_EQ(f_->integer("SELECT count(*) FROM ticket_event WHERE kind = 'mail_held'"), 2);
    EXPECT_TRUE(write(ann, ticket, "Hello.").done());
    EXPECT_EQ(f_->done(TakeOutgoing{100}).numbers.size(), 1U) << "what people write goes";
    f_->pass(std::chrono::hours{2});
    EXPECT_THAT(f_->done(TakeOutgoing{100}).numbers, IsEmpty()) << "it does not end by itself";
    ask_of("late@example.net", "Q", "Late", false);
    EXPECT_EQ(held().back(), Held::volume);

    const ReleaseHeldMail release{.brake = standing->no, .reason = "it is meant"};
    EXPECT_EQ(f_->ask(release, ann.actor()).code, codes::not_permitted);
    EXPECT_EQ(f_->ask(ReleaseHeldMail{9, "x"}, boss.actor()).code, codes::not_found);
    EXPECT_EQ(f_->ask(ReleaseHeldMail{standing->no, " "}, boss.actor()).code, codes::invalid);
    EXPECT_TRUE(f_->ask(release, boss.actor()).done());
    EXPECT_TRUE(f_->ask(release, boss.actor()).replayed);
    EXPECT_FALSE(brake(store::BrakeKind::volume));
    EXPECT_EQ(f_->done(TakeOutgoing{100}).numbers.size(), 3U) << "nothing was lost";
    ask_of("next@example.net", "Q", "Next", false);
    EXPECT_EQ(held().back(), Held::no) << "what was let go does not count again";
}

TEST_P(Brakes, a_relay_that_does_not_take_mail_is_tried_now_and_then) {
    const StaffMember ann = f_->staff("ann@pay.example");
    const std::string ticket = ask_of("who@example.net", "Q", "Q", false).text;
    const std::int64_t automatic = 1;
    for (std::int64_t i = 0; i < relay_failures_max; ++i) {
        EXPECT_FALSE(brake(store::BrakeKind::relay));
        ASSERT_THAT(f_->done(TakeOutgoing{10}).numbers, ElementsAre(automatic)) << i;
        report(automatic, "queued");
        f_->pass(std::chrono::hours{1});
    }
    ASSERT_TRUE(brake(store::BrakeKind::relay));
    EXPECT_THAT(brake(store::BrakeKind::relay)->why, HasSubstr("451 not now"));
    // An hour has passed: one is tried, no second one meanwhile, and each failure makes the pause longer.
    ask_of("other@example.net", "Q", "Q2", false);
    EXPECT_EQ(f_->done(TakeOutgoing{10}).numbers.size(), 1U);
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, IsEmpty());
    report(automatic, "queued");
    EXPECT_EQ(brake(store::BrakeKind::relay)->tries, 1);
    EXPECT_EQ(brake(store::BrakeKind::relay)->next_try, f_->at() + relay_pause(1));
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, IsEmpty());
    EXPECT_TRUE(write(ann, ticket, "Hello.").done());
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, ElementsAre(3)) << "what people write is tried at once";
    report(3, "sent");
    EXPECT_FALSE(brake(store::BrakeKind::relay)) << "the relay took one";
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, ElementsAre(2));
}

TEST_P(Brakes, no_recipient_and_no_request_gets_mail_without_end) {
    // Straight into the outbox, past the limits that stand before it.
    f_.emplace(GetParam());
    const StaffMember boss = f_->staff("boss@pay.example", "admin");
    f_->customer("li@example.org", "Li");
    for (std::int64_t i = 0; i < automatic_to_recipient_hour_max + 5; ++i)
        ask_of("li@example.org", "Word " + std::string(static_cast<std::size_t>(i) + 1, 'x'), fmt::format("Q {}", i));
    EXPECT_EQ(held().back(), Held::recipient);
    EXPECT_EQ(std::ranges::count(held(), Held::no), automatic_to_recipient_hour_max);
    const auto last = f_->outgoing().back();
    EXPECT_EQ(f_->ask(DecideDelivery{last.no, "resend"}, f_->staff("ann@pay.example").actor()).code, codes::not_permitted);
    EXPECT_TRUE(f_->ask(DecideDelivery{last.no, "resend"}, boss.actor()).done());
    EXPECT_EQ(f_->outgoing().back().held, Held::no);
    f_->pass(std::chrono::hours{1} + std::chrono::seconds{1});
    ask_of("li@example.org", "Later", "Later");
    EXPECT_EQ(held().back(), Held::no);
}

TEST_P(Brakes, a_person_decides_where_nobody_knows) {
    const StaffMember ann = f_->staff("ann@pay.example");
    const std::string ticket = ask_of("who@example.net", "Q", "Q", false).text;
    EXPECT_TRUE(write(ann, ticket, "One.").done());
    EXPECT_TRUE(write(ann, ticket, "Two.").done());
    const auto numbers = f_->done(TakeOutgoing{10}).numbers;
    ASSERT_EQ(numbers.size(), 3U);
    const auto decide = [&](std::int64_t mail, const std::string& decision) {
        return f_->ask(DecideDelivery{mail, decision}, ann.actor()).code;
    };
    EXPECT_EQ(decide(2, "resend"), "delivery_settled") << "it is on its way";
    for (const std::int64_t mail : {2, 3}) {
        f_->done(ReportDelivery{.outgoing = store::find_outgoing(*f_->connect(), mail)->id.text(),
                                .state = "uncertain",
                                .text = "no answer",
                                .next_at = 0});
    }
    EXPECT_EQ(decide(2, "perhaps"), codes::invalid);
    EXPECT_EQ(decide(9, "resend"), codes::not_found);
    EXPECT_EQ(f_->ask(DecideDelivery{2, "resend"}).code, codes::not_permitted);
    const Bytes before = f_->outgoing()[1].bytes;
    EXPECT_EQ(decide(2, "resend"), "");
    EXPECT_EQ(f_->outgoing()[1].state, OutgoingState::queued);
    EXPECT_EQ(f_->outgoing()[1].bytes, before) << "under the same Message-ID";
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, ElementsAre(2));
    EXPECT_EQ(decide(3, "mark_sent"), "");
    EXPECT_EQ(f_->outgoing()[2].state, OutgoingState::sent);
    EXPECT_EQ(decide(3, "mark_sent"), "delivery_settled");
    std::vector<store::DeliveryStep> steps;
    for (const auto& attempt : store::attempts_of(*f_->connect(), 3)) steps.push_back(attempt.step);
    EXPECT_THAT(steps, ElementsAre(store::DeliveryStep::uncertain, store::DeliveryStep::marked_sent));
    EXPECT_EQ(f_->integer("SELECT count(*) FROM audit WHERE action IN ('mail_resent', 'mail_marked_sent')"), 2);
}

TEST_P(Brakes, a_mail_in_quarantine_is_read_again_on_demand) {
    const StaffMember boss = f_->staff("boss@pay.example", "supervisor");
    const std::int64_t mail = f_->accept(ServiceFixture::raw_of({.from = "a@example.net", .subject = "Q", .text = "Q"}));
    EXPECT_EQ(f_->ask(RetryQuarantined{mail}, boss.actor()).code, "already_decided") << "it waits";
    f_->done(QuarantineMail{mail, "reading it took too long twice"});
    EXPECT_EQ(f_->ask(RetryQuarantined{mail}, f_->staff("ann@pay.example").actor()).code, codes::not_permitted);
    EXPECT_EQ(f_->ask(RetryQuarantined{99}, boss.actor()).code, codes::not_found);
    EXPECT_TRUE(f_->ask(RetryQuarantined{mail}, boss.actor()).done());
    EXPECT_EQ(store::find_inbound(*f_->connect(), mail)->state, store::InboundState::waiting);
    EXPECT_TRUE(f_->ask(f_->filing(mail)).done());
    EXPECT_EQ(f_->integer("SELECT count(*) FROM ticket"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Brakes, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
