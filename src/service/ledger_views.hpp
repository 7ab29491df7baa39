// SPDX-License-Identifier: Apache-2.0
// The ledger for treasury and audit: accounts, journal and trial balance, each as it stood after one transfer.
//
//   Exact     Transfers never change, so a place in the ledger is a sequence, and what stood there is the same for ever,
//             whoever asks and however often. Only what a row of the database does not date is as of now: owners' names;
//             an account opened later shows with nothing in it. Whether it was frozen or closed is as of the place.
//   How       An account's row holds its counters as they were after `last_transfer`, and has seen every transfer up to
//             the cursor `balances`. What came since is applied and what came after the asked place is undone, along the
//             account's own chain where that is short, else by reading the transfers between; from nothing, where
//             the place is nearer to the beginning.
//   Cost      one row for each transfer read: at most `ledger_distance_max`, refused beyond. Read in pieces, each a read of
//             its own, so that no snapshot lasts, however long the whole takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "money/account.hpp"
#include "payments/payment.hpp"

namespace okpay::service {

__extension__ using WideMinor = __int128;  // sums of many accounts pass an int64

inline constexpr std::int64_t ledger_distance_max = 5'000'000;

struct AsOf {  // neither: now; the sequence counts where both are given
    std::optional<std::int64_t> seq;
    std::optional<Moment> at;  // the last transfer at or before it
};

struct LedgerPlace {
    std::int64_t seq;  // 0: before the first transfer
    Moment at;         // of that transfer; the beginning of time for 0
    std::int64_t head_seq;
    std::int64_t distance;  // transfers to be read for all accounts at most
};

struct LedgerAccount {
    enum class Owner : std::uint8_t { house, customer, merchant };
    money::Account account;  // counters, entries and last_transfer as of the place
    Owner owner = Owner::house;
    std::string owner_id, owner_name;  // empty for the house
};

struct LedgerAccountFilter {
    std::optional<money::AccountKind> kind;
    std::optional<money::Currency> currency;
};

struct LedgerAccountPage {
    std::vector<LedgerAccount> items;  // by number
    std::optional<std::int64_t> next;  // AccountNo of the last one: pass as `after`
};

struct JournalEntry {
    money::Transfer transfer;
    LedgerAccount debit, credit;  // who they are: the counters are not filled in, the running balances are in the transfer
    PaymentId payment;
};

struct JournalPage {
    std::vector<JournalEntry> items;
    std::optional<std::int64_t> next;  // pass as `before`
};

struct TrialSums {
    std::int64_t accounts = 0;
    WideMinor debits_posted = 0, credits_posted = 0;  // turnover
    WideMinor debits_pending = 0, credits_pending = 0;  // held
    WideMinor debit_balances = 0, credit_balances = 0;  // of the accounts that stand on that side
    [[nodiscard]] bool balanced() const {
        return debits_posted == credits_posted && debits_pending == credits_pending && debit_balances == credit_balances;
    }
    TrialSums& operator+=(const TrialSums& other) {
        accounts += other.accounts;
        debits_posted += other.debits_posted;
        credits_posted += other.credits_posted;
        debits_pending += other.debits_pending;
        credits_pending += other.credits_pending;
        debit_balances += other.debit_balances;
        credit_balances += other.credit_balances;
        return *this;
    }
    friend bool operator==(const TrialSums&, const TrialSums&) = default;
};

struct TrialBalance {
    struct Line {
        money::AccountKind kind;
        TrialSums sums;
    };
    struct Currency {
        money::Currency currency;
        std::vector<Line> lines;  // by kind
        TrialSums total;
    };
    std::vector<Currency> currencies;  // by code
};

}  // namespace okpay::service
