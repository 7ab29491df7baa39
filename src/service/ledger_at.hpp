// SPDX-License-Identifier: Apache-2.0
// Inside service/queries*: accounts as they stood after one transfer (ledger_views.hpp says how and at what cost).
#pragma once

#include "service/queries.hpp"

namespace okpay::service::parts {

// Accounts numbered above `after`, at most `limit`, that the filter takes; in order of number.
struct AccountSelection {
    LedgerAccountFilter filter;
    std::int64_t after = 0;
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

struct ReadingLimits {
    std::int64_t piece_rows = 20'000;       // rows or transfers of one read; a second's work at the very most
    std::int64_t walked_back_max = 20'000;  // steps along chains, over all accounts of one call
};

Read<std::vector<money::Account>> accounts_at(ReaderPool& pool, std::int64_t seq, const AccountSelection& selection,
                                              const ReadingLimits& limits = {});

}  // namespace okpay::service::parts
