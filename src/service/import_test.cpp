// SPDX-License-Identifier: Apache-2.0
// Mail of before: kept, threaded and closed, nothing answered, nothing twice; on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto new_request = static_cast<std::int64_t>(ImportOutcome::new_request);
constexpr auto of_known = static_cast<std::int64_t>(ImportOutcome::of_known_request);
constexpr auto already = static_cast<std::int64_t>(ImportOutcome::already_there);
constexpr auto quarantined = static_cast<std::int64_t>(ImportOutcome::quarantined);

struct Old {
    std::string from, subject, text, id;
    std::string in_reply_to{}, references{};  // whole values
    std::string to = "support@pay.example";
    std::string date = "Tue, 03 Mar 2020 10:00:00 +0000";
};

class Imports : public ::testing::TestWithParam<store::Engine> {
protected:
    ImportedMail mail(const Old& old) {
        std::string raw = "From: " + old.from + "\r\nTo: " + old.to + "\r\nSubject: " + old.subject +
                          "\r\nDate: " + old.date + "\r\nMessage-ID: <" + old.id + ">\r\n";
        if (!old.in_reply_to.empty()) raw += "In-Reply-To: " + old.in_reply_to + "\r\n";
        if (!old.references.empty()) raw += "References: " + old.references + "\r\n";
        raw += "\r\n" + old.text + "\r\n";
        mail::ParsedMail parsed = mail::parse(raw, {});
        parsed.claims = mail::signed_claims_of(raw);
        std::string random;
        while (random.size() < 30) random += f_.fresh<MailId>().view().substr(6);
        const auto sealed = seal_mail(f_.context().keyring(), nullptr,
                                      {.channel = "import", .peer = "old", .mail_from = old.from, .recipients = {}}, raw, 0);
        const store::InboundMail inbound{.no = 0,
                                         .id = f_.fresh<MailId>(),
                                         .channel = "import",
                                         .received = *parsed.date,
                                         .peer = "old",
                                         .mail_from = old.from,
                                         .recipients = "",
                                         .size = 0,
                                         .content_hash = {},
                                         .object_key = {},
                                         .sealed = std::nullopt,
                                         .blob = std::nullopt,
                                         .updated = *parsed.date};
        FileMail filing = filing_without_dns(parsed, inbound, "", "", random);
        return {.mail = *sealed,
                .filing = filing,
                .quarantine = "",
                .sent_at = ms_of(*parsed.date),
                .ours = old.from.ends_with("@pay.example")};
    }
    std::vector<std::int64_t> import(std::vector<ImportedMail> mails) {
        return f_.done(ImportMails{.mailbox = "old", .mails = std::move(mails)}).numbers;
    }
    store::TicketRow ticket(std::int64_t no) { return store::find_ticket(*f_.connect(), desk::TicketNo{no}).value(); }
    std::vector<desk::Message> messages(std::int64_t no) { return store::messages_of(*f_.connect(), desk::TicketNo{no}); }

    okpay::testing::ServiceFixture f_{GetParam()};
    const Moment old_day = *moment_of_rfc3339("2020-03-03T10:00:00Z");
};

TEST_P(Imports, make_closed_requests_with_their_own_dates_and_answer_nobody) {
    const std::int64_t li = f_.customer("li@example.org", "Li");
    const auto letters = f_.outgoing().size();
    EXPECT_THAT(import({mail({.from = "li@example.org",
                              .subject = "card 4111 1111 1111 1111 is blocked",
                              .text = "Please lock my account. My card number is 4111 1111 1111 1111.",
                              .id = "1@example.org"})}),
                ElementsAre(new_request));
    const store::TicketRow row = ticket(1);
    EXPECT_EQ(row.ticket.state, desk::TicketState::closed);
    EXPECT_EQ(row.ticket.opened, old_day);
    EXPECT_EQ(row.ticket.updated, old_day);
    EXPECT_EQ(row.ticket.customer, customers::CustomerNo{li});
    EXPECT_EQ(row.ticket.assurance, customers::Assurance::a0_unproven);
    EXPECT_EQ(row.ticket.investigation_due, std::nullopt) << "no clock runs on what is over";
    EXPECT_EQ(row.ticket.subject.find("4111 1111"), std::string::npos);
    ASSERT_EQ(messages(1).size(), 1U);
    EXPECT_EQ(messages(1)[0].at, old_day);
    EXPECT_EQ(messages(1)[0].body.find("4111 1111 1111"), std::string::npos) << "masked as live mail is";
    EXPECT_EQ(f_.outgoing().size(), letters) << "nothing is sent";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer_lock"), 0) << "an old wish locks nothing";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail WHERE channel = 'import' AND state = 2"), 1);
    EXPECT_EQ(f_.integer("SELECT received FROM inbound_mail WHERE no = 1"), ms_of(f_.at())) << "taken in today";
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(Imports, thread_by_what_a_mail_answers_to) {
    EXPECT_THAT(
        import({mail({.from = "ana@example.net", .subject = "Where is it", .text = "Q", .id = "q@example.net"}),
                mail({.from = "support@pay.example",
                      .subject = "Re: Where is it",
                      .text = "It is there.",
                      .id = "a@pay.example",
                      .in_reply_to = "<q@example.net>",
                      .to = "ana@example.net",
                      .date = "Tue, 03 Mar 2020 12:00:00 +0000"}),
                mail({.from = "ana@example.net",
                      .subject = "another subject",
                      .text = "Thanks",
                      .id = "t@example.net",
                      .references = "<q@example.net> <lost@pay.example> <a@pay.example>",
                      .date = "Wed, 04 Mar 2020 10:00:00 +0000"}),
                mail({.from = "ana@example.net", .subject = "Re: Where is it", .text = "Other", .id = "o@example.net"})}),
        ElementsAre(new_request, of_known, of_known, new_request));
    const auto all = messages(1);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].direction, desk::Direction::inbound);
    EXPECT_EQ(all[1].direction, desk::Direction::outbound);
    EXPECT_EQ(all[1].outgoing, std::nullopt);
    EXPECT_EQ(ticket(1).ticket.first_replied, old_day + std::chrono::hours{2});
    EXPECT_EQ(ticket(1).ticket.updated, old_day + std::chrono::hours{24});
    EXPECT_EQ(ticket(1).ticket.party_address, "ana@example.net");
    EXPECT_EQ(ticket(1).preview, "Thanks");
    EXPECT_EQ(ticket(1).ticket.state, desk::TicketState::closed);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(Imports, never_get_into_a_request_that_people_work_on) {
    f_.receive({.from = "ana@example.net", .subject = "Live", .text = "Live", .more_headers = "Message-ID: <live@x>\r\n"});
    EXPECT_THAT(import({mail({.from = "eve@example.net",
                              .subject = "Re: Live",
                              .text = "me too",
                              .id = "e@example.net",
                              .in_reply_to = "<live@x>"})}),
                ElementsAre(new_request));
    EXPECT_EQ(messages(1).size(), 1U);
}

TEST_P(Imports, of_what_is_there_do_nothing) {
    const Old old{.from = "ana@example.net", .subject = "Q", .text = "Q", .id = "q@example.net"};
    EXPECT_THAT(import({mail(old), mail(old)}), ElementsAre(new_request, already)) << "twice in one archive";
    EXPECT_THAT(import({mail(old)}), ElementsAre(already)) << "with other ids and another seal: the octets are the same";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail"), 1);
    EXPECT_EQ(messages(1).size(), 1U);
    Old other = old;
    other.text = "the same id, other words";
    EXPECT_THAT(import({mail(other)}), ElementsAre(new_request)) << "kept, though its Message-ID is not new";
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(Imports, keep_what_cannot_be_read_in_the_quarantine) {
    ImportedMail bad = mail({.from = "a@example.net", .subject = "x", .text = "x", .id = "x@example.net"});
    bad.filing = {};
    bad.quarantine = "reading it ended the sandbox twice";
    const ImportedMail good = mail({.from = "b@example.net", .subject = "y", .text = "y", .id = "y@example.net"});
    EXPECT_THAT(import({bad, good}), ElementsAre(quarantined, new_request));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail WHERE state = 3"), 1);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(Imports, are_all_or_nothing) {
    ImportedMail bad = mail({.from = "a@example.net", .subject = "x", .text = "x", .id = "x@example.net"});
    const ImportedMail good = bad;
    bad.mail.channel = "smtp";
    EXPECT_EQ(f_.ask(ImportMails{"old", {good, bad}}).code, codes::invalid);
    bad = good;
    bad.filing.ticket_id = "no id";
    EXPECT_EQ(f_.ask(ImportMails{"old", {good, bad}}).code, codes::invalid);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM inbound_mail"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Imports, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
