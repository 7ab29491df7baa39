// SPDX-License-Identifier: Apache-2.0
// Rows of corrections (payments/correction.hpp).
#pragma once

#include "payments/correction.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_correction(Connection& connection, const payments::Correction& correction);
// State, decider, moment, note and payment: the rest never changes.
void update_correction_decision(Connection& connection, const payments::Correction& correction);
std::optional<payments::Correction> find_correction(Connection& connection, const CorrectionId& id);
std::optional<payments::Correction> find_correction(Connection& connection, std::int64_t no);
// Of a transfer: proposed or executed, so that it is reversed once.
bool is_reversed(Connection& connection, std::int64_t transfer);
// Newest first, those numbered below `before`; `waiting`: only those that nobody decided.
std::vector<payments::Correction> newest_corrections(Connection& connection, bool waiting, std::int64_t before,
                                                     std::int64_t limit);
void each_correction(Connection& connection, const std::function<void(const payments::Correction&)>& visit);

}  // namespace okpay::store
