// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_session.hpp"

#include <gtest/gtest.h>

#include <array>

#include "mailroom/recipient_policy.hpp"
#include "mailroom/smtp_text.hpp"

namespace okpay::mailroom {
namespace {

using namespace std::string_literals;

struct Heard {
    std::string replies;
    std::vector<ReceivedMail> mails;
    Next last = Next::read_more;
};

SmtpSessionSettings settings_for_tests(MailProtocol protocol = MailProtocol::smtp) {
    return {.hostname = "mx.pay.example", .protocol = protocol, .offers_starttls = true, .limits = {}};
}

// Plays octets in pieces of a given size; every message is called durable, TLS starts by itself.
Heard play(std::string_view octets, std::size_t piece, const SmtpSessionSettings& settings) {
    SmtpSession session{settings, recipient_policy({.domain = "pay.example", .reply_domain = "re.pay.example"})};
    Heard heard;
    for (std::size_t at = 0; at < octets.size() && heard.last != Next::close; at += piece) {
        heard.last = session.feed(octets.substr(at, piece));
        while (heard.last == Next::deliver) {
            heard.mails.push_back(session.take_mail());
            heard.last =
                session.delivered({.verdict = Verdict::durable, .queue_id = "Q" + std::to_string(heard.mails.size())});
        }
        heard.replies += session.take_replies();
    }
    return heard;
}

// The three digits of each reply's last line, joined by spaces.
std::string codes_of(std::string_view replies) {
    std::string codes;
    while (!replies.empty()) {
        const auto line = replies.substr(0, replies.find("\r\n"));
        EXPECT_GE(line.size(), 4U);
        if (line[3] == ' ') codes += (codes.empty() ? "" : " ") + std::string{line.substr(0, 3)};
        replies.remove_prefix(line.size() + 2);
    }
    return codes;
}

const std::string envelope = "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@pay.example>\r\n";
const std::string opened = envelope + "DATA\r\n";
const std::string opened_codes = "250 250 250 354";

struct DialogueCase {
    std::string name, octets, want;
};

const std::vector<DialogueCase>& dialogue_cases() {
    static const std::vector<DialogueCase> cases{
        {"a mail", opened + "Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n", opened_codes + " 250 221"},
        {"an empty mail", opened + ".\r\n", opened_codes + " 250"},
        {"two mails on one greeting", opened + "a\r\n.\r\n" + envelope.substr(16) + "DATA\r\nb\r\n.\r\n",
         opened_codes + " 250 250 250 354 250"},
        {"case and spaces are forgiven", "ehlo c\r\nmail from: <a@b.example>\r\nRcpt To: <SUPPORT@Pay.Example>\r\n",
         "250 250 250"},
        {"null sender", "EHLO c\r\nMAIL FROM:<>\r\n", "250 250"},
        {"mail before the greeting", "MAIL FROM:<a@b.example>\r\n", "503"},
        {"rcpt before mail", "EHLO c\r\nRCPT TO:<support@pay.example>\r\n", "250 503"},
        {"data before mail", "EHLO c\r\nDATA\r\n", "250 503"},
        {"data without a recipient", "EHLO c\r\nMAIL FROM:<a@b.example>\r\nDATA\r\n", "250 250 503"},
        {"mail twice", "EHLO c\r\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\n", "250 250 503"},
        {"rset forgets", envelope + "RSET\r\nDATA\r\n", "250 250 250 250 503"},
        {"greeting again forgets", envelope + "HELO c\r\nDATA\r\n", "250 250 250 250 503"},
        {"greeting without a name", "EHLO\r\nHELO (x)\r\nEHLO c\xC3\xBC\r\n", "501 501 501"},
        {"small talk", "NOOP\r\nNOOP x\r\nVRFY support\r\nHELP\r\nEXPN x\r\nRSET\r\nRSET x\r\nVRFY\r\n",
         "250 250 252 214 502 250 501 501"},
        {"not offered", "AUTH PLAIN AGEAYg==\r\nBDAT 5 LAST\r\nXCLIENT ADDR=1.2.3.4\r\nTURN\r\n\r\n", "502 502 502 500 500"},
        {"http ends at its verb", "POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO c\r\n", "521"},
        {"proxy header ends", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nEHLO c\r\n", "521"},
        {"lhlo on smtp", "LHLO c\r\n", "500"},
        {"nul in a command", "EHLO c\0d\r\nNOOP\r\n"s, "500 250"},
        {"lf alone in a command", "EHLO c\nMAIL FROM:<a@b.example>\n", "521"},
        {"cr alone in a command", "EHLO c\rNOOP\r\n", "521"},
        {"quit takes nothing more", "QUIT\r\nEHLO c\r\n", "221"},
        {"starttls in clear is the last word", "EHLO c\r\nSTARTTLS\r\nMAIL FROM:<a@b.example>\r\n", "250 220"},
        {"starttls with words", "EHLO c\r\nSTARTTLS now\r\n", "250 501"},

        {"sender without brackets", "EHLO c\r\nMAIL FROM:a@b.example\r\n", "250 501"},
        {"sender without a domain", "EHLO c\r\nMAIL FROM:<a>\r\nMAIL FROM:<a@>\r\nMAIL FROM:<@b.example>\r\n",
         "250 501 501 550"},
        {"sender quoted", "EHLO c\r\nMAIL FROM:<\"a >\\\" b\"@b.example>\r\n", "250 250"},
        {"sender at an address literal", "EHLO c\r\nMAIL FROM:<a@[192.0.2.1]>\r\n", "250 250"},
        {"sender's local part too long", "EHLO c\r\nMAIL FROM:<" + std::string(65, 'a') + "@b.example>\r\n", "250 501"},
        {"sender's domain too long", "EHLO c\r\nMAIL FROM:<a@" + std::string(256, 'b') + ">\r\n", "250 501"},
        {"parameters", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8\r\n", "250 250"},
        {"unknown parameter", "EHLO c\r\nMAIL FROM:<a@b.example> RET=FULL\r\nMAIL FROM:<a@b.example> BODY=BINARYMIME\r\n",
         "250 555 555"},
        {"parameters glued on", "EHLO c\r\nMAIL FROM:<a@b.example>SIZE=1\r\n", "250 501"},
        {"size too large", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=26214401\r\n", "250 552"},
        {"size beyond 64 bits", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=99999999999999999999\r\n", "250 552"},
        {"size of words", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=big\r\nMAIL FROM:<a@b.example> SIZE=-1\r\n",
         "250 501 501"},
        {"refused sender leaves nothing", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=x\r\nRCPT TO:<support@pay.example>\r\n",
         "250 501 503"},
        {"utf-8 sender needs its parameter",
         "EHLO c\r\nMAIL FROM:<用户@例子.example>\r\nMAIL FROM:<用户@例子.example> SMTPUTF8\r\n", "250 553 250"},
        {"ill-formed utf-8", "EHLO c\r\nMAIL FROM:<\xFF@b.example> SMTPUTF8\r\n", "250 501"},
        {"control character in an address", "EHLO c\r\nMAIL FROM:<a\x01@b.example>\r\nMAIL FROM:<\"a\x7F\"@b.example>\r\n",
         "250 501 501"},

        {"not a relay",
         "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@other.example>\r\nRCPT TO:<nobody@pay.example>\r\n"
         "RCPT TO:<support%other.example@pay.example>\r\nRCPT TO:<@pay.example:x@other.example>\r\n"
         "RCPT TO:<other.example!x@pay.example>\r\nRCPT TO:<\"x@other.example\"@pay.example>\r\n"
         "RCPT TO:<support@pay.example.other.example>\r\nDATA\r\n",
         "250 250 550 550 550 550 550 550 550 503"},
        {"recipient errors",
         "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<>\r\nRCPT TO:<support@pay.example> NOTIFY=NEVER\r\n"
         "RCPT TO:support@pay.example\r\nRCPT support@pay.example\r\nRCPT TO:<支持@pay.example>\r\n",
         "250 250 501 555 501 501 553"},
        {"shell words",
         "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<${run{/bin/sh}}@pay.example>\r\n"
         "RCPT TO:<../../etc/passwd@pay.example>\r\nRCPT TO:<support+$(id)@pay.example>\r\n",
         "250 250 550 550 501"},

        {"line at its limit", opened + std::string(998, 'x') + "\r\n.\r\n", opened_codes + " 250"},
        {"line over its limit", opened + std::string(999, 'x') + "\r\n.\r\nNOOP\r\n", opened_codes + " 554 250"},
        {"stuffed line at its limit", opened + "." + "." + std::string(997, 'x') + "\r\n.\r\n", opened_codes + " 250"},
        {"nul in the data", opened + "a\0b\r\n.\r\nNOOP\r\n"s, opened_codes + " 554 250"},
        {"nul, then a line too long: the first counts", opened + "\0"s + std::string(1'200, 'x') + "\r\n.\r\nNOOP\r\n",
         opened_codes + " 554 250"},
        {"command at its limit", "NOOP " + std::string(505, 'x') + "\r\n", "250"},
        {"command over its limit", "NOOP " + std::string(506, 'x') + "\r\nNOOP\r\n", "500 250"},
        {"mail may be longer", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=1" + std::string(533, ' ') + "\r\n", "250 250"},
        {"but not much", "EHLO c\r\nMAIL FROM:<a@b.example> SIZE=1" + std::string(534, ' ') + "\r\nNOOP\r\n", "250 500 250"},
        {"line far over its limit", std::string(60'000, 'x') + "\r\nNOOP\r\n", "500 250"},
        {"line without an end", std::string(70'000, 'x') + "\r\nNOOP\r\n", "500 421"},
    };
    return cases;
}

TEST(SmtpSession, answers_by_the_table) {
    for (const DialogueCase& c : dialogue_cases()) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(codes_of(play(c.octets, c.octets.size(), settings_for_tests()).replies), c.want);
    }
}

TEST(SmtpSession, answers_the_same_however_the_octets_are_cut) {
    for (const DialogueCase& c : dialogue_cases()) {
        SCOPED_TRACE(c.name);
        const Heard whole = play(c.octets, c.octets.size(), settings_for_tests());
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 1000U}) {
            const Heard cut = play(c.octets, piece, settings_for_tests());
            ASSERT_EQ(cut.replies, whole.replies) << "pieces of " << piece;
            ASSERT_EQ(cut.mails.size(), whole.mails.size());
        }
        if (c.octets.size() > 2'000) continue;
        for (std::size_t at = 1; at < c.octets.size(); ++at) {  // in two, at every place
            SmtpSession session{settings_for_tests(), recipient_policy({.domain = "pay.example", .reply_domain = ""})};
            std::string replies;
            for (const auto part : {std::string_view{c.octets}.substr(0, at), std::string_view{c.octets}.substr(at)}) {
                Next next = session.feed(part);
                for (int mail = 1; next == Next::deliver; ++mail) {
                    EXPECT_TRUE(whole.mails.size() >= static_cast<std::size_t>(mail));
                    next = session.delivered({.verdict = Verdict::durable, .queue_id = ""});
                }
                replies += session.take_replies();
            }
            ASSERT_EQ(codes_of(replies), codes_of(whole.replies)) << "cut at " << at;
        }
    }
}

TEST(SmtpSession, greets_with_what_it_offers) {
    const Heard heard = play("EHLO c\r\n", 64, settings_for_tests());
    EXPECT_EQ(heard.replies,
              "250-mx.pay.example\r\n250-SIZE 26214400\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n"
              "250-STARTTLS\r\n250 ENHANCEDSTATUSCODES\r\n");
    auto without = settings_for_tests();
    without.offers_starttls = false;
    EXPECT_FALSE(play("EHLO c\r\n", 64, without).replies.contains("STARTTLS"));
    EXPECT_EQ(codes_of(play("STARTTLS\r\n", 64, without).replies), "502");
    EXPECT_TRUE(SmtpSession(settings_for_tests(), {}).greeting().starts_with("220 mx.pay.example "));
}

TEST(SmtpSession, gives_the_message_exactly) {
    const std::string data = "From: a\r\n\r\n..\r\n...x\r\n.. \r\n\r\n.\r\n";
    const Heard heard = play(
        "EHLO c.example\r\nMAIL FROM:<a@b.example> SMTPUTF8\r\nRCPT TO:<help@pay.example>\r\n"
        "RCPT TO:<support+t0k@re.pay.example>\r\nDATA\r\n" +
            data,
        5, settings_for_tests());
    ASSERT_EQ(heard.mails.size(), 1U);
    const ReceivedMail& mail = heard.mails.front();
    EXPECT_EQ(mail.bytes, "From: a\r\n\r\n.\r\n..x\r\n. \r\n\r\n");
    EXPECT_EQ(mail.helo, "c.example");
    EXPECT_EQ(mail.mail_from, "a@b.example");
    EXPECT_EQ(mail.recipients, (std::vector<std::string>{"help@pay.example", "support+t0k@re.pay.example"}));
    EXPECT_TRUE(mail.extended);
    EXPECT_TRUE(mail.smtputf8);
    EXPECT_TRUE(heard.replies.ends_with("250 2.0.0 queued as Q1\r\n"));
}

// The ways some server or other has taken for the end of a message. None may end it here, and none may start another.
TEST(SmtpSession, only_crlf_dot_crlf_ends_a_message) {
    const std::array endings{"\n.\n"s, "\n.\r\n"s,     "\r\n.\n"s,       "\r.\r"s,     "\r\n.\r"s,   "\r.\r\n"s,    "\n.\r"s,
                             "\r.\n"s, "\r\n.\r\r\n"s, "\r\r\n.\r\r\n"s, "\n\n.\r\n"s, "\0\n.\r\n"s, "\r\n\r.\r\n"s};
    const std::string smuggled = "MAIL FROM:<root@pay.example>\r\nRCPT TO:<support@pay.example>\r\nDATA\r\nsecond\r\n.\r\n";
    for (const std::string& ending : endings) {
        std::string shown;
        for (const char c : ending) shown += c == '\r' ? "CR " : c == '\n' ? "LF " : c == '\0' ? "NUL " : ". ";
        SCOPED_TRACE(shown);
        const Heard heard = play(opened + "first" + ending + smuggled, 3, settings_for_tests());
        EXPECT_TRUE(heard.mails.empty());
        EXPECT_EQ(codes_of(heard.replies), opened_codes + " 521");
        EXPECT_EQ(heard.last, Next::close);
    }
    // A dot with anything beside it is text, and the commands behind it are, too.
    const std::string nul_dot = "\r\n.\0\r\n"s;
    const std::array harmless{"\r\n. \r\n"s, "\r\n..\r\n"s, nul_dot};
    for (const std::string& text : harmless) {
        const Heard heard = play(opened + "first" + text + smuggled + "QUIT\r\n", 3, settings_for_tests());
        EXPECT_LE(heard.mails.size(), 1U);
        EXPECT_EQ(codes_of(heard.replies), opened_codes + (text == nul_dot ? " 554 221" : " 250 221"));
    }
}

TEST(SmtpSession, starttls_forgets_all_that_was_said_in_clear) {
    SmtpSession session{settings_for_tests(), recipient_policy({.domain = "pay.example", .reply_domain = ""})};
    EXPECT_EQ(session.feed(envelope + "STARTTLS\r\nRSET\r\n"), Next::start_tls);
    EXPECT_EQ(session.feed("NOOP\r\n"), Next::start_tls) << "still in clear: thrown away";
    EXPECT_EQ(codes_of(session.take_replies()), "250 250 250 220");
    EXPECT_EQ(session.tls_started(), Next::read_more);
    EXPECT_EQ(session.take_replies(), "");
    session.feed("DATA\r\nMAIL FROM:<a@b.example>\r\nSTARTTLS\r\nEHLO c\r\n");
    const std::string replies = session.take_replies();
    EXPECT_EQ(codes_of(replies), "503 503 503 250");
    EXPECT_FALSE(replies.contains("250-STARTTLS"));
}

TEST(SmtpSession, waits_for_the_verdict_before_it_goes_on) {
    struct Case {
        Verdict verdict;
        std::string_view want;
    };
    for (const Case& c : {Case{Verdict::durable, "250"}, Case{Verdict::try_later, "451"}, Case{Verdict::full, "452"},
                          Case{Verdict::refused, "554"}}) {
        SmtpSession session{settings_for_tests(), recipient_policy({.domain = "pay.example", .reply_domain = ""})};
        ASSERT_EQ(session.feed(opened + "x\r\n.\r\nNOOP\r\nQUIT\r\n"), Next::deliver);
        EXPECT_EQ(codes_of(session.take_replies()), opened_codes);
        EXPECT_EQ(session.take_mail().bytes, "x\r\n");
        EXPECT_EQ(session.delivered({.verdict = c.verdict, .queue_id = "i\r\nd"}), Next::close);
        const std::string replies = session.take_replies();
        EXPECT_EQ(codes_of(replies), std::string{c.want} + " 250 221");
    }
}

TEST(SmtpSession, limits_recipients_commands_and_size) {
    std::string many = "EHLO c\r\nMAIL FROM:<a@b.example>\r\n";
    for (int i = 0; i < 102; ++i) many += "RCPT TO:<support@pay.example>\r\n";
    const Heard heard = play(many + "DATA\r\n.\r\n", 100, settings_for_tests());
    EXPECT_TRUE(codes_of(heard.replies).ends_with(" 250 452 452 354 250"));
    ASSERT_EQ(heard.mails.size(), 1U);
    EXPECT_EQ(heard.mails.front().recipients.size(), 100U);

    auto settings = settings_for_tests();
    settings.limits.bad_commands_max = 3;
    EXPECT_EQ(codes_of(play("X\r\nNOOP\r\nY\r\nZ\r\nNOOP\r\n", 100, settings).replies), "500 250 500 500 421");
    settings.limits.idle_commands_max = 3;
    EXPECT_EQ(codes_of(play("NOOP\r\nRSET\r\nNOOP\r\nNOOP\r\n", 100, settings).replies), "250 250 250 421");

    settings = settings_for_tests();
    settings.limits.data = {.message_octets_max = 10, .text_line_octets_max = 8, .hops_max = 1, .dropped_octets_max = 20};
    EXPECT_EQ(codes_of(play(opened + "123456\r\n\r\n.\r\n", 4, settings).replies), opened_codes + " 250");
    EXPECT_EQ(codes_of(play(opened + "123456\r\n7\r\n.\r\nNOOP\r\n", 4, settings).replies), opened_codes + " 552 250");
    EXPECT_EQ(codes_of(play(opened + std::string(40, 'x') + "\r\n.\r\n", 4, settings).replies), opened_codes + " 554");

    settings = settings_for_tests();
    settings.limits.data.hops_max = 1;
    const std::string hop = "RECEIVED: from x\r\n";
    EXPECT_EQ(codes_of(play(opened + hop + "\r\n" + hop + ".\r\n", 9, settings).replies), opened_codes + " 250");
    EXPECT_EQ(codes_of(play(opened + hop + hop + ".\r\n", 9, settings).replies), opened_codes + " 554");
}

TEST(SmtpSession, lack_of_room_and_goodbyes_are_temporary) {
    SmtpSession session{settings_for_tests(), recipient_policy({.domain = "pay.example", .reply_domain = ""})};
    session.feed(opened + "some text\r\n");
    EXPECT_TRUE(session.in_data());
    EXPECT_EQ(session.octets_held(), 11U);
    session.refuse_data_for_room();
    EXPECT_EQ(session.octets_held(), 0U);
    EXPECT_EQ(session.feed("more\r\n.\r\n"), Next::read_more);
    EXPECT_EQ(session.end(Goodbye::stopping), Next::close);
    EXPECT_EQ(codes_of(session.take_replies()), opened_codes + " 452 421");
    EXPECT_EQ(session.feed("NOOP\r\n"), Next::close);
}

TEST(SmtpSession, lmtp_answers_each_recipient) {
    const auto lmtp = settings_for_tests(MailProtocol::lmtp);
    const std::string start = "LHLO c\r\nMAIL FROM:<a@b.example>\r\n";
    const std::string two = "RCPT TO:<support@pay.example>\r\nRCPT TO:<x@pay.example>\r\nRCPT TO:<verify@pay.example>\r\n";
    EXPECT_EQ(codes_of(play("EHLO c\r\nHELO c\r\n", 9, lmtp).replies), "500 500");
    const Heard heard = play(start + two + "DATA\r\nx\r\n.\r\nQUIT\r\n", 9, lmtp);
    EXPECT_EQ(codes_of(heard.replies), "250 250 250 550 250 354 250 250 221");
    EXPECT_EQ(heard.mails.size(), 1U);
    EXPECT_EQ(codes_of(play(start + two + "DATA\r\n\0\r\n.\r\n"s, 9, lmtp).replies), "250 250 250 550 250 354 554 554");
    EXPECT_EQ(codes_of(play(start + "RCPT TO:<x@pay.example>\r\nDATA\r\n", 9, lmtp).replies), "250 250 550 503");
}

struct AddressCase {
    std::string_view address;
    bool ours;
};
constexpr std::array address_cases{
    AddressCase{"support@pay.example", true},
    AddressCase{"Help@PAY.example", true},
    AddressCase{"billing@re.pay.example", true},
    AddressCase{"verify@pay.example", true},
    AddressCase{"phishing@pay.example", true},
    AddressCase{"help+AB2-C7@re.pay.example", true},
    AddressCase{"support+anything@pay.example", true},
    AddressCase{"postmaster", true},
    AddressCase{"help+@pay.example", false},
    AddressCase{"help+a/b@pay.example", false},
    AddressCase{"help+a+b@pay.example", false},
    AddressCase{"support", false},
    AddressCase{"root@pay.example", false},
    AddressCase{"support@example", false},
    AddressCase{"support@", false},
    AddressCase{"", false},
};
TEST(RecipientPolicy, knows_our_addresses) {
    const OurAddresses ours{.domain = "pay.example", .reply_domain = "re.pay.example"};
    for (const AddressCase& c : address_cases) EXPECT_EQ(is_ours(ours, c.address), c.ours) << c.address;
    EXPECT_FALSE(is_ours({.domain = "pay.example", .reply_domain = ""}, "support@"));
}

TEST(SmtpText, data_form_has_only_crlf_and_stuffed_dots) {
    EXPECT_EQ(data_form("a\n.\r\nMAIL FROM:<x>\r\r\n..b\rc"), "a\r\n..\r\nMAIL FROM:<x>\r\n\r\n...b\r\nc\r\n");
    EXPECT_EQ(data_form(""), "");
    EXPECT_EQ(data_form(".\r\n"), "..\r\n");
    EXPECT_TRUE(is_path_address("a@b.example"));
    for (const std::string_view bad : {"a@b.example>\r\nDATA", "a@b.example> SIZE=1", "a b@c", "a", "<a@b>", "a\n@b"}) {
        EXPECT_FALSE(is_path_address(bad)) << bad;
    }
}

}  // namespace
}  // namespace okpay::mailroom
