// SPDX-License-Identifier: Apache-2.0
#include "store/correction_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using payments::Correction;

constexpr std::string_view select_correction =
    "SELECT no, id, state, debit, credit, amount, currency, reason, reverses, seen_event, proposer, proposed, decider, "
    "decided, note, payment FROM correction ";

Correction correction_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto id = read.id<CorrectionId>();
    const auto state = payments::correction_state_of_number(read.integer());
    const auto debit = money::AccountNo{read.integer()};
    const auto credit = money::AccountNo{read.integer()};
    const std::int64_t minor = read.integer();
    const auto currency = money::currency_of_number(read.integer());
    const auto amount = currency ? money::Money::of_minor(minor, *currency) : fail(money::MoneyError::out_of_range);
    if (!state || !amount) throw StorageFailure{StorageFault::corrupt, fmt::format("correction {} cannot be read", no)};
    return {.no = no,
            .id = id,
            .state = *state,
            .debit = debit,
            .credit = credit,
            .amount = *amount,
            .reason = read.text(),
            .reverses = read.integer(),
            .seen_event = read.integer(),
            .proposer = customers::StaffNo{read.integer()},
            .proposed = read.moment(),
            .decider = read.maybe_no<customers::StaffNo>(),
            .decided = read.maybe_moment(),
            .note = read.text(),
            .payment = read.integer()};
}

std::optional<Correction> found_at(Connection& connection, const std::string& sql, std::initializer_list<Value> parameters) {
    std::optional<Correction> found;
    connection.query(sql, parameters, [&found](const Row& row) { found = correction_at(row); });
    return found;
}

}  // namespace

void insert_correction(Connection& connection, const Correction& c) {
    connection.execute(
        "INSERT INTO correction (no, id, state, debit, credit, amount, currency, reason, reverses, seen_event, proposer, "
        "proposed, decider, decided, note, payment) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        {c.no, Octets{c.id.view()}, stored(c.state), number_of(c.debit), number_of(c.credit), c.amount.minor(),
         stored(c.amount.currency()), std::string_view{c.reason}, c.reverses, c.seen_event, number_of(c.proposer),
         ms_of(c.proposed), no_or_null(c.decider), moment_or_null(c.decided), std::string_view{c.note}, c.payment});
}

void update_correction_decision(Connection& connection, const Correction& c) {
    connection.execute("UPDATE correction SET state = $2, decider = $3, decided = $4, note = $5, payment = $6 WHERE no = $1",
                       {c.no, stored(c.state), no_or_null(c.decider), moment_or_null(c.decided), std::string_view{c.note},
                        c.payment});
}

std::optional<Correction> find_correction(Connection& connection, const CorrectionId& id) {
    static const std::string sql = fmt::format("{}WHERE id = $1", select_correction);
    return found_at(connection, sql, {Octets{id.view()}});
}

std::optional<Correction> find_correction(Connection& connection, std::int64_t no) {
    static const std::string sql = fmt::format("{}WHERE no = $1", select_correction);
    return found_at(connection, sql, {no});
}

bool is_reversed(Connection& connection, std::int64_t transfer) {
    return connection
               .integer("SELECT count(*) FROM correction WHERE reverses = $1 AND reverses <> 0 AND state IN (1, 2)",
                        {transfer})
               .value_or(0) > 0;
}

std::vector<Correction> newest_corrections(Connection& connection, bool waiting, std::int64_t before, std::int64_t limit) {
    const std::string sql =
        fmt::format("{}WHERE no < $1{} ORDER BY no DESC LIMIT $2", select_correction, waiting ? " AND state = 1" : "");
    std::vector<Correction> found;
    connection.query(sql, {before, limit}, [&found](const Row& row) { found.push_back(correction_at(row)); });
    return found;
}

void each_correction(Connection& connection, const std::function<void(const Correction&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_correction);
    connection.query(sql, {}, [&visit](const Row& row) { visit(correction_at(row)); });
}

}  // namespace okpay::store
