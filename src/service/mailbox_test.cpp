// SPDX-License-Identifier: Apache-2.0
// Mail from hosted mailboxes: each once, whatever is asked again and however often the server numbers its mails anew; what
// lay there before is left alone or imported, and nobody is answered about it. On both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service_fixture.hpp"
#include "store/mailbox_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Mailboxes : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    // The walk and the last UID that the mailbox answers with.
    std::pair<std::int64_t, std::int64_t> open(std::int64_t validity, std::int64_t next, bool take_old = false) {
        const Answer answer = f_.done(OpenMailbox{"support", validity, next, take_old});
        mailbox_ = answer.number;
        walk_ = answer.numbers.at(0);
        return {walk_, answer.numbers.at(1)};
    }
    TakeFromMailbox mail(std::int64_t uid, const std::string& raw, std::string what = "whole") {
        auto sealed = seal_mail(f_.context().keyring(), &f_.blobs(),
                                {.channel = "imap", .peer = "support", .mail_from = "", .recipients = {}}, raw, 0);
        sealed->mail = f_.fresh<MailId>().text();
        return {.mailbox = mailbox_,
                .walk = walk_,
                .uid = uid,
                .what = std::move(what),
                .received = ms_of(f_.at()),
                .mail = *std::move(sealed)};
    }
    TakeFromMailbox without_mail(std::int64_t uid, std::string what) {
        return {.mailbox = mailbox_, .walk = walk_, .uid = uid, .what = std::move(what), .received = 0, .mail = {}};
    }
    static std::string raw(const std::string& subject, const std::string& headers = "Return-Path: <ana@example.net>\r\n") {
        return headers +
               ServiceFixture::raw_of({.from = "ana@example.net", .subject = subject, .text = "Where is my money?"});
    }
    std::int64_t count(std::string_view what) { return f_.integer(fmt::format("SELECT count(*) FROM {}", what)); }
    std::int64_t last_uid() { return f_.integer("SELECT last_uid FROM hosted_mailbox"); }

    ServiceFixture f_{GetParam()};
    std::int64_t mailbox_ = 0, walk_ = 0;
};

TEST_P(Mailboxes, begin_behind_what_is_there_and_take_each_mail_once) {
    EXPECT_EQ(open(77, 20'001), std::pair(std::int64_t{1}, std::int64_t{20'000}));
    EXPECT_EQ(open(77, 20'001), std::pair(std::int64_t{1}, std::int64_t{20'000})) << "asked again it is the same";
    EXPECT_EQ(count("hosted_mailbox"), 1);

    const TakeFromMailbox first = mail(20'003, raw("Refund"));
    const Answer taken = f_.done(first);
    EXPECT_EQ(taken.number, 1);
    EXPECT_EQ(last_uid(), 20'003);
    EXPECT_TRUE(f_.done(first).replayed) << "after a connection that broke: the same mail again";
    EXPECT_TRUE(f_.done(mail(20'001, raw("Late"))).replayed) << "UIDs only rise";
    EXPECT_EQ(count("inbound_mail"), 1);

    EXPECT_EQ(f_.done(f_.filing(1)).number, 1);
    EXPECT_EQ(count("ticket"), 1);
    ASSERT_EQ(f_.outgoing().size(), 1U) << "a person is acknowledged: no envelope is no null sender";
    EXPECT_EQ(f_.outgoing()[0].recipient, "ana@example.net");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail WHERE channel = 'imap' AND state = 2"), 1);
    EXPECT_EQ(count("command WHERE kind IN ('OpenMailbox', 'TakeFromMailbox')"), 0) << "the journal says it";
}

TEST_P(Mailboxes, machine_mail_is_known_by_its_return_path) {
    open(77, 1);
    f_.done(mail(1, raw("Delivery failed", "Return-Path: <>\r\n")));
    f_.done(f_.filing(1));
    EXPECT_TRUE(f_.outgoing().empty());
}

TEST_P(Mailboxes, the_trusted_host_above_the_mailbox_proves_senders) {
    const std::int64_t li = f_.customer("li@example.org", "Li");
    open(77, 1);
    f_.done(
        mail(1, ServiceFixture::raw_of({.from = "li@example.org", .subject = "Refund", .text = "Please", .proven = true})));
    f_.done(mail(2, ServiceFixture::raw_of({.from = "li@example.org", .subject = "Other", .text = "Hm", .proven = false})));
    f_.done(f_.filing(1));
    f_.done(f_.filing(2));
    EXPECT_EQ(f_.integer("SELECT customer FROM ticket WHERE no = 1"), li);
    EXPECT_EQ(f_.integer("SELECT assurance FROM ticket WHERE no = 1"), 1);
    EXPECT_EQ(f_.integer("SELECT assurance FROM ticket WHERE no = 2"), 0)
        << "nobody vouches, and SPF has no client to judge";
}

TEST_P(Mailboxes, numbered_anew_they_are_walked_again_and_nothing_is_twice) {
    open(77, 11);
    f_.pass(std::chrono::hours{3});
    const std::string refund = raw("Refund"), card = raw("Card");
    f_.done(mail(11, refund));
    f_.done(mail(12, card));
    const std::int64_t old_walk = walk_;
    EXPECT_EQ(open(78, 40), std::pair(std::int64_t{2}, std::int64_t{0}));
    TakeFromMailbox late = mail(13, raw("Late"));
    late.walk = old_walk;
    EXPECT_EQ(f_.ask(late).code, codes::not_found) << "a connection of before";
    f_.done(without_mail(30, "passed"));
    EXPECT_EQ(f_.done(mail(31, refund)).number, 0);
    EXPECT_EQ(f_.done(mail(32, card)).number, 0);
    EXPECT_EQ(f_.done(mail(33, raw("Third"))).number, 3) << "what came meanwhile is new";
    EXPECT_EQ(count("inbound_mail"), 3);
    EXPECT_EQ(count("mailbox_mail WHERE outcome = 3"), 2);
    EXPECT_EQ(f_.integer("SELECT taken FROM hosted_mailbox"), 3);

    EXPECT_EQ(open(78, 20), std::pair(std::int64_t{3}, std::int64_t{0})) << "UIDs that run backwards are numbered anew too";
    EXPECT_EQ(f_.done(mail(1, card)).number, 0);
    EXPECT_EQ(count("inbound_mail"), 3);
}

TEST_P(Mailboxes, the_same_message_id_with_other_content_is_another_mail) {
    open(77, 1);
    f_.done(mail(1, raw("Refund", "Message-ID: <same@x>\r\n")));
    f_.done(mail(2, raw("Refund", "Message-ID: <same@x>\r\nX-Other: 1\r\n")));
    EXPECT_EQ(count("inbound_mail"), 2);
    f_.done(mail(3, raw("Refund", "Message-ID: <same@x>\r\n")));
    for (std::int64_t no = 1; no <= 3; ++no) f_.done(f_.filing(no));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail WHERE state = 4"), 1) << "as by SMTP: the same octets twice";
}

TEST_P(Mailboxes, what_lay_there_before_is_imported_closed_where_that_is_wished) {
    EXPECT_EQ(open(77, 3, true), std::pair(std::int64_t{1}, std::int64_t{0}));
    const Moment old_day = *moment_of_rfc3339("2020-03-03T10:00:00Z");
    TakeFromMailbox old = mail(1, raw("Of before"));
    old.received = ms_of(old_day);
    f_.done(old);
    f_.done(mail(2, ServiceFixture::raw_of(
                        {.from = "support@pay.example", .subject = "Re: Of before", .text = "It is there."})));
    f_.done(mail(3, raw("New")));
    for (std::int64_t no = 1; no <= 3; ++no) f_.done(f_.filing(no));
    EXPECT_EQ(count("ticket WHERE state = 6"), 2) << "closed";
    EXPECT_EQ(f_.integer("SELECT opened FROM ticket WHERE no = 1"), ms_of(old_day));
    EXPECT_EQ(count("message WHERE direction = 2"), 1) << "what we wrote ourselves is an answer of that time";
    ASSERT_EQ(f_.outgoing().size(), 1U) << "only the new one is acknowledged";
    EXPECT_EQ(f_.integer("SELECT ticket FROM outgoing_mail"), 3);
    EXPECT_EQ(count("inbound_mail WHERE channel = 'import'"), 2);

    f_.pass(std::chrono::hours{30});
    EXPECT_EQ(open(78, 9, true), std::pair(std::int64_t{2}, std::int64_t{0}));
    TakeFromMailbox older = mail(1, raw("Of before, too"));
    older.received = ms_of(old_day);
    EXPECT_EQ(f_.done(older).number, 4) << "one that was never seen, and is old";
    EXPECT_EQ(count("inbound_mail WHERE channel = 'import'"), 3);
}

TEST_P(Mailboxes, a_mail_that_is_too_large_is_seen_by_its_beginning_and_one_given_up_is_noted) {
    open(77, 1);
    EXPECT_EQ(f_.done(mail(1, raw("Large"), "beginning")).number, 1);
    f_.done(without_mail(2, "given_up"));
    f_.done(without_mail(3, "gone"));
    EXPECT_EQ(last_uid(), 3);
    EXPECT_EQ(f_.integer("SELECT state FROM inbound_mail WHERE no = 1"), 3);
    EXPECT_EQ(store::count_given_up(*f_.connect(), mailbox_), 1);
    EXPECT_EQ(count("mailbox_mail"), 2);
    EXPECT_EQ(count("ticket"), 0);
}

TEST_P(Mailboxes, refuse_what_is_malformed) {
    EXPECT_EQ(f_.ask(OpenMailbox{"", 1, 1, false}).code, codes::invalid);
    EXPECT_EQ(f_.ask(OpenMailbox{std::string(65, 'x'), 1, 1, false}).code, codes::invalid);
    EXPECT_EQ(f_.ask(OpenMailbox{"support", 0, 1, false}).code, codes::invalid);
    EXPECT_EQ(f_.ask(OpenMailbox{"support", 1, 0, false}).code, codes::invalid);
    open(77, 1);
    EXPECT_EQ(f_.ask(without_mail(1, "eaten")).code, codes::invalid);
    EXPECT_EQ(f_.ask(without_mail(1, "whole")).code, codes::invalid);
    TakeFromMailbox by_smtp = mail(1, raw("x"));
    by_smtp.mail.channel = "smtp";
    EXPECT_EQ(f_.ask(by_smtp).code, codes::invalid);
    EXPECT_EQ(last_uid(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Mailboxes, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
