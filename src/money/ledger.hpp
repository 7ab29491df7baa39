// SPDX-License-Identifier: Apache-2.0
// The books in memory and the one function that changes them. Deterministic: no clock, no randomness, no I/O; the same
// calls give the same transfers and the same chain head.
//
//   Threads    one owner (the ordered writer); not thread-safe.
//   Refusals   in the order of TransferRefusal: the first that holds is the answer.
//   Atomicity  all transfers of one `apply` succeed or none does (linked transfers).
#pragma once

#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "money/account.hpp"
#include "money/money.hpp"

namespace okpay::money {

struct Posting {  // what to move; Transfer is what came of it
    TransferKind kind = TransferKind::single;
    TransferCode code;
    AccountNo debit, credit;
    Money amount;                  // for post_pending at most what is held; for void and expire ignored
    std::int64_t pending_seq = 0;  // post, void, expire: the hold
    std::optional<Moment> expires_at;  // pending only
    bool balancing = false;            // single and pending: at most what the debit account has available
};

enum class TransferRefusal : std::uint8_t {
    not_positive = 1,
    accounts_must_differ,
    debit_account_not_found,
    credit_account_not_found,
    wrong_currency,           // of the amount or between the accounts
    debit_account_closed,
    credit_account_closed,
    debit_account_frozen,
    credit_account_frozen,
    hold_not_found,           // never was, or was resolved before: a hold ends once
    hold_expired,
    hold_not_expired,
    exceeds_hold,
    nothing_available,        // balancing, and there is nothing
    exceeds_balance,          // would break a limit, pending amounts counted against the owner
    out_of_range,             // a counter would pass Money::limit_minor
};

struct Hold {
    std::int64_t seq;      // of the pending transfer
    std::int64_t payment;  // that it belongs to
    AccountNo debit, credit;
    Currency currency;
    std::int64_t amount;
    std::optional<Moment> expires_at;
    friend bool operator==(const Hold&, const Hold&) = default;
};

class Ledger {
public:
    struct Head {
        std::int64_t seq = 0;
        Hash256 hash{};
        Moment at{};
        friend bool operator==(const Head&, const Head&) = default;
    };

    // Opens the next account. Numbers are given without gaps.
    AccountNo open_account(AccountKind kind, Currency currency);
    // Whether it may go there is the caller's to say; a closed account is empty and stays closed.
    void set_account_state(AccountNo no, AccountState state);

    // Posts all of `postings` or none. `at` earlier than the last transfer counts as the last: time never runs back.
    [[nodiscard]] Result<std::vector<Transfer>, TransferRefusal> apply(std::span<const Posting> postings,
                                                                       std::int64_t payment, Moment at);

    [[nodiscard]] const Account* find(AccountNo no) const;
    [[nodiscard]] const Hold* find_hold(std::int64_t seq) const;
    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] std::span<const Account> accounts() const { return accounts_; }
    [[nodiscard]] const std::unordered_map<std::int64_t, Hold>& holds() const { return holds_; }
    // Holds whose time is over at `at`, those that expired first in front, at most `max`.
    [[nodiscard]] std::vector<Hold> expired_holds(Moment at, std::size_t max) const;

    // Accounts touched since the last call, each once, in order of number: what must be written back sometime.
    [[nodiscard]] std::vector<AccountNo> take_touched();

    // A rehearsal: whatever is changed between the two calls, the second undoes: accounts, holds and head are as they were,
    // to the last counter. Costs nothing but a branch where none is under way.
    void begin_rehearsal();
    void end_rehearsal();

    // Restoring from storage, in this order: accounts (as last written back), then every transfer since, then the head.
    void restore_account(const Account& account);  // next number
    void restore_hold(const Hold& hold);
    // Applies a stored transfer to the accounts that have not seen it yet; false where it contradicts them.
    [[nodiscard]] bool replay(const Transfer& transfer);
    void restore_head(const Head& head) { head_ = head; }

private:
    struct Step;
    [[nodiscard]] Result<Step, TransferRefusal> check(const Posting& posting, Moment at) const;
    Account& at_no(AccountNo no);
    void touch(AccountNo no);
    void add_hold(const Hold& hold);
    void remove_hold(std::int64_t seq);

    struct Rehearsal {  // what to undo, newest last
        std::size_t accounts, touched;
        Head head;
        std::vector<Account> before;
        std::vector<std::pair<Hold, bool>> holds;  // true: added, else removed
    };
    std::vector<Account> accounts_;  // [n] is account n + 1
    std::unordered_map<std::int64_t, Hold> holds_;
    std::set<std::pair<Moment, std::int64_t>> expiries_;  // of the holds that have one
    std::vector<AccountNo> touched_;
    std::vector<bool> is_touched_;
    Head head_;
    std::optional<Rehearsal> rehearsal_;
};

}  // namespace okpay::money
