// SPDX-License-Identifier: Apache-2.0
#include "store/privacy_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using customers::StaffNo;
using std::string_view;

constexpr string_view erasure_columns = "no, id, customer, state, reason, proposed_by, proposed, decider, decided, note";

ErasureRow erasure_of(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .id = read.id<customers::ErasureId>(),
            .customer = CustomerNo{read.integer()},
            .state = read.as<customers::ErasureState>(),
            .reason = read.text(),
            .proposed_by = read.text(),
            .proposed = read.moment(),
            .decider = read.maybe_no<StaffNo>(),
            .decided = read.maybe_moment(),
            .note = read.text()};
}

bool any(Connection& connection, string_view sql, CustomerNo customer) {
    return connection.integer(sql, {number_of(customer)}).has_value();
}

}  // namespace

void insert_legal_hold(Connection& connection, const LegalHoldRow& hold) {
    connection.execute(
        "INSERT INTO legal_hold (no, customer, placed, placed_by, reason, released, released_by, release_reason) "
        "VALUES ($1, $2, $3, $4, $5, NULL, '', '')",
        {hold.no, number_of(hold.customer), ms_of(hold.placed), string_view{hold.placed_by}, string_view{hold.reason}});
}

std::optional<LegalHoldRow> standing_hold(Connection& connection, CustomerNo customer) {
    std::optional<LegalHoldRow> found;
    connection.query(
        "SELECT no, customer, placed, placed_by, reason FROM legal_hold WHERE customer = $1 AND released IS NULL",
        {number_of(customer)}, [&found](const Row& row) {
            RowReader read{row};
            found = LegalHoldRow{.no = read.integer(),
                                 .customer = CustomerNo{read.integer()},
                                 .placed = read.moment(),
                                 .placed_by = read.text(),
                                 .reason = read.text()};
        });
    return found;
}

void release_legal_hold(Connection& connection, std::int64_t no, Moment at, string_view by, string_view reason) {
    connection.execute("UPDATE legal_hold SET released = $2, released_by = $3, release_reason = $4 WHERE no = $1",
                       {no, ms_of(at), by, reason});
}

void insert_erasure(Connection& connection, const ErasureRow& e) {
    connection.execute(
        "INSERT INTO person_erasure (no, id, customer, state, reason, proposed_by, proposed, decider, decided, note) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {e.no, Octets{e.id.view()}, number_of(e.customer), stored(e.state), string_view{e.reason},
         string_view{e.proposed_by}, ms_of(e.proposed), no_or_null(e.decider), moment_or_null(e.decided),
         string_view{e.note}});
}

void update_erasure(Connection& connection, const ErasureRow& e) {
    connection.execute("UPDATE person_erasure SET state = $2, decider = $3, decided = $4, note = $5 WHERE no = $1",
                       {e.no, stored(e.state), no_or_null(e.decider), moment_or_null(e.decided), string_view{e.note}});
}

std::optional<ErasureRow> find_erasure(Connection& connection, const customers::ErasureId& id) {
    std::optional<ErasureRow> found;
    connection.query("SELECT " + std::string{erasure_columns} + " FROM person_erasure WHERE id = $1", {Octets{id.view()}},
                     [&found](const Row& row) { found = erasure_of(row); });
    return found;
}

std::vector<ErasureRow> waiting_erasures(Connection& connection) {
    std::vector<ErasureRow> found;
    connection.query("SELECT " + std::string{erasure_columns} + " FROM person_erasure WHERE state = 1 ORDER BY no", {},
                     [&found](const Row& row) { found.push_back(erasure_of(row)); });
    return found;
}

void set_staff_relation(Connection& connection, StaffNo staff, CustomerNo customer,
                        std::optional<customers::StaffRelation> relation, string_view by, Moment at) {
    connection.execute("DELETE FROM staff_relation WHERE staff = $1 AND customer = $2",
                       {number_of(staff), number_of(customer)});
    if (!relation) return;
    connection.execute("INSERT INTO staff_relation (staff, customer, relation, set_by, set_at) VALUES ($1, $2, $3, $4, $5)",
                       {number_of(staff), number_of(customer), stored(*relation), by, ms_of(at)});
}

bool is_related(Connection& connection, StaffNo staff, CustomerNo customer) {
    return connection
        .integer("SELECT relation FROM staff_relation WHERE staff = $1 AND customer = $2",
                 {number_of(staff), number_of(customer)})
        .has_value();
}

std::int64_t active_admins(Connection& connection) {
    return connection
        .integer("SELECT count(*) FROM staff WHERE role = $1 AND disabled = 0 AND enrolled IS NOT NULL",
                 {stored(customers::Role::admin)})
        .value_or(0);
}

void set_staff_approval(Connection& connection, StaffNo staff, customers::StaffApproval approval,
                        std::optional<StaffNo> approver, std::optional<Moment> at) {
    connection.execute("UPDATE staff SET approval = $2, approver = $3, approved = $4 WHERE no = $1",
                       {number_of(staff), stored(approval), no_or_null(approver), moment_or_null(at)});
}

customers::StaffApproval staff_approval(Connection& connection, StaffNo staff) {
    return static_cast<customers::StaffApproval>(
        connection.integer("SELECT approval FROM staff WHERE no = $1", {number_of(staff)}).value_or(0));
}

std::vector<std::int64_t> accounts_of_customer(Connection& connection, CustomerNo customer) {
    std::vector<std::int64_t> found;
    connection.query("SELECT account FROM account_owner WHERE customer = $1 ORDER BY account", {number_of(customer)},
                     [&found](const Row& row) { found.push_back(row.integer(0)); });
    return found;
}

std::set<std::int64_t> person_payments(Connection& connection, CustomerNo customer,
                                       const std::vector<AccountHead>& accounts) {
    std::set<std::int64_t> found;
    for (const AccountHead& head : accounts) {
        for (std::int64_t seq = head.last_transfer; seq != 0;) {
            std::int64_t before = 0;
            connection.query("SELECT payment, debit, debit_prev, credit_prev FROM transfer WHERE seq = $1", {seq},
                             [&](const Row& row) {
                                 found.insert(row.integer(0));
                                 before = row.integer(1) == head.account ? row.integer(2) : row.integer(3);
                             });
            seq = before;
        }
    }
    connection.query("SELECT seq FROM payment WHERE customer = $1 AND (state IN (2, 5, 6) OR (rail = 1 AND kind IN (2, 4)))",
                     {number_of(customer)}, [&found](const Row& row) { found.insert(row.integer(0)); });
    return found;
}

bool is_erased(Connection& connection, CustomerNo customer) {
    return any(connection, "SELECT 1 FROM customer WHERE no = $1 AND erased IS NOT NULL", customer);
}

customers::ErasureObstacles obstacles_in_rows(Connection& connection, CustomerNo customer) {
    customers::ErasureObstacles found;
    found.erased = is_erased(connection, customer);
    found.legal_hold = standing_hold(connection, customer).has_value();
    found.lock = any(connection, "SELECT 1 FROM customer_lock WHERE customer = $1 AND state = 1 LIMIT 1", customer);
    found.payments_open =
        any(connection, "SELECT 1 FROM rail_call WHERE customer = $1 AND state IN (1, 2, 3, 7) LIMIT 1", customer) ||
        any(connection, "SELECT 1 FROM money_request WHERE (payee = $1 OR payer = $1) AND state = 1 LIMIT 1", customer) ||
        any(connection, "SELECT 1 FROM transfer_schedule WHERE (payer = $1 OR payee = $1) AND state = 1 LIMIT 1", customer);
    found.requests_open =
        any(connection, "SELECT 1 FROM ticket WHERE customer = $1 AND state NOT IN (5, 6) LIMIT 1", customer) ||
        any(connection,
            "SELECT 1 FROM ticket WHERE customer IS NULL AND state NOT IN (5, 6) AND party_address IN (SELECT email FROM "
            "customer WHERE no = $1 UNION SELECT stood FROM customer_change WHERE customer = $1 AND kind = 1) LIMIT 1",
            customer);
    found.identity_open =
        any(connection, "SELECT 1 FROM identity_verification WHERE customer = $1 AND state IN (1, 2, 3) LIMIT 1",
            customer) ||
        any(connection, "SELECT 1 FROM customer_change WHERE customer = $1 AND state IN (1, 2, 3) LIMIT 1", customer);
    // Of a document that did not prove anybody nothing has to be kept.
    const auto until = connection.integer(
        "SELECT max(files_due) FROM identity_verification WHERE customer = $1 AND outcome = 4 HAVING max(files_due) > 0",
        {number_of(customer)});
    if (until) found.files_kept_until = moment_of_ms(*until);
    return found;
}

}  // namespace okpay::store
