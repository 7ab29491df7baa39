// SPDX-License-Identifier: Apache-2.0
// An account statement with the names that belong to it: payments/statement.hpp says what holds of it.
//
//   Reading   along the account's own chain, in pieces, each a read of its own: no snapshot lasts, however long the whole
//             takes. Names, memos and references are as of now.
//   Limits    of the period and of what was moved since; beyond either the statement is refused, never cut.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "payments/statement.hpp"

namespace okpay::service {

struct StatementLimits {
    std::size_t transfers_max = 20'000;  // of the account, in the period
    std::size_t later_max = 200'000;     // of the account, after the period: they are walked past
};

struct StatementRequest {
    money::AccountNo account;
    Moment from, until;  // [from, until)
    StatementLimits limits = {};
};

enum class StatementRefusal : std::uint8_t { too_long, too_far };

struct StatementEntry {
    payments::StatementLine line;
    PaymentId payment;
    std::string counterparty;  // a merchant, or the other person; empty where there is none
    std::string memo;
    std::string instrument;  // masked: of a top-up, where it came from; of a withdrawal, where it went
};

struct Statement {
    money::AccountNo account;
    money::Currency currency;
    Moment from, until;
    std::vector<StatementEntry> entries;  // oldest first
    payments::StatementSums sums;
    std::int64_t ledger_seq = 0;  // 0: the ledger is empty
    Hash256 ledger_hash{};
};

using StatementFound = Result<Statement, StatementRefusal>;

}  // namespace okpay::service
