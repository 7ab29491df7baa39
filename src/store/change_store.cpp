// SPDX-License-Identifier: Apache-2.0
#include "store/change_store.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/object_keys.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CaseAccess;
using customers::CaseFile;
using customers::Change;
using customers::ChangeId;
using customers::CustomerNo;
using std::string_view;

constexpr string_view change_columns =
    "no, id, customer, kind, state, reason, stood, wanted, taken, prove_hash, cancel_hash, ticket, proposer, decider, note, "
    "lock, session, asked, due, proven, ended";
constexpr string_view case_columns =
    "no, id, ticket, customer, link_hash, sent, link_expires, opened, session_hash, session_expires, ended, files, answers";
constexpr string_view file_columns = "no, id, access, ticket, name, media_type, size, content_hash, sealed, blob, at";

Change change_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto id = read.id<ChangeId>();
    const auto customer = CustomerNo{read.integer()};
    const auto kind = customers::change_kind_of_number(read.integer());
    const auto state = customers::change_state_of_number(read.integer());
    const auto reason = customers::change_reason_of_number(read.integer());
    if (!kind || !state || !reason) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("change {} cannot be read", no)};
    }
    return Change{.no = no,
                  .id = id,
                  .customer = customer,
                  .kind = *kind,
                  .state = *state,
                  .reason = *reason,
                  .from = read.text(),
                  .to = read.text(),
                  .taken = read.flag(),
                  .prove_hash = read.hash(),
                  .cancel_hash = read.hash(),
                  .ticket = read.integer(),
                  .proposer = read.maybe_no<customers::StaffNo>(),
                  .decider = read.maybe_no<customers::StaffNo>(),
                  .note = read.text(),
                  .lock = read.integer(),
                  .session = read.integer(),
                  .asked = read.moment(),
                  .due = read.maybe_moment(),
                  .proven = read.maybe_moment(),
                  .ended = read.maybe_moment()};
}

std::vector<Change> changes(Connection& connection, string_view rest, std::initializer_list<Value> parameters) {
    std::vector<Change> found;
    connection.query(fmt::format("SELECT {} FROM customer_change {}", change_columns, rest), parameters,
                     [&found](const Row& row) { found.push_back(change_at(row)); });
    return found;
}

std::optional<Change> one_change(Connection& connection, string_view rest, Value parameter) {
    auto found = changes(connection, rest, {parameter});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<CaseAccess> one_case(Connection& connection, string_view rest, Value parameter) {
    std::optional<CaseAccess> found;
    connection.query(fmt::format("SELECT {} FROM case_access {}", case_columns, rest), {parameter},
                     [&found](const Row& row) {
                         RowReader read{row};
                         found = CaseAccess{.no = read.integer(),
                                            .id = read.id<customers::CaseId>(),
                                            .ticket = read.integer(),
                                            .customer = CustomerNo{read.integer()},
                                            .link_hash = read.hash(),
                                            .sent = read.moment(),
                                            .link_expires = read.moment(),
                                            .opened = read.maybe_moment()};
                         if (const auto hash = read.maybe_text()) found->session_hash = hash_of(*hash);
                         found->session_expires = read.maybe_moment();
                         found->ended = read.maybe_moment();
                         found->files = read.integer();
                         found->answers = read.integer();
                     });
    return found;
}

Value octets_or_null(const std::optional<std::string>& octets) {
    if (!octets) return nullptr;
    return Octets{*octets};
}

Value text_or_null(const std::optional<std::string>& text) {
    if (!text) return nullptr;
    return string_view{*text};
}

Value hash_or_null(const std::optional<Hash256>& hash) {
    if (!hash) return nullptr;
    return Octets{view_of(*hash)};
}

}  // namespace

void insert_change(Connection& connection, const Change& c) {
    static const std::string sql = fmt::format(
        "INSERT INTO customer_change ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
        "$17, $18, $19, $20, $21)",
        change_columns);
    connection.execute(sql, {c.no,
                             Octets{c.id.view()},
                             number_of(c.customer),
                             stored(c.kind),
                             stored(c.state),
                             stored(c.reason),
                             string_view{c.from},
                             string_view{c.to},
                             std::int64_t{c.taken ? 1 : 0},
                             Octets{view_of(c.prove_hash)},
                             Octets{view_of(c.cancel_hash)},
                             c.ticket,
                             no_or_null(c.proposer),
                             no_or_null(c.decider),
                             string_view{c.note},
                             c.lock,
                             c.session,
                             ms_of(c.asked),
                             moment_or_null(c.due),
                             moment_or_null(c.proven),
                             moment_or_null(c.ended)});
}

void update_change(Connection& connection, const Change& c) {
    connection.execute(
        "UPDATE customer_change SET state = $2, reason = $3, decider = $4, lock = $5, due = $6, proven = $7, ended = $8, "
        "taken = $9 WHERE no = $1",
        {c.no, stored(c.state), stored(c.reason), no_or_null(c.decider), c.lock, moment_or_null(c.due),
         moment_or_null(c.proven), moment_or_null(c.ended), std::int64_t{c.taken ? 1 : 0}});
}

std::optional<Change> find_change(Connection& connection, std::int64_t no) {
    return one_change(connection, "WHERE no = $1", no);
}

std::optional<Change> find_change(Connection& connection, const ChangeId& id) {
    return one_change(connection, "WHERE id = $1", Octets{id.view()});
}

std::optional<Change> find_change_to_prove(Connection& connection, const Hash256& prove_hash) {
    return one_change(connection, "WHERE prove_hash = $1", Octets{view_of(prove_hash)});
}

std::optional<Change> find_change_to_cancel(Connection& connection, const Hash256& cancel_hash) {
    return one_change(connection, "WHERE cancel_hash = $1", Octets{view_of(cancel_hash)});
}

std::optional<Change> open_contact_change(Connection& connection, CustomerNo customer) {
    return one_change(connection, "WHERE customer = $1 AND kind = 1 AND state IN (1, 2, 3) ORDER BY no LIMIT 1",
                      number_of(customer));
}

std::optional<Change> open_phone_change(Connection& connection, CustomerNo customer) {
    return one_change(connection, "WHERE customer = $1 AND kind = 4 AND state IN (2, 3) ORDER BY no LIMIT 1",
                      number_of(customer));
}

std::vector<Change> due_changes(Connection& connection, Moment at, std::int64_t limit) {
    return changes(connection, "WHERE state IN (1, 2, 3) AND due <= $1 ORDER BY due, no LIMIT $2", {ms_of(at), limit});
}

std::vector<Change> changes_of(Connection& connection, CustomerNo customer, std::int64_t before, std::int64_t limit) {
    return changes(connection, "WHERE customer = $1 AND no < $2 ORDER BY no DESC LIMIT $3",
                   {number_of(customer), before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit});
}

std::vector<Change> changes_of_ticket(Connection& connection, desk::TicketNo ticket) {
    return changes(connection, "WHERE ticket = $1 AND ticket <> 0 ORDER BY no DESC", {desk::number_of(ticket)});
}

std::vector<Change> proposed_changes(Connection& connection, std::int64_t limit) {
    return changes(connection, "WHERE state = 1 ORDER BY no LIMIT $1", {limit});
}

std::int64_t count_contact_changes_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM customer_change WHERE customer = $1 AND kind = 1 AND asked > $2",
                 {number_of(customer), ms_of(since)})
        .value_or(0);
}

std::int64_t count_phone_changes_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM customer_change WHERE customer = $1 AND kind = 4 AND asked > $2",
                 {number_of(customer), ms_of(since)})
        .value_or(0);
}

std::int64_t count_contact_changes_to_since(Connection& connection, string_view address, Moment since) {
    return connection
        .integer("SELECT count(*) FROM customer_change WHERE wanted = $1 AND kind = 1 AND asked > $2",
                 {address, ms_of(since)})
        .value_or(0);
}

void write_profile(Connection& connection, CustomerNo customer, customers::ChangeKind kind, string_view value) {
    const auto set = [&](string_view sql) { connection.execute(sql, {number_of(customer), value}); };
    switch (kind) {
    case customers::ChangeKind::contact: return set("UPDATE customer SET email = $2 WHERE no = $1");
    case customers::ChangeKind::language: return set("UPDATE customer SET language = $2 WHERE no = $1");
    case customers::ChangeKind::zone: return set("UPDATE customer SET zone = $2 WHERE no = $1");
    case customers::ChangeKind::phone: break;  // has a row of its own (phone_store.hpp)
    }
    std::abort();
}

void move_tickets(Connection& connection, CustomerNo customer, string_view from, string_view to) {
    connection.execute("UPDATE ticket SET party_address = $3 WHERE customer = $1 AND party_address = $2 AND state <> 6",
                       {number_of(customer), from, to});
}

void insert_case(Connection& connection, const CaseAccess& a) {
    static const std::string sql =
        fmt::format("INSERT INTO case_access ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                    case_columns);
    connection.execute(sql, {a.no, Octets{a.id.view()}, a.ticket, number_of(a.customer), Octets{view_of(a.link_hash)},
                             ms_of(a.sent), ms_of(a.link_expires), moment_or_null(a.opened), hash_or_null(a.session_hash),
                             moment_or_null(a.session_expires), moment_or_null(a.ended), a.files, a.answers});
}

void update_case(Connection& connection, const CaseAccess& a) {
    connection.execute(
        "UPDATE case_access SET opened = $2, session_hash = $3, session_expires = $4, ended = $5, files = $6, answers = $7 "
        "WHERE no = $1",
        {a.no, moment_or_null(a.opened), hash_or_null(a.session_hash), moment_or_null(a.session_expires),
         moment_or_null(a.ended), a.files, a.answers});
}

std::optional<CaseAccess> find_case_by_link(Connection& connection, const Hash256& link_hash) {
    return one_case(connection, "WHERE link_hash = $1", Octets{view_of(link_hash)});
}

std::optional<CaseAccess> find_case_by_session(Connection& connection, const Hash256& session_hash) {
    return one_case(connection, "WHERE session_hash = $1", Octets{view_of(session_hash)});
}

std::int64_t count_case_links_since(Connection& connection, desk::TicketNo ticket, Moment since) {
    return connection
        .integer("SELECT count(*) FROM case_access WHERE ticket = $1 AND sent > $2", {desk::number_of(ticket), ms_of(since)})
        .value_or(0);
}

void end_case_links(Connection& connection, desk::TicketNo ticket, Moment at) {
    connection.execute("UPDATE case_access SET ended = $2 WHERE ticket = $1 AND opened IS NULL AND ended IS NULL",
                       {desk::number_of(ticket), ms_of(at)});
}

void end_cases_of(Connection& connection, customers::CustomerNo customer, Moment at) {
    connection.execute("UPDATE case_access SET ended = $2 WHERE customer = $1 AND ended IS NULL",
                       {number_of(customer), ms_of(at)});
}

void insert_case_file(Connection& connection, const CaseFile& f) {
    static const std::string sql =
        fmt::format("INSERT INTO case_file ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", file_columns);
    connection.execute(sql, {f.no, Octets{f.id.view()}, f.access, f.ticket, string_view{f.name}, string_view{f.media_type},
                             f.size, Octets{view_of(f.content_hash)}, octets_or_null(f.sealed), text_or_null(f.blob),
                             ms_of(f.at)});
    put_object_key(connection, KeyOf::case_file, f.no, f.object_key);
}

std::vector<CaseFile> case_files_of(Connection& connection, desk::TicketNo ticket) {
    std::vector<CaseFile> found;
    connection.query(
        "SELECT no, id, access, ticket, name, media_type, size, content_hash, at FROM case_file WHERE ticket = $1 ORDER BY "
        "no",
        {desk::number_of(ticket)}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back({.no = read.integer(),
                             .id = read.id<customers::CaseId>(),
                             .access = read.integer(),
                             .ticket = read.integer(),
                             .name = read.text(),
                             .media_type = read.text(),
                             .size = read.integer(),
                             .content_hash = read.hash(),
                             .object_key = {},
                             .sealed = std::nullopt,
                             .blob = std::nullopt,
                             .at = read.moment()});
        });
    return found;
}

std::optional<CustomerSession> find_customer_session(Connection& connection, CustomerNo customer, std::int64_t no) {
    std::optional<std::string> token_hash;
    connection.query("SELECT token_hash FROM customer_session WHERE customer = $1 AND no = $2", {number_of(customer), no},
                     [&token_hash](const Row& row) { token_hash = row.string(0); });
    return token_hash ? find_customer_session(connection, *token_hash) : std::nullopt;
}

void delete_customer_sessions(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM customer_session WHERE customer = $1", {number_of(customer)});
}

}  // namespace okpay::store
