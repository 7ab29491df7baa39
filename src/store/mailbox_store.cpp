// SPDX-License-Identifier: Apache-2.0
#include "store/mailbox_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using std::string_view;

std::optional<HostedMailbox> mailbox_where(Connection& connection, string_view where, const Value& value) {
    std::optional<HostedMailbox> found;
    connection.query(fmt::format("SELECT no, name, uid_validity, walk, last_uid, old_until_uid, since, taken, updated FROM "
                                 "hosted_mailbox WHERE {}",
                                 where),
                     {value}, [&found](const Row& row) {
                         RowReader read{row};
                         found = HostedMailbox{.no = read.integer(),
                                               .name = read.text(),
                                               .uid_validity = read.integer(),
                                               .walk = read.integer(),
                                               .last_uid = read.integer(),
                                               .old_until_uid = read.integer(),
                                               .since = read.moment(),
                                               .taken = read.integer(),
                                               .updated = read.moment()};
                     });
    return found;
}

}  // namespace

void insert_mailbox(Connection& connection, const HostedMailbox& m) {
    connection.execute(
        "INSERT INTO hosted_mailbox (no, name, uid_validity, walk, last_uid, old_until_uid, since, taken, updated) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {m.no, string_view{m.name}, m.uid_validity, m.walk, m.last_uid, m.old_until_uid, ms_of(m.since), m.taken,
         ms_of(m.updated)});
}

void update_mailbox(Connection& connection, const HostedMailbox& m) {
    connection.execute(
        "UPDATE hosted_mailbox SET uid_validity = $2, walk = $3, last_uid = $4, old_until_uid = $5, taken = $6, updated = "
        "$7 "
        "WHERE no = $1",
        {m.no, m.uid_validity, m.walk, m.last_uid, m.old_until_uid, m.taken, ms_of(m.updated)});
}

std::optional<HostedMailbox> find_mailbox(Connection& connection, std::int64_t no) {
    return mailbox_where(connection, "no = $1", no);
}

std::optional<HostedMailbox> find_mailbox(Connection& connection, string_view name) {
    return mailbox_where(connection, "name = $1", name);
}

void insert_mailbox_mail(Connection& connection, const MailboxMail& m) {
    connection.execute(
        "INSERT INTO mailbox_mail (no, mailbox, walk, uid, outcome, mail, received, at) VALUES ($1, $2, $3, $4, $5, $6, $7, "
        "$8)",
        {m.no, m.mailbox, m.walk, m.uid, stored(m.outcome), value_or_null(m.mail), moment_or_null(m.received), ms_of(m.at)});
}

std::optional<MailboxMail> mailbox_mail_of(Connection& connection, std::int64_t inbound) {
    std::optional<MailboxMail> found;
    connection.query("SELECT no, mailbox, walk, uid, outcome, mail, received, at FROM mailbox_mail WHERE mail = $1",
                     {inbound}, [&found](const Row& row) {
                         RowReader read{row};
                         found = MailboxMail{.no = read.integer(),
                                             .mailbox = read.integer(),
                                             .walk = read.integer(),
                                             .uid = read.integer(),
                                             .outcome = read.as<MailboxOutcome>(),
                                             .mail = read.maybe_integer(),
                                             .received = read.maybe_moment(),
                                             .at = read.moment()};
                     });
    return found;
}

std::int64_t count_given_up(Connection& connection, std::int64_t mailbox) {
    return connection.integer("SELECT count(*) FROM mailbox_mail WHERE mailbox = $1 AND outcome = 4", {mailbox}).value_or(0);
}

}  // namespace okpay::store
