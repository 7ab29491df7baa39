// SPDX-License-Identifier: Apache-2.0
// What accounts did within the windows of their limits, kept in memory for those that were asked about. An account is read
// once, from the chain of its transfers; from then on each transfer of the batch is noted as it is made.
//   Threads  the writer's. Belongs to the Books and is discarded with them, so it never holds what was rolled back.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "payments/tariff.hpp"
#include "store/connection.hpp"

namespace okpay::service {

class UsageIndex {
public:
    // `days` back from `now`, today included. What the batch has posted must be flushed where it is asked for the first
    // time.
    const payments::Usage& of(store::Connection& connection, const money::Account& account, Moment now, std::int64_t days);
    [[nodiscard]] bool knows(money::AccountNo account, Moment now, std::int64_t days) const;
    void note(const money::Transfer& transfer);

    // What is noted between the two calls is forgotten by the second.
    void begin_rehearsal() { rehearsal_ = Rehearsal{false, {}}; }
    void end_rehearsal();

private:
    struct Known {
        payments::Usage usage;
        Moment since;  // complete from here on
    };
    void remember(std::int64_t account);  // as it is now, for the end of the rehearsal
    std::unordered_map<std::int64_t, Known> known_;
    struct Rehearsal {
        bool noted;
        std::vector<std::pair<std::int64_t, std::optional<Known>>> before;  // newest last
    };
    std::optional<Rehearsal> rehearsal_;
};

}  // namespace okpay::service
