// SPDX-License-Identifier: Apache-2.0
// Hosted mailboxes: each mail once, in the commit that moves the place up to which the mailbox was read.
#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "service/handlers.hpp"
#include "service/mail_parts.hpp"
#include "store/mailbox_store.hpp"

namespace okpay::service {
namespace {

using store::HostedMailbox;
using store::MailboxOutcome;

constexpr std::size_t name_octets_max = 64;

Answer answer_of(const HostedMailbox& mailbox) {
    Answer answer{.number = mailbox.no};
    answer.numbers = {mailbox.walk, mailbox.last_uid, ms_of(mailbox.since)};
    return answer;
}

// Whether it lay in the mailbox before that was connected. In the first walk the UIDs tell; later only the server's date.
bool is_old(const HostedMailbox& mailbox, const TakeFromMailbox& body) {
    if (mailbox.walk == 1) return body.uid <= mailbox.old_until_uid;
    return body.received != 0 && body.received < ms_of(mailbox.since) - mailbox_clock_slack_ms;
}

MailboxOutcome keep(Books& books, const Command& command, const HostedMailbox& mailbox, const TakeFromMailbox& body,
                    store::InboundMail inbound, std::int64_t& no) {
    const bool old = is_old(mailbox, body);
    if ((old || mailbox.walk > 1) &&
        store::inbound_with_content(books.connection(), inbound.content_hash, std::numeric_limits<std::int64_t>::max()))
        return MailboxOutcome::known;
    if (old) inbound.channel = "import";
    const bool whole = body.what == "whole";
    if (!whole) {
        inbound.state = store::InboundState::quarantined;
        inbound.reason =
            fmt::format("it is larger than we take: this is its beginning, the whole mail lies in the mailbox {}",
                        mailbox.name);
        inbound.attempts = 1;
    }
    no = keep_inbound(books, inbound);
    if (whole) {
        books.news().mail_accepted = true;
        return MailboxOutcome::taken;
    }
    books.audit(command.at, command.actor, "quarantine_mail", fmt::format("mail:{}", no),
                json_text({{"reason", inbound.reason}}));
    books.news().mail_notes.push_back(
        fmt::format("mailbox {}: a mail is too large; its beginning is in the quarantine as mail {}", mailbox.name, no));
    return MailboxOutcome::beginning;
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const OpenMailbox& body) {
    if (body.name.empty() || body.name.size() > name_octets_max) return refused(codes::invalid, "name: 1 to 64 octets");
    if (body.uid_validity <= 0 || body.uid_next <= 0) return refused(codes::invalid, "uid_validity, uid_next: above 0");
    auto found = store::find_mailbox(books.connection(), body.name);
    if (!found) {
        const std::int64_t last = body.uid_next - 1;
        const HostedMailbox mailbox{.no = books.next_number("hosted_mailbox"),
                                    .name = body.name,
                                    .uid_validity = body.uid_validity,
                                    .walk = 1,
                                    .last_uid = body.take_old ? 0 : last,
                                    .old_until_uid = last,
                                    .since = command.at,
                                    .taken = 0,
                                    .updated = command.at};
        store::insert_mailbox(books.connection(), mailbox);
        books.audit(command.at, command.actor, "mailbox_connected", fmt::format("mailbox:{}", mailbox.name),
                    json_text({{"uid_next", std::to_string(body.uid_next)}, {"take_old", body.take_old ? "yes" : "no"}}));
        return answer_of(mailbox);
    }
    // The same numbering never gives a smaller number to the next mail.
    if (found->uid_validity == body.uid_validity && body.uid_next > found->last_uid) return answer_of(*found);
    found->uid_validity = body.uid_validity;
    found->walk += 1;
    found->last_uid = 0;
    found->old_until_uid = 0;
    found->updated = command.at;
    store::update_mailbox(books.connection(), *found);
    books.audit(command.at, command.actor, "mailbox_walked_again", fmt::format("mailbox:{}", found->name),
                json_text({{"walk", std::to_string(found->walk)}}));
    books.news().mail_notes.push_back(
        fmt::format("mailbox {}: the server numbered its mails anew; it is read again, known mails are passed over",
                    found->name));
    return answer_of(*found);
}

Answer handle(Books& books, const Context&, const Command& command, const TakeFromMailbox& body) {
    auto mailbox = store::find_mailbox(books.connection(), body.mailbox);
    if (!mailbox || mailbox->walk != body.walk)
        return refused(codes::not_found, "the mailbox is numbered anew: open it again");
    if (body.uid <= mailbox->last_uid) return Answer{.replayed = true};
    store::MailboxMail row{.no = 0,
                           .mailbox = mailbox->no,
                           .walk = mailbox->walk,
                           .uid = body.uid,
                           .outcome = MailboxOutcome::given_up,
                           .mail = std::nullopt,
                           .received = std::nullopt,
                           .at = command.at};
    if (body.received != 0) row.received = moment_of_ms(body.received);
    std::int64_t no = 0;
    if (body.what == "whole" || body.what == "beginning") {
        auto inbound = inbound_of(body.mail, command.at);
        if (!inbound || inbound->channel != "imap") return refused(codes::invalid, "mail: malformed");
        row.outcome = keep(books, command, *mailbox, body, *std::move(inbound), no);
        if (no != 0) row.mail = no;
    } else if (body.what == "given_up") {
        books.news().mail_notes.push_back(
            fmt::format("mailbox {}: the mail with UID {} was given up: the server does not hand it out", mailbox->name,
                        body.uid));
    } else if (body.what != "gone" && body.what != "passed") {
        return refused(codes::invalid, "what: whole, beginning, gone, passed or given_up");
    }
    if (body.what != "gone" && body.what != "passed") {
        row.no = books.next_number("mailbox_mail");
        store::insert_mailbox_mail(books.connection(), row);
    }
    mailbox->last_uid = body.uid;
    if (no != 0) mailbox->taken += 1;
    mailbox->updated = command.at;
    store::update_mailbox(books.connection(), *mailbox);
    return Answer{.number = no};
}

}  // namespace okpay::service
