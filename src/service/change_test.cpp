// SPDX-License-Identifier: Apache-2.0
// Changes of the mail address on both engines: proven at the new one, told to both, held, made once; stopped from the old
// one to the last moment; nobody learns whose an address is. And the session that a letter opens. After each test the books
// are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "service/case_parts.hpp"
#include "service_fixture.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::ChangeId;
using customers::ChangeReason;
using customers::ChangeState;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Changes : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        li_ = f().customer("li@example.org", "Li Wei");
        zoe_ = f().customer("zoe@example.org", "Zoe", "zh-Hans");
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }

    ServiceFixture& f() { return *fixture_; }
    static Actor as(std::int64_t customer) { return {ActorKind::customer, customer}; }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }

    AskChange asking(std::int64_t customer, std::string value, std::string kind = "contact") {
        return {.change = f().fresh<ChangeId>().text(),
                .customer = customer,
                .kind = std::move(kind),
                .value = std::move(value),
                .session = 0,
                .seed = seed()};
    }
    ChangeId ask(std::int64_t customer, const std::string& address) {
        return ChangeId::parse(f().done(asking(customer, address), as(customer)).text).value();
    }
    Change row(const ChangeId& id) { return store::find_change(*f().connect(), id).value(); }
    std::string email_of(std::int64_t customer) {
        return store::find_customer(*f().connect(), customers::CustomerNo{customer})->email;
    }
    std::vector<store::OutgoingRow> letters(std::string_view kind) {
        auto all = f().outgoing();
        std::erase_if(all, [&](const store::OutgoingRow& one) { return one.kind != kind; });
        return all;
    }
    // The token of the newest letter of a kind, as its reader has it.
    std::string link_hash(std::string_view kind) {
        const auto found = letters(kind);
        EXPECT_FALSE(found.empty()) << kind;
        const std::string text = f().text_of(found.back());
        const auto at = text.find('#') + 1;
        const auto hash = hash_of_link(text.substr(at, text.find_first_of(" \r\n", at) - at));
        EXPECT_TRUE(hash) << text;
        return hex_of(view_of(hash.value()));
    }
    Answer prove() { return f().ask(ProveChange{.link_hash = link_hash("contact_prove"), .seed = seed()}); }
    Answer stop(std::string_view kind = "contact_held") {
        return f().ask(CancelChange{.link_hash = link_hash(kind), .change = "", .customer = 0, .seed = seed()});
    }
    Answer finish() { return f().done(FinishChanges{.changes_max = 100, .seed = seed()}); }
    void sign_in(std::int64_t customer, char token, std::int64_t assurance = 2) {
        f().done(SetCustomerPassword{.customer = customer, .password_phc = "$argon2id$x"});
        f().done(SignInCustomer{.customer = customer,
                                .session_token_hash = hex_of(view_of(sha256(Bytes(32, token)))),
                                .session_expires = ms_of(f().at() + hours{2})});
        f().run(fmt::format("UPDATE customer_session SET assurance = {} WHERE customer = {}", assurance, customer));
    }
    std::int64_t sessions_of(std::int64_t customer) {
        return f().integer(fmt::format("SELECT count(*) FROM customer_session WHERE customer = {}", customer));
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::int64_t li_ = 0, zoe_ = 0, seeds_ = 0;
};

TEST_P(Changes, an_address_is_proven_held_told_to_both_and_made_once) {
    const ChangeId id = ask(li_, " Li.New@Example.org ");
    EXPECT_EQ(row(id).state, ChangeState::proving);
    ASSERT_EQ(letters("contact_prove").size(), 1U);
    EXPECT_EQ(letters("contact_prove")[0].recipient, "li.new@example.org");
    EXPECT_THAT(f().text_of(letters("contact_prove")[0]), AllOf(Not(HasSubstr("Li Wei")), Not(HasSubstr("li@example.org"))))
        << "an address that has not proven itself learns nothing";
    EXPECT_EQ(letters("contact_asked")[0].recipient, "li@example.org");
    EXPECT_THAT(f().text_of(letters("contact_asked")[0]), Not(HasSubstr("li.new@")));
    EXPECT_EQ(finish().numbers.size(), 0U);
    EXPECT_EQ(email_of(li_), "li@example.org");

    const std::string link = link_hash("contact_prove");
    ASSERT_TRUE(prove().done());
    EXPECT_EQ(f().ask(ProveChange{.link_hash = link, .seed = seed()}).code, "token_invalid") << "once";
    EXPECT_EQ(row(id).state, ChangeState::held);
    EXPECT_EQ(row(id).due, f().at() + customers::contact_hold_default);
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'place_lock'"), 1);
    EXPECT_EQ(letters("contact_held")[0].recipient, "li@example.org");
    EXPECT_EQ(letters("contact_proven")[0].recipient, "li.new@example.org");
    EXPECT_THAT(f().text_of(letters("contact_proven")[0]), Not(HasSubstr("/account/keep-address")))
        << "only the old address may stop it";

    f().pass(customers::contact_hold_default - Millis{1});
    EXPECT_EQ(finish().numbers.size(), 0U);
    EXPECT_EQ(email_of(li_), "li@example.org");
    f().pass(Millis{1});
    EXPECT_EQ(finish().numbers.size(), 1U);
    EXPECT_EQ(finish().numbers.size(), 0U);
    EXPECT_EQ(email_of(li_), "li.new@example.org");
    EXPECT_EQ(row(id).state, ChangeState::done);
    EXPECT_EQ(letters("contact_done").size(), 1U);
    EXPECT_EQ(letters("contact_done")[0].recipient, "li@example.org");
    EXPECT_EQ(letters("contact_done_new")[0].recipient, "li.new@example.org");
    EXPECT_EQ(stop().code, "token_invalid") << "the hold is over";
}

TEST_P(Changes, the_job_killed_between_two_changes_goes_on_where_it_was) {
    const ChangeId first = ask(li_, "li2@example.org");
    ASSERT_TRUE(prove().done());
    const ChangeId second = ask(zoe_, "zoe2@example.org");
    ASSERT_TRUE(prove().done());
    f().pass(customers::contact_hold_default);
    EXPECT_EQ(f().done(FinishChanges{.changes_max = 1, .seed = seed()}).numbers.size(), 1U);
    f().restart();
    EXPECT_EQ(finish().numbers.size(), 1U);
    EXPECT_EQ(row(first).state, ChangeState::done);
    EXPECT_EQ(row(second).state, ChangeState::done);
    EXPECT_EQ(letters("contact_done").size(), 2U);
    EXPECT_EQ(f().integer("SELECT count(*) FROM command WHERE kind = 'FinishChanges'"), 0) << "no row a second";
}

TEST_P(Changes, the_old_address_stops_it_ends_sessions_and_calls_the_risk_team) {
    sign_in(li_, 'a');
    sign_in(li_, 'b', 3);
    sign_in(zoe_, 'c');
    const ChangeId id = ask(li_, "thief@example.net");
    ASSERT_TRUE(prove().done());
    f().pass(customers::contact_hold_default - minutes{1});
    const std::string link = link_hash("contact_held");
    EXPECT_EQ(link, link_hash("contact_asked")) << "one link for the whole time";
    ASSERT_TRUE(stop().done());
    EXPECT_EQ(row(id).state, ChangeState::canceled);
    EXPECT_EQ(row(id).reason, ChangeReason::by_old_address);
    EXPECT_EQ(sessions_of(li_), 0);
    EXPECT_EQ(sessions_of(zoe_), 1) << "of nobody else";
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket WHERE route = 'risk_team' AND urgency = 'critical'"), 1);
    EXPECT_THAT(f().text_of(letters("contact_ended").back()), HasSubstr("OK-"));
    const std::int64_t lock = f().integer("SELECT no FROM customer_lock WHERE message_code = 'not_me' AND state = 1");
    EXPECT_EQ(f().ask(ReleaseOwnLock{.customer = li_, .lock = lock}, as(li_)).code, "lock_not_yours")
        << "whoever asked for the change could sign in again";
    EXPECT_EQ(letters("contact_ended_new").back().recipient, "thief@example.net");
    EXPECT_EQ(stop().code, "token_invalid");
    f().pass(hours{1});
    EXPECT_EQ(finish().numbers.size(), 0U);
    EXPECT_EQ(email_of(li_), "li@example.org");
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket"), 1) << "once";
}

TEST_P(Changes, nobody_learns_whose_an_address_is) {
    const Answer free = f().ask(asking(li_, "free@example.org"), as(li_));
    const Change one = row(ChangeId::parse(free.text).value());
    f().done(CancelChange{.link_hash = "", .change = free.text, .customer = li_, .seed = seed()}, as(li_));
    const Answer taken = f().ask(asking(li_, "Zoe@example.org"), as(li_));
    const Change other = row(ChangeId::parse(taken.text).value());
    EXPECT_EQ(free.code, taken.code);
    EXPECT_EQ(one.state, other.state);
    EXPECT_EQ(one.due, other.due);
    ASSERT_EQ(letters("contact_wanted").size(), 1U);
    EXPECT_EQ(letters("contact_wanted")[0].recipient, "zoe@example.org");
    EXPECT_THAT(f().text_of(letters("contact_wanted")[0]), AllOf(Not(HasSubstr("Li Wei")), Not(HasSubstr("li@example.org")),
                                                                 Not(HasSubstr("/account/confirm-address"))));
    EXPECT_EQ(letters("contact_prove").size(), 1U) << "no link was made for it";
    // The two letters to who asks are the same but for the address.
    EXPECT_EQ(letters("contact_asked").size(), 2U);
    // Even who guessed the link gets nowhere.
    EXPECT_EQ(f().ask(ProveChange{.link_hash = hex_of(view_of(other.prove_hash)), .seed = seed()}).code, "token_invalid");
    f().pass(customers::change_link_lasts);
    finish();
    EXPECT_EQ(row(other.id).state, ChangeState::expired);
    EXPECT_EQ(email_of(zoe_), "zoe@example.org");
}

TEST_P(Changes, an_address_that_became_somebodys_while_it_was_held_is_not_taken_from_them) {
    const ChangeId id = ask(li_, "new@example.org");
    ASSERT_TRUE(prove().done());
    f().customer("new@example.org", "Somebody");
    f().pass(customers::contact_hold_default);
    finish();
    EXPECT_EQ(row(id).state, ChangeState::refused);
    EXPECT_EQ(row(id).reason, ChangeReason::address_in_use);
    EXPECT_EQ(email_of(li_), "li@example.org");
    EXPECT_THAT(letters("contact_ended_new"), IsEmpty()) << "the new owner has nothing to do with it";

    const ChangeId second = ask(li_, "new2@example.org");
    f().customer("new2@example.org", "Somebody else");
    EXPECT_TRUE(prove().done());
    EXPECT_EQ(row(second).state, ChangeState::refused);
}

TEST_P(Changes, one_at_a_time_three_a_day_and_three_letters_to_one_address) {
    const ChangeId id = ask(li_, "a@example.org");
    EXPECT_EQ(f().ask(asking(li_, "b@example.org"), as(li_)).code, "change_open");
    EXPECT_EQ(f().ask(CancelChange{.link_hash = "", .change = id.text(), .customer = zoe_, .seed = seed()}, as(zoe_)).code,
              codes::not_found);
    const auto cancel = [&](const ChangeId& change) {
        return f().ask(CancelChange{.link_hash = "", .change = change.text(), .customer = li_, .seed = seed()}, as(li_));
    };
    EXPECT_TRUE(cancel(id).done());
    EXPECT_EQ(cancel(id).code, "already_decided");
    cancel(ask(li_, "a@example.org"));
    cancel(ask(li_, "a@example.org"));
    EXPECT_EQ(f().ask(asking(li_, "a@example.org"), as(li_)).code, "too_many_requests");
    EXPECT_EQ(letters("contact_prove").size(), 3U);
    ask(zoe_, "a@example.org");
    EXPECT_EQ(letters("contact_prove").size(), 3U) << "whoever asks, and nobody is told";
    f().pass(hours{24} + Millis{1});
    finish();
    ask(li_, "a@example.org");
    EXPECT_EQ(letters("contact_prove").size(), 4U);
    for (const char* wrong : {"", "no address", "a@b@c", "li@example.org", "LI@EXAMPLE.ORG"}) {
        EXPECT_FALSE(f().ask(asking(zoe_, wrong), as(li_)).done()) << wrong;
    }
}

TEST_P(Changes, language_and_zone_are_done_at_once_and_nothing_else_is_a_kind) {
    EXPECT_TRUE(f().ask(asking(li_, "zh-Hant", "language"), as(li_)).done());
    EXPECT_TRUE(f().ask(asking(li_, "Asia/Taipei", "zone"), as(li_)).done());
    const auto customer = store::find_customer(*f().connect(), customers::CustomerNo{li_});
    EXPECT_EQ(customer->language, "zh-Hant");
    EXPECT_EQ(customer->zone, "Asia/Taipei");
    EXPECT_EQ(f().ask(asking(li_, "tlh", "language"), as(li_)).code, codes::invalid);
    EXPECT_EQ(f().ask(asking(li_, "Mars/Base", "zone"), as(li_)).code, codes::invalid);
    EXPECT_EQ(f().ask(asking(li_, "3", "level"), as(li_)).code, codes::invalid);
    EXPECT_EQ(f().ask(asking(li_, "en", "language"), as(zoe_)).code, codes::not_found) << "of somebody else";
    EXPECT_EQ(f().integer(fmt::format("SELECT level FROM customer WHERE no = {}", li_)), customers::level_default);
}

TEST_P(Changes, a_guided_case_needs_proof_and_two_persons) {
    const StaffMember ana = f().staff("ana@pay.example", "agent");
    const StaffMember rui = f().staff("rui@pay.example", "risk");
    const StaffMember li_at_work = f().staff("li@example.org", "risk");
    const std::string number =
        f().receive(Letter{.from = "li@example.org", .subject = "My address", .text = "Please change it to li3@example.org"})
            .text;
    const auto proposal = [&] {
        return ProposeChange{.change = f().fresh<ChangeId>().text(),
                             .ticket = number,
                             .email = "li3@example.org",
                             .note = "asked by mail, shown in the account"};
    };
    EXPECT_EQ(f().ask(proposal(), ana.actor()).code, "assurance_too_low") << "a mail alone changes nothing";
    sign_in(li_, 'a', 2);
    const auto prove_ticket = [&](std::int64_t customer, std::int64_t session) {
        return f().ask(ProveTicket{.ticket = number, .customer = customer, .session = session}, as(customer));
    };
    EXPECT_TRUE(prove_ticket(li_, 1).done());
    EXPECT_EQ(f().ask(proposal(), ana.actor()).code, "assurance_too_low") << "a password alone neither";
    EXPECT_EQ(prove_ticket(zoe_, 1).code, codes::not_found);
    sign_in(li_, 'b', 3);
    f().pass(minutes{11});
    EXPECT_TRUE(prove_ticket(li_, 2).done());
    EXPECT_EQ(f().ask(proposal(), ana.actor()).code, "assurance_too_low") << "the step up has gone stale";
    sign_in(li_, 'c', 3);
    EXPECT_TRUE(prove_ticket(li_, 3).done());
    EXPECT_EQ(f().ask(proposal(), li_at_work.actor()).code, "own_account");
    const Answer proposed = f().ask(proposal(), ana.actor());
    ASSERT_TRUE(proposed.done()) << proposed.detail;
    const ChangeId id = ChangeId::parse(proposed.text).value();
    EXPECT_EQ(row(id).state, ChangeState::requested);
    EXPECT_THAT(letters("contact_prove"), IsEmpty()) << "nothing leaves before the second person";
    EXPECT_EQ(f().ask(proposal(), rui.actor()).code, "open_remedy_exists");

    const auto decide = [&](const StaffMember& member, bool approve, const std::string& code) {
        return f().ask(
            DecideChange{.change = id.text(), .approve = approve, .totp_code = code, .note = "no", .seed = seed()},
            member.actor());
    };
    EXPECT_EQ(decide(ana, true, f().totp(ana)).code, codes::not_permitted);
    EXPECT_EQ(decide(li_at_work, true, f().totp(li_at_work)).code, "own_account");
    EXPECT_EQ(decide(rui, true, "000000").code, codes::totp_wrong);
    f().pass(minutes{1});
    ASSERT_TRUE(decide(rui, true, f().totp(rui)).done());
    EXPECT_EQ(decide(rui, false, "").code, "already_decided");
    EXPECT_EQ(row(id).state, ChangeState::proving);
    ASSERT_TRUE(prove().done());
    f().pass(customers::contact_hold_default);
    finish();
    EXPECT_EQ(email_of(li_), "li3@example.org");
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket WHERE party_address = 'li3@example.org'"), 1)
        << "the request goes on with the new address";
}

TEST_P(Changes, who_proposed_does_not_approve_and_a_word_is_needed_to_refuse) {
    const StaffMember rui = f().staff("rui@pay.example", "risk");
    const StaffMember sam = f().staff("sam@pay.example", "supervisor");
    const std::string number = f().receive(Letter{.from = "li@example.org", .subject = "x", .text = "new address"}).text;
    sign_in(li_, 'c', 3);
    f().done(ProveTicket{.ticket = number, .customer = li_, .session = 1}, as(li_));
    const Answer proposed = f().done(
        ProposeChange{.change = f().fresh<ChangeId>().text(), .ticket = number, .email = "li4@example.org", .note = "shown"},
        rui.actor());
    const auto decide = [&](const StaffMember& member, bool approve, const std::string& note) {
        return f().ask(DecideChange{.change = proposed.text,
                                    .approve = approve,
                                    .totp_code = f().totp(member),
                                    .note = note,
                                    .seed = seed()},
                       member.actor());
    };
    EXPECT_EQ(decide(rui, true, "").code, "proposer_cannot_approve");
    EXPECT_EQ(decide(sam, false, " ").code, "note_missing");
    EXPECT_TRUE(decide(sam, false, "the passport is another person's").done());
    EXPECT_EQ(row(ChangeId::parse(proposed.text).value()).reason, ChangeReason::by_staff);
    EXPECT_THAT(letters("contact_prove"), IsEmpty());
}

TEST_P(Changes, several_accounts_in_one_mail_are_several_cases) {
    const StaffMember ana = f().staff("ana@pay.example", "agent");
    const std::string number = f().receive(Letter{.from = "li@example.org",
                                                  .subject = "Two accounts",
                                                  .text = "Change li@example.org and zoe@example.org to new@example.org"})
                                   .text;
    sign_in(li_, 'c', 3);
    f().done(ProveTicket{.ticket = number, .customer = li_, .session = 1}, as(li_));
    const Answer proposed = f().done(ProposeChange{.change = f().fresh<ChangeId>().text(),
                                                   .ticket = number,
                                                   .email = "new@example.org",
                                                   .note = "both were named"},
                                     ana.actor());
    EXPECT_EQ(number_of(row(ChangeId::parse(proposed.text).value()).customer), li_)
        << "a case is about the account that proved it, whatever else the mail names";
    EXPECT_EQ(f().ask(ProveTicket{.ticket = number, .customer = zoe_, .session = 1}, as(zoe_)).code, codes::not_found);
    EXPECT_EQ(email_of(zoe_), "zoe@example.org");
}

// --- case sessions

TEST_P(Changes, a_case_link_goes_to_the_stored_address_opens_once_and_sees_one_request) {
    const StaffMember ana = f().staff("ana@pay.example", "agent");
    const std::string number =
        f().receive(Letter{.from = "li@example.org", .subject = "Locked out", .text = "help", .proven = false}).text;
    const auto send = [&] {
        return f().ask(SendCaseLink{.access = f().fresh<customers::CaseId>().text(), .ticket = number, .seed = seed()},
                       ana.actor());
    };
    ASSERT_TRUE(send().done());
    EXPECT_EQ(letters("case_link")[0].recipient, "li@example.org");
    const std::string first = link_hash("case_link");
    ASSERT_TRUE(send().done());
    const std::string session = hex_of(view_of(sha256("a")));
    const auto open = [&](const std::string& link, const std::string& as_session) {
        return f().ask(OpenCase{.link_hash = link, .session_hash = as_session});
    };
    EXPECT_EQ(open(first, session).code, "token_invalid") << "a newer link was sent";
    const std::string link = link_hash("case_link");
    const Answer opened = open(link, session);
    ASSERT_TRUE(opened.done()) << opened.detail;
    EXPECT_EQ(opened.text, number);
    EXPECT_EQ(open(link, hex_of(view_of(sha256("b")))).code, "token_invalid") << "once";
    EXPECT_EQ(f().integer("SELECT assurance FROM ticket"), 2);

    const auto say = [&](const std::string& text) {
        return f().ask(AnswerCase{.session_hash = session, .message_id = f().fresh<MessageId>().text(), .text = text});
    };
    EXPECT_TRUE(say("My card 4242 4242 4242 4242 was lost").done());
    EXPECT_EQ(say("  ").code, codes::invalid);
    EXPECT_EQ(f().integer("SELECT count(*) FROM message WHERE body LIKE '%4242 4242 4242%'"), 0) << "masked";
    EXPECT_EQ(f().integer("SELECT count(*) FROM message WHERE assurance = 2 AND author = 1"), 1);
    f().pass(customers::case_session_lasts);
    EXPECT_EQ(say("too late").code, "case_ended");
}

TEST_P(Changes, a_case_link_runs_out_and_is_sent_to_no_stranger) {
    const StaffMember ana = f().staff("ana@pay.example", "agent");
    const std::string own = f().receive(Letter{.from = "li@example.org", .subject = "x", .text = "help"}).text;
    const std::string strange = f().receive(Letter{.from = "stranger@example.com", .subject = "x", .text = "help"}).text;
    const auto send = [&](const std::string& number) {
        return f().ask(SendCaseLink{.access = f().fresh<customers::CaseId>().text(), .ticket = number, .seed = seed()},
                       ana.actor());
    };
    EXPECT_EQ(send(strange).code, "no_stored_address");
    ASSERT_TRUE(send(own).done());
    f().pass(customers::case_link_lasts);
    EXPECT_EQ(f().ask(OpenCase{.link_hash = link_hash("case_link"), .session_hash = hex_of(view_of(sha256("a")))}).code,
              "token_invalid");
    for (int i = 1; i < customers::case_links_a_day_max; ++i) EXPECT_TRUE(send(own).done());
    EXPECT_EQ(send(own).code, "too_many_requests");
    f().pass(hours{24} + minutes{1});
    EXPECT_TRUE(send(own).done());
    const std::string session = hex_of(view_of(sha256("s")));
    ASSERT_TRUE(f().ask(OpenCase{.link_hash = link_hash("case_link"), .session_hash = session}).done());
    const auto hand_in = [&] {
        return f().ask(HandInFile{.session_hash = session,
                                  .file = f().fresh<customers::CaseId>().text(),
                                  .name = "passport.jpg",
                                  .media_type = "image/jpeg",
                                  .size = 3,
                                  .content_hash = hex_of(view_of(sha256("abc"))),
                                  .object_key = base64_of(f().context().keyring().seal_object("x", "case file").wrapped_key),
                                  .sealed = base64_of("s"),
                                  .blob = ""});
    };
    for (int i = 0; i < customers::case_files_max; ++i) ASSERT_TRUE(hand_in().done());
    EXPECT_EQ(hand_in().code, "too_many_requests");
    f().done(EndCase{.session_hash = session});
    EXPECT_EQ(hand_in().code, "case_ended");
}

TEST_P(Changes, what_is_revealed_is_on_record_and_bulk_reading_is_told_to_the_administrators) {
    const StaffMember ana = f().staff("ana@pay.example", "agent");
    const StaffMember tim = f().staff("tim@pay.example", "technical");
    f().staff("root@pay.example", "admin");
    const StaffMember li_at_work = f().staff("li@example.org", "agent");
    const auto reveal = [&](const StaffMember& member, const std::string& reason) {
        return f().ask(RevealItem{.customer = li_, .item = "email", .reason = reason}, member.actor());
    };
    EXPECT_TRUE(reveal(ana, "to call back about OK-1").done());
    EXPECT_EQ(reveal(ana, "  ").code, "reason_missing");
    EXPECT_EQ(reveal(tim, "curious").code, codes::not_permitted);
    EXPECT_EQ(reveal(li_at_work, "mine").code, "own_account");
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'reveal'"), 1);
    f().done(ReportBulkRead{.staff = ana.no, .customers = 61, .seed = seed()});
    ASSERT_EQ(letters("bulk_read_alarm").size(), 1U);
    EXPECT_EQ(letters("bulk_read_alarm")[0].recipient, "root@pay.example");
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'bulk_read_alarm'"), 1);
}

INSTANTIATE_TEST_SUITE_P(BothEngines, Changes, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& tried) {
                             return std::string{tried.param == store::Engine::sqlite ? "sqlite" : "postgres"};
                         });

}  // namespace
}  // namespace okpay::service
