// SPDX-License-Identifier: Apache-2.0
// The hosted mailboxes that are fetched by IMAP, as an operator writes them: docs/mailboxes.md. A table each:
//   [support]
//   host = "imap.example.com"                    port = 993, or 143 with tls = "starttls"
//   user = "support@pay.example"                 password_file = "/etc/okpay/support.password"
// Secrets stand in files of their own, which are read before each connection: whoever refreshes a token replaces its file.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroom/imap_client.hpp"

namespace okpay::server {

inline constexpr std::size_t mailboxes_max = 100;
inline constexpr std::size_t secret_octets_max = 16'384;

struct HostedMailbox {
    std::string name;  // of its table: lower-case letters, digits, "-" and "_"
    mailroom::ImapMailbox wire;  // without the secret
    std::string secret_file;
    bool take_old = false;
    std::chrono::minutes token_alarm{15};  // before a token expires
    [[nodiscard]] bool by_token() const { return wire.account.sign_in != mailroom::ImapSignIn::password; }
};

// Throws UsageError: "FILE:LINE: what is wrong". `name` is how the file is called in it.
std::vector<HostedMailbox> parse_mailboxes(std::string_view text, std::string_view name);
std::vector<HostedMailbox> mailboxes_of(const std::string& path);  // none where it is empty

// The first line of the file is the secret; the second, where there is one, says when it expires (RFC 3339).
struct MailboxSecret {
    Secret secret;
    std::optional<Moment> expires;
};
// Or one plain sentence of what is wrong, without the secret.
Result<MailboxSecret, std::string> read_secret(const HostedMailbox& mailbox);

}  // namespace okpay::server
