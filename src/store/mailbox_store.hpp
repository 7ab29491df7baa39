// SPDX-License-Identifier: Apache-2.0
// Hosted mailboxes that are fetched: how far each was read, and what became of each mail of it.
//
//   UIDs       name a mail within one numbering, which the server's UIDVALIDITY names. When that changes, or UIDs run
//              backwards, the mailbox is walked again from its beginning; `walk` counts these.
//   Journal    a row a mail, in the commit that keeps the mail and moves `last_uid`; never changed. Mails that were there
//              before the mailbox was connected have none, unless they are imported.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct HostedMailbox {
    std::int64_t no = 0;
    std::string name;  // as the operator calls it; its identity
    std::int64_t uid_validity = 0;
    std::int64_t walk = 1;
    std::int64_t last_uid = 0;       // of this walk: up to here all is kept or passed
    std::int64_t old_until_uid = 0;  // of the first walk: mails up to here were there when it was connected
    Moment since{};                  // when it was connected
    std::int64_t taken = 0;          // mails
    Moment updated{};
};

enum class MailboxOutcome : std::uint8_t {  // stored, append only
    taken = 1,      // it is an inbound mail
    beginning = 2,  // it was too large: its beginning is an inbound mail, in the quarantine
    known = 3,      // walked again: it was there already
    given_up = 4,   // the server did not hand it out
};
struct MailboxMail {
    std::int64_t no = 0;
    std::int64_t mailbox = 0, walk = 0, uid = 0;
    MailboxOutcome outcome = MailboxOutcome::taken;
    std::optional<std::int64_t> mail;  // of `taken` and `beginning`
    std::optional<Moment> received;    // when it came into the mailbox, as the server says
    Moment at{};
};

void insert_mailbox(Connection& connection, const HostedMailbox& mailbox);
void update_mailbox(Connection& connection, const HostedMailbox& mailbox);  // all but name and since
std::optional<HostedMailbox> find_mailbox(Connection& connection, std::int64_t no);
std::optional<HostedMailbox> find_mailbox(Connection& connection, std::string_view name);

void insert_mailbox_mail(Connection& connection, const MailboxMail& mail);
std::optional<MailboxMail> mailbox_mail_of(Connection& connection, std::int64_t inbound);
std::int64_t count_given_up(Connection& connection, std::int64_t mailbox);

}  // namespace okpay::store
