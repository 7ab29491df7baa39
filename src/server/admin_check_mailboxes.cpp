// SPDX-License-Identifier: Apache-2.0
// `admin check`, the hosted mailboxes: whether each can be signed in to and read, and how long its token holds.
#include <fmt/format.h>

#include "base/clock.hpp"
#include "server/check_report.hpp"
#include "server/mailbox_fetcher.hpp"

namespace okpay::server {
namespace {

constexpr Millis answer_deadline{15'000};

bool check_token(const HostedMailbox& mailbox, const MailboxSecret& secret, CheckReport& report) {
    if (!mailbox.by_token()) return true;
    const std::string check = "mailbox_token_" + mailbox.name;
    const std::string advice = fmt::format("whoever refreshes it replaces {}", mailbox.secret_file);
    if (!secret.expires) {
        report.warn(check, fmt::format("when the token of the mailbox {} expires is not known", mailbox.name),
                    fmt::format("write it into the second line of {}: then you are warned in time", mailbox.secret_file));
        return true;
    }
    const std::string when = rfc3339(*secret.expires);
    if (now() >= *secret.expires) {
        report.fail(check, fmt::format("the token of the mailbox {} expired at {}", mailbox.name, when), advice);
        return false;
    }
    if (now() + mailbox.token_alarm >= *secret.expires) {
        report.warn(check, fmt::format("the token of the mailbox {} expires at {}", mailbox.name, when), advice);
    } else {
        report.ok(check, fmt::format("the token of the mailbox {} holds until {}", mailbox.name, when));
    }
    return true;
}

void check_mailbox(const HostedMailbox& mailbox, CheckReport& report) {
    const std::string check = "mailbox_" + mailbox.name;
    const mailroom::ImapAccount& account = mailbox.wire.account;
    auto secret = read_secret(mailbox);
    if (!secret) {
        return report.fail(check, fmt::format("the mailbox {}: {}", mailbox.name, secret.error()),
                           "write the secret into the first line, readable by the user that runs okpay");
    }
    if (!check_token(mailbox, *secret, report)) return;
    mailroom::ImapMailbox wire = mailbox.wire;
    wire.connect_deadline = answer_deadline;
    wire.reply_deadline = answer_deadline;
    asio::io_context io;
    auto probing = mailroom::probe_imap(std::move(wire), std::move(secret->secret));
    auto probed = asio::co_spawn(io, std::move(probing), asio::use_future);
    io.run();
    const mailroom::ImapProbe found = probed.get();
    if (!found.failure) {
        return report.ok(check, fmt::format("the mailbox {}: {} signs in at {}:{}, and {} holds {} mails", mailbox.name,
                                            account.user, account.host, account.port, account.folder, found.mails));
    }
    report.fail(check,
                fmt::format("the mailbox {} at {}:{}: {}", mailbox.name, account.host, account.port, found.failure->text),
                std::string{advice_of(found.failure->fault)});
}

}  // namespace

void check_mailboxes(const Options& options, CheckReport& report) {
    try {
        for (const HostedMailbox& mailbox : mailboxes_of(options.mailboxes)) check_mailbox(mailbox, report);
    } catch (const UsageError& error) {
        report.fail("mailboxes", error.what(), "correct it: docs/mailboxes.md says how it is written");
    }
}

}  // namespace okpay::server
