// SPDX-License-Identifier: Apache-2.0
#include "service/usage_index.hpp"

#include <fmt/format.h>

#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using std::chrono::days;

// The first moment of the window.
Moment start_of(Moment now, std::int64_t day_count) { return Moment{std::chrono::floor<days>(now)} - days{day_count - 1}; }

}  // namespace

bool UsageIndex::knows(money::AccountNo account, Moment now, std::int64_t day_count) const {
    const auto found = known_.find(number_of(account));
    return found != known_.end() && found->second.since <= start_of(now, day_count);
}

const payments::Usage& UsageIndex::of(store::Connection& connection, const money::Account& account, Moment now,
                                      std::int64_t day_count) {
    if (knows(account.no, now, day_count)) return known_.at(number_of(account.no)).usage;
    Known read{.usage = {}, .since = start_of(now, day_count)};
    for (std::int64_t seq = account.last_transfer; seq != 0;) {
        const auto transfer = store::find_transfer(connection, seq);
        if (!transfer) {
            throw store::StorageFailure{store::StorageFault::corrupt, fmt::format("transfer {} is missing", seq)};
        }
        if (transfer->at < read.since) break;
        read.usage.note(*transfer, account.no);
        seq = transfer->debit == account.no ? transfer->debit_prev : transfer->credit_prev;
    }
    return known_.insert_or_assign(number_of(account.no), std::move(read)).first->second.usage;
}

void UsageIndex::note(const money::Transfer& transfer) {
    if (known_.empty()) return;
    for (const money::AccountNo account : {transfer.debit, transfer.credit}) {
        const auto found = known_.find(number_of(account));
        if (found != known_.end()) found->second.usage.note(transfer, account);
    }
}

}  // namespace okpay::service
