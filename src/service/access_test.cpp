// SPDX-License-Identifier: Apache-2.0
// How customers come to be here and in: what each letter opens and what it does not, and the attacks on it, by name. On
// both engines; after each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <atomic>

#include "service/codec.hpp"
#include "service_fixture.hpp"
#include "store/access_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using store::AccessLinkKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view phc = "$argon2id$of the fixture";
constexpr std::string_view new_phc = "$argon2id$another";

class Access : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Bytes token() { return Bytes{view_of(sha256(fmt::format("token {}", ++drawn_)))}; }
    std::string link() { return base32_of(token()); }
    static std::string hash_of(std::string_view link) { return hex_of(view_of(sha256(*bytes_of_base32(link)))); }
    std::string letter() { return f_.fresh<OutgoingId>().text(); }
    std::string hash() { return hex_of(token()); }

    StartSignUp sign_up(std::string email) {
        return {.email = std::move(email),
                .name = "Li Wei",
                .language = "en",
                .zone = "Asia/Shanghai",
                .password_phc = std::string{phc},
                .sign_up_link = link(),
                .letter = letter()};
    }
    ConfirmSignUp confirm(std::string_view of_link, std::string device = "") {
        return {.link_hash = hash_of(of_link),
                .customer = f_.fresh<CustomerId>().text(),
                .session_token_hash = hash(),
                .session_expires = ms_of(f_.at() + hours{12}),
                .device_hash = std::move(device),
                .agent = "Chrome on Android",
                .address = "203.0.113.7"};
    }
    AskNewPassword ask(std::string email, std::string device = "") {
        return {.email = std::move(email), .password_link = link(), .letter = letter(), .device_hash = std::move(device)};
    }
    SetNewPassword set(std::string_view of_link) {
        return {.link_hash = hash_of(of_link),
                .password_phc = std::string{new_phc},
                .letter = letter(),
                .report_link = link(),
                .agent = "Firefox on Linux",
                .address = "198.51.100.9"};
    }
    SignInCustomer sign_in(std::int64_t customer, std::string device) {
        return {.customer = customer,
                .session_token_hash = hash(),
                .session_expires = ms_of(f_.at() + hours{12}),
                .factor = {},
                .device_hash = std::move(device),
                .agent = "Chrome on Android",
                .address = "203.0.113.7",
                .password_hash = "",
                .ends_session = "",
                .letter = letter(),
                .report_link = link()};
    }
    ReportSignIn report(std::string_view of_link) {
        return {.link_hash = hash_of(of_link), .message_id = f_.fresh<MessageId>().text(), .letter = letter()};
    }
    // Wang, with a password, in session from a device that is known.
    std::int64_t wang() {
        const std::int64_t no = f_.customer("wang@qq.example", "Wang");
        f_.done(SetCustomerPassword{.customer = no, .password_phc = std::string{phc}});
        f_.done(sign_in(no, device_));
        return no;
    }
    std::vector<std::string> letters_to(std::string_view address) {
        std::vector<std::string> found;
        for (const store::OutgoingRow& row : f_.outgoing()) {
            if (row.recipient == address) found.push_back(f_.text_of(row));
        }
        return found;
    }
    std::int64_t sessions(std::int64_t customer) {
        return f_.integer(fmt::format("SELECT count(*) FROM customer_session WHERE customer = {}", customer));
    }
    store::CustomerLogin login(std::int64_t customer) {
        return store::find_customer_login(*f_.connect(), customers::CustomerNo{customer}).value();
    }
    std::string tried(std::int64_t customer, std::string device = "", std::string_view address = "wang@qq.example") {
        return f_
            .ask(CountFailedCustomerSignIn{.customer = customer,
                                           .address_hash = hex_of(view_of(sha256(address))),
                                           .device_hash = std::move(device)})
            .code;
    }

    ServiceFixture f_{GetParam()};
    std::string device_ = hex_of(view_of(sha256("Wang's telephone")));
    std::uint64_t drawn_ = 0;
};

TEST_P(Access, a_letter_makes_an_account_once_and_with_nothing_proven_but_the_address) {
    const StartSignUp start = sign_up(" Li@QQ.example ");
    ASSERT_TRUE(f_.done(start).done());
    ASSERT_THAT(letters_to("li@qq.example"), SizeIs(1));
    const std::string text = letters_to("li@qq.example").front();
    EXPECT_THAT(text, HasSubstr("https://pay.example/account/welcome#" + start.sign_up_link));
    EXPECT_THAT(text, Not(HasSubstr("Li Wei"))) << "nothing that somebody typed goes to an address that is not proven";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer"), 0);
    EXPECT_EQ(f_.integer(fmt::format("SELECT count(*) FROM access_link WHERE name LIKE '%{0}%' OR about LIKE '%{0}%'",
                                     start.sign_up_link)),
              0);

    const ConfirmSignUp yes = confirm(start.sign_up_link, device_);
    const std::int64_t no = f_.done(yes).number;
    const auto customer = store::find_customer(*f_.connect(), customers::CustomerNo{no}).value();
    EXPECT_EQ(customer.email, "li@qq.example");
    EXPECT_EQ(customer.level, customers::level_mail_confirmed);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM account"), 2);
    EXPECT_EQ(login(no).password_phc, phc);
    EXPECT_EQ(sessions(no), 1);
    EXPECT_EQ(f_.ask(confirm(start.sign_up_link)).code, "token_invalid") << "once";
    f_.done(sign_in(no, device_));
    EXPECT_THAT(letters_to("li@qq.example"), SizeIs(1)) << "the device that signed up is known";
}

TEST_P(Access, a_sign_up_link_ends_in_a_day_and_with_ten_wrong_passwords) {
    const StartSignUp late = sign_up("li@qq.example");
    f_.done(late);
    f_.pass(hours{24});
    EXPECT_EQ(f_.ask(confirm(late.sign_up_link)).code, "token_invalid");
    const StartSignUp guessed = sign_up("li@qq.example");
    f_.done(guessed);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(f_.ask(CountFailedSignUp{hash_of(guessed.sign_up_link)}).done()) << i;
    EXPECT_EQ(f_.ask(CountFailedSignUp{hash_of(guessed.sign_up_link)}).code, "token_invalid");
    EXPECT_EQ(f_.ask(confirm(guessed.sign_up_link)).code, "token_invalid");
}

TEST_P(Access, two_sign_ups_of_one_address_make_one_customer) {
    const StartSignUp strangers = sign_up("li@qq.example");
    const StartSignUp own = sign_up("li@qq.example");
    f_.done(strangers);
    f_.done(own);
    EXPECT_TRUE(f_.ask(confirm(own.sign_up_link)).done());
    EXPECT_EQ(f_.ask(confirm(strangers.sign_up_link)).code, "token_invalid");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer"), 1);
}

// T96: the same answer, the same rows, a letter each.
TEST_P(Access, nobody_learns_who_has_an_account) {
    wang();
    const auto rows = [this] { return f_.integer("SELECT count(*) FROM access_link"); };
    const auto letters = [this] { return f_.outgoing().size(); };
    const auto grown = [&](const CommandBody& body) {
        const auto before = std::pair{rows(), letters()};
        Answer answer = f_.ask(body);
        EXPECT_TRUE(answer.done());
        answer.replayed = false;
        return std::tuple{encode(answer), rows() - before.first, letters() - before.second};
    };
    EXPECT_EQ(grown(sign_up("wang@qq.example")), grown(sign_up("nobody@qq.example")));
    EXPECT_THAT(letters_to("wang@qq.example").back(), HasSubstr("Was it you?"));
    EXPECT_THAT(letters_to("wang@qq.example").back(), Not(HasSubstr("#"))) << "no link that opens anything";
    const auto asked = grown(ask("wang@qq.example"));
    const auto asked_of_nobody = grown(ask("nobody@qq.example"));
    EXPECT_EQ(std::get<0>(asked), std::get<0>(asked_of_nobody));
    EXPECT_EQ(std::get<1>(asked), std::get<1>(asked_of_nobody));
    EXPECT_THAT(letters_to("nobody@qq.example"), SizeIs(1))
        << "of the sign-up: no letter about an account that is not there";
    // Tries are counted alike, and end alike.
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(tried(1), "");
        EXPECT_EQ(tried(0, "", "nobody@qq.example"), "");
    }
    EXPECT_EQ(tried(1), "blocked");
    EXPECT_EQ(tried(0, "", "nobody@qq.example"), "blocked");
    f_.restart();
    EXPECT_EQ(tried(0, "", "nobody@qq.example"), "blocked") << "nor by what a restart forgets";
}

TEST_P(Access, letters_to_an_address_are_few_and_strangers_do_not_use_up_the_customers_own) {
    const std::int64_t no = wang();
    const std::size_t before = letters_to("wang@qq.example").size();
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(f_.ask(ask("wang@qq.example")).done());
    EXPECT_EQ(letters_to("wang@qq.example").size(), before + 5);
    AskNewPassword own = ask("wang@qq.example", device_);
    f_.done(own);
    EXPECT_EQ(letters_to("wang@qq.example").size(), before + 6);
    EXPECT_TRUE(f_.ask(set(own.password_link)).done());
    EXPECT_EQ(login(no).password_phc, new_phc);
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(f_.ask(sign_up("somebody@qq.example")).done());
    EXPECT_THAT(letters_to("somebody@qq.example"), SizeIs(5));
    f_.pass(hours{24});
    f_.done(sign_up("somebody@qq.example"));
    EXPECT_THAT(letters_to("somebody@qq.example"), SizeIs(6));
}

// T98: once, for ten minutes, and never for a factor.
TEST_P(Access, a_new_password_ends_all_sessions_and_older_links) {
    const std::int64_t no = wang();
    f_.done(sign_in(no, device_));
    EXPECT_EQ(sessions(no), 2);
    const AskNewPassword late = ask("wang@qq.example");
    f_.done(late);
    f_.pass(minutes{10});
    EXPECT_EQ(f_.ask(set(late.password_link)).code, "token_invalid");
    const AskNewPassword first = ask("wang@qq.example");
    const AskNewPassword second = ask("wang@qq.example");
    f_.done(first);
    f_.done(second);
    for (int i = 0; i < 10; ++i) tried(no);
    EXPECT_EQ(tried(no), "blocked");
    ASSERT_TRUE(f_.ask(set(second.password_link)).done());
    EXPECT_EQ(sessions(no), 0);
    EXPECT_EQ(f_.ask(set(second.password_link)).code, "token_invalid") << "used";
    EXPECT_EQ(f_.ask(set(first.password_link)).code, "token_invalid") << "an older one is used up with it";
    EXPECT_EQ(f_.ask(confirm(second.password_link)).code, "token_invalid") << "a link opens what it was made for";
    EXPECT_THAT(letters_to("wang@qq.example").back(), HasSubstr("Every other session has ended"));
    EXPECT_EQ(tried(no), "") << "a new password forgives";
}

// T98: whatever a request says of its host, links are of the configured URL; here there is nothing else they could be of.
TEST_P(Access, reset_poisoning_is_not_possible) {
    wang();
    const AskNewPassword asked = ask("wang@qq.example");
    f_.done(asked);
    EXPECT_THAT(letters_to("wang@qq.example").back(),
                HasSubstr("https://pay.example/account/new-password#" + asked.password_link));
}

TEST_P(Access, a_new_device_is_written_about_and_then_known) {
    const std::int64_t no = wang();
    ASSERT_THAT(letters_to("wang@qq.example"), SizeIs(1)) << "the first one too";
    EXPECT_THAT(letters_to("wang@qq.example").front(), HasSubstr("Chrome on Android"));
    EXPECT_THAT(letters_to("wang@qq.example").front(), HasSubstr("203.0.113.x"));
    EXPECT_THAT(letters_to("wang@qq.example").front(), Not(HasSubstr("203.0.113.7")));
    f_.done(sign_in(no, device_));
    EXPECT_THAT(letters_to("wang@qq.example"), SizeIs(1));
    f_.done(sign_in(no, hash()));
    EXPECT_THAT(letters_to("wang@qq.example"), SizeIs(2));
    for (int i = 0; i < 30; ++i) f_.done(sign_in(no, hash()));
    EXPECT_THAT(letters_to("wang@qq.example"), SizeIs(20)) << "a flood of them ends";
}

TEST_P(Access, this_was_not_me_locks_ends_everything_and_opens_a_request) {
    const std::int64_t no = wang();
    SignInCustomer thief = sign_in(no, hash());
    f_.done(thief);
    EXPECT_EQ(sessions(no), 2);
    const Answer said = f_.done(report(thief.report_link));
    EXPECT_EQ(sessions(no), 0);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer_device"), 0);
    EXPECT_EQ(login(no).password_phc, "") << "the password that somebody knows opens nothing";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'place_lock'"), 1);
    const auto row = store::find_ticket(*f_.connect(), said.text).value();
    EXPECT_EQ(row.ticket.category, "account_locked") << "the request of the lock";
    EXPECT_EQ(f_.ask(ReleaseOwnLock{.customer = no, .lock = 1}, {ActorKind::customer, no}).code, "lock_not_yours")
        << "a thief with a factor of his own is a customer too";
    EXPECT_EQ(row.ticket.urgency, "critical");
    EXPECT_THAT(letters_to("wang@qq.example").back(), HasSubstr("no money can leave your account"));
    const Answer again = f_.done(report(thief.report_link));
    EXPECT_EQ(again.text, said.text) << "pressed twice is one request";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 1);
    f_.run(fmt::format("UPDATE ticket SET state = {}", static_cast<int>(desk::TicketState::solved)));
    SignInCustomer third = sign_in(no, hash());
    f_.done(third);
    EXPECT_EQ(f_.done(report(third.report_link)).text, said.text) << "the request of the lock that stands, open again";
    EXPECT_EQ(store::find_ticket(*f_.connect(), said.text).value().ticket.state, desk::TicketState::open);
    f_.run(fmt::format("UPDATE ticket SET state = {}", static_cast<int>(desk::TicketState::closed)));
    SignInCustomer fourth = sign_in(no, hash());
    f_.done(fourth);
    EXPECT_NE(f_.done(report(fourth.report_link)).text, said.text) << "what is closed is not read by anybody";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 2);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer_lock"), 1);
    const AskNewPassword asked = ask("wang@qq.example");
    f_.done(asked);
    EXPECT_TRUE(f_.ask(set(asked.password_link)).done()) << "and the way back is open";
    EXPECT_EQ(f_.ask(report(link())).code, "token_invalid");
    SignInCustomer old = sign_in(no, hash());
    f_.done(old);
    f_.pass(days{14});
    EXPECT_EQ(f_.ask(report(old.report_link)).code, "token_invalid");
}

// The password was right, and is changed or taken away before the session is made.
TEST_P(Access, what_was_right_a_moment_ago_opens_nothing) {
    const std::int64_t no = wang();
    SignInCustomer late = sign_in(no, device_);
    late.password_hash = hex_of(view_of(sha256(phc)));
    EXPECT_TRUE(f_.ask(late).done());
    const AskNewPassword asked = ask("wang@qq.example");
    f_.done(asked);
    f_.done(set(asked.password_link));
    late.session_token_hash = hash();
    EXPECT_EQ(f_.ask(late).code, "sign_in_failed");
    EXPECT_EQ(sessions(no), 0);
}

// T95: 64 at once are ten, and the customer's own device still comes in.
TEST_P(Access, parallel_guesses_are_counted_before_they_are_made) {
    const std::int64_t no = wang();
    std::atomic<int> made = 0;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 64; ++i) {
        f_.writer().submit(f_.command(CountFailedCustomerSignIn{.customer = no, .address_hash = "", .device_hash = ""}),
                           [&](const Answer& answer) {
                               made += answer.done() ? 1 : 0;
                               answered += 1;
                               answered.notify_one();
                           });
    }
    for (int seen = answered; seen < 64; seen = answered) answered.wait(seen);
    EXPECT_EQ(made, 10);
    EXPECT_EQ(tried(no), "blocked");
    EXPECT_EQ(tried(no, device_), "");
    EXPECT_TRUE(f_.ask(sign_in(no, device_)).done());
    EXPECT_EQ(tried(no), "blocked") << "who comes in does not let strangers go on at once";
    EXPECT_EQ(tried(no, hash()), "blocked") << "a device that the customer never used is a stranger";
}

TEST_P(Access, sessions_end_one_by_one_or_all_the_others) {
    const std::int64_t no = wang();
    const std::int64_t zoe = f_.customer("zoe@example.org", "Zoe");
    f_.done(SetCustomerPassword{.customer = zoe, .password_phc = std::string{phc}});
    f_.done(sign_in(zoe, hash()));
    const SignInCustomer here = sign_in(no, device_);
    f_.done(here);
    f_.done(sign_in(no, device_));
    const auto all = store::customer_sessions_of(*f_.connect(), customers::CustomerNo{no}, f_.at());
    ASSERT_THAT(all, SizeIs(3));
    const std::int64_t of_zoe = store::customer_sessions_of(*f_.connect(), customers::CustomerNo{zoe}, f_.at()).front().no;
    const auto end = [&](std::int64_t session) {
        return f_.ask(EndSessions{.customer = no, .session = session, .session_token_hash = here.session_token_hash});
    };
    EXPECT_EQ(end(of_zoe).code, codes::not_found) << "of another person";
    EXPECT_EQ(end(all.front().no).number, 1);
    EXPECT_EQ(end(all.front().no).code, codes::not_found);
    EXPECT_EQ(end(0).number, 1);
    EXPECT_EQ(sessions(no), 1);
    EXPECT_EQ(sessions(zoe), 1);
}

// T92: the session that a browser came with does not live on, and a change of the password gives this one a new id.
TEST_P(Access, session_fixation_is_not_possible) {
    const std::int64_t no = wang();
    const SignInCustomer planted = sign_in(no, device_);
    f_.done(planted);
    SignInCustomer own = sign_in(no, device_);
    own.ends_session = planted.session_token_hash;
    f_.done(own);
    EXPECT_FALSE(store::find_customer_session(*f_.connect(), *bytes_of_hex(planted.session_token_hash)));
    ChangePassword change{.customer = no,
                          .password_phc = std::string{new_phc},
                          .session_token_hash = own.session_token_hash,
                          .new_session_token_hash = hash(),
                          .letter = letter(),
                          .report_link = link(),
                          .agent = "",
                          .address = ""};
    EXPECT_TRUE(f_.ask(change).done());
    EXPECT_EQ(sessions(no), 1) << "all others ended";
    EXPECT_FALSE(store::find_customer_session(*f_.connect(), *bytes_of_hex(own.session_token_hash)));
    EXPECT_TRUE(store::find_customer_session(*f_.connect(), *bytes_of_hex(change.new_session_token_hash)));
    change.letter = letter();
    EXPECT_EQ(f_.ask(change).code, "not_signed_in") << "by an id that is gone";
}

TEST_P(Access, the_phrase_stands_in_letters_to_its_owner_alone) {
    const std::int64_t no = wang();
    const auto set_phrase = [&](std::string phrase) {
        return f_.ask(SetPhrase{.customer = no,
                                .phrase = std::move(phrase),
                                .letter = letter(),
                                .report_link = link(),
                                .agent = "",
                                .address = ""});
    };
    for (const char* bad : {"abc", "see www.evil.example", "two\nlines here"}) {
        EXPECT_EQ(set_phrase(bad).code, codes::invalid) << bad;
    }
    ASSERT_TRUE(set_phrase("蓝色茶壶").done());
    EXPECT_THAT(letters_to("wang@qq.example").back(), Not(HasSubstr("蓝色茶壶")))
        << "that letter carries what was known before";
    f_.done(ask("wang@qq.example"));
    EXPECT_THAT(letters_to("wang@qq.example").back(), HasSubstr("蓝色茶壶"));
    // A word back to who only says that they are Wang is the same as to anybody.
    f_.receive({.from = "wang@qq.example", .subject = "hello", .text = "Where is my money?", .proven = false});
    EXPECT_THAT(letters_to("wang@qq.example").back(), Not(HasSubstr("蓝色茶壶")));
    f_.receive({.from = "wang@qq.example", .subject = "hello", .text = "Where is my other money?", .proven = true});
    EXPECT_THAT(letters_to("wang@qq.example").back(), HasSubstr("蓝色茶壶"));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM message WHERE body LIKE '%蓝色茶壶%'"), 0) << "staff do not read it";
    ASSERT_TRUE(set_phrase("").done());
    f_.done(ask("wang@qq.example"));
    EXPECT_THAT(letters_to("wang@qq.example").back(), Not(HasSubstr("蓝色茶壶")));
}

TEST_P(Access, sign_up_is_off_unless_the_house_says_currencies) {
    ServiceFixture closed{GetParam(), FixtureOptions{.sign_up_currencies = {}}};
    StartSignUp body = sign_up("li@qq.example");
    EXPECT_EQ(closed.ask(body).code, "sign_up_closed");
    body.name = "see www.evil.example";
    EXPECT_EQ(f_.ask(body).code, codes::invalid);
    body.name = "Li";
    body.zone = "Mars/Olympus";
    EXPECT_EQ(f_.ask(body).code, codes::invalid);
    body.zone = "UTC";
    body.email = "li";
    EXPECT_EQ(f_.ask(body).code, codes::invalid);
    EXPECT_THAT(f_.outgoing(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Access, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
