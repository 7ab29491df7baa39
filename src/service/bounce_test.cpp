// SPDX-License-Identifier: Apache-2.0
// Mail that comes back: it is bound to what came back by our own mark alone, it changes the state of that mail and of its
// address, and it answers and reopens nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "customers/privacy.hpp"
#include "service/mail_out.hpp"
#include "service_fixture.hpp"
#include "store/delivery_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using store::OutgoingRow;
using store::OutgoingState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Bounces : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres && okpay::testing::postgres_missing()) {
            GTEST_SKIP() << *okpay::testing::postgres_missing();
        }
        f_.emplace(GetParam());
    }
    void TearDown() override {
        if (f_) EXPECT_THAT(f_->faults(), IsEmpty());
    }
    Answer bounce(const std::string& raw) { return f_->ask(f_->filing(f_->accept(raw, ""))); }
    Answer ask_of(const std::string& from, const std::string& text, bool proven = true) {
        return f_->receive({.from = from, .subject = "Question", .text = text, .proven = proven});
    }
    void send_all() {
        for (const std::int64_t no : f_->done(TakeOutgoing{100}).numbers) {
            f_->done(ReportDelivery{.outgoing = store::find_outgoing(*f_->connect(), no)->id.text(),
                                    .state = "sent",
                                    .text = "250 taken",
                                    .next_at = 0});
        }
    }
    OutgoingRow newest() { return f_->outgoing().back(); }
    std::vector<std::string> events(const std::string& ticket) {
        std::vector<std::string> kinds;
        f_->connect()->query(
            "SELECT e.kind FROM ticket_event e JOIN ticket t ON t.no = e.ticket WHERE t.request_number = $1 "
            "ORDER BY e.no",
            {std::string_view{ticket}}, [&kinds](const store::Row& row) { kinds.push_back(row.string(0)); });
        return kinds;
    }
    std::vector<store::DeliveryStep> steps(std::int64_t outgoing) {
        std::vector<store::DeliveryStep> found;
        for (const auto& attempt : store::attempts_of(*f_->connect(), outgoing)) found.push_back(attempt.step);
        return found;
    }
    bool suppressed(std::string_view address) { return store::standing_suppression(*f_->connect(), address).has_value(); }

    std::optional<ServiceFixture> f_;
};

TEST_P(Bounces, a_hard_one_ends_the_mail_and_the_address_and_answers_nothing) {
    f_->customer("li@example.org", "Li Wei");
    const std::string ticket = ask_of("li@example.org", "How much is a transfer?").text;
    const auto before = store::find_ticket(*f_->connect(), ticket)->ticket;
    send_all();
    const OutgoingRow mail = newest();
    const std::int64_t messages = f_->integer("SELECT count(*) FROM message");
    EXPECT_TRUE(bounce(ServiceFixture::bounce_of(mail, "5.1.1")).done());

    EXPECT_EQ(newest().state, OutgoingState::failed);
    EXPECT_THAT(newest().remote_reply, HasSubstr("5.1.1 550 5.1.1 the server says so"));
    EXPECT_EQ(f_->outgoing().size(), 1U) << "nothing answers a bounce";
    EXPECT_EQ(f_->integer("SELECT count(*) FROM message"), messages);
    EXPECT_EQ(f_->integer("SELECT count(*) FROM ticket"), 1);
    const auto after = store::find_ticket(*f_->connect(), ticket)->ticket;
    EXPECT_EQ(after.state, before.state);
    EXPECT_EQ(after.version, before.version);
    EXPECT_EQ(after.first_reply_due, before.first_reply_due);
    EXPECT_THAT(events(ticket), ElementsAre("opened", "acknowledgement", "mail_bounced", "address_suppressed"));
    EXPECT_THAT(steps(mail.no), ElementsAre(store::DeliveryStep::accepted, store::DeliveryStep::bounced));
    EXPECT_TRUE(suppressed("LI@example.org"));

    // The same told again, in other octets, is filed and changes nothing more.
    EXPECT_TRUE(bounce("X-Again: 1\r\n" + ServiceFixture::bounce_of(mail, "5.1.1")).done());
    EXPECT_EQ(f_->integer("SELECT count(*) FROM suppressed_address"), 1);
    EXPECT_EQ(events(ticket).size(), 4U);
    // A report of the relay that comes after it does not bring the mail back to life.
    EXPECT_TRUE(f_->done(ReportDelivery{.outgoing = mail.id.text(), .state = "sent", .text = "250", .next_at = 0}).replayed);
    EXPECT_EQ(newest().state, OutgoingState::failed);
}

TEST_P(Bounces, a_letter_that_belongs_to_no_request_comes_back_too) {
    const std::int64_t li = f_->customer("li@example.org", "Li Wei");
    f_->done(SetCustomerPassword{.customer = li, .password_phc = "$argon2id$x"});
    f_->done(RequestMoney{.key = "k",
                          .request = f_->fresh<MoneyRequestId>().text(),
                          .payee = li,
                          .payer = 0,
                          .payer_said = "zoe@example.org",
                          .amount_minor = 500,
                          .currency = "CNY",
                          .memo = "Tea",
                          .expires = ms_of(f_->at() + std::chrono::hours{9}),
                          .seed = "3"},
             {ActorKind::customer, li});
    f_->customer("zoe@example.org", "Zoe");
    f_->done(RequestMoney{.key = "k2",
                          .request = f_->fresh<MoneyRequestId>().text(),
                          .payee = li,
                          .payer = 2,
                          .payer_said = "zoe@example.org",
                          .amount_minor = 500,
                          .currency = "CNY",
                          .memo = "Tea",
                          .expires = ms_of(f_->at() + std::chrono::hours{9}),
                          .seed = "4"},
             {ActorKind::customer, li});
    const OutgoingRow letter = newest();
    ASSERT_FALSE(letter.ticket);
    ASSERT_EQ(letter.recipient, "zoe@example.org");
    EXPECT_TRUE(bounce(ServiceFixture::bounce_of(letter, "5.2.1")).done());
    EXPECT_EQ(newest().state, OutgoingState::failed);
    EXPECT_TRUE(suppressed("zoe@example.org"));
    EXPECT_EQ(f_->integer("SELECT count(*) FROM ticket"), 0);
}

TEST_P(Bounces, a_forged_one_changes_nothing) {
    f_->customer("li@example.org", "Li Wei");
    ask_of("li@example.org", "Mine");
    const OutgoingRow hers = newest();
    ask_of("eve@example.net", "Mine too", false);
    const OutgoingRow eves = newest();
    send_all();
    const auto id_of = [](const OutgoingRow& row) {
        const auto at = row.bytes.find("<t.");
        return row.bytes.substr(at, row.bytes.find('>', at) + 1 - at);
    };
    const std::string own = id_of(eves), victim = id_of(hers);
    const std::string token = own.substr(3, 44), victim_unique = victim.substr(victim.find('.', 3) + 1);
    struct Case {
        std::string_view name;
        std::string raw;
    };
    OutgoingRow named = hers;  // addresses of the victim, in everything that is only claimed
    std::string stolen = victim;
    stolen[20] = stolen[20] == 'a' ? 'b' : 'a';
    const std::vector<Case> cases{
        {"by the address alone", ServiceFixture::bounce_of(named, "5.1.1", "failed", "<unknown@pay.example>")},
        {"the victim's unique part with one's own token",
         ServiceFixture::bounce_of(named, "5.1.1", "failed", "<t." + token + "." + victim_unique)},
        {"a token with a changed character", ServiceFixture::bounce_of(named, "5.1.1", "failed", stolen)},
        {"the unique part as of a letter",
         ServiceFixture::bounce_of(named, "5.1.1", "failed", "<n." + std::string(26, 'a') + "." + victim_unique)},
        {"no id at all", ServiceFixture::bounce_of(named, "5.1.1", "failed", "<>")},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_TRUE(bounce(c.raw).done());
        EXPECT_EQ(store::find_outgoing(*f_->connect(), hers.no)->state, OutgoingState::sent);
        EXPECT_EQ(f_->integer("SELECT count(*) FROM suppressed_address"), 0);
        EXPECT_EQ(f_->integer("SELECT count(*) FROM mail_bounce"), 0);
    }
    // What one's own mail says is about one's own address, whatever address it names.
    OutgoingRow mixed = eves;
    mixed.recipient = "li@example.org";
    EXPECT_TRUE(bounce(ServiceFixture::bounce_of(mixed, "5.1.1")).done());
    EXPECT_FALSE(suppressed("li@example.org"));
    EXPECT_TRUE(suppressed("eve@example.net"));
}

TEST_P(Bounces, what_a_person_wrote_is_no_bounce) {
    ask_of("eve@example.net", "Mine", false);
    const OutgoingRow mail = newest();
    std::string raw = ServiceFixture::bounce_of(mail, "5.1.1");
    raw.replace(raw.find("multipart/report"), 16, "multipart/mixed");
    raw.replace(raw.find("MAILER-DAEMON@mx.example.org"), 28, "eve@example.net");
    raw.replace(raw.find("Undelivered Mail Returned to Sender"), 35, "Your mail");
    raw.replace(raw.find("Auto-Submitted: auto-replied"), 28, "X-Nothing: x");
    EXPECT_TRUE(f_->ask(f_->filing(f_->accept(raw, "eve@example.net"))).done());
    EXPECT_EQ(store::find_outgoing(*f_->connect(), mail.no)->state, OutgoingState::queued);
    EXPECT_FALSE(suppressed("eve@example.net"));
}

TEST_P(Bounces, soft_ones_are_counted_and_a_delay_is_no_end) {
    f_->customer("li@example.org", "Li Wei");
    for (std::int64_t i = 0; i < soft_bounces_suppress; ++i) {
        ask_of("li@example.org", fmt::format("Question {}", i));
        send_all();
        EXPECT_TRUE(bounce(ServiceFixture::bounce_of(newest(), "4.4.1", "delayed")).done());
        EXPECT_EQ(newest().state, OutgoingState::sent) << "it is tried on";
        EXPECT_FALSE(suppressed("li@example.org"));
        for (int again = 0; again < 2; ++again) {  // told twice, it counts once
            EXPECT_TRUE(bounce(fmt::format("X-Again: {}\r\n", again) + ServiceFixture::bounce_of(newest(), "5.2.2")).done());
        }
        EXPECT_EQ(newest().state, OutgoingState::failed);
        EXPECT_EQ(suppressed("li@example.org"), i + 1 == soft_bounces_suppress);
        f_->pass(std::chrono::hours{25});
    }
}

TEST_P(Bounces, soft_ones_of_long_ago_do_not_count) {
    f_->customer("li@example.org", "Li Wei");
    for (std::int64_t i = 0; i < soft_bounces_suppress; ++i) {
        ask_of("li@example.org", fmt::format("Question {}", i));
        send_all();
        EXPECT_TRUE(bounce(ServiceFixture::bounce_of(newest(), "5.2.2")).done());
        f_->pass(soft_bounces_window / 2 + std::chrono::hours{1});
    }
    EXPECT_FALSE(suppressed("li@example.org"));
}

TEST_P(Bounces, a_suppressed_mail_is_kept_and_seen) {
    const std::int64_t li = f_->customer("li@example.org", "Li Wei");
    const auto ann = f_->staff("ann@pay.example");
    const std::string ticket = ask_of("li@example.org", "One").text;
    send_all();
    ask_of("li@example.org", "Two");  // queued already when the first comes back
    EXPECT_TRUE(bounce(ServiceFixture::bounce_of(f_->outgoing().front(), "5.1.1")).done());
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, IsEmpty());
    EXPECT_EQ(newest().state, OutgoingState::suppressed);
    const auto row = store::find_ticket(*f_->connect(), ticket);
    EXPECT_TRUE(f_->ask(ReplyToTicket{.ticket = ticket,
                                      .message_id = f_->fresh<MessageId>().text(),
                                      .outgoing_id = f_->fresh<OutgoingId>().text(),
                                      .text = "Nothing.",
                                      .state_after = "",
                                      .version = row->ticket.version,
                                      .figures = {}},
                        ann.actor())
                    .done());
    EXPECT_EQ(newest().state, OutgoingState::suppressed) << "written by a person, it is kept all the same";
    EXPECT_THAT(events(ticket), ::testing::Contains("mail_suppressed"));
    EXPECT_THAT(f_->done(TakeOutgoing{10}).numbers, IsEmpty());

    const LiftSuppression lift{.suppression = 1, .reason = "the customer called"};
    EXPECT_EQ(f_->ask(LiftSuppression{1, " "}, ann.actor()).code, codes::invalid);
    EXPECT_EQ(f_->ask(LiftSuppression{9, "x"}, ann.actor()).code, codes::not_found);
    EXPECT_EQ(f_->ask(lift).code, codes::not_permitted);
    EXPECT_EQ(f_->ask(lift, f_->staff("aud@pay.example", "auditor").actor()).code, codes::not_permitted);
    const auto related = f_->staff("rel@pay.example");
    f_->done(RelateStaff{.staff = related.no, .customer = li, .relation = "household"});
    EXPECT_EQ(f_->ask(lift, related.actor()).code, codes::not_found);
    EXPECT_TRUE(f_->ask(lift, ann.actor()).done());
    EXPECT_TRUE(f_->ask(lift, ann.actor()).replayed);
    EXPECT_EQ(f_->integer("SELECT count(*) FROM audit WHERE action = 'lift_suppression'"), 1);
    EXPECT_FALSE(suppressed("li@example.org"));
    ask_of("li@example.org", "Three");
    EXPECT_EQ(newest().state, OutgoingState::queued);
    EXPECT_EQ(f_->done(TakeOutgoing{10}).numbers.size(), 1U) << "what was not sent meanwhile stays so";
}

TEST_P(Bounces, a_proven_mail_lifts_it_by_itself_and_another_does_not) {
    f_->customer("li@example.org", "Li Wei");
    ask_of("li@example.org", "One");
    send_all();
    bounce(ServiceFixture::bounce_of(newest(), "5.1.1"));
    ask_of("li@example.org", "Unproven", false);
    EXPECT_TRUE(suppressed("li@example.org"));
    f_->receive({.from = "li@example.org",
                 .subject = "Automatic reply",
                 .text = "Away.",
                 .more_headers = "Auto-Submitted: auto-replied\r\n"});
    EXPECT_TRUE(suppressed("li@example.org"));
    ask_of("li@example.org", "I am here");
    EXPECT_FALSE(suppressed("li@example.org"));
    EXPECT_EQ(newest().state, OutgoingState::queued) << "the acknowledgement of it is sent";
    const auto lifted = store::find_suppressed(*f_->connect(), 1);
    EXPECT_EQ(lifted->lifted_by, "system:0");
}

TEST_P(Bounces, an_erased_person_leaves_no_address) {
    const std::int64_t li = f_->customer("li@example.org", "Li Wei");
    const auto boss = f_->staff("boss@pay.example", "admin");
    const std::string ticket = ask_of("li@example.org", "One").text;
    send_all();
    bounce(ServiceFixture::bounce_of(newest(), "5.1.1"));
    ask_of("li@example.org", "Unproven", false);
    for (const std::string& number :
         {ticket, f_->integer("SELECT count(*) FROM ticket") > 1
                      ? store::find_ticket(*f_->connect(), desk::TicketNo{2})->ticket.request_number
                      : ticket}) {
        const auto row = store::find_ticket(*f_->connect(), number);
        f_->done(SetTicketState{number, "solved", row->ticket.version}, boss.actor());
    }
    for (const char* account : {"SELECT min(account) FROM account_owner", "SELECT max(account) FROM account_owner"})
        f_->done(SetAccountState{f_->integer(account), "closed", "left"}, boss.actor());
    const Answer erased = f_->ask(ProposeErasure{f_->fresh<customers::ErasureId>().text(), li, "asked for it"});
    ASSERT_TRUE(erased.done()) << erased.detail;
    EXPECT_EQ(f_->integer("SELECT count(*) FROM suppressed_address WHERE address <> ''"), 0);
    EXPECT_EQ(f_->integer("SELECT count(*) FROM mail_bounce WHERE address <> '' OR diagnostic <> ''"), 0);
    EXPECT_EQ(f_->integer("SELECT count(*) FROM delivery_attempt WHERE reply <> ''"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Bounces, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
