// SPDX-License-Identifier: Apache-2.0
// An account statement: what one wallet had, what came and went, and what it has. Worked out of the wallet's own transfers
// alone, and refused where they do not add up.
//
//   Booked    what moved money. A hold moves none: it stands here once it is captured, with what was taken.
//   Lines     one for each movement. The fee that was charged with it, or given back with it, stands on its line.
//   Sums      opening + every amount + every fee = closing, and each line's balance is the one that the ledger wrote into
//             its row; a wallet's turnover never passes Money::limit_minor (money/ledger.hpp), so no sum here wraps.
//   As of     the ledger's newest transfer when it was made: `okpay verify --head SEQ:HASH` proves that nothing of it was
//             changed since. Transfers never change, so a period that is over reads the same for ever.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

enum class Movement : std::uint8_t {
    top_up,
    purchase,
    refund,
    sent,
    received,
    withdrawal,
    withdrawal_returned,
    exchange_given,
    exchange_received,
    fee,           // that stands alone
    fee_returned,  // likewise
    correction,
};

struct StatementLine {
    Moment at;
    Movement movement;
    std::int64_t payment;  // sequence
    std::int64_t amount_minor, fee_minor;  // signed: below zero leaves the wallet
    std::int64_t balance_minor;            // after both
    friend bool operator==(const StatementLine&, const StatementLine&) = default;
};

struct StatementSums {
    std::int64_t opening_minor = 0, closing_minor = 0;
    std::int64_t in_minor = 0, out_minor = 0, fees_minor = 0;  // of amounts, amounts and fees; signed
    friend bool operator==(const StatementSums&, const StatementSums&) = default;
};

struct StatementBody {
    std::vector<StatementLine> lines;  // oldest first
    StatementSums sums;
};

enum class StatementFault : std::uint8_t {
    not_of_account,  // a transfer touches another account
    does_not_add_up,
};

// `transfers` are all of the account in the period, oldest first; `opening_minor` is its posted balance before them.
Result<StatementBody, StatementFault> statement_body(money::AccountNo account, std::int64_t opening_minor,
                                                     std::span<const money::Transfer> transfers);

}  // namespace okpay::payments
