// SPDX-License-Identifier: Apache-2.0
// Rows of what outside rails were asked to do: one a top-up or withdrawal (payments/rail_call.hpp).
#pragma once

#include "payments/rail_call.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_rail_call(Connection& connection, const payments::RailCall& call);
// All but what never changes: payment, customer, merchant, direction, amount, instrument, created.
void update_rail_call(Connection& connection, const payments::RailCall& call);
std::optional<payments::RailCall> find_rail_call(Connection& connection, std::int64_t payment);
// Live calls whose next moment has come; the longest due first.
std::vector<payments::RailCall> due_rail_calls(Connection& connection, Moment at, std::int64_t limit);
std::vector<payments::RailCall> live_rail_calls(Connection& connection);
std::vector<payments::RailCall> live_rail_calls_of(Connection& connection, customers::CustomerNo customer);
std::vector<payments::RailCall> live_rail_calls_of(Connection& connection, customers::MerchantNo merchant);
// Whether a withdrawal of this customer to this account, as people see it, was carried out before.
bool was_paid_out_to(Connection& connection, customers::CustomerNo customer, std::string_view instrument);
void each_rail_call(Connection& connection, const std::function<void(const payments::RailCall&)>& visit);

}  // namespace okpay::store
