// SPDX-License-Identifier: Apache-2.0
// What customers reported as charged twice, and what came of each report. Rows are never changed.
#pragma once

#include "base/hash.hpp"
#include "payments/duplicates.hpp"
#include "store/connection.hpp"

namespace okpay::store {

enum class ReportOutcome : std::uint8_t {  // stored, append only
    refunded = 1,        // at once, or on its way to a card
    explained = 2,       // what the two are was told; a person looks if the customer wants one
    request_opened = 3,  // a person looks
};
std::string_view name_of(ReportOutcome outcome);

struct DuplicateReport {
    std::int64_t no;
    Hash256 key;           // SHA-256 of principal and idempotency key: for ever unique
    std::int64_t body;     // fingerprint of the request
    customers::CustomerNo customer;
    std::int64_t payment;  // the one that was reported
    std::int64_t other;    // its twin, 0 for none
    payments::PairClass pair_class;
    ReportOutcome outcome;
    std::string verdict;   // why it was or was not refunded at once
    std::int64_t ticket = 0;
    std::int64_t refund = 0;  // sequence of the refund that was made without a person
    money::Money amount;      // of the refund, else of the payment
    Moment at;
};
void insert_duplicate_report(Connection& connection, const DuplicateReport& report);
std::optional<DuplicateReport> find_duplicate_report(Connection& connection, const Hash256& key);
// Those that reported either payment of a pair; newest first.
std::vector<DuplicateReport> duplicate_reports_of(Connection& connection, std::int64_t payment, std::int64_t other);

// What was given back without a person since, minor units; what a bank did not carry out does not count.
std::int64_t automatically_refunded(Connection& connection, money::Currency currency, Moment since,
                                    std::optional<customers::CustomerNo> customer = std::nullopt);

}  // namespace okpay::store
