// SPDX-License-Identifier: Apache-2.0
#include "store/money_request_store.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using payments::MoneyRequest;

constexpr std::string_view select_request =
    "SELECT no, id, once_key, body, payee, payer, payer_said, amount, currency, memo, state, payment, asked_mail, "
    "outcome_mail, expires, created, ended FROM money_request ";

MoneyRequest request_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto unreadable = [no] {
        return StorageFailure{StorageFault::corrupt, fmt::format("request for money {} cannot be read", no)};
    };
    const auto id = read.id<MoneyRequestId>();
    const Hash256 key = read.hash();
    const std::int64_t body = read.integer();
    const auto payee = CustomerNo{read.integer()};
    const auto payer = read.maybe_no<CustomerNo>();
    std::string said = read.text();
    const std::int64_t minor = read.integer();
    const auto currency = money::currency_of_number(read.integer());
    if (!currency) throw unreadable();
    const auto amount = money::Money::of_minor(minor, *currency);
    std::string memo = read.text();
    const auto state = payments::money_request_state_of_number(read.integer());
    if (!amount || !state) throw unreadable();
    return MoneyRequest{.no = no,
                        .id = id,
                        .key = key,
                        .body_fingerprint = body,
                        .payee = payee,
                        .payer = payer,
                        .payer_said = std::move(said),
                        .amount = *amount,
                        .memo = std::move(memo),
                        .state = *state,
                        .payment = read.integer(),
                        .asked_mail = read.integer(),
                        .outcome_mail = read.integer(),
                        .expires = read.moment(),
                        .created = read.moment(),
                        .ended = read.maybe_moment()};
}

std::vector<MoneyRequest> requests(Connection& connection, const std::string& sql, std::initializer_list<Value> parameters) {
    std::vector<MoneyRequest> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(request_at(row)); });
    return found;
}

std::optional<MoneyRequest> one(Connection& connection, std::string_view where, Value parameter) {
    auto found = requests(connection, fmt::format("{}{}", select_request, where), {parameter});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

}  // namespace

void insert_money_request(Connection& connection, const MoneyRequest& request) {
    connection.execute(
        "INSERT INTO money_request (no, id, once_key, body, payee, payer, payer_said, amount, currency, memo, state, "
        "payment, "
        "asked_mail, outcome_mail, expires, created, ended) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        {request.no, Octets{request.id.view()}, Octets{view_of(request.key)}, request.body_fingerprint,
         number_of(request.payee), no_or_null(request.payer), std::string_view{request.payer_said}, request.amount.minor(),
         stored(request.amount.currency()), std::string_view{request.memo}, stored(request.state), request.payment,
         request.asked_mail, request.outcome_mail, ms_of(request.expires), ms_of(request.created),
         moment_or_null(request.ended)});
}

void update_money_request(Connection& connection, const MoneyRequest& request) {
    connection.execute("UPDATE money_request SET state = $2, payment = $3, outcome_mail = $4, ended = $5 WHERE no = $1",
                       {request.no, stored(request.state), request.payment, request.outcome_mail,
                        moment_or_null(request.ended)});
}

std::optional<MoneyRequest> find_money_request(Connection& connection, std::int64_t no) {
    return one(connection, "WHERE no = $1", no);
}

std::optional<MoneyRequest> find_money_request(Connection& connection, const MoneyRequestId& id) {
    return one(connection, "WHERE id = $1", Octets{id.view()});
}

std::optional<MoneyRequest> find_money_request_by_key(Connection& connection, const Hash256& key) {
    return one(connection, "WHERE once_key = $1", Octets{view_of(key)});
}

std::vector<MoneyRequest> due_money_requests(Connection& connection, Moment at, std::int64_t limit) {
    static const std::string sql =
        fmt::format("{}WHERE state = 1 AND expires <= $1 ORDER BY expires, no LIMIT $2", select_request);
    return requests(connection, sql, {ms_of(at), limit});
}

std::vector<MoneyRequest> money_requests_of(Connection& connection, CustomerNo customer, RequestSide side,
                                            std::int64_t before, std::int64_t limit) {
    const std::string sql = fmt::format("{}WHERE {} = $1 AND no < $2 ORDER BY no DESC LIMIT $3", select_request,
                                        side == RequestSide::mine ? "payee" : "payer");
    return requests(connection, sql,
                    {number_of(customer), before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit});
}

std::int64_t count_open_money_requests(Connection& connection, CustomerNo payee) {
    return connection.integer("SELECT count(*) FROM money_request WHERE payee = $1 AND state = 1", {number_of(payee)})
        .value_or(0);
}

std::int64_t count_money_requests_since(Connection& connection, CustomerNo payee, Moment since) {
    return connection
        .integer("SELECT count(*) FROM money_request WHERE payee = $1 AND created > $2", {number_of(payee), ms_of(since)})
        .value_or(0);
}

std::int64_t count_money_requests_to_since(Connection& connection, CustomerNo payee, std::string_view payer_said,
                                           Moment since) {
    return connection
        .integer("SELECT count(*) FROM money_request WHERE payee = $1 AND created > $2 AND payer_said = $3",
                 {number_of(payee), ms_of(since), payer_said})
        .value_or(0);
}

std::int64_t count_money_request_letters_since(Connection& connection, CustomerNo payer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM money_request WHERE payer = $1 AND created > $2 AND asked_mail <> 0",
                 {number_of(payer), ms_of(since)})
        .value_or(0);
}

void each_money_request(Connection& connection, const std::function<void(const MoneyRequest&)>& visit) {
    connection.query(fmt::format("{}ORDER BY no", select_request), {}, [&visit](const Row& row) { visit(request_at(row)); });
}

}  // namespace okpay::store
