// SPDX-License-Identifier: Apache-2.0
#include "store/side_store.hpp"

#include <fmt/format.h>

#include "store/in_list.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::StaffNo;
using desk::Counterparty;
using desk::CounterpartyNo;
using desk::SideThread;
using desk::SideThreadNo;
using std::string_view;

constexpr string_view party_columns = "kind, name, address, language, whole_domain";

Counterparty party_from(RowReader& read) {
    return {.kind = read.as<desk::CounterpartyKind>(),
            .name = read.text(),
            .address = read.text(),
            .language = read.as<desk::Language>(),
            .whole_domain = read.flag()};
}

CounterpartyRow counterparty_at(const Row& row) {
    RowReader read{row};
    return {.no = CounterpartyNo{read.integer()},
            .party = party_from(read),
            .retired = read.flag(),
            .version = read.integer(),
            .updated = read.moment(),
            .updated_by = StaffNo{read.integer()}};
}

const std::string& select_counterparties() {
    static const std::string sql =
        fmt::format("SELECT no, {}, retired, version, updated, updated_by FROM counterparty", party_columns);
    return sql;
}

SideThread thread_at(const Row& row) {
    RowReader read{row};
    return {.no = SideThreadNo{read.integer()},
            .number = read.text(),
            .ticket = desk::TicketNo{read.integer()},
            .from_book = read.maybe_no<CounterpartyNo>(),
            .party = party_from(read),
            .subject = read.text(),
            .state = read.as<desk::SideState>(),
            .opened = read.moment(),
            .opened_by = StaffNo{read.integer()},
            .updated = read.moment(),
            .due = read.maybe_moment(),
            .told = read.integer(),
            .closed = read.maybe_moment(),
            .closed_by = read.maybe_no<StaffNo>(),
            .version = read.integer()};
}

std::vector<SideThread> threads_where(Connection& connection, string_view condition, std::initializer_list<Value> values) {
    std::vector<SideThread> found;
    connection.query(
        fmt::format("SELECT no, number, ticket, counterparty, {}, subject, state, opened, opened_by, updated, due, "
                    "told, closed, closed_by, version FROM side_thread WHERE {}",
                    party_columns, condition),
        values, [&found](const Row& row) { found.push_back(thread_at(row)); });
    return found;
}

std::optional<SideThread> thread_where(Connection& connection, string_view condition, std::initializer_list<Value> values) {
    auto found = threads_where(connection, condition, values);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

}  // namespace

void insert_counterparty(Connection& connection, const CounterpartyRow& row) {
    connection.execute(
        "INSERT INTO counterparty (no, kind, name, address, language, whole_domain, retired, version, updated, updated_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {number_of(row.no), stored(row.party.kind), string_view{row.party.name}, string_view{row.party.address},
         stored(row.party.language), std::int64_t{row.party.whole_domain}, std::int64_t{row.retired}, row.version,
         ms_of(row.updated), number_of(row.updated_by)});
}

void update_counterparty(Connection& connection, const CounterpartyRow& row) {
    connection.execute(
        "UPDATE counterparty SET kind = $2, name = $3, address = $4, language = $5, whole_domain = $6, retired = $7, "
        "version "
        "= $8, updated = $9, updated_by = $10 WHERE no = $1",
        {number_of(row.no), stored(row.party.kind), string_view{row.party.name}, string_view{row.party.address},
         stored(row.party.language), std::int64_t{row.party.whole_domain}, std::int64_t{row.retired}, row.version,
         ms_of(row.updated), number_of(row.updated_by)});
}

std::optional<CounterpartyRow> find_counterparty(Connection& connection, CounterpartyNo no) {
    std::optional<CounterpartyRow> found;
    connection.query(select_counterparties() + " WHERE no = $1", {number_of(no)},
                     [&found](const Row& row) { found = counterparty_at(row); });
    return found;
}

std::vector<CounterpartyRow> counterparties(Connection& connection) {
    std::vector<CounterpartyRow> found;
    connection.query(select_counterparties() + " ORDER BY lower(name), no", {},
                     [&found](const Row& row) { found.push_back(counterparty_at(row)); });
    return found;
}

void insert_side_thread(Connection& connection, const SideThread& one) {
    connection.execute(
        "INSERT INTO side_thread (no, number, ticket, counterparty, kind, name, address, language, whole_domain, subject, "
        "state, opened, opened_by, updated, due, told, closed, closed_by, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
        "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        {number_of(one.no), string_view{one.number}, number_of(one.ticket), no_or_null(one.from_book),
         stored(one.party.kind), string_view{one.party.name}, string_view{one.party.address}, stored(one.party.language),
         std::int64_t{one.party.whole_domain}, string_view{one.subject}, stored(one.state), ms_of(one.opened),
         number_of(one.opened_by), ms_of(one.updated), moment_or_null(one.due), one.told, moment_or_null(one.closed),
         no_or_null(one.closed_by), one.version});
}

void update_side_thread(Connection& connection, const SideThread& one) {
    connection.execute(
        "UPDATE side_thread SET state = $2, updated = $3, due = $4, told = $5, closed = $6, closed_by = $7, version = $8 "
        "WHERE no = $1",
        {number_of(one.no), stored(one.state), ms_of(one.updated), moment_or_null(one.due), one.told,
         moment_or_null(one.closed), no_or_null(one.closed_by), one.version});
}

std::optional<SideThread> find_side_thread(Connection& connection, SideThreadNo no) {
    return thread_where(connection, "no = $1", {number_of(no)});
}

std::optional<SideThread> find_side_thread(Connection& connection, string_view number) {
    return thread_where(connection, "number = $1", {number});
}

std::vector<SideThread> side_threads_of(Connection& connection, desk::TicketNo ticket) {
    return threads_where(connection, "ticket = $1 ORDER BY no", {number_of(ticket)});
}

std::vector<SideThread> side_threads_to_tell(Connection& connection, Moment now, std::int64_t limit) {
    // The three conditions are desk::alarm_at's.
    return threads_where(connection,
                         "due IS NOT NULL AND due <= $1 AND ((told < 1) OR (told < 2 AND due <= $2) OR (told < 3 AND due <= "
                         "$3)) ORDER BY no LIMIT $4",
                         {ms_of(now + desk::told_before), ms_of(now), ms_of(now - desk::escalated_after), limit});
}

std::map<desk::TicketNo, SideCounts> count_side_threads(Connection& connection, std::span<const desk::TicketNo> tickets) {
    std::map<desk::TicketNo, SideCounts> counts;
    query_in(connection, "SELECT ticket, state, count(*) FROM side_thread WHERE ticket", " GROUP BY ticket, state", tickets,
             {}, [&counts](const Row& row) {
                 const auto state = static_cast<desk::SideState>(row.integer(1));
                 SideCounts& of = counts[desk::TicketNo{row.integer(0)}];
                 if (state == desk::SideState::waiting) of.waiting = row.integer(2);
                 if (state == desk::SideState::answered) of.answered = row.integer(2);
             });
    return counts;
}

void insert_side_message(Connection& connection, const SideMessageRow& row) {
    connection.execute(
        "INSERT INTO side_message (no, id, thread, direction, kind, staff, from_address, subject, body, quoted, "
        "mail_message_id, mail, outgoing, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        {row.no, Octets{row.id.view()}, number_of(row.thread), stored(row.direction), stored(row.kind),
         no_or_null(row.staff), string_view{row.from_address}, string_view{row.subject}, string_view{row.body},
         string_view{row.quoted}, string_view{row.mail_message_id}, no_or_null(row.mail), no_or_null(row.outgoing),
         ms_of(row.at)});
}

std::vector<SideMessageRow> side_messages_of(Connection& connection, SideThreadNo thread) {
    std::vector<SideMessageRow> found;
    connection.query(
        "SELECT no, id, thread, direction, kind, staff, from_address, subject, body, quoted, mail_message_id, mail, "
        "outgoing, "
        "at FROM side_message WHERE thread = $1 ORDER BY no",
        {number_of(thread)}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back({.no = read.integer(),
                             .id = read.id<MessageId>(),
                             .thread = SideThreadNo{read.integer()},
                             .direction = read.as<desk::Direction>(),
                             .kind = read.as<desk::SideMessageKind>(),
                             .staff = read.maybe_no<StaffNo>(),
                             .from_address = read.text(),
                             .subject = read.text(),
                             .body = read.text(),
                             .quoted = read.text(),
                             .mail_message_id = read.text(),
                             .mail = read.maybe_integer(),
                             .outgoing = read.maybe_integer(),
                             .at = read.moment()});
        });
    return found;
}

std::optional<SideThreadNo> side_thread_of_outgoing(Connection& connection, std::int64_t outgoing) {
    const auto no = connection.integer("SELECT thread FROM side_message WHERE outgoing = $1", {outgoing});
    return no ? std::optional{SideThreadNo{*no}} : std::nullopt;
}

}  // namespace okpay::store
