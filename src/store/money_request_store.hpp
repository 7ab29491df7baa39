// SPDX-License-Identifier: Apache-2.0
// Rows of requests for money (payments/money_request.hpp).
#pragma once

#include "payments/money_request.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_money_request(Connection& connection, const payments::MoneyRequest& request);
// What may change: state, payment, the outcome's letter, its end.
void update_money_request(Connection& connection, const payments::MoneyRequest& request);
std::optional<payments::MoneyRequest> find_money_request(Connection& connection, std::int64_t no);
std::optional<payments::MoneyRequest> find_money_request(Connection& connection, const MoneyRequestId& id);
std::optional<payments::MoneyRequest> find_money_request_by_key(Connection& connection, const Hash256& key);
std::vector<payments::MoneyRequest> due_money_requests(Connection& connection, Moment at, std::int64_t limit);

enum class RequestSide : std::uint8_t { mine, asked_of_me };
// Newest first, from below `before`; 0 for the newest.
std::vector<payments::MoneyRequest> money_requests_of(Connection& connection, customers::CustomerNo customer,
                                                      RequestSide side, std::int64_t before, std::int64_t limit);
std::int64_t count_open_money_requests(Connection& connection, customers::CustomerNo payee);
std::int64_t count_money_requests_since(Connection& connection, customers::CustomerNo payee, Moment since);
std::int64_t count_money_requests_to_since(Connection& connection, customers::CustomerNo payee, std::string_view payer_said,
                                           Moment since);
std::int64_t count_money_request_letters_since(Connection& connection, customers::CustomerNo payer, Moment since);
void each_money_request(Connection& connection, const std::function<void(const payments::MoneyRequest&)>& visit);

}  // namespace okpay::store
