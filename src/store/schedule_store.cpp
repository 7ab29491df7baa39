// SPDX-License-Identifier: Apache-2.0
#include "store/schedule_store.hpp"

#include <fmt/format.h>

#include <limits>

#include "payments/names.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using payments::ScheduleRun;
using payments::TransferSchedule;

constexpr std::string_view select_schedule =
    "SELECT no, id, once_key, body, payer, payee, amount, currency, memo, first_on, every, times, zone, state, reason, "
    "behind, tries, next_at, created, updated FROM transfer_schedule ";
constexpr std::string_view select_run =
    "SELECT no, schedule, number, attempt, outcome, payment, mail, at FROM schedule_run ";

TransferSchedule schedule_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto unreadable = [no] {
        return StorageFailure{StorageFault::corrupt, fmt::format("schedule {} cannot be read", no)};
    };
    const auto id = read.id<ScheduleId>();
    const Hash256 key = read.hash();
    const std::int64_t body = read.integer();
    const auto payer = CustomerNo{read.integer()};
    const auto payee = CustomerNo{read.integer()};
    const std::int64_t minor = read.integer();
    const auto currency = money::currency_of_number(read.integer());
    if (!currency) throw unreadable();
    const auto amount = money::Money::of_minor(minor, *currency);
    std::string memo = read.text();
    const auto first_on = payments::day_of_text(read.text());
    const auto every = payments::every_of_number(read.integer());
    const std::int64_t times = read.integer();
    std::string zone = read.text();
    const auto state = payments::schedule_state_of_number(read.integer());
    const auto reason = payments::refusal_of_number(read.integer());
    if (!amount || !first_on || !every || !state || !reason) throw unreadable();
    return TransferSchedule{.no = no,
                            .id = id,
                            .key = key,
                            .body_fingerprint = body,
                            .payer = payer,
                            .payee = payee,
                            .amount = *amount,
                            .memo = std::move(memo),
                            .first_on = *first_on,
                            .every = *every,
                            .times = times,
                            .zone = std::move(zone),
                            .state = *state,
                            .reason = *reason,
                            .behind = read.integer(),
                            .tries = read.integer(),
                            .next_at = read.maybe_moment(),
                            .created = read.moment(),
                            .updated = read.moment()};
}

ScheduleRun run_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const std::int64_t schedule = read.integer();
    const std::int64_t number = read.integer();
    const std::int64_t attempt = read.integer();
    const auto outcome = payments::run_outcome_of_number(read.integer());
    if (!outcome) throw StorageFailure{StorageFault::corrupt, fmt::format("schedule run {} cannot be read", no)};
    return ScheduleRun{.no = no,
                       .schedule = schedule,
                       .number = number,
                       .attempt = attempt,
                       .outcome = *outcome,
                       .payment = read.integer(),
                       .mail = read.integer(),
                       .at = read.moment()};
}

std::vector<TransferSchedule> schedules(Connection& connection, const std::string& sql,
                                        std::initializer_list<Value> parameters) {
    std::vector<TransferSchedule> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(schedule_at(row)); });
    return found;
}

std::optional<TransferSchedule> one(Connection& connection, std::string_view where, Value parameter) {
    auto found = schedules(connection, fmt::format("{}{}", select_schedule, where), {parameter});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

}  // namespace

void insert_schedule(Connection& connection, const TransferSchedule& schedule) {
    const std::string first_on = payments::text_of(schedule.first_on);
    connection.execute(
        "INSERT INTO transfer_schedule (no, id, once_key, body, payer, payee, amount, currency, memo, first_on, every, "
        "times, "
        "zone, state, reason, behind, tries, next_at, created, updated) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        {schedule.no,
         Octets{schedule.id.view()},
         Octets{view_of(schedule.key)},
         schedule.body_fingerprint,
         number_of(schedule.payer),
         number_of(schedule.payee),
         schedule.amount.minor(),
         stored(schedule.amount.currency()),
         std::string_view{schedule.memo},
         std::string_view{first_on},
         stored(schedule.every),
         schedule.times,
         std::string_view{schedule.zone},
         stored(schedule.state),
         stored(schedule.reason),
         schedule.behind,
         schedule.tries,
         moment_or_null(schedule.next_at),
         ms_of(schedule.created),
         ms_of(schedule.updated)});
}

void update_schedule(Connection& connection, const TransferSchedule& schedule) {
    connection.execute(
        "UPDATE transfer_schedule SET state = $2, reason = $3, behind = $4, tries = $5, next_at = $6, updated = $7 "
        "WHERE no = $1",
        {schedule.no, stored(schedule.state), stored(schedule.reason), schedule.behind, schedule.tries,
         moment_or_null(schedule.next_at), ms_of(schedule.updated)});
}

std::optional<TransferSchedule> find_schedule(Connection& connection, std::int64_t no) {
    return one(connection, "WHERE no = $1", no);
}

std::optional<TransferSchedule> find_schedule(Connection& connection, const ScheduleId& id) {
    return one(connection, "WHERE id = $1", Octets{id.view()});
}

std::optional<TransferSchedule> find_schedule_by_key(Connection& connection, const Hash256& key) {
    return one(connection, "WHERE once_key = $1", Octets{view_of(key)});
}

std::vector<TransferSchedule> due_schedules(Connection& connection, Moment at, std::int64_t limit) {
    static const std::string sql =
        fmt::format("{}WHERE state = 1 AND next_at <= $1 ORDER BY next_at, no LIMIT $2", select_schedule);
    return schedules(connection, sql, {ms_of(at), limit});
}

std::vector<TransferSchedule> schedules_of(Connection& connection, CustomerNo payer, std::int64_t before,
                                           std::int64_t limit) {
    static const std::string sql = fmt::format("{}WHERE payer = $1 AND no < $2 ORDER BY no DESC LIMIT $3", select_schedule);
    return schedules(connection, sql,
                     {number_of(payer), before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit});
}

std::int64_t count_active_schedules(Connection& connection, CustomerNo payer) {
    return connection.integer("SELECT count(*) FROM transfer_schedule WHERE payer = $1 AND state = 1", {number_of(payer)})
        .value_or(0);
}

void each_schedule(Connection& connection, const std::function<void(const TransferSchedule&)>& visit) {
    connection.query(fmt::format("{}ORDER BY no", select_schedule), {},
                     [&visit](const Row& row) { visit(schedule_at(row)); });
}

void insert_schedule_run(Connection& connection, const ScheduleRun& run) {
    connection.execute(
        "INSERT INTO schedule_run (no, schedule, number, attempt, outcome, payment, mail, at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {run.no, run.schedule, run.number, run.attempt, stored(run.outcome), run.payment, run.mail, ms_of(run.at)});
}

std::optional<ScheduleRun> last_schedule_run(Connection& connection, std::int64_t schedule) {
    std::optional<ScheduleRun> found;
    connection.query(fmt::format("{}WHERE schedule = $1 ORDER BY number DESC, attempt DESC LIMIT 1", select_run), {schedule},
                     [&found](const Row& row) { found = run_at(row); });
    return found;
}

void each_schedule_run(Connection& connection, const std::function<void(const ScheduleRun&)>& visit) {
    connection.query(fmt::format("{}ORDER BY schedule, number, attempt", select_run), {},
                     [&visit](const Row& row) { visit(run_at(row)); });
}

}  // namespace okpay::store
