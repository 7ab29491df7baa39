// SPDX-License-Identifier: Apache-2.0
#include "store/dispute_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using payments::Dispute;
using payments::DisputeMove;
using payments::DisputeReason;
using payments::DisputeStage;
using payments::DisputeStatus;

constexpr std::string_view select_dispute =
    "SELECT no, id, payment, merchant, reference, stage, status, reason, amount, currency, house_pays, answer, opened, "
    "updated, due FROM dispute ";
constexpr std::string_view select_event = "SELECT no, dispute, at, stage, status, move, transfer, staff FROM dispute_event ";

template <class Enum>
Enum within(std::int64_t number, Enum first, Enum last, std::string_view table, std::int64_t no) {
    if (number < stored(first) || number > stored(last)) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("{} {} cannot be read", table, no)};
    }
    return static_cast<Enum>(number);
}

Dispute dispute_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto id = read.id<DisputeId>();
    const std::int64_t payment = read.integer();
    const auto merchant = customers::MerchantNo{read.integer()};
    std::string reference = read.text();
    const auto stage = within(read.integer(), DisputeStage::inquiry, DisputeStage::arbitration, "dispute", no);
    const auto status = within(read.integer(), DisputeStatus::needs_response, DisputeStatus::withdrawn, "dispute", no);
    const auto reason = within(read.integer(), DisputeReason::duplicate, DisputeReason::other, "dispute", no);
    const std::int64_t minor = read.integer();
    const auto currency = money::currency_of_number(read.integer());
    const auto amount = currency ? money::Money::of_minor(minor, *currency) : fail(money::MoneyError::out_of_range);
    if (!amount) throw StorageFailure{StorageFault::corrupt, fmt::format("dispute {} cannot be read", no)};
    return {.no = no,
            .id = id,
            .payment = payment,
            .merchant = merchant,
            .reference = std::move(reference),
            .stage = stage,
            .status = status,
            .reason = reason,
            .amount = *amount,
            .house_pays = read.flag(),
            .answer = read.text(),
            .opened = read.moment(),
            .updated = read.moment(),
            .due = read.moment()};
}

DisputeEvent event_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    return {.no = no,
            .dispute = read.integer(),
            .at = read.moment(),
            .stage = within(read.integer(), DisputeStage::inquiry, DisputeStage::arbitration, "dispute_event", no),
            .status = within(read.integer(), DisputeStatus::needs_response, DisputeStatus::withdrawn, "dispute_event", no),
            .move = within(read.integer(), DisputeMove::none, DisputeMove::lose, "dispute_event", no),
            .transfer = read.integer(),
            .staff = read.maybe_no<customers::StaffNo>()};
}

std::vector<Dispute> disputes(Connection& connection, const std::string& sql, std::initializer_list<Value> parameters) {
    std::vector<Dispute> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(dispute_at(row)); });
    return found;
}

std::optional<Dispute> the_one(std::vector<Dispute> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

}  // namespace

void insert_dispute(Connection& connection, const Dispute& d) {
    connection.execute(
        "INSERT INTO dispute (no, id, payment, merchant, reference, stage, status, reason, amount, currency, house_pays, "
        "answer, opened, updated, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        {d.no, Octets{d.id.view()}, d.payment, number_of(d.merchant), std::string_view{d.reference}, stored(d.stage),
         stored(d.status), stored(d.reason), d.amount.minor(), stored(d.amount.currency()),
         static_cast<std::int64_t>(d.house_pays), std::string_view{d.answer}, ms_of(d.opened), ms_of(d.updated),
         ms_of(d.due)});
}

void update_dispute(Connection& connection, const Dispute& d) {
    connection.execute(
        "UPDATE dispute SET stage = $2, status = $3, house_pays = $4, answer = $5, updated = $6, due = $7 WHERE no = $1",
        {d.no, stored(d.stage), stored(d.status), static_cast<std::int64_t>(d.house_pays), std::string_view{d.answer},
         ms_of(d.updated), ms_of(d.due)});
}

void insert_dispute_event(Connection& connection, const DisputeEvent& e) {
    connection.execute(
        "INSERT INTO dispute_event (no, dispute, at, stage, status, move, transfer, staff) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {e.no, e.dispute, ms_of(e.at), stored(e.stage), stored(e.status), stored(e.move), e.transfer, no_or_null(e.staff)});
}

std::optional<Dispute> find_dispute(Connection& connection, const DisputeId& id) {
    static const std::string sql = fmt::format("{}WHERE id = $1", select_dispute);
    return the_one(disputes(connection, sql, {Octets{id.view()}}));
}

std::optional<Dispute> find_dispute_by_reference(Connection& connection, std::string_view reference) {
    static const std::string sql = fmt::format("{}WHERE reference = $1", select_dispute);
    return the_one(disputes(connection, sql, {reference}));
}

std::vector<Dispute> disputes_of(Connection& connection, std::int64_t payment) {
    static const std::string sql = fmt::format("{}WHERE payment = $1 ORDER BY no", select_dispute);
    return disputes(connection, sql, {payment});
}

payments::DisputesStanding disputes_standing(Connection& connection, const payments::Payment& payment) {
    if (payment.rail != payments::Rail::outside) return {};
    return payments::standing_of(disputes_of(connection, payment.seq));
}

std::vector<Dispute> overdue_disputes(Connection& connection, Moment at, std::int64_t limit) {
    static const std::string sql = fmt::format("{}WHERE status = 1 AND due <= $1 ORDER BY due, no LIMIT $2", select_dispute);
    return disputes(connection, sql, {ms_of(at), limit});
}

std::vector<Dispute> open_disputes(Connection& connection, std::int64_t limit) {
    static const std::string sql = fmt::format("{}WHERE status IN (1, 2) ORDER BY due, no LIMIT $1", select_dispute);
    return disputes(connection, sql, {limit});
}

std::vector<Dispute> newest_disputes(Connection& connection, std::int64_t before, std::int64_t limit) {
    static const std::string sql = fmt::format("{}WHERE no < $1 ORDER BY no DESC LIMIT $2", select_dispute);
    return disputes(connection, sql, {before, limit});
}

void each_dispute(Connection& connection, const std::function<void(const Dispute&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_dispute);
    connection.query(sql, {}, [&visit](const Row& row) { visit(dispute_at(row)); });
}

void each_dispute_event(Connection& connection, const std::function<void(const DisputeEvent&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_event);
    connection.query(sql, {}, [&visit](const Row& row) { visit(event_at(row)); });
}

std::vector<DisputeEvent> dispute_events_of(Connection& connection, std::int64_t dispute) {
    static const std::string sql = fmt::format("{}WHERE dispute = $1 ORDER BY no", select_event);
    std::vector<DisputeEvent> found;
    connection.query(sql, {dispute}, [&found](const Row& row) { found.push_back(event_at(row)); });
    return found;
}

}  // namespace okpay::store
