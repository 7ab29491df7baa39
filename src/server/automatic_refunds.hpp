// SPDX-License-Identifier: Apache-2.0
// The caps under which a proven double charge goes back without a person, as an operator writes them: a currency and three
// amounts in it, "CNY 200.00 500.00 5000.00": per refund, per customer and 30 days, per day over all customers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "desk/incident_refunds.hpp"
#include "payments/automatic_refund.hpp"

namespace okpay::server {

// Throws UsageError for what is no such line, and for a currency that stands twice.
std::vector<payments::AutomaticRefundCaps> automatic_refunds_of(std::span<const std::string> lines);

// Who is told of refunds that one person approves alone; empty: two persons always. UsageError for what is no address.
std::string alone_owner_of(const std::string& address);

// The same of refunds of one incident that one code approves together: "CNY 200.00 5000.00": per refund, in one approval.
std::vector<desk::TogetherCaps> incident_refunds_of(std::span<const std::string> lines);

}  // namespace okpay::server
