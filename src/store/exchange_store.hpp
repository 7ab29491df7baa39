// SPDX-License-Identifier: Apache-2.0
// Rates that were set, each for ever, and what came out of exchanges by them.
#pragma once

#include "customers/customer.hpp"
#include "money/rate.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct RateRow {
    std::int64_t no;
    money::Rate rate;
    std::string decimal;  // as it was said
    Moment set_at;
    customers::StaffNo staff;
};
void insert_rate(Connection& connection, const RateRow& row);
std::vector<RateRow> current_rates(Connection& connection);  // the newest of each pair
std::optional<RateRow> find_rate(Connection& connection, std::int64_t no);

struct ExchangeRow {
    std::int64_t payment;
    money::Money received;
    std::int64_t rate;  // its number
};
void insert_exchange(Connection& connection, const ExchangeRow& row);
std::optional<ExchangeRow> find_exchange(Connection& connection, std::int64_t payment);
void each_exchange(Connection& connection, const std::function<void(const ExchangeRow&)>& visit);

}  // namespace okpay::store
