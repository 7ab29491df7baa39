// SPDX-License-Identifier: Apache-2.0
#include "store/rail_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using payments::RailCall;

// The same words as the partial indexes, or no engine uses them.
constexpr std::string_view live = "state IN (1, 2, 3)";
constexpr std::string_view select_call =
    "SELECT payment, customer, merchant, direction, state, amount, currency, instrument, sealed_instrument, rail_reference, "
    "detail, "
    "inquiries, inquiring, next_at, sent_at, ticket, created, updated FROM rail_call ";

money::Money amount_of(std::int64_t minor, std::int64_t currency_number, std::int64_t payment) {
    const auto currency = money::currency_of_number(currency_number);
    const auto amount = currency ? money::Money::of_minor(minor, *currency) : fail(money::MoneyError::out_of_range);
    if (!amount) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("the rail call of payment {} cannot be read", payment)};
    }
    return *amount;
}

RailCall call_at(const Row& row) {
    RowReader read{row};
    const std::int64_t payment = read.integer();
    const auto customer = read.maybe_no<customers::CustomerNo>();
    const auto merchant = read.maybe_no<customers::MerchantNo>();
    const auto direction = payments::rail_direction_of_number(read.integer());
    const auto state = payments::rail_call_state_of_number(read.integer());
    if (!direction || !state) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("the rail call of payment {} cannot be read", payment)};
    }
    const std::int64_t minor = read.integer();
    return RailCall{.payment = payment,
                    .customer = customer,
                    .merchant = merchant,
                    .direction = *direction,
                    .state = *state,
                    .amount = amount_of(minor, read.integer(), payment),
                    .instrument = read.text(),
                    .sealed_instrument = read.text(),
                    .rail_reference = read.text(),
                    .detail = read.text(),
                    .inquiries = read.integer(),
                    .inquiring = read.flag(),
                    .next_at = read.maybe_moment(),
                    .sent_at = read.maybe_moment(),
                    .ticket = read.integer(),
                    .created = read.moment(),
                    .updated = read.moment()};
}

std::vector<RailCall> calls(Connection& connection, const std::string& sql, std::initializer_list<Value> parameters) {
    std::vector<RailCall> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(call_at(row)); });
    return found;
}

}  // namespace

void insert_rail_call(Connection& connection, const RailCall& call) {
    connection.execute(
        "INSERT INTO rail_call (payment, customer, merchant, direction, state, amount, currency, instrument, "
        "sealed_instrument, "
        "rail_reference, detail, inquiries, inquiring, next_at, sent_at, ticket, created, updated) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        {call.payment, no_or_null(call.customer), no_or_null(call.merchant),
         std::int64_t{static_cast<std::uint8_t>(call.direction)}, std::int64_t{static_cast<std::uint8_t>(call.state)},
         call.amount.minor(), static_cast<std::int64_t>(call.amount.currency()), std::string_view{call.instrument},
         Octets{call.sealed_instrument}, std::string_view{call.rail_reference}, std::string_view{call.detail},
         call.inquiries, std::int64_t{call.inquiring ? 1 : 0}, moment_or_null(call.next_at), moment_or_null(call.sent_at),
         call.ticket, ms_of(call.created), ms_of(call.updated)});
}

void update_rail_call(Connection& connection, const RailCall& call) {
    connection.execute(
        "UPDATE rail_call SET state = $2, rail_reference = $3, detail = $4, inquiries = $5, inquiring = $6, next_at = $7, "
        "sent_at = $8, ticket = $9, updated = $10 WHERE payment = $1",
        {call.payment, std::int64_t{static_cast<std::uint8_t>(call.state)}, std::string_view{call.rail_reference},
         std::string_view{call.detail}, call.inquiries, std::int64_t{call.inquiring ? 1 : 0}, moment_or_null(call.next_at),
         moment_or_null(call.sent_at), call.ticket, ms_of(call.updated)});
}

std::optional<RailCall> find_rail_call(Connection& connection, std::int64_t payment) {
    auto found = calls(connection, fmt::format("{}WHERE payment = $1", select_call), {payment});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::vector<RailCall> due_rail_calls(Connection& connection, Moment at, std::int64_t limit) {
    static const std::string sql =
        fmt::format("{}WHERE {} AND next_at <= $1 ORDER BY next_at, payment LIMIT $2", select_call, live);
    return calls(connection, sql, {ms_of(at), limit});
}

std::vector<RailCall> live_rail_calls(Connection& connection) {
    static const std::string sql = fmt::format("{}WHERE {} ORDER BY payment", select_call, live);
    return calls(connection, sql, {});
}

std::vector<RailCall> live_rail_calls_of(Connection& connection, customers::CustomerNo customer) {
    static const std::string sql = fmt::format("{}WHERE customer = $1 AND {} ORDER BY payment", select_call, live);
    return calls(connection, sql, {number_of(customer)});
}

std::vector<RailCall> live_rail_calls_of(Connection& connection, customers::MerchantNo merchant) {
    static const std::string sql = fmt::format("{}WHERE merchant = $1 AND {} ORDER BY payment", select_call, live);
    return calls(connection, sql, {number_of(merchant)});
}

bool was_paid_out_to(Connection& connection, customers::CustomerNo customer, std::string_view instrument) {
    return connection
        .integer(
            "SELECT payment FROM rail_call WHERE customer = $1 AND direction = $2 AND state = $3 AND instrument = $4 "
            "LIMIT 1",
            {number_of(customer), stored(payments::RailDirection::pay_out), stored(payments::RailCallState::succeeded),
             instrument})
        .has_value();
}

void each_rail_call(Connection& connection, const std::function<void(const RailCall&)>& visit) {
    connection.query(fmt::format("{}ORDER BY payment", select_call), {}, [&visit](const Row& row) { visit(call_at(row)); });
}

}  // namespace okpay::store
