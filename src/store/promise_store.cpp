// SPDX-License-Identifier: Apache-2.0
#include "store/promise_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using std::string_view;

constexpr string_view columns = "no, ticket, message, words, staff, made, due, state, ended, told, ended_by, reason";

PromiseRow promise_at(const Row& row) {
    RowReader read{row};
    return {.no = desk::PromiseNo{read.integer()},
            .ticket = desk::TicketNo{read.integer()},
            .message = desk::MessageNo{read.integer()},
            .words = read.text(),
            .staff = customers::StaffNo{read.integer()},
            .promise = {.made = read.moment(),
                        .due = read.moment(),
                        .state = read.as<desk::PromiseState>(),
                        .ended = read.maybe_moment(),
                        .told = read.as<desk::PromiseAlarm>()},
            .ended_by = read.maybe_no<customers::StaffNo>(),
            .reason = read.text()};
}

template <class... Values>
std::vector<PromiseRow> rows_of(Connection& connection, string_view condition, Values... values) {
    const std::string sql = "SELECT " + std::string{columns} + " FROM promise WHERE " + std::string{condition};
    std::vector<PromiseRow> rows;
    connection.query(sql, {values...}, [&rows](const Row& row) { rows.push_back(promise_at(row)); });
    return rows;
}

}  // namespace

void insert_promise(Connection& connection, const PromiseRow& row) {
    static const std::string sql =
        "INSERT INTO promise (" + std::string{columns} + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    connection.execute(sql, {number_of(row.no), number_of(row.ticket), number_of(row.message), string_view{row.words},
                             number_of(row.staff), ms_of(row.promise.made), ms_of(row.promise.due),
                             stored(row.promise.state), moment_or_null(row.promise.ended), stored(row.promise.told),
                             no_or_null(row.ended_by), string_view{row.reason}});
}

void update_promise(Connection& connection, const PromiseRow& row) {
    connection.execute("UPDATE promise SET state = $2, ended = $3, told = $4, ended_by = $5, reason = $6 WHERE no = $1",
                       {number_of(row.no), stored(row.promise.state), moment_or_null(row.promise.ended),
                        stored(row.promise.told), no_or_null(row.ended_by), string_view{row.reason}});
}

std::optional<PromiseRow> find_promise(Connection& connection, desk::PromiseNo no) {
    auto rows = rows_of(connection, "no = $1", number_of(no));
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<PromiseRow> promises_of(Connection& connection, desk::TicketNo ticket) {
    return rows_of(connection, "ticket = $1 ORDER BY no", number_of(ticket));
}

std::vector<PromiseRow> promises_to_tell(Connection& connection, Moment now, std::int64_t limit) {
    // Warned of `promise_told_before`, or halfway where that is later: after both of them.
    return rows_of(
        connection,
        "ended IS NULL AND due <= $1 AND ((told < 1 AND due - (due - made) / 2 <= $2) OR (told < 2 AND due <= $2) "
        "OR (told < 3 AND due <= $3)) ORDER BY due, no LIMIT $4",
        ms_of(now + desk::promise_told_before), ms_of(now), ms_of(now - desk::promise_escalated_after), limit);
}

std::optional<Moment> earliest_promise(Connection& connection, desk::TicketNo ticket) {
    std::optional<Moment> earliest;
    connection.query("SELECT min(due) FROM promise WHERE ticket = $1 AND ended IS NULL", {number_of(ticket)},
                     [&earliest](const Row& row) { earliest = RowReader{row}.maybe_moment(); });
    return earliest;
}

}  // namespace okpay::store
