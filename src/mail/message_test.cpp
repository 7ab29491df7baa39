// SPDX-License-Identifier: Apache-2.0
#include "mail/message.hpp"

#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "base/text.hpp"
#include "mail/codec.hpp"

namespace okpay::mail {
namespace {

// Bytes of a text in another charset, for fixtures.
Bytes in_charset(std::string_view utf8, const char* charset) {
    const icu::UnicodeString text = icu::UnicodeString::fromUTF8(std::string{utf8});
    Bytes bytes(static_cast<std::size_t>(text.length()) * 8 + 16, '\0');
    UErrorCode error = U_ZERO_ERROR;
    UConverter* converter = ucnv_open(charset, &error);
    const auto length = ucnv_fromUChars(converter, bytes.data(), static_cast<std::int32_t>(bytes.size()), text.getBuffer(),
                                        text.length(), &error);
    ucnv_close(converter);
    EXPECT_TRUE(U_SUCCESS(error)) << charset;
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
}

ParseOptions options() {
    return {.text_of_html = [](std::string_view html) {
        return HtmlAsText{.text = "[html]" + std::string{html},
                          .hidden_found = html.find("hidden") != std::string_view::npos};
    }};
}
ParsedMail parsed(ByteView raw) { return parse(raw, options()); }

std::string times(std::string_view piece, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += piece;
    return result;
}

TEST(Message, reads_a_plain_mail) {
    const ParsedMail mail = parsed(
        "From: \"Li, Wei\" <wei@Example.org>\r\nTo: help@pay.example, =?utf-8?q?B=2CC?= <b@x.example>\r\n"
        "Subject: Charged\r\n twice\r\nDate: Thu, 05 Nov 2026 17:48:00 +0800\r\nMessage-ID: <a1@example.org>\r\n"
        "In-Reply-To: <z@pay.example>\r\nReferences: <x@pay.example>\r\n <z@pay.example>\r\n\r\nPlease refund.\r\n");
    ASSERT_EQ(mail.from.size(), 1U);
    EXPECT_EQ(mail.from[0].name, "Li, Wei");
    EXPECT_EQ(mail.from[0].address.text(), "wei@example.org");
    ASSERT_EQ(mail.to.size(), 2U);
    EXPECT_EQ(mail.to[1].name, "B,C");
    EXPECT_EQ(mail.subject, "Charged twice");
    EXPECT_EQ(mail.message_id, "a1@example.org");
    EXPECT_EQ(mail.in_reply_to, "z@pay.example");
    EXPECT_EQ(mail.references, (std::vector<std::string>{"x@pay.example", "z@pay.example"}));
    ASSERT_TRUE(mail.date.has_value());
    EXPECT_EQ(rfc3339(*mail.date), "2026-11-05T09:48:00Z");
    EXPECT_EQ(mail.date_offset_minutes, 480);
    EXPECT_EQ(mail.new_text, "Please refund.");
    EXPECT_FALSE(mail.malformed || mail.truncated || mail.charset_repaired || mail.hidden_html);
    EXPECT_EQ(header_of(mail, "subject"), "Charged twice");
}

struct CharsetCase {
    std::string_view name, label;
    const char* converter;
    std::string_view text;
    bool repaired;
};
constexpr std::string_view chinese = "昨天被重复扣款￥128.50，交易号TX20261105，请退款给张伟。";
const std::array charset_cases{
    CharsetCase{"utf-8", "utf-8", "UTF-8", chinese, false},
    CharsetCase{"gb2312 with gb18030 octets", "gb2312", "gb18030", "镕䶮￥128", false},
    CharsetCase{"gbk", "GBK", "gb18030", chinese, false},
    CharsetCase{"gb18030", "GB18030", "gb18030", chinese, false},
    CharsetCase{"big5", "Big5", "Big5-HKSCS", "昨天被重複扣款128.50，請退款給張偉。", false},
    CharsetCase{"iso-2022-jp", "ISO-2022-JP", "ISO-2022-JP", "返金をお願いします。", false},
    CharsetCase{"shift_jis", "Shift_JIS", "ibm-943_P15A-2003", "返金をお願いします。①", false},
    CharsetCase{"windows-1252 as latin-1", "iso-8859-1", "windows-1252", "José paid 12,50 €", false},
    CharsetCase{"gbk that says utf-8", "utf-8", "gb18030", chinese, true},
    CharsetCase{"gbk that says latin-1", "iso-8859-1", "gb18030", chinese, true},
    CharsetCase{"utf-8 that says latin-1", "iso-8859-1", "UTF-8", chinese, true},
    CharsetCase{"utf-8 that says gb2312", "gb2312", "UTF-8", "José paid 12,50 €", true},
    CharsetCase{"latin-1 that says utf-8", "utf-8", "windows-1252", "José paid 12,50 €", true},
    CharsetCase{"gbk under an unknown label", "x-foo", "gb18030", chinese, true},
    CharsetCase{"gbk without a label", "", "gb18030", chinese, true},
    CharsetCase{"big5 without a label", "", "Big5-HKSCS", "昨天被重複扣款一百元，請退款給張偉先生。", true},
    CharsetCase{"shift_jis without a label", "", "ibm-943_P15A-2003", "おとといの返金をおねがいします。", true},
    CharsetCase{"utf-8 without a label is no fault", "", "UTF-8", chinese, false},
    CharsetCase{"ascii under any label", "x-foo", "UTF-8", "12.50 EUR", false},
};

TEST(Message, survives_lying_and_unknown_charsets) {
    for (const CharsetCase& c : charset_cases) {
        SCOPED_TRACE(c.name);
        std::string raw = "From: a@b.example\r\nContent-Type: text/plain";
        if (!c.label.empty()) raw += "; charset=\"" + std::string{c.label} + "\"";
        const ParsedMail mail =
            parsed(raw + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + in_charset(c.text, c.converter));
        EXPECT_EQ(mail.text, c.text);
        EXPECT_EQ(mail.charset_repaired, c.repaired);
    }
}

TEST(Message, joins_encoded_words_cut_inside_a_character) {
    const Bytes gb = in_charset("退款申请", "gb18030");
    const std::string cut =
        "=?gb18030?B?" + base64_of(gb.substr(0, 3)) + "?=\r\n =?GB18030?B?" + base64_of(gb.substr(3)) + "?=";
    EXPECT_EQ(parsed("From: a@b.example\r\nSubject: " + cut + " 128\r\n\r\nx").subject, "退款申请 128");
    EXPECT_EQ(parsed("Subject: =?utf-8?q?a_b=3D?= c =?utf-8?B?6YCA?=\r\n\r\n").subject, "a b= c 退");
    EXPECT_EQ(parsed("Subject: " + in_charset("退款申请", "gb18030") + "\r\n\r\n").subject, "退款申请");
    EXPECT_EQ(parsed("Subject: a=?utf-8?q?=E2=80=AEb=0D=0ABcc:_x?=\r\n\r\n").subject, "ab Bcc: x");  // one line, no bidi
}

const std::string multipart_head = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/";

TEST(Message, prefers_plain_text_and_still_reads_the_html) {
    const ParsedMail mail = parsed(multipart_head +
                                   "alternative; boundary=b\r\n\r\npreamble\r\n--b\r\nContent-Type: text/html\r\n\r\n"
                                   "<p>hidden</p>\r\n--b\r\n\r\nplain words\r\n--b--\r\nepilogue");
    EXPECT_EQ(mail.text, "plain words");
    EXPECT_TRUE(mail.hidden_html);
    EXPECT_FALSE(mail.malformed);
    const ParsedMail only_html = parsed(multipart_head +
                                        "alternative; boundary=b\r\n\r\n--b\r\n\r\n \r\n--b\r\n"
                                        "Content-Type: text/html\r\n\r\n<p>x\r\n--b--");
    EXPECT_EQ(only_html.text, "[html]<p>x");
}

TEST(Message, lists_attachments_with_their_hashes) {
    const std::string raw =
        multipart_head +
        "mixed; boundary=\"b b\"\n\n--b b\nContent-Type: multipart/related; boundary=bb\n\n"
        "--bb\nContent-Type: text/html\n\n<img src=cid:1>\n--bb\nContent-Type: image/png\nContent-ID: <1@x>\n"
        "Content-Transfer-Encoding: base64\n\niVBORw0K\n--bb--\n--b b\n"
        "Content-Type: application/pdf; name*0*=gb18030''%CD%CB%BF; name*1*=%EE.pdf\nContent-Disposition: attachment\n"
        "Content-Transfer-Encoding: base64\n\nYWJj\n--b b\nContent-Type: text/plain\n"
        "Content-Disposition: attachment; filename=\"../../=?utf-8?B?6YCA?=.txt\"\n\nfile text\n--b b--\n";
    const ParsedMail mail = parsed(raw);
    EXPECT_EQ(mail.text, "[html]<img src=cid:1>");
    ASSERT_EQ(mail.attachments.size(), 3U);
    EXPECT_EQ(mail.attachments[0].content_id, "1@x");
    EXPECT_TRUE(mail.attachments[0].is_inline);
    EXPECT_EQ(mail.attachments[0].size_octets, 6U);
    EXPECT_EQ(mail.attachments[1].name, "退款.pdf");
    EXPECT_EQ(mail.attachments[1].sha256, sha256("abc"));
    EXPECT_EQ(mail.attachments[2].name, "退.txt");
    EXPECT_EQ(attachment_content(raw, sha256("abc"), options()), "abc");
    EXPECT_EQ(attachment_content(raw, sha256("none"), options()), std::nullopt);
}

TEST(Message, tells_forwarded_mails_and_bounces_apart) {
    const ParsedMail forwarded =
        parsed(multipart_head +
               "mixed; boundary=b\n\n--b\n\nIs this from you?\n--b\nContent-Type: message/rfc822\n\n"
               "From: \"OKPay\" <phish@bad.example>\nSubject: Your account\nDate: Thu, 5 Nov 2026 09:00:00 +0000\n\nClick "
               "here 99\n--b--\n");
    EXPECT_EQ(forwarded.new_text, "Is this from you?");
    EXPECT_NE(forwarded.forwarded_text.find("phish@bad.example"), std::string::npos);
    EXPECT_NE(forwarded.forwarded_text.find("Click here 99"), std::string::npos);
    ASSERT_EQ(forwarded.attachments.size(), 1U);
    EXPECT_EQ(forwarded.attachments[0].name, "Your account.eml");

    const ParsedMail bounce =
        parsed(multipart_head +
               "report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: "
               "message/delivery-status\n\n"
               "Status: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <ours@pay.example>\n--b--\n");
    EXPECT_NE(bounce.text.find("5.1.1"), std::string::npos);
    EXPECT_NE(bounce.quoted_text.find("ours@pay.example"), std::string::npos);
    EXPECT_TRUE(bounce.attachments.empty());
}

TEST(Message, undoes_flowed_lines) {
    const ParsedMail mail = parsed(
        "From: a@b.example\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
        "\nfirst \nline\n >not a quote\n> quo \n> ted\n-- \nsig\n");
    EXPECT_EQ(mail.text, "firstline\n>not a quote\n> quoted\n-- \nsig");
}

TEST(Message, believes_no_second_from) {
    const ParsedMail mail = parsed("From: a@b.example\r\nFrom: c@d.example\r\n\r\nx");
    EXPECT_EQ(mail.from.size(), 2U);
    EXPECT_TRUE(mail.malformed);
}

struct BrokenCase {
    std::string_view name, raw, text;
    bool malformed;
};
const std::array broken_cases{
    BrokenCase{"nothing", "", "", true},
    BrokenCase{"no header", "\r\nbody", "body", true},
    BrokenCase{"no blank line", "From: a@b.example\r\nplain words without a colon\r\nmore",
               "plain words without a colon\nmore", true},
    BrokenCase{"garbage between fields", "From: a@b.example\nGARBAGE\nSubject: s\n\nbody", "body", true},
    BrokenCase{"mbox line", "From x@y Thu Nov  5\nFrom: a@b.example\n\nbody", "body", false},
    BrokenCase{"boundary never closed", "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbody",
               "body", true},
    BrokenCase{"boundary never seen", "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\nbody", "body", true},
    BrokenCase{
        "boundary that begins like another",
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bc\n\n"
        "--bc\n\none\n--bc--\n--b\n\ntwo\n--b--\n",
        "one\ntwo", false},
    BrokenCase{
        "outer boundary ends an open inner one",
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n"
        "--c\n\none\n--b\n\ntwo\n--b--\n",
        "one\ntwo", true},
    BrokenCase{"base64 with rubbish", "From: a@b.example\nContent-Transfer-Encoding: base64\n\nYW*J\nj!!\n", "abc", false},
    BrokenCase{"quoted-printable cut short", "From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\na=3Db=\nc=4",
               "a=bc", false},
    BrokenCase{"nul in the address", std::string_view{"From: a\0@b.example\n\nbody", 24}, "body", true},
    BrokenCase{"unknown encoding", "From: a@b.example\nContent-Transfer-Encoding: x-foo\n\nbody", "body", false},
};

TEST(Message, reads_broken_mails_with_good_will) {
    for (const BrokenCase& c : broken_cases) {
        SCOPED_TRACE(c.name);
        const ParsedMail mail = parsed(c.raw);
        EXPECT_EQ(mail.text, c.text);
        EXPECT_EQ(mail.malformed, c.malformed);
        EXPECT_EQ(decode(encode(mail)), mail);
    }
}

TEST(Message, stays_within_time_and_says_what_it_cut) {
    std::string nested = "From: a@b.example\n";
    for (int i = 0; i < 50'000; ++i)
        nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
    const std::string head = "From: a@b.example\n";
    const std::string mixed = head + "Content-Type: multipart/mixed; boundary=b\n\n";
    const std::array bombs{
        mixed + times("--b\n\n", 1'000'000),
        head + times("X: y\n", 1'000'000) + "\nbody",
        head + "Subject: x" + times("\n y", 2'000'000) + "\n\nbody",
        head + "To: " + times("a@b.example,", 500'000) + "\n\nbody",
        head + "Subject: " + times("=?utf-8?q?a", 2'000'000) + "\n\nbody",
        nested,
        head + times("Content-Type: message/rfc822\n\n", 50'000),
        head + "To: " + times("g:", 100'000) + "\n\nbody",
        head + "To: " + times("(", 100'000) + "\n\nbody",
        head + "Content-Type: text/plain; " + times("a;", 500'000) + "\n\nbody",
        head + "Content-Type: text/plain; " + times("a*1*=b;", 200'000) + "\n\nbody",
        head + "\n" + times("--\n", 500'000),
        head + "\n" + times("From:\n", 300'000),
        head + "\n" + times("> On 2026-11-05 x@y wrote:\n", 100'000),
        head + "\n" + times("On 2026-11-05 x@y\n", 100'000),
        head + "\n" + std::string(20'000'000, 'x'),
        head + "Content-Transfer-Encoding: base64\n\n" + std::string(20'000'000, '%'),
        head + "\n" + times("\xB0\xA1", 5'000'000),
    };
    for (std::size_t i = 0; i < bombs.size(); ++i) {
        SCOPED_TRACE(i);
        const auto begun = std::chrono::steady_clock::now();
        const ParsedMail mail = parsed(bombs[i]);
        const auto spent = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begun);
        EXPECT_LT(spent, std::chrono::seconds{8});  // sanitizers cost five times
        EXPECT_LT(mail.text.size(), 4U << 20U);
        EXPECT_EQ(decode(encode(mail)), mail);
        if (i < 7) EXPECT_TRUE(mail.truncated || mail.malformed);
    }
}

std::vector<std::filesystem::path> corpus() {
    std::vector<std::filesystem::path> files;
    for (const std::string_view folder : {"mime", "spamassassin"}) {
        const auto root = std::filesystem::path{OKPAY_SOURCE_DIR} / ".." / "shared" / "data" / folder;
        if (!std::filesystem::is_directory(root)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
            if (entry.is_regular_file()) files.push_back(entry.path());
        }
    }
    return files;
}
Bytes content_of(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(Message, reads_real_mails) {
    const auto files = corpus();
    if (files.empty()) GTEST_SKIP() << "no mail corpus in ../shared/data";
    for (const auto& file : files) {
        SCOPED_TRACE(file.filename());
        const Bytes raw = content_of(file);
        const auto begun = std::chrono::steady_clock::now();
        const ParsedMail mail = parsed(raw);
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{2});
        for (const std::string* text :
             {&mail.subject, &mail.text, &mail.new_text, &mail.quoted_text, &mail.forwarded_text}) {
            EXPECT_TRUE(is_utf8(*text));
            EXPECT_EQ(text->find('\0'), std::string::npos);
        }
        EXPECT_EQ(decode(encode(mail)), mail);
    }
}

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

TEST(Codec, refuses_what_it_did_not_write) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const ParsedMail mail = parsed(multipart_head +
                                   "mixed; boundary=b\nSender: s@t.example\nDate: Thu, 05 Nov 2026 17:48:00 "
                                   "-0330\nReferences: <a@b>\n\n--b\n\nwords\n--b\n"
                                   "Content-Type: image/png; name=x.png\n\nPNG\n--b--\n");
    const Bytes good = encode(mail);
    ASSERT_EQ(decode(good), mail);
    for (std::size_t length = 0; length < good.size(); ++length) EXPECT_EQ(decode(good.substr(0, length)), std::nullopt);
    EXPECT_EQ(decode(good + '\0'), std::nullopt);
    for (int round = 0; round < 20'000; ++round) {
        Bytes bad = good;
        for (std::size_t i = 1 + random() % 3; i > 0; --i) bad[random() % bad.size()] = static_cast<char>(random());
        const auto got = decode(bad);  // it may still be one; it must never be read beyond its end
        if (got) EXPECT_TRUE(is_utf8(got->text) && is_utf8(got->subject));
    }
    ParsedMail lies = mail;
    lies.attachments[0].name = "../x";
    EXPECT_EQ(decode(encode(lies)), std::nullopt);
    lies = mail;
    lies.headers[0].value = "a\r\nBcc: x";
    EXPECT_EQ(decode(encode(lies)), std::nullopt);
    lies = mail;
    lies.text = "\xC0\xAF";
    EXPECT_EQ(decode(encode(lies)), std::nullopt);
}

TEST(Message, gives_the_html_of_its_own_body_as_it_came) {
    const std::string raw =
        "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
        "--m\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<b onload=x>\xCD\xCB\xBF\xEE</b>\r\n"
        "--m\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
        "--m\r\nContent-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<i>file</i>\r\n"
        "--m\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/html\r\n\r\n<i>forwarded</i>\r\n"
        "--m\r\nContent-Type: text/html\r\n\r\n<i>second</i>\r\n--m--\r\n";
    EXPECT_EQ(html_of(raw, options()), "<b onload=x>\u9000\u6B3E</b>\n<i>second</i>");
    EXPECT_EQ(html_of("From: a@example.org\r\n\r\n<b>plain</b>", options()), "");
    std::vector<std::string> files;
    each_file(raw, options(), [&](const Attachment& file, ByteView content) {
        EXPECT_EQ(file.sha256, sha256(content));
        files.emplace_back(content);
    });
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0], "<i>file</i>");
    ParseOptions small = options();
    small.html_octets_max = 10;
    EXPECT_EQ(html_of("Content-Type: text/html\r\n\r\n<b>0123456789</b>", small), "<b>0123456");
}

}  // namespace
}  // namespace okpay::mail
