// SPDX-License-Identifier: Apache-2.0
#include "server/mailboxes_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/options.hpp"

namespace okpay::server {
namespace {

constexpr std::string_view good =
    "[support]\n"
    "host = \"imap.example.com\"\n"
    "user = \"support@pay.example\"\n"
    "password_file = \"/etc/okpay/support.password\"\n";

TEST(MailboxesFile, is_read_a_mailbox_a_table) {
    const auto all =
        parse_mailboxes(std::string{good} +
                            "[billing-old]\n"
                            "host = \"127.0.0.1\"\nport = 1143\ntls = \"none\"\nuser = \"b\"\nfolder = \"Old\"\n"
                            "token_file = \"t\"\nsign_in = \"xoauth2\"\ntoken_alarm_minutes = 60\ntake_old = true\n",
                        "m.toml");
    ASSERT_EQ(all.size(), 2U);
    const HostedMailbox& old = all[0];
    EXPECT_EQ(old.name, "billing-old");
    EXPECT_EQ(old.wire.account.port, 1143);
    EXPECT_EQ(old.wire.tls, mailroom::ImapTls::none);
    EXPECT_EQ(old.wire.account.folder, "Old");
    EXPECT_EQ(old.wire.account.sign_in, mailroom::ImapSignIn::xoauth2);
    EXPECT_EQ(old.secret_file, "t");
    EXPECT_EQ(old.token_alarm, std::chrono::minutes{60});
    EXPECT_TRUE(old.by_token() && old.take_old);
    EXPECT_EQ(all[1].name, "support");
}

TEST(MailboxesFile, has_sound_values_where_nothing_is_said) {
    const auto all = parse_mailboxes(good, "m.toml");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].name, "support");
    EXPECT_EQ(all[0].wire.account.host, "imap.example.com");
    EXPECT_EQ(all[0].wire.account.port, 993);
    EXPECT_EQ(all[0].wire.tls, mailroom::ImapTls::implicit);
    EXPECT_EQ(all[0].wire.account.folder, "INBOX");
    EXPECT_FALSE(all[0].by_token());
    EXPECT_FALSE(all[0].take_old);
}

struct Wrong {
    std::string text, why;
};

TEST(MailboxesFile, names_the_line_of_what_is_wrong) {
    const std::string start{good};
    const std::vector<Wrong> all{
        {"", "m.toml: it names no mailbox"},
        {"host = \"x\"\n", "m.toml:1: host stands in no mailbox; begin one with [name]"},
        {"[Support]\n", "m.toml:1: a mailbox is called by lower-case letters"},
        {"[support]\n", "m.toml:1: host: the name of the IMAP server is needed"},
        {start + "port = 70000\n", "m.toml:5: port: a whole number from 1 to 65535 is needed"},
        {start + "tls = \"maybe\"\n", "m.toml:5: tls: of implicit, starttls, none"},
        {start + "tls = \"none\"\n", "m.toml:5: tls: none is for a server on this machine"},
        {start + "password = \"sesame\"\n", "m.toml:5: password: no secret stands in this file; write password_file"},
        {start + "token_file = \"t\"\n", "m.toml:4: password_file: either it or token_file is needed"},
        {start + "sign_in = \"xoauth2\"\n", "m.toml:5: sign_in: is for a token_file"},
        {start + "token_alarm_minutes = 5\n", "m.toml:5: token_alarm_minutes: is for a token_file"},
        {start + "take_old = \"yes\"\n", "m.toml:5: take_old: true or false"},
        {start + "folder = \"a\\nb\"\n", "m.toml:5: folder: a text in quotes is needed"},
        {start + "colour = \"red\"\n", "m.toml:5: colour: means nothing here"},
        {start + "tls_ca_file = \"/nowhere\"\n", "m.toml:5: tls_ca_file:"},
        {start + start, "m.toml:5:"},
    };
    for (const Wrong& wrong : all) {
        try {
            parse_mailboxes(wrong.text, "m.toml");
            ADD_FAILURE() << wrong.why;
        } catch (const UsageError& error) {
            EXPECT_TRUE(std::string_view{error.what()}.starts_with(wrong.why)) << error.what();
            EXPECT_FALSE(std::string_view{error.what()}.contains("sesame"));
        }
    }
    EXPECT_THROW(mailboxes_of("/nowhere/m.toml"), UsageError);
    EXPECT_TRUE(mailboxes_of("").empty());
}

TEST(MailboxesFile, secrets_are_read_from_files_of_their_own) {
    const auto path = std::filesystem::temp_directory_path() / "okpay-mailbox-secret-test";
    auto mailbox = parse_mailboxes(good, "m.toml").front();
    mailbox.secret_file = path.string();
    const auto read = [&](std::string_view octets) {
        std::ofstream{path} << octets;
        return read_secret(mailbox);
    };
    EXPECT_EQ(read("open sesame\r\n")->secret.reveal(), "open sesame");
    EXPECT_EQ(read("token")->expires, std::nullopt);
    EXPECT_EQ(read("token\n2026-12-01T10:00:00Z\n")->expires, moment_of_rfc3339("2026-12-01T10:00:00Z"));
    EXPECT_FALSE(read(""));
    EXPECT_FALSE(read("\ntoken"));
    EXPECT_FALSE(read("token\nsoon"));
    EXPECT_FALSE(read(std::string(20'000, 'x')));
    EXPECT_FALSE(read(std::string{"to\x01ken"}).error().contains("ken"));
    std::filesystem::remove(path);
    EXPECT_FALSE(read_secret(mailbox));
}

}  // namespace
}  // namespace okpay::server
