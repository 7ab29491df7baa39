// SPDX-License-Identifier: Apache-2.0
#include "store/lock_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using customers::Lock;
using customers::LockNo;
using customers::LockRelease;
using customers::LockState;
using std::string_view;

constexpr string_view select_lock =
    "SELECT no, customer, scope, source, state, reason, message_code, placed, review_at, expires_at, ticket, ended "
    "FROM customer_lock ";

template <class Enum>
Enum known(std::int64_t number, Enum last, string_view what) {
    if (number < 1 || number > static_cast<std::int64_t>(last)) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("no {} is {}", what, number)};
    }
    return static_cast<Enum>(number);
}

Lock lock_at(const Row& row) {
    RowReader read{row};
    return {.no = LockNo{read.integer()},
            .customer = CustomerNo{read.integer()},
            .scope = known(read.integer(), customers::LockScope::full, "scope of a lock"),
            .source = known(read.integer(), customers::LockSource::legal, "source of a lock"),
            .state = known(read.integer(), LockState::superseded, "state of a lock"),
            .reason = read.text(),
            .message_code = read.text(),
            .placed = read.moment(),
            .review_at = read.maybe_moment(),
            .expires_at = read.maybe_moment(),
            .ticket = read.integer(),
            .ended = read.maybe_moment()};
}

std::vector<Lock> locks(Connection& connection, const std::string& sql, std::initializer_list<Value> parameters) {
    std::vector<Lock> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(lock_at(row)); });
    return found;
}

std::string locks_where(string_view rest) { return fmt::format("{}{}", select_lock, rest); }

constexpr string_view select_event = "SELECT no, lock_no, at, to_state, actor, reason, ledger_seq FROM lock_event ";

LockEvent event_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .lock = LockNo{read.integer()},
            .at = read.moment(),
            .to = known(read.integer(), LockState::superseded, "state of a lock"),
            .actor = read.text(),
            .reason = read.text(),
            .ledger_seq = read.integer()};
}

constexpr string_view select_release =
    "SELECT no, id, lock_no, state, checklist, evidence, seen, proposer, proposed, decider, decided, note FROM "
    "lock_release ";

LockRelease release_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .id = read.id<customers::LockReleaseId>(),
            .lock = LockNo{read.integer()},
            .state = known(read.integer(), customers::LockReleaseState::voided, "state of a release"),
            .checklist = read.text(),
            .evidence = read.text(),
            .seen = read.text(),
            .proposer = customers::StaffNo{read.integer()},
            .proposed = read.moment(),
            .decider = read.maybe_no<customers::StaffNo>(),
            .decided = read.maybe_moment(),
            .note = read.text()};
}

constexpr string_view select_decision =
    "SELECT d.no, d.at, d.customer, d.operation, d.verdict, d.ruleset, d.rules, d.shadows, d.inputs, d.payment, d.payee, "
    "d.amount, d.currency, d.lock_no FROM risk_decision d ";

RiskDecision decision_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .at = read.moment(),
            .customer = CustomerNo{read.integer()},
            .operation = read.integer(),
            .verdict = read.integer(),
            .ruleset = read.text(),
            .rules = read.text(),
            .shadows = read.text(),
            .inputs = read.text(),
            .payment = read.integer(),
            .payee = read.integer(),
            .amount_minor = read.integer(),
            .currency = read.integer(),
            .lock = read.integer()};
}

}  // namespace

void insert_lock(Connection& connection, const Lock& l) {
    connection.execute(
        "INSERT INTO customer_lock (no, customer, scope, source, state, reason, message_code, placed, review_at, "
        "expires_at, "
        "ticket, ended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {number_of(l.no), number_of(l.customer), stored(l.scope), stored(l.source), stored(l.state), string_view{l.reason},
         string_view{l.message_code}, ms_of(l.placed), moment_or_null(l.review_at), moment_or_null(l.expires_at), l.ticket,
         moment_or_null(l.ended)});
}

void update_lock(Connection& connection, const Lock& l) {
    connection.execute("UPDATE customer_lock SET state = $2, ticket = $3, ended = $4 WHERE no = $1",
                       {number_of(l.no), stored(l.state), l.ticket, moment_or_null(l.ended)});
}

std::optional<Lock> find_lock(Connection& connection, LockNo no) {
    static const std::string sql = locks_where("WHERE no = $1");
    auto found = locks(connection, sql, {number_of(no)});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::vector<Lock> locks_of(Connection& connection, CustomerNo customer) {
    static const std::string sql = locks_where("WHERE customer = $1 ORDER BY no DESC");
    return locks(connection, sql, {number_of(customer)});
}

std::vector<Lock> active_locks(Connection& connection) {
    static const std::string sql = locks_where("WHERE state = 1 ORDER BY no");
    return locks(connection, sql, {});
}

std::vector<LockNo> due_locks(Connection& connection, Moment at, std::int64_t limit) {
    std::vector<LockNo> due;
    connection.query(
        "SELECT no FROM customer_lock WHERE state = 1 AND expires_at IS NOT NULL AND expires_at <= $1 "
        "ORDER BY expires_at, no LIMIT $2",
        {ms_of(at), limit}, [&due](const Row& row) { due.push_back(LockNo{row.integer(0)}); });
    return due;
}

void each_lock(Connection& connection, const std::function<void(const Lock&)>& visit) {
    static const std::string sql = locks_where("ORDER BY no");
    connection.query(sql, {}, [&visit](const Row& row) { visit(lock_at(row)); });
}

std::vector<Lock> list_locks(Connection& connection, const LockFilter& filter) {
    static const std::string sql = locks_where(
        "WHERE ($1 = 0 OR state = $1) AND ($2 = 0 OR customer = $2) AND ($3 = 0 OR no < $3) ORDER BY no DESC LIMIT $4");
    return locks(connection, sql,
                 {filter.state ? stored(*filter.state) : std::int64_t{0},
                  filter.customer ? number_of(*filter.customer) : std::int64_t{0}, filter.before, filter.limit});
}

void insert_lock_event(Connection& connection, const LockEvent& e) {
    connection.execute(
        "INSERT INTO lock_event (no, lock_no, at, to_state, actor, reason, ledger_seq) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {e.no, number_of(e.lock), ms_of(e.at), stored(e.to), string_view{e.actor}, string_view{e.reason}, e.ledger_seq});
}

std::vector<LockEvent> lock_events(Connection& connection, LockNo lock) {
    static const std::string sql = fmt::format("{}WHERE lock_no = $1 ORDER BY no", select_event);
    std::vector<LockEvent> found;
    connection.query(sql, {number_of(lock)}, [&found](const Row& row) { found.push_back(event_at(row)); });
    return found;
}

void each_lock_event(Connection& connection, const std::function<void(const LockEvent&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_event);
    connection.query(sql, {}, [&visit](const Row& row) { visit(event_at(row)); });
}

std::int64_t last_lock_event_of(Connection& connection, CustomerNo customer) {
    return connection
        .integer("SELECT max(e.no) FROM customer_lock l JOIN lock_event e ON e.lock_no = l.no WHERE l.customer = $1",
                 {number_of(customer)})
        .value_or(0);
}

void insert_lock_release(Connection& connection, const LockRelease& r) {
    connection.execute(
        "INSERT INTO lock_release (no, id, lock_no, state, checklist, evidence, seen, proposer, proposed, decider, decided, "
        "note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {r.no, Octets{r.id.view()}, number_of(r.lock), stored(r.state), string_view{r.checklist}, string_view{r.evidence},
         string_view{r.seen}, number_of(r.proposer), ms_of(r.proposed), no_or_null(r.decider), moment_or_null(r.decided),
         string_view{r.note}});
}

void update_lock_release(Connection& connection, const LockRelease& r) {
    connection.execute("UPDATE lock_release SET state = $2, decider = $3, decided = $4, note = $5 WHERE no = $1",
                       {r.no, stored(r.state), no_or_null(r.decider), moment_or_null(r.decided), string_view{r.note}});
}

std::optional<LockRelease> find_lock_release(Connection& connection, const customers::LockReleaseId& id) {
    static const std::string sql = fmt::format("{}WHERE id = $1", select_release);
    std::optional<LockRelease> found;
    connection.query(sql, {Octets{id.view()}}, [&found](const Row& row) { found = release_at(row); });
    return found;
}

std::vector<LockRelease> lock_releases(Connection& connection, LockNo lock) {
    static const std::string sql = fmt::format("{}WHERE lock_no = $1 ORDER BY no", select_release);
    std::vector<LockRelease> found;
    connection.query(sql, {number_of(lock)}, [&found](const Row& row) { found.push_back(release_at(row)); });
    return found;
}

void each_lock_release(Connection& connection, const std::function<void(const LockRelease&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_release);
    connection.query(sql, {}, [&visit](const Row& row) { visit(release_at(row)); });
}

void insert_risk_event(Connection& connection, const RiskEvent& e) {
    connection.execute("INSERT INTO risk_event (no, customer, kind, at, detail) VALUES ($1, $2, $3, $4, $5)",
                       {e.no, number_of(e.customer), stored(e.kind), ms_of(e.at), string_view{e.detail}});
}

void each_risk_event_since(Connection& connection, Moment since, const std::function<void(const RiskEvent&)>& visit) {
    connection.query("SELECT no, customer, kind, at, detail FROM risk_event WHERE at >= $1 ORDER BY no", {ms_of(since)},
                     [&visit](const Row& row) {
                         RowReader read{row};
                         const RiskEvent event{.no = read.integer(),
                                               .customer = CustomerNo{read.integer()},
                                               .kind = known(read.integer(), RiskEventKind::right_password,
                                                             "event of a customer"),
                                               .at = read.moment(),
                                               .detail = read.text()};
                         visit(event);
                     });
}

bool has_other_device(Connection& connection, CustomerNo customer, string_view device) {
    return connection
               .integer(
                   "SELECT CASE WHEN count(*) > 0 AND sum(CASE WHEN detail = $2 THEN 1 ELSE 0 END) = 0 THEN 1 ELSE 0 END "
                   "FROM risk_event WHERE customer = $1 AND kind IN (1, 2) AND detail <> ''",
                   {number_of(customer), device})
               .value_or(0) == 1;
}

std::int64_t last_risk_change(Connection& connection, CustomerNo customer) {
    return connection.integer("SELECT max(no) FROM risk_event WHERE customer = $1 AND kind = 4", {number_of(customer)})
        .value_or(0);
}

void insert_risk_decision(Connection& connection, const RiskDecision& d) {
    connection.execute(
        "INSERT INTO risk_decision (no, at, customer, operation, verdict, ruleset, rules, shadows, inputs, payment, payee, "
        "amount, currency, lock_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        {d.no, ms_of(d.at), number_of(d.customer), d.operation, d.verdict, string_view{d.ruleset}, string_view{d.rules},
         string_view{d.shadows}, string_view{d.inputs}, d.payment, d.payee, d.amount_minor, d.currency, d.lock});
}

std::vector<RiskDecision> risk_decisions_of(Connection& connection, LockNo lock) {
    static const std::string sql = fmt::format("{}WHERE d.lock_no = $1 AND d.lock_no <> 0 ORDER BY d.no", select_decision);
    std::vector<RiskDecision> found;
    connection.query(sql, {number_of(lock)}, [&found](const Row& row) { found.push_back(decision_at(row)); });
    return found;
}

void each_cleared_decision(Connection& connection, Moment since, const std::function<void(const RiskDecision&)>& visit) {
    static const std::string sql = fmt::format(
        "{}JOIN customer_lock l ON l.no = d.lock_no WHERE d.lock_no <> 0 AND l.state = 2 AND l.ended >= $1 ORDER BY d.no",
        select_decision);
    connection.query(sql, {ms_of(since)}, [&visit](const Row& row) { visit(decision_at(row)); });
}

void each_risk_decision(Connection& connection, const std::function<void(const RiskDecision&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY d.no", select_decision);
    connection.query(sql, {}, [&visit](const Row& row) { visit(decision_at(row)); });
}

}  // namespace okpay::store
