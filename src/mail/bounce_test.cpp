// SPDX-License-Identifier: Apache-2.0
#include "mail/bounce.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "mail/codec.hpp"
#include "mail/message.hpp"

namespace okpay::mail {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::string crlf(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string{"\r\n"} : std::string{c};
    return out;
}

// Through the codec, as it comes out of the sandbox.
BounceReport report_of(std::string_view raw) {
    const ParsedMail parsed = parse(crlf(raw), {});
    EXPECT_EQ(decode(encode(parsed)), parsed);
    return parsed.bounce.value_or(BounceReport{});
}

struct MeaningCase {
    std::string_view name;
    BounceAction action;
    std::string_view status, diagnostic;
    BounceMeaning want;
};
constexpr auto failed = BounceAction::failed;
constexpr std::array meaning_cases{
    MeaningCase{"bad mailbox", failed, "5.1.1", "", {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"bad domain", failed, "5.1.2", "", {BounceKind::hard, BounceReason::domain_unknown}},
    MeaningCase{"bad syntax", failed, "5.1.3", "", {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"moved", failed, "5.1.6", "", {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"null MX", failed, "5.1.10", "", {BounceKind::hard, BounceReason::domain_unknown}},
    MeaningCase{"our own address", failed, "5.1.8", "", {BounceKind::soft, BounceReason::other}},
    MeaningCase{"disabled", failed, "5.2.1", "", {BounceKind::hard, BounceReason::mailbox_disabled}},
    MeaningCase{"full", failed, "5.2.2", "", {BounceKind::soft, BounceReason::mailbox_full}},
    MeaningCase{"full, tried on", failed, "4.2.2", "", {BounceKind::soft, BounceReason::mailbox_full}},
    MeaningCase{"too large", failed, "5.3.4", "", {BounceKind::soft, BounceReason::too_large}},
    MeaningCase{"no way there", failed, "4.4.7", "", {BounceKind::soft, BounceReason::not_reached}},
    MeaningCase{"refused as spam", failed, "5.7.1", "user unknown", {BounceKind::soft, BounceReason::refused}},
    MeaningCase{"given up on a temporary no", failed, "4.1.1", "", {BounceKind::soft, BounceReason::address_unknown}},
    MeaningCase{"status in the words",
                failed,
                "5.0.0",
                "550 5.1.1 <a@b.c>: gone",
                {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"words alone", failed, "5.0.0", "550 No such user here", {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"words of a full mailbox", failed, "", "552 Mailbox full", {BounceKind::soft, BounceReason::mailbox_full}},
    MeaningCase{"Chinese words", failed, "", "550 邮箱不存在", {BounceKind::hard, BounceReason::address_unknown}},
    MeaningCase{"temporary words", failed, "", "450 user unknown", {BounceKind::soft, BounceReason::address_unknown}},
    MeaningCase{"nothing told", failed, "", "", {BounceKind::soft, BounceReason::other}},
    MeaningCase{
        "a number of something else", failed, "", "relay 10.5.1.1 said 5.1.1.2", {BounceKind::soft, BounceReason::other}},
    MeaningCase{"delayed", BounceAction::delayed, "5.1.1", "", {BounceKind::delayed, BounceReason::address_unknown}},
    MeaningCase{"arrived", BounceAction::arrived, "5.1.1", "", {BounceKind::none, BounceReason::other}},
};

TEST(Bounce, means_what_the_table_says) {
    for (const MeaningCase& c : meaning_cases) {
        SCOPED_TRACE(c.name);
        const BounceMeaning got = meaning_of(
            {.address = "", .action = c.action, .status = std::string{c.status}, .diagnostic = std::string{c.diagnostic}});
        EXPECT_EQ(got.kind, c.want.kind);
        EXPECT_EQ(got.reason, c.want.reason);
    }
}

constexpr std::string_view standard = R"(From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I am sorry. 5.7.1 stands here and is not the status.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Thu, 5 Nov 2026 17:48:00 +0800

Original-Recipient: rfc822;ana@example.org
Final-Recipient: RFC822; <ana@moved.example.org>
Action: failed (5 times)
Status: 5.1.1 (bad mailbox)
Diagnostic-Code: smtp; 550 5.1.1 <ana@moved.example.org>:
    user unknown

Final-Recipient: rfc822; ben@example.org
Action: delayed
Status: 4.4.1
--b
Content-Type: message/rfc822

From: support@pay.example
To: ana@example.org
Message-ID: <t.token.unique@pay.example>
Subject: Your request

Hello
--b--
)";

TEST(Bounce, a_standard_report_is_read_by_its_fields) {
    const BounceReport report = report_of(standard);
    ASSERT_EQ(report.recipients.size(), 2U);
    EXPECT_EQ(report.recipients[0], (BouncedRecipient{.address = "ana@moved.example.org",
                                                      .action = BounceAction::failed,
                                                      .status = "5.1.1",
                                                      .diagnostic = "550 5.1.1 <ana@moved.example.org>: user unknown"}));
    EXPECT_EQ(report.recipients[1].address, "ben@example.org");
    EXPECT_EQ(report.recipients[1].action, BounceAction::delayed);
    EXPECT_THAT(report.returned_ids, ElementsAre("t.token.unique@pay.example"));
}

TEST(Bounce, the_header_alone_may_come_back) {
    std::string raw{standard};
    raw.replace(raw.find("message/rfc822"), 14, "text/rfc822-headers");
    EXPECT_THAT(report_of(raw).returned_ids, ElementsAre("t.token.unique@pay.example"));
}

TEST(Bounce, other_forms_are_read_where_a_mail_system_wrote_them) {
    const BounceReport qmail = report_of(R"(From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Hi. This is the qmail-send program at mail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ana@example.org>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 No such user
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <support@pay.example>
Message-ID: <t.token.unique@pay.example>
Subject: Your request

Hello
)");
    ASSERT_EQ(qmail.recipients.size(), 1U);
    EXPECT_EQ(qmail.recipients[0].status, "5.1.1");
    EXPECT_EQ(qmail.recipients[0].diagnostic, "Remote host said: 550 5.1.1 No such user");
    EXPECT_THAT(qmail.returned_ids, Contains("t.token.unique@pay.example"));

    const BounceReport exim = report_of(R"(From: Mail Delivery System <Mailer-Daemon@mail.example.net>
X-Failed-Recipients: ana@example.org
Subject: Mail delivery failed: returning message to sender

  ana@example.org
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: <t.token.unique@pay.example>
)");
    ASSERT_EQ(exim.recipients.size(), 1U);
    EXPECT_EQ(exim.recipients[0].address, "ana@example.org");
    EXPECT_EQ(meaning_of(exim.recipients[0]), (BounceMeaning{BounceKind::hard, BounceReason::address_unknown}));
    EXPECT_THAT(exim.returned_ids, Contains("t.token.unique@pay.example"));

    const BounceReport warning = report_of(R"(From: MAILER-DAEMON@mail.example.net
Subject: Warning: could not send message for past 4 hours

THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.
451 4.4.1 connection timed out
)");
    ASSERT_EQ(warning.recipients.size(), 1U);
    EXPECT_EQ(warning.recipients[0].action, BounceAction::delayed);
}

TEST(Bounce, what_people_and_absent_people_write_is_none) {
    EXPECT_THAT(report_of("From: ana@example.org\nSubject: Error 550\n\nI see: 550 5.1.1 user unknown. Why?\n").recipients,
                IsEmpty());
    EXPECT_THAT(report_of("From: ana@example.org\nSubject: Automatic reply\nAuto-Submitted: auto-replied\nIn-Reply-To: "
                          "<t.a.b@pay.example>\n\nI am away until 5.1.1999.\n")
                    .recipients,
                IsEmpty());
    EXPECT_THAT(report_of("From: postmaster@example.org\nSubject: Hello\n\nNothing went wrong.\n").recipients, IsEmpty());
}

TEST(Bounce, every_limit_holds) {
    std::string raw{standard.substr(0, standard.find("Original-Recipient"))};
    for (int i = 0; i < 100; ++i) {
        raw += "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; " +
               std::string(2'000, 'x') + "\n\n";
    }
    for (int i = 0; i < 100; ++i)
        raw += "--b\nContent-Type: message/rfc822\n\nMessage-ID: <" + std::to_string(i) + "@x.example>\n\nx\n";
    raw += "--b--\n";
    const BounceReport report = report_of(raw);
    EXPECT_EQ(report.recipients.size(), bounced_recipients_max);
    EXPECT_EQ(report.returned_ids.size(), returned_ids_max);
    EXPECT_LE(report.recipients[0].diagnostic.size(), diagnostic_octets_max);
}

}  // namespace
}  // namespace okpay::mail
