// SPDX-License-Identifier: Apache-2.0
#include "server/mailboxes_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/text.hpp"
#include "server/toml_table.hpp"

namespace okpay::server {
namespace {

using mailroom::ImapSignIn;
using mailroom::ImapTls;

constexpr std::size_t name_octets_max = 64;
constexpr std::int64_t token_alarm_minutes_max = 30 * 24 * 60;

bool is_name(std::string_view name) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return !name.empty() && name.size() <= name_octets_max && name.find_first_not_of(allowed) == std::string_view::npos;
}

class MailboxReader : TomlTable {
public:
    using TomlTable::TomlTable;

    HostedMailbox read(std::string_view name) {
        HostedMailbox mailbox{.name = std::string{name}, .wire = {}, .secret_file = ""};
        mailroom::ImapAccount& account = mailbox.wire.account;
        account.host = text("host").value_or("");
        if (account.host.empty()) refuse("host", "the name of the IMAP server is needed");
        const std::string tls = text("tls").value_or("implicit");
        if (tls == "implicit") mailbox.wire.tls = ImapTls::implicit;
        else if (tls == "starttls") mailbox.wire.tls = ImapTls::starttls;
        else if (tls == "none") mailbox.wire.tls = ImapTls::none;
        else refuse("tls", "of implicit, starttls, none");
        account.port = static_cast<std::uint16_t>(
            whole("port", 1, std::numeric_limits<std::uint16_t>::max()).value_or(tls == "implicit" ? 993 : 143));
        if (mailbox.wire.tls == ImapTls::none && !net::Endpoint::tcp(account.host, account.port).is_local_only())
            refuse("tls", "none is for a server on this machine; write implicit or starttls");
        account.user = text("user").value_or("");
        if (account.user.empty()) refuse("user", "the name to sign in with is needed");
        account.folder = text("folder").value_or("INBOX");
        read_secret_keys(mailbox);
        mailbox.wire.trust = trust("tls_ca_file");
        mailbox.take_old = flag("take_old");
        refuse_what_is_left();
        return mailbox;
    }

private:
    void read_secret_keys(HostedMailbox& mailbox) {
        for (const std::string_view key : {"password", "token"}) {
            if (has(key)) refuse(key, fmt::format("no secret stands in this file; write {}_file", key));
        }
        const auto password = text("password_file"), token = text("token_file");
        if (password.has_value() == token.has_value()) refuse("password_file", "either it or token_file is needed");
        mailbox.secret_file = password ? *password : *token;
        const auto sign_in = text("sign_in");
        if (sign_in && password) refuse("sign_in", "is for a token_file");
        if (!password) {
            if (sign_in.value_or("oauthbearer") == "oauthbearer") mailbox.wire.account.sign_in = ImapSignIn::oauthbearer;
            else if (*sign_in == "xoauth2") mailbox.wire.account.sign_in = ImapSignIn::xoauth2;
            else refuse("sign_in", "of oauthbearer, xoauth2");
        }
        if (const auto minutes = whole("token_alarm_minutes", 1, token_alarm_minutes_max)) {
            if (password) refuse("token_alarm_minutes", "is for a token_file");
            mailbox.token_alarm = std::chrono::minutes{*minutes};
        }
    }
};

}  // namespace

std::vector<HostedMailbox> parse_mailboxes(std::string_view text, std::string_view name) {
    const toml::table document = parsed_toml(text, name);
    std::vector<HostedMailbox> all;
    for (const auto& [key, node] : document) {
        const auto line = key.source().begin.line;
        const toml::table* table = node.as_table();
        if (table == nullptr)
            throw UsageError{
                fmt::format("{}:{}: {} stands in no mailbox; begin one with [name]", name, line, std::string{key.str()})};
        if (!is_name(key.str()))
            throw UsageError{
                fmt::format("{}:{}: a mailbox is called by lower-case letters, digits, \"-\" and \"_\", 64 of them "
                            "at most",
                            name, line)};
        if (all.size() >= mailboxes_max)
            throw UsageError{fmt::format("{}:{}: at most {} mailboxes", name, line, mailboxes_max)};
        all.push_back(MailboxReader{*table, name}.read(key.str()));
    }
    if (all.empty()) throw UsageError{fmt::format("{}: it names no mailbox", name)};
    return all;
}

std::vector<HostedMailbox> mailboxes_of(const std::string& path) {
    if (path.empty()) return {};
    return parse_mailboxes(text_of_file("--mailboxes", path), path);
}

Result<MailboxSecret, std::string> read_secret(const HostedMailbox& mailbox) {
    std::ifstream file{mailbox.secret_file};
    std::string octets(secret_octets_max + 1, '\0');
    file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
    octets.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    if (octets.empty()) return fail(fmt::format("{} is empty or cannot be read", mailbox.secret_file));
    if (octets.size() > secret_octets_max)
        return fail(fmt::format("{} is longer than {} octets", mailbox.secret_file, secret_octets_max));
    const std::string_view text = octets;
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_printable(line)) return fail(fmt::format("the first line of {} is no secret", mailbox.secret_file));
    MailboxSecret read{.secret = Secret{std::string{line}}, .expires = std::nullopt};
    const std::string_view rest = trimmed(text.substr(end));
    if (!rest.empty()) {
        read.expires = moment_of_rfc3339(rest);
        if (!read.expires) {
            return fail(fmt::format("the second line of {} is no moment like 2026-12-01T10:00:00Z", mailbox.secret_file));
        }
    }
    return read;
}

}  // namespace okpay::server
