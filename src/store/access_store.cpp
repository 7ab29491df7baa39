// SPDX-License-Identifier: Apache-2.0
#include "store/access_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using std::string_view;

}  // namespace

void insert_access_link(Connection& connection, const AccessLink& link) {
    connection.execute(
        "INSERT INTO access_link (no, token_hash, kind, customer, email, name, language, zone, password, about, request, "
        "failures, created, expires, used) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        {link.no, Octets{link.token_hash}, stored(link.kind), no_or_null(link.customer), string_view{link.email},
         string_view{link.name}, string_view{link.language}, string_view{link.zone}, string_view{link.password_phc},
         string_view{link.about}, string_view{link.request}, link.failures, ms_of(link.created), ms_of(link.expires),
         moment_or_null(link.used)});
}

std::optional<AccessLink> find_access_link(Connection& connection, ByteView token_hash) {
    std::optional<AccessLink> found;
    connection.query(
        "SELECT no, kind, customer, email, name, language, zone, password, about, request, failures, created, expires, "
        "used FROM access_link WHERE token_hash = $1",
        {Octets{token_hash}}, [&](const Row& row) {
            RowReader read{row};
            found = AccessLink{.no = read.integer(),
                               .token_hash = Bytes{token_hash},
                               .kind = read.as<AccessLinkKind>(),
                               .customer = read.maybe_no<CustomerNo>(),
                               .email = read.text(),
                               .name = read.text(),
                               .language = read.text(),
                               .zone = read.text(),
                               .password_phc = read.text(),
                               .about = read.text(),
                               .request = read.text(),
                               .failures = read.integer(),
                               .created = read.moment(),
                               .expires = read.moment(),
                               .used = read.maybe_moment()};
        });
    return found;
}

std::optional<AccessLink> find_live_access_link(Connection& connection, ByteView token_hash, AccessLinkKind kind,
                                                Moment now) {
    auto link = find_access_link(connection, token_hash);
    if (!link || link->kind != kind || link->used || link->expires <= now) return std::nullopt;
    return link;
}

void update_access_link(Connection& connection, const AccessLink& link) {
    connection.execute("UPDATE access_link SET failures = $2, used = $3, request = $4 WHERE no = $1",
                       {link.no, link.failures, moment_or_null(link.used), string_view{link.request}});
}

void use_up_access_links(Connection& connection, CustomerNo customer, AccessLinkKind kind, Moment at) {
    connection.execute("UPDATE access_link SET used = $3 WHERE customer = $1 AND kind = $2 AND used IS NULL",
                       {number_of(customer), stored(kind), ms_of(at)});
}

void use_up_sign_up_links(Connection& connection, string_view email, Moment at) {
    connection.execute("UPDATE access_link SET used = $3 WHERE email = $1 AND kind = $2 AND used IS NULL",
                       {email, stored(AccessLinkKind::sign_up), ms_of(at)});
}

std::int64_t count_access_letters_since(Connection& connection, string_view email, string_view about, Moment since) {
    return connection
        .integer("SELECT count(*) FROM access_link WHERE email = $1 AND created > $2 AND about = $3",
                 {email, ms_of(since), about})
        .value_or(0);
}

std::int64_t count_report_links_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM access_link WHERE customer = $1 AND kind = $2 AND created > $3",
                 {number_of(customer), stored(AccessLinkKind::report), ms_of(since)})
        .value_or(0);
}

void delete_old_access_links(Connection& connection, Moment expired_before) {
    connection.execute("DELETE FROM access_link WHERE expires < $1", {ms_of(expired_before)});
}

void write_customer_device(Connection& connection, const CustomerDevice& device) {
    connection.execute(
        "INSERT INTO customer_device (customer, device, agent, address, first_seen, last_seen) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (customer, device) DO UPDATE SET agent = excluded.agent, "
        "address = excluded.address, last_seen = excluded.last_seen",
        {number_of(device.customer), Octets{device.device}, string_view{device.agent}, string_view{device.address},
         ms_of(device.first_seen), ms_of(device.last_seen)});
}

bool is_known_device(Connection& connection, CustomerNo customer, ByteView device) {
    return connection
               .integer("SELECT count(*) FROM customer_device WHERE customer = $1 AND device = $2",
                        {number_of(customer), Octets{device}})
               .value_or(0) != 0;
}

void forget_devices(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM customer_device WHERE customer = $1", {number_of(customer)});
}

std::vector<CustomerSession> customer_sessions_of(Connection& connection, CustomerNo customer, Moment now) {
    std::vector<CustomerSession> sessions;
    connection.query(
        "SELECT token_hash, no, created, expires, last_seen, assurance, proven, device, agent, address "
        "FROM customer_session WHERE customer = $1 AND expires > $2 AND last_seen > $3 ORDER BY no DESC",
        {number_of(customer), ms_of(now), ms_of(now - customers::customer_session_idle)}, [&](const Row& row) {
            RowReader read{row};
            sessions.push_back({.token_hash = read.text(),
                                .no = read.integer(),
                                .customer = customer,
                                .created = read.moment(),
                                .expires = read.moment(),
                                .last_seen = read.moment(),
                                .assurance = read.as<customers::Assurance>(),
                                .proven = read.moment(),
                                .device = read.text(),
                                .agent = read.text(),
                                .address = read.text()});
        });
    return sessions;
}

void touch_customer_session(Connection& connection, ByteView token_hash, Moment at) {
    connection.execute("UPDATE customer_session SET last_seen = $2 WHERE token_hash = $1 AND last_seen < $2",
                       {Octets{token_hash}, ms_of(at)});
}

void rename_customer_session(Connection& connection, ByteView token_hash, ByteView new_token_hash) {
    connection.execute("UPDATE customer_session SET token_hash = $2 WHERE token_hash = $1",
                       {Octets{token_hash}, Octets{new_token_hash}});
}

std::int64_t end_customer_session(Connection& connection, CustomerNo customer, std::int64_t session) {
    return connection.execute("DELETE FROM customer_session WHERE customer = $1 AND no = $2",
                              {number_of(customer), session});
}

void end_customer_sessions(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM customer_session WHERE customer = $1", {number_of(customer)});
}

std::int64_t end_other_customer_sessions(Connection& connection, CustomerNo customer, ByteView but_not_token_hash) {
    return connection.execute("DELETE FROM customer_session WHERE customer = $1 AND token_hash <> $2",
                              {number_of(customer), Octets{but_not_token_hash}});
}

customers::SignInTries find_stranger_tries(Connection& connection, ByteView address_hash) {
    customers::SignInTries tries;
    connection.query("SELECT failures, blocked_until FROM stranger_tries WHERE address_hash = $1", {Octets{address_hash}},
                     [&tries](const Row& row) {
                         RowReader read{row};
                         tries.strangers = read.integer();
                         tries.blocked_until = read.moment();
                     });
    return tries;
}

void write_stranger_tries(Connection& connection, ByteView address_hash, const customers::SignInTries& tries, Moment at) {
    connection.execute(
        "INSERT INTO stranger_tries (address_hash, failures, blocked_until, updated) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (address_hash) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until, "
        "updated = excluded.updated",
        {Octets{address_hash}, tries.strangers, ms_of(tries.blocked_until), ms_of(at)});
}

void delete_old_stranger_tries(Connection& connection, Moment updated_before) {
    connection.execute("DELETE FROM stranger_tries WHERE updated < $1", {ms_of(updated_before)});
}

void write_customer_phrase(Connection& connection, CustomerNo customer, string_view phrase, Moment at) {
    if (phrase.empty()) {
        connection.execute("DELETE FROM customer_phrase WHERE customer = $1", {number_of(customer)});
        return;
    }
    connection.execute(
        "INSERT INTO customer_phrase (customer, phrase, set_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (customer) DO UPDATE SET phrase = excluded.phrase, set_at = excluded.set_at",
        {number_of(customer), phrase, ms_of(at)});
}

std::optional<std::string> find_customer_phrase(Connection& connection, CustomerNo customer) {
    std::optional<std::string> found;
    connection.query("SELECT phrase FROM customer_phrase WHERE customer = $1", {number_of(customer)},
                     [&found](const Row& row) { found = row.string(0); });
    return found;
}

std::optional<PhraseOfAddress> phrase_of_address(Connection& connection, string_view email) {
    std::optional<PhraseOfAddress> found;
    connection.query(
        "SELECT p.phrase, c.language FROM customer c JOIN customer_phrase p ON p.customer = c.no WHERE c.email = $1",
        {email}, [&found](const Row& row) { found = PhraseOfAddress{.phrase = row.string(0), .language = row.string(1)}; });
    return found;
}

}  // namespace okpay::store
