// SPDX-License-Identifier: Apache-2.0
#include "store/phone_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using customers::CustomerPhone;
using customers::PhoneCode;
using std::string_view;

constexpr string_view message_columns =
    "no, id, customer, kind, number, text, change, code, state, tries, next_at, expires, outcome, created, updated";

std::optional<ShortMessageState> state_of_number(std::int64_t number) {
    constexpr auto last = static_cast<std::int64_t>(ShortMessageState::uncertain);
    return number >= 1 && number <= last ? std::optional{static_cast<ShortMessageState>(number)} : std::nullopt;
}

ShortMessage message_at(const Row& row) {
    RowReader read{row};
    ShortMessage message{.no = read.integer(),
                         .id = read.id<ShortMessageId>(),
                         .customer = CustomerNo{read.integer()},
                         .kind = read.text(),
                         .number = read.text(),
                         .text = read.text(),
                         .change = read.integer(),
                         .code = read.integer(),
                         .expires = {},
                         .created = {},
                         .updated = {}};
    const auto state = state_of_number(read.integer());
    if (!state) { throw StorageFailure{StorageFault::corrupt, fmt::format("short message {} cannot be read", message.no)}; }
    message.state = *state;
    message.tries = read.integer();
    message.next_at = read.maybe_moment();
    message.expires = read.moment();
    message.outcome = read.text();
    message.created = read.moment();
    message.updated = read.moment();
    return message;
}

std::vector<ShortMessage> messages(Connection& connection, string_view rest, std::initializer_list<Value> parameters) {
    std::vector<ShortMessage> found;
    connection.query(fmt::format("SELECT {} FROM short_message {}", message_columns, rest), parameters,
                     [&found](const Row& row) { found.push_back(message_at(row)); });
    return found;
}

}  // namespace

std::optional<CustomerPhone> phone_of(Connection& connection, CustomerNo customer) {
    std::optional<CustomerPhone> found;
    connection.query("SELECT number, change, confirmed FROM customer_phone WHERE customer = $1", {number_of(customer)},
                     [&](const Row& row) {
                         RowReader read{row};
                         found = CustomerPhone{.customer = customer,
                                               .number = read.text(),
                                               .change = read.integer(),
                                               .confirmed = read.moment()};
                     });
    return found;
}

void write_phone(Connection& connection, const CustomerPhone& phone) {
    connection.execute(
        "INSERT INTO customer_phone (customer, number, change, confirmed) VALUES ($1, $2, $3, $4) ON CONFLICT (customer) DO "
        "UPDATE SET number = excluded.number, change = excluded.change, confirmed = excluded.confirmed",
        {number_of(phone.customer), string_view{phone.number}, phone.change, ms_of(phone.confirmed)});
}

void delete_phone(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM customer_phone WHERE customer = $1", {number_of(customer)});
}

std::int64_t count_accounts_of_phone(Connection& connection, string_view number) {
    return connection.integer("SELECT count(*) FROM customer_phone WHERE number = $1", {number}).value_or(0);
}

std::optional<PhoneCode> phone_code_of_change(Connection& connection, std::int64_t change) {
    std::optional<PhoneCode> found;
    connection.query("SELECT hash, codes, wrong, sent, expires FROM phone_code WHERE change = $1", {change},
                     [&](const Row& row) {
                         RowReader read{row};
                         found = PhoneCode{.change = change,
                                           .hash = read.hash(),
                                           .codes = read.integer(),
                                           .wrong = read.integer(),
                                           .sent = read.moment(),
                                           .expires = read.moment()};
                     });
    return found;
}

void write_phone_code(Connection& connection, const PhoneCode& code) {
    connection.execute(
        "INSERT INTO phone_code (change, hash, codes, wrong, sent, expires) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT "
        "(change) DO UPDATE SET hash = excluded.hash, codes = excluded.codes, wrong = excluded.wrong, sent = "
        "excluded.sent, expires = excluded.expires",
        {code.change, Octets{view_of(code.hash)}, code.codes, code.wrong, ms_of(code.sent), ms_of(code.expires)});
}

void delete_phone_code(Connection& connection, std::int64_t change) {
    connection.execute("DELETE FROM phone_code WHERE change = $1", {change});
}

void insert_short_message(Connection& connection, const ShortMessage& m) {
    static const std::string sql = fmt::format(
        "INSERT INTO short_message ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        message_columns);
    connection.execute(sql, {m.no, Octets{m.id.view()}, number_of(m.customer), string_view{m.kind}, string_view{m.number},
                             string_view{m.text}, m.change, m.code, static_cast<std::int64_t>(m.state), m.tries,
                             moment_or_null(m.next_at), ms_of(m.expires), string_view{m.outcome}, ms_of(m.created),
                             ms_of(m.updated)});
}

void update_short_message(Connection& connection, const ShortMessage& m) {
    connection.execute(
        "UPDATE short_message SET state = $2, tries = $3, next_at = $4, outcome = $5, updated = $6 WHERE no = $1",
        {m.no, static_cast<std::int64_t>(m.state), m.tries, moment_or_null(m.next_at), string_view{m.outcome},
         ms_of(m.updated)});
}

std::optional<ShortMessage> find_short_message(Connection& connection, std::int64_t no) {
    auto found = messages(connection, "WHERE no = $1", {no});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::vector<ShortMessage> due_short_messages(Connection& connection, Moment at, std::int64_t limit) {
    return messages(connection, "WHERE state = 1 AND next_at <= $1 ORDER BY next_at, no LIMIT $2", {ms_of(at), limit});
}

std::vector<ShortMessage> handed_out_short_messages(Connection& connection) {
    return messages(connection, "WHERE state = 2 ORDER BY no", {});
}

std::vector<ShortMessage> unreported_short_messages(Connection& connection, Moment before, std::int64_t limit) {
    return messages(connection, "WHERE state = 2 AND updated <= $1 ORDER BY no LIMIT $2", {ms_of(before), limit});
}

bool short_messages_wait(Connection& connection, Moment at, Moment unreported_before) {
    return !messages(connection, "WHERE state = 1 AND next_at <= $1 ORDER BY next_at, no LIMIT 1", {ms_of(at)}).empty() ||
           !unreported_short_messages(connection, unreported_before, 1).empty();
}

std::vector<ShortMessage> short_messages_of(Connection& connection, CustomerNo customer) {
    return messages(connection, "WHERE customer = $1 ORDER BY no", {number_of(customer)});
}

std::int64_t count_codes_to_since(Connection& connection, string_view number, Moment since) {
    return connection
        .integer("SELECT count(*) FROM short_message WHERE number = $1 AND code <> 0 AND created > $2",
                 {number, ms_of(since)})
        .value_or(0);
}

std::int64_t count_short_alerts_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM short_message WHERE customer = $1 AND code = 0 AND created > $2",
                 {number_of(customer), ms_of(since)})
        .value_or(0);
}

std::int64_t count_short_messages_since(Connection& connection, Moment since) {
    return connection.integer("SELECT count(*) FROM short_message WHERE created > $1", {ms_of(since)}).value_or(0);
}

}  // namespace okpay::store
