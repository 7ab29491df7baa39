// SPDX-License-Identifier: Apache-2.0
#include "mail/mbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace okpay::mail {
namespace {

using ::testing::ElementsAre;

struct Read {
    std::vector<Bytes> mails;
    std::vector<std::optional<Moment>> delivered;
    std::size_t too_large = 0;
    std::uint64_t octets_read = 0;
    std::size_t most_at_once = 0;
};

Read read_all(const std::string& file, std::size_t mail_octets_max = 1U << 20U) {
    Read read;
    MboxReader reader{[&](std::uint64_t offset, char* into, std::size_t octets) -> std::size_t {
                          if (offset >= file.size()) return 0;
                          const std::size_t part = std::min(octets, file.size() - static_cast<std::size_t>(offset));
                          std::memcpy(into, file.data() + offset, part);
                          read.octets_read += part;
                          read.most_at_once = std::max(read.most_at_once, part);
                          return part;
                      },
                      mail_octets_max};
    while (auto mail = reader.next()) {
        if (mail->too_large) ++read.too_large;
        else read.mails.push_back(mail->raw);
        read.delivered.push_back(mail->delivered);
    }
    return read;
}

std::string crlf(std::string text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return result;
}

constexpr std::string_view from_line = "From ana@example.org Thu Nov  5 09:48:00 2026\n";

struct DialectCase {
    std::string_view name, file;
    std::vector<std::string> want;  // with LF for CRLF
};
const std::vector<DialectCase> dialects{
    {"two mails",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\none\n\nFrom b@x Thu Nov  5 09:49:00 2026\nSubject: 2\n\ntwo\n",
     {"Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"}},
    {"the last line has no end", "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\none", {"Subject: 1\n\none\n"}},
    {"a header alone", "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n", {"Subject: 1\n"}},
    {"mboxo: From in a body is quoted",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\n>From here on\n",
     {"Subject: 1\n\nFrom here on\n"}},
    {"mboxrd: what was quoted already is quoted once more",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\n>>From here\n>>>From there\n> From a quote\n",
     {"Subject: 1\n\n>From here\n>>From there\n> From a quote\n"}},
    {"nothing is quoted: a line that only begins like a separator",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\nHello\n\nFrom Monday on we are closed\n\nbye\n",
     {"Subject: 1\n\nHello\n\nFrom Monday on we are closed\n\nbye\n"}},
    {"nothing is quoted: a whole separator inside a paragraph, and one that no field follows",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\nlog:\nFrom b@x Thu Nov  5 09:49:00 2026\n\n"
     "From c@x Thu Nov  5 09:49:00 2026\nno field\n",
     {"Subject: 1\n\nlog:\nFrom b@x Thu Nov  5 09:49:00 2026\n\nFrom c@x Thu Nov  5 09:49:00 2026\nno field\n"}},
    {"a count that is wrong is not believed",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\nContent-Length: 3\n\none and more\n\n"
     "From b@x Thu Nov  5 09:49:00 2026\nContent-Length: 999999\nSubject: 2\n\n>From two\n",
     {"Subject: 1\n\none and more\n", "Subject: 2\n\nFrom two\n"}},
    {"books of the store are left out, with their folds",
     "From a@x Thu Nov  5 09:48:00 2026\nStatus: RO\nX-UID: 7\nX-Keywords: a\n b\nSubject: 1\nX-Status: A\n\nStatus: "
     "stays\n",
     {"Subject: 1\n\nStatus: stays\n"}},
    {"no separator at the start", "Subject: 1\n\none\n", {"Subject: 1\n\none\n"}},
    {"a separator of an earlier hop in the header",
     "From a@x Thu Nov  5 09:48:00 2026\n>From b@x Thu Nov  5 09:47:00 2026\nSubject: 1\n\none\n",
     {"Subject: 1\n\none\n"}},
    {"empty lines at the end of a mail stay, but for the separator's",
     "From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\none\n\n\n\nFrom b@x Thu Nov  5 09:49:00 2026\nSubject: 2\n\n\n",
     {"Subject: 1\n\none\n\n\n", "Subject: 2\n\n"}},
    {"nothing", "", {}},
    {"empty lines alone", "\n\n\n", {}},
};

TEST(MboxReader, reads_each_dialect_with_either_line_end) {
    for (const DialectCase& c : dialects) {
        SCOPED_TRACE(c.name);
        std::vector<std::string> want;
        for (const std::string& mail : c.want) want.push_back(crlf(mail));
        EXPECT_EQ(read_all(std::string{c.file}).mails, want);
        EXPECT_EQ(read_all(crlf(std::string{c.file})).mails, want) << "with CRLF";
    }
}

TEST(MboxReader, believes_a_count_that_leads_to_the_next_mail) {
    for (const bool with_crlf : {false, true}) {
        const auto as = [with_crlf](std::string text) { return with_crlf ? crlf(std::move(text)) : text; };
        const std::string unquoted = "x\n\nFrom b@x Thu Nov  5 09:49:00 2026\nSubject: fake\n>From stays\n";
        const std::string quoted = ">From here\n>>From there\n";
        std::string file;
        for (const std::string& body : {unquoted, quoted, unquoted}) {
            file += as(std::string{from_line}) +
                    as("Content-Length: " + std::to_string(as(body).size()) + "\nSubject: 1\n\n" + body + "\n");
        }
        EXPECT_THAT(read_all(file).mails,
                    ElementsAre(crlf("Subject: 1\n\n" + unquoted), crlf("Subject: 1\n\nFrom here\n>From there\n"),
                                crlf("Subject: 1\n\n" + unquoted)));
    }
}

TEST(MboxReader, reads_the_dates_of_separators) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"From a@x Thu Nov  5 09:48:00 2026", "2026-11-05T09:48:00Z"},
        {"From a b c@x Thu Nov 05 09:48 2026", "2026-11-05T09:48:00Z"},
        {"From - Thu Nov  5 17:48:00 2026 +0800", "2026-11-05T09:48:00Z"},
        {"From a@x Thu Nov  5 04:48:00 -0500 2026", "2026-11-05T09:48:00Z"},
        {"From a@x Thu Nov  5 09:48:00 CST 2026", "2026-11-05T09:48:00Z"},
        {"From a@x Thu Feb 30 09:48:00 2026", ""},
        {"From a@x yesterday", ""},
    };
    for (const auto& [line, want] : cases) {
        const Read read = read_all(line + "\nSubject: 1\n\n");
        ASSERT_EQ(read.delivered.size(), 1U) << line;
        EXPECT_EQ(read.delivered[0] ? rfc3339(*read.delivered[0]) : "", want) << line;
    }
}

TEST(MboxReader, holds_one_mail_and_leaves_out_what_is_too_large) {
    std::string file;
    const std::string small = std::string{from_line} + "Subject: s\n\nx\n\n";
    const std::string large_line = std::string{from_line} + "Subject: l\n\n" + std::string(3U << 20U, 'y') + "\n\n";
    std::string large_lines = std::string{from_line} + "Subject: l\n\n";
    for (int i = 0; i < 40'000; ++i) large_lines += "a line of forty octets, again and again.\n";
    for (int i = 0; i < 200; ++i) {
        file += small;
        if (i % 50 == 7) file += large_line;
        if (i % 50 == 9) file += large_lines + "\n";
    }
    const Read read = read_all(file, 1U << 20U);
    EXPECT_EQ(read.mails.size(), 200U);
    EXPECT_EQ(read.too_large, 8U);
    EXPECT_TRUE(std::ranges::all_of(read.mails, [](const Bytes& mail) { return mail == "Subject: s\r\n\r\nx\r\n"; }));
    EXPECT_LE(read.most_at_once, 4U << 20U);
    EXPECT_LT(read.octets_read, file.size() * 4) << "each octet is read a few times at most";
}

TEST(MboxReader, ends_on_any_octets) {
    std::mt19937_64 random{20'261'105};
    const std::vector<std::string> pieces{
        "\n",   "\r\n", std::string{from_line}, ">From ", "Subject: x\n", "From ", "Content-Length: 40\n", "\0x", ": ",
        "text", "\r"};
    for (int round = 0; round < 2'000; ++round) {
        std::string file;
        for (std::size_t i = random() % 40; i > 0; --i) file += pieces[random() % pieces.size()];
        const Read read = read_all(file, 64);
        EXPECT_LE(read.mails.size() + read.too_large, file.size());
    }
}

TEST(MailOfFile, is_the_same_mail_wherever_it_lay) {
    const Bytes want = crlf("Subject: 1\n\nfrom A\n\nbye\n");
    EXPECT_EQ(mail_of_file("Subject: 1\n\nfrom A\n\nbye\n"), want);
    EXPECT_EQ(mail_of_file(want), want);
    EXPECT_EQ(mail_of_file("From a@x Thu Nov  5 09:48:00 2026\nSubject: 1\n\nfrom A\n\nbye"), want);
    EXPECT_THAT(read_all(std::string{from_line} + "Status: O\nSubject: 1\n\nfrom A\n\nbye\n").mails, ElementsAre(want));
    EXPECT_EQ(mail_of_file(""), "");
    EXPECT_EQ(mail_of_file("Subject: a\rb\n\nx\n"), "Subject: a\rb\r\n\r\nx\r\n") << "a CR alone is nobody's line end";
}

TEST(LooksLikeMail, by_its_first_line) {
    for (const std::string_view mail : {"Subject: x\n", "From a@x\nSubject: x\n", ">From a@x\nX-A: b\r\n", "received:from"})
        EXPECT_TRUE(looks_like_mail(mail)) << mail;
    for (const std::string_view other : {"", "\n", "# Title\n", "\x89PNG\r\n", "{\"a\": 1}", "no colon here", " folded: x"})
        EXPECT_FALSE(looks_like_mail(other)) << other;
}

TEST(RoughDate, orders_files) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"Subject: x\nDate: Thu, 5 Nov 2026 17:48:00 +0800\n\n", "2026-11-05T09:48:00Z"},
        {"date: 05 nov 26 09:48 GMT\r\n\r\n", "2026-11-05T09:48:00Z"},
        {"Date: Mon, 01 Jan 99 00:00:00 -0000\n", "1999-01-01T00:00:00Z"},
        {"Date: tomorrow\n", ""},
        {"Subject: x\n\nDate: Thu, 5 Nov 2026 17:48:00 +0800\n", ""},
    };
    for (const auto& [text, want] : cases) {
        const auto date = rough_date_of(text);
        EXPECT_EQ(date ? rfc3339(*date) : "", want) << text;
    }
}

}  // namespace
}  // namespace okpay::mail
