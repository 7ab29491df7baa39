// SPDX-License-Identifier: Apache-2.0
// Addresses, machine mail and outgoing mail.
#include <gtest/gtest.h>

#include <array>

#include "base/text.hpp"
#include "mail/automatic.hpp"
#include "mail/compose.hpp"
#include "mail/email_address.hpp"
#include "mail/message.hpp"

namespace okpay::mail {
namespace {

struct AddressCase {
    std::string_view name, text, want;  // want is empty when the text must be refused
};
constexpr std::array address_cases{
    AddressCase{"plain", "ana@example.org", "ana@example.org"},
    AddressCase{"domain loses its case", "Ana@EXAMPLE.org", "Ana@example.org"},
    AddressCase{"plus and signs", "a+b_c-d@x-y.example", "a+b_c-d@x-y.example"},
    AddressCase{"two dots", "a..b@example.org", ""},
    AddressCase{"dot at the end", "a.@example.org", ""},
    AddressCase{"no domain", "ana@", ""},
    AddressCase{"one label", "ana@localhost", ""},
    AddressCase{"css font", "@DengXian", ""},
    AddressCase{"quoted", "\"a b\"@example.org", ""},
    AddressCase{"literal", "a@[127.0.0.1]", ""},
    AddressCase{"line end", "a@example.org\r\nBcc: x@y.example", ""},
    AddressCase{"nul", std::string_view{"a\0@example.org", 14}, ""},
    AddressCase{"hyphen in front", "a@-x.example", ""},
    AddressCase{"encoded word", "=?utf-8?q?a=40b.example?=@c.example", "=?utf-8?q?a=40b.example?=@c.example"},
};

TEST(EmailAddress, reads_what_the_rfc_allows) {
    for (const AddressCase& c : address_cases) {
        SCOPED_TRACE(c.name);
        const auto got = EmailAddress::parse(c.text);
        EXPECT_EQ(got ? got->text() : "", c.want);
    }
    EXPECT_TRUE(EmailAddress::parse(std::string(64, 'a') + "@x.example"));
    EXPECT_FALSE(EmailAddress::parse(std::string(65, 'a') + "@x.example"));
}

struct MailboxCase {
    std::string_view name, value, want;  // name<address> of each, apart by a bar
    bool malformed = false;
};
constexpr std::array mailbox_cases{
    MailboxCase{"bare", "a@b.example", "<a@b.example>"},
    MailboxCase{"two", "A <a@b.example>, \"B, C\" <b@b.example>", "A<a@b.example>|B, C<b@b.example>"},
    MailboxCase{"encoded comma", "=?utf-8?q?B=2C_C?= <b@x.example>", "B, C<b@x.example>"},
    MailboxCase{"raw comma in an encoded word", "=?utf-8?q?B,C?= <b@x.example>", "B,C<b@x.example>"},
    MailboxCase{"an encoded address is a name", "=?utf-8?q?boss=40pay.example?= <b@x.example>",
                "boss@pay.example<b@x.example>"},
    MailboxCase{"encoded word with an angle", "=?utf-8?q?=3Cboss=40pay.example=3E?= <b@x.example>",
                "<boss@pay.example><b@x.example>"},
    MailboxCase{"group", "friends: a@b.example, C <c@b.example>;", "<a@b.example>|C<c@b.example>"},
    MailboxCase{"empty group", "undisclosed-recipients:;", ""},
    MailboxCase{"comment", "a@b.example (Ana)", "Ana<a@b.example>"},
    MailboxCase{"route", "A <@x.example,@y.example:a@b.example>", "A<a@b.example>"},
    MailboxCase{"doubled quotes", "\"\"Name\"\" <a@b.example>", "Name<a@b.example>"},
    MailboxCase{"single quotes", "'a@b.example' <a@b.example>", "a@b.example<a@b.example>"},
    MailboxCase{"single quotes alone", "'a@b.example'", "<a@b.example>"},
    MailboxCase{"never closed", "A <a@b.example", "A<a@b.example>"},
    MailboxCase{"not an address", "nobody", "", true},
    MailboxCase{"a good and a bad", "x, a@b.example", "<a@b.example>", true},
    MailboxCase{"chinese", "张伟 <z@qq.com>", "张伟<z@qq.com>"},
};

TEST(Mailboxes, are_read_forgivingly) {
    for (const MailboxCase& c : mailbox_cases) {
        SCOPED_TRACE(c.name);
        const MailboxList list = read_mailboxes(c.value);
        std::string got;
        for (const Mailbox& box : list.mailboxes)
            got += (got.empty() ? "" : "|") + box.name + "<" + box.address.text() + ">";
        EXPECT_EQ(got, c.want);
        EXPECT_EQ(list.malformed, c.malformed);
    }
    EXPECT_EQ(read_mailboxes("a@b.example,c@b.example,d@b.example", 2).mailboxes.size(), 2U);
    EXPECT_TRUE(read_mailboxes("a@b.example,c@b.example,d@b.example", 2).truncated);
}

struct AutomaticCase {
    std::string_view name, header;
    std::optional<AutomaticReason> want;
};
const std::array automatic_cases{
    AutomaticCase{"a person", "Subject: refund", std::nullopt},
    AutomaticCase{"auto-submitted no", "Auto-Submitted: No", std::nullopt},
    AutomaticCase{"auto-submitted with parameters", "Auto-Submitted: auto-replied; owner-email=\"x\"",
                  AutomaticReason::auto_submitted},
    AutomaticCase{"second precedence", "Precedence: first-class\nPrecedence: BULK", AutomaticReason::precedence},
    AutomaticCase{"suppress all", "X-Auto-Response-Suppress: All", AutomaticReason::response_suppressed},
    AutomaticCase{"suppress receipts", "X-Auto-Response-Suppress: DR, RN, NRN", std::nullopt},
    AutomaticCase{"suppress replies", "X-Auto-Response-Suppress: DR, AutoReply", AutomaticReason::response_suppressed},
    AutomaticCase{"list", "List-Id: <news.x.example>", AutomaticReason::mailing_list},
    AutomaticCase{"loop", "X-Loop: help@x.example", AutomaticReason::auto_response_header},
    AutomaticCase{"report", "Content-Type: multipart/report; boundary=b", AutomaticReason::report},
    AutomaticCase{"null return path", "Return-Path: <>", AutomaticReason::null_return_path},
    AutomaticCase{"chinese subject alone",
                  "Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSN77ya5pS25Yiw?=", AutomaticReason::out_of_office_subject},
    AutomaticCase{"reply to an automatic subject", "Subject: Automatic reply: your mail",
                  AutomaticReason::out_of_office_subject},
    AutomaticCase{"a question about them", "Subject: automatic replies do not work", std::nullopt},
    AutomaticCase{"a question in chinese", "Subject: 自动回复功能怎么关闭", std::nullopt},
    AutomaticCase{"bounce", "Subject: Undeliverable: x", AutomaticReason::out_of_office_subject},
};

TEST(Automatic, is_told_from_a_person) {
    for (const AutomaticCase& c : automatic_cases) {
        SCOPED_TRACE(c.name);
        const ParsedMail mail = parse("From: a@b.example\n" + std::string{c.header} + "\n\nx", {});
        EXPECT_EQ(is_automatic(mail, std::nullopt), c.want);
    }
    const ParsedMail person = parse("From: a@b.example\n\nx", {});
    EXPECT_EQ(is_automatic(person, ""), AutomaticReason::null_return_path);
    EXPECT_EQ(is_automatic(person, "a@b.example"), std::nullopt);
    EXPECT_EQ(is_automatic(person, "MAILER-DAEMON@b.example"), AutomaticReason::robot_sender);
    EXPECT_EQ(is_automatic(parse("From: No-Reply@b.example\n\nx", {}), "a@b.example"), AutomaticReason::robot_sender);
}

OutgoingMail outgoing() {
    return {.from = {"OKPay 客服", *EmailAddress::parse("help@pay.example")},
            .to = {{"Li, \"Wei\"", *EmailAddress::parse("wei@example.org")}},
            .reply_to = {{"", *EmailAddress::parse("help+t@pay.example")}},
            .subject = "Re: 退款申请 [OK-7F3K9]",
            .text = "您好，\n\n您的退款已处理。\n",
            .message_id = "m1@pay.example",
            .in_reply_to = "a1@example.org",
            .references = {"a0@example.org", "a1@example.org"},
            .date = moment_of_ms(1'793'000'000'000),
            .auto_submitted = AutoSubmitted::auto_replied,
            .extra = {{"X-OKPay-Code", "ABCD"}}};
}

void expect_clean_on_the_wire(const Bytes& bytes) {
    std::size_t column = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        ASSERT_LT(static_cast<std::uint8_t>(bytes[i]), 0x80);
        ASSERT_NE(bytes[i], '\0');
        if (bytes[i] == '\r') ASSERT_TRUE(i + 1 < bytes.size() && bytes[i + 1] == '\n');
        if (bytes[i] == '\n') ASSERT_TRUE(i > 0 && bytes[i - 1] == '\r');
        column = bytes[i] == '\n' ? 0 : column + 1;
        ASSERT_LE(column, 999U);
    }
}

TEST(Compose, gives_what_parse_reads) {
    const OutgoingMail mail = outgoing();
    const auto bytes = compose(mail);
    ASSERT_TRUE(bytes.has_value());
    expect_clean_on_the_wire(*bytes);
    const ParsedMail got = parse(*bytes, {});
    EXPECT_FALSE(got.malformed || got.charset_repaired);
    EXPECT_EQ(got.from, std::vector{mail.from});
    EXPECT_EQ(got.to, mail.to);
    EXPECT_EQ(got.reply_to, mail.reply_to);
    EXPECT_EQ(got.subject, mail.subject);
    EXPECT_EQ(got.text, trimmed(mail.text));
    EXPECT_EQ(got.message_id, mail.message_id);
    EXPECT_EQ(got.in_reply_to, mail.in_reply_to);
    EXPECT_EQ(got.references, mail.references);
    EXPECT_EQ(got.date, mail.date);
    EXPECT_EQ(is_automatic(got, "help@pay.example"), AutomaticReason::auto_submitted);
    EXPECT_EQ(header_of(got, "x-okpay-code"), "ABCD");
}

TEST(Compose, lets_no_text_become_a_field_or_a_second_message) {
    OutgoingMail mail = outgoing();
    mail.subject = "x\r\nBcc: victim@x.example\r\n\r\nbody";
    mail.to[0].name = "a\"\r\nBcc: victim@x.example";
    mail.text = "line\r.\r\nQUIT\n.\r\nMAIL FROM:<x@y.example>\r\rFrom here\n" + std::string(5'000, 'y');
    mail.references = {"bad id\r\nBcc: v@x.example", "good@x.example"};
    const auto bytes = compose(mail);
    ASSERT_TRUE(bytes.has_value());
    expect_clean_on_the_wire(*bytes);
    EXPECT_EQ(bytes->find("\nBcc"), Bytes::npos);
    EXPECT_EQ(bytes->find("\n."), Bytes::npos);
    const ParsedMail got = parse(*bytes, {});
    EXPECT_EQ(got.to.size(), 1U);
    EXPECT_EQ(got.references, std::vector<std::string>{"good@x.example"});
    EXPECT_NE(got.text.find("MAIL FROM:<x@y.example>"), std::string::npos);

    mail = outgoing();
    mail.message_id = "x@y>\r\nBcc: <z@y.example";
    EXPECT_EQ(compose(mail), fail(ComposeError::bad_message_id));
    for (const Header& bad : {Header{"X-A", "b\r\nBcc: c"}, Header{"Bcc", "v@x.example"}, Header{"X A", "b"},
                              Header{"X:A", "b"}, Header{"", "b"}, Header{"X-A", "é"}}) {
        mail = outgoing();
        mail.extra = {bad};
        EXPECT_EQ(compose(mail), fail(ComposeError::bad_extra_header)) << bad.name;
    }
    mail = outgoing();
    mail.to.clear();
    EXPECT_EQ(compose(mail), fail(ComposeError::no_recipient));
}

TEST(Compose, keeps_the_header_short_for_a_long_thread) {
    OutgoingMail mail = outgoing();
    mail.references.clear();
    for (int i = 0; i < 300; ++i) mail.references.push_back("message-number-" + std::to_string(i) + "@long.example.org");
    const auto bytes = compose(mail);
    ASSERT_TRUE(bytes.has_value());
    EXPECT_LT(bytes->find("\r\n\r\n"), 4'096U);
    const ParsedMail got = parse(*bytes, {});
    EXPECT_EQ(got.references.front(), mail.references.front());
    EXPECT_EQ(got.references.back(), mail.references.back());
    EXPECT_GT(got.references.size(), 10U);
}

TEST(Compose, carries_any_text) {
    for (const std::string& text :
         {std::string{}, std::string{"plain"}, std::string{"trailing blank \nFrom x\n.\n=3D\n\ttab\t"},
          std::string(3'000, 'a'), std::string{"mostly ascii with one é in it, and more words behind it"},
          std::string{"退款"}, std::string{"a\n\n\nb"}}) {
        OutgoingMail mail = outgoing();
        mail.text = text;
        const auto bytes = compose(mail);
        ASSERT_TRUE(bytes.has_value());
        expect_clean_on_the_wire(*bytes);
        EXPECT_EQ(parse(*bytes, {}).text, trimmed(text));
    }
}

}  // namespace
}  // namespace okpay::mail
