// SPDX-License-Identifier: Apache-2.0
// Missing facts on both engines: asked for once with the confirmation, given by mail or by the link, and nobody waits for
// them. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/ask_facts.hpp"
#include "desk/lifecycle.hpp"
#include "payments/payment_ref.hpp"
#include "service/case_parts.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Facts : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        f().staff("ann@pay.example");
        li_ = f().customer("li@example.org", "Li Wei");
        f().top_up(li_, 50'000);
        shop_ = f().merchant("Bookshop");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    // Lacks which payment it is.
    std::string asks(const std::string& from = "li@example.org", bool proven = true) {
        f().pass(minutes{1});
        return f()
            .receive(
                {.from = from, .subject = "Refund", .text = "Please refund my payment to the bookshop.", .proven = proven})
            .text;
    }
    void answer(const std::string& number, const std::string& text) {
        f().pass(minutes{5});
        f().receive({.from = "li@example.org", .subject = "Re: [" + number + "] Refund", .text = text});
    }
    store::OutgoingRow letter() { return f().outgoing().back(); }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    std::optional<store::AskedFacts> asked(const std::string& number) {
        return store::find_asked_facts(*f().connect(), ticket(number).no);
    }
    std::vector<std::string> missing(const std::string& number) {
        const auto facts = asked(number).value();
        return desk::still_missing(facts.asked, facts.given);
    }
    std::string open(const std::string& text) {
        const auto at = text.find('#') + 1;
        const auto hash = hash_of_link(text.substr(at, text.find_first_of(" \r\n", at) - at));
        const std::string session = hex_of(view_of(sha256(std::to_string(++sessions_))));
        const Answer opened = f().ask(OpenCase{.link_hash = hash ? hex_of(view_of(*hash)) : "", .session_hash = session});
        return opened.done() ? session : opened.code;
    }
    Answer say(const std::string& session, std::string text, std::vector<std::string> facts, std::string payment = "") {
        f().pass(minutes{1});
        return f().ask(AnswerCase{.session_hash = session,
                                  .message_id = f().fresh<MessageId>().text(),
                                  .text = std::move(text),
                                  .facts = std::move(facts),
                                  .payment = std::move(payment)});
    }
    std::string ref_of(std::int64_t seq) { return payments::text_of(store::find_payment(*f().connect(), seq).value().id); }
    std::int64_t events(std::string_view kind) {
        return f().integer(fmt::format("SELECT count(*) FROM ticket_event WHERE kind = '{}'", kind));
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::unique_ptr<Queries> queries_;
    std::int64_t li_ = 0, shop_ = 0;
    int sessions_ = 0;
};

TEST_P(Facts, are_asked_for_with_the_confirmation_and_the_request_waits_for_nobody) {
    const std::string number = asks();
    EXPECT_THAT(asked(number).value().asked, ElementsAre("transaction_id", "amount", "transaction_time"));
    const std::string text = f().text_of(letter());
    EXPECT_THAT(text, HasSubstr("· the amount and its currency"));
    EXPECT_THAT(text, HasSubstr("/account/case#"));
    EXPECT_THAT(text, HasSubstr("Li Wei"));
    EXPECT_EQ(f().outgoing().size(), 1U) << "one letter, not two";
    const desk::Ticket now = ticket(number);
    EXPECT_EQ(now.state, desk::TicketState::fresh);
    EXPECT_FALSE(now.first_replied);
    ASSERT_TRUE(desk::running_clock(now));
    EXPECT_EQ(desk::running_clock(now)->due, now.opened + hours{24});
}

TEST_P(Facts, of_a_stranger_say_nothing_of_accounts) {
    const std::string known = asks("li@example.org", false);
    const std::string of_known = f().text_of(letter());
    const std::string nobody = asks("zed@elsewhere.example", false);
    std::string of_nobody = f().text_of(letter());
    EXPECT_THAT(of_known, Not(HasSubstr("/account/")));
    EXPECT_THAT(of_known, Not(HasSubstr("Li Wei")));
    ASSERT_TRUE(asked(known) && asked(nobody));
    EXPECT_EQ(asked(known)->asked, asked(nobody)->asked);
    EXPECT_EQ(f().integer("SELECT count(*) FROM case_access"), 0);
    const auto shape = [](std::string text) {
        text.resize(text.find("\nRef: "));  // each letter's own
        std::erase_if(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
        return text;
    };
    EXPECT_EQ(shape(of_known), shape(of_nobody)) << "the same but for number and time";
}

TEST_P(Facts, that_come_by_mail_are_set_against_what_was_asked_for) {
    const std::string number = asks();
    answer(number, "It was 12.50 EUR.");
    EXPECT_THAT(missing(number), ElementsAre("transaction_id", "transaction_time"));
    EXPECT_EQ(ticket(number).route, "agent") << "whoever answers is read by a person";
    answer(number, "I paid it on 2026-11-02, around 17:48.");
    EXPECT_THAT(missing(number), IsEmpty()) << "amount and time are enough";
    EXPECT_EQ(events("facts_given"), 2);
    EXPECT_EQ(events("facts_asked"), 1);
    answer(number, "Thank you.");
    EXPECT_EQ(events("facts_given"), 2);
    // What lacks again something is not asked for again.
    answer(number, "And please refund my other payment to the bookshop.");
    EXPECT_EQ(events("facts_asked"), 1);
}

TEST_P(Facts, that_are_all_there_are_not_asked_for) {
    const auto payment = f().pay(li_, shop_, 1'250, "one");
    const std::string ref = ref_of(payment);
    f().pass(minutes{1});
    const std::string number = f().receive({.from = "li@example.org",
                                            .subject = "Refund",
                                            .text = "Please refund my payment " + ref + " to the bookshop."})
                                   .text;
    EXPECT_FALSE(asked(number));
    EXPECT_THAT(f().text_of(letter()), Not(HasSubstr("/account/case#")));
    // Nor of whom somebody robs: that is with the risk team at once.
    const std::string robbed =
        f().receive({.from = "li@example.org", .subject = "Help", .text = "Somebody was in my account. I did not pay this!"})
            .text;
    EXPECT_FALSE(asked(robbed));
}

TEST_P(Facts, the_payment_is_picked_from_the_own_list) {
    const auto own = f().pay(li_, shop_, 1'250, "one");
    const std::string number = asks();
    const std::string text = f().text_of(letter());
    const std::string session = open(text);
    ASSERT_EQ(session.size(), 64U);
    EXPECT_EQ(open(text), "token_invalid") << "once";

    const std::int64_t zoe = f().customer("zoe@example.org", "Zoe");
    f().top_up(zoe, 5'000);
    const auto foreign = f().pay(zoe, shop_, 1'250, "two");
    EXPECT_EQ(say(session, "", {}, ref_of(foreign)).code, "payment_not_found");
    EXPECT_EQ(say(session, "", {}, "pay_aaaaaaaaaaaaaaaaaaaaaaaaaa").code, "payment_not_found");
    EXPECT_EQ(say(session, "", {}).code, codes::invalid);
    EXPECT_EQ(say(session, "words", {"shoe_size"}).code, codes::invalid);
    EXPECT_FALSE(asked(number)->answered);

    ASSERT_TRUE(say(session, "It never arrived.", {"problem_description"}, ref_of(own)).done());
    EXPECT_THAT(missing(number), IsEmpty());
    EXPECT_EQ(ticket(number).route, "agent");
    EXPECT_EQ(ticket(number).assurance, customers::Assurance::a2_one_time_link);
    const TicketDetail detail = queries_->ticket_detail(number).value().value();
    EXPECT_THAT(detail.messages.back().message.body, HasSubstr(ref_of(own)));
    EXPECT_THAT(detail.messages.back().message.body, HasSubstr("12.50"));
    EXPECT_THAT(detail.messages.back().message.body, HasSubstr("It never arrived."));
    ASSERT_TRUE(detail.asked);
    EXPECT_TRUE(detail.asked->answered);
}

TEST_P(Facts, the_link_ends_with_what_makes_the_mailbox_doubtful) {
    const std::string number = asks();
    const std::string text = f().text_of(letter());
    const std::string session = open(text);
    f().run(fmt::format("UPDATE case_access SET opened = NULL WHERE customer = {}", li_));  // a second reader of the mailbox
    f().customer("zoe@example.net", "Zoe");
    asks("zoe@example.net");
    const std::string of_zoe = f().text_of(letter());
    const auto boss = f().staff("boss@pay.example", "risk");
    const Answer locked =
        f().ask(PlaceLock{.customer = li_, .scope = "full", .message_code = "unusual_payments", .reason = "robbed"},
                boss.actor());
    ASSERT_TRUE(locked.done()) << locked.detail;
    EXPECT_EQ(open(text), "token_invalid");
    EXPECT_EQ(say(session, "It is me.", {}).code, "case_ended");
    EXPECT_EQ(open(of_zoe).size(), 64U) << "another's goes on";
    // And while the lock stands there is none.
    f().pass(hours{1});
    f().receive({.from = "li@example.org", .subject = "Top up", .text = "My top-up has not arrived."});
    EXPECT_THAT(f().text_of(letter()), Not(HasSubstr("/account/case#")));
    EXPECT_FALSE(number.empty());
}

TEST_P(Facts, an_answer_by_mail_shows_staff_no_link_and_ends_it) {
    const std::string number = asks();
    const std::string text = f().text_of(letter());
    const auto at = text.find("/account/case#");
    const std::string link = text.substr(at, text.find_first_of(" \r\n", at) - at);
    answer(number, "It was 12.50 EUR.\n\n> Here you can pick the payment:\n> https://pay.example" + link + "\n");
    for (const MessageView& view : queries_->ticket_detail(number).value()->messages) {
        const desk::Message& message = view.message;
        if (message.direction != desk::Direction::inbound) continue;
        EXPECT_THAT(message.body + message.quoted, Not(HasSubstr(link)));
    }
    EXPECT_EQ(open(text), "token_invalid");
}

TEST_P(Facts, words_by_the_link_take_out_what_was_set_aside) {
    const std::string number = asks();
    const std::string session = open(f().text_of(letter()));
    const auto ann = f().staff("ben@pay.example");
    ASSERT_TRUE(f().ask(SortTicket{.ticket = number,
                                   .category = "spam",
                                   .language = "en",
                                   .message_id = f().fresh<MessageId>().text(),
                                   .version = ticket(number).version},
                        ann.actor())
                    .done());
    ASSERT_TRUE(desk::is_set_aside(ticket(number)));
    ASSERT_TRUE(say(session, "I am no spam.", {}).done());
    const desk::Ticket now = ticket(number);
    EXPECT_FALSE(desk::is_set_aside(now));
    ASSERT_TRUE(desk::running_clock(now));
    EXPECT_EQ(desk::running_clock(now)->due, f().at() + hours{24}) << "its 24 hours begin with that word";
}

TEST_P(Facts, the_link_lives_three_days) {
    asks();
    const std::string text = f().text_of(letter());
    f().pass(days{3});
    EXPECT_EQ(open(text), "token_invalid");
    f().customer("zoe@example.net", "Zoe");
    asks("zoe@example.net");
    const std::string newer = f().text_of(letter());
    f().pass(days{3} - minutes{1});
    EXPECT_EQ(open(newer).size(), 64U);
}

INSTANTIATE_TEST_SUITE_P(Engines, Facts, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
