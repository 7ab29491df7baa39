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
    // What was read before anything of a rehearsal was posted is true, and stays.
    if (rehearsal_ && rehearsal_->noted) remember(number_of(account.no));
    return known_.insert_or_assign(number_of(account.no), std::move(read)).first->second.usage;
}

void UsageIndex::note(const money::Transfer& transfer) {
    if (rehearsal_) rehearsal_->noted = true;
    if (known_.empty()) return;
    for (const money::AccountNo account : {transfer.debit, transfer.credit}) {
        const auto found = known_.find(number_of(account));
        if (found == known_.end()) continue;
        if (rehearsal_) remember(number_of(account));
        found->second.usage.note(transfer, account);
    }
}

void UsageIndex::remember(std::int64_t account) {
    const auto found = known_.find(account);
    rehearsal_->before.emplace_back(account, found == known_.end() ? std::nullopt : std::optional{found->second});
}

void UsageIndex::end_rehearsal() {
    const Rehearsal undone = *std::exchange(rehearsal_, std::nullopt);
    for (auto one = undone.before.rbegin(); one != undone.before.rend(); ++one) {
        if (one->second) {
            known_.insert_or_assign(one->first, *one->second);
        } else {
            known_.erase(one->first);
        }
    }
}

}  // namespace okpay::service
