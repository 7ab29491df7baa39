// SPDX-License-Identifier: Apache-2.0
// Accounts and transfers in the shape TigerBeetle made known: an account belongs to one ledger (= currency) and carries
// four counters; a transfer moves an amount between two accounts, once. Amounts are minor units of the currency.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/hash.hpp"
#include "base/moment.hpp"
#include "money/currency.hpp"

namespace okpay::money {

// Accounts are numbered from 1 without gaps, in the order they were opened, so that the books in memory are a vector.
enum class AccountNo : std::int64_t {};
constexpr std::int64_t number_of(AccountNo no) { return static_cast<std::int64_t>(no); }

// Chart of accounts; stored, append only.
enum class AccountKind : std::uint16_t {
    customer_wallet = 1,   // what we owe a customer
    merchant_payable = 2,  // what we owe a merchant
    settlement_bank = 3,   // what the bank holds for us
    fee_income = 4,
    suspense = 5,          // money of unknown purpose; must age to zero
    rounding = 6,
    goodwill = 7,
    payout_in_transit = 8,    // left a wallet, not at its destination yet
    acquirer_receivable = 9,  // collected from cards and not settled to our bank yet
    fx_liquidity = 10,        // the house's own in each currency, by which it exchanges; its balance is the open position
    dispute_receivable = 11,  // card payments whose holders have them taken back, until that is decided
    dispute_loss = 12,        // of those, what no merchant could be asked for
};

// A limit that the ledger itself keeps, pending amounts counted against the owner.
enum class BalanceLimit : std::uint8_t { none = 0, debits_must_not_exceed_credits = 1, credits_must_not_exceed_debits = 2 };

constexpr BalanceLimit limit_of(AccountKind kind) {
    switch (kind) {
    case AccountKind::customer_wallet: return BalanceLimit::debits_must_not_exceed_credits;
    case AccountKind::merchant_payable:  // a refund may leave the merchant owing us
    case AccountKind::settlement_bank:
    case AccountKind::fee_income:
    case AccountKind::suspense:
    case AccountKind::rounding:
    case AccountKind::goodwill:
    case AccountKind::payout_in_transit:
    case AccountKind::acquirer_receivable:
    case AccountKind::fx_liquidity:
    case AccountKind::dispute_receivable:
    case AccountKind::dispute_loss: return BalanceLimit::none;
    }
    std::abort();
}

// What the house lets happen to an account; stored, append only. A frozen side takes no transfer but the release of a hold.
enum class AccountState : std::uint8_t {
    open = 1,
    debits_frozen = 2,   // nothing leaves
    credits_frozen = 3,  // nothing comes in
    frozen = 4,          // neither
    closed = 5,          // for good, and empty
};

// The house's own accounts. None is ever closed, and those where banks' outcomes are booked are not frozen either: what a
// bank has done is so, whatever we think of it, and what a withdrawal cost is given back when it comes home.
constexpr bool is_house(AccountKind kind) {
    return kind != AccountKind::customer_wallet && kind != AccountKind::merchant_payable;
}
constexpr bool may_be_frozen(AccountKind kind) {
    switch (kind) {
    case AccountKind::customer_wallet:
    case AccountKind::merchant_payable:
    case AccountKind::rounding:
    case AccountKind::goodwill:
    case AccountKind::fx_liquidity: return true;
    case AccountKind::settlement_bank:
    case AccountKind::fee_income:
    case AccountKind::suspense:
    case AccountKind::payout_in_transit:
    case AccountKind::acquirer_receivable:
    case AccountKind::dispute_receivable:
    case AccountKind::dispute_loss: return false;
    }
    std::abort();
}

struct Account {
    AccountNo no;
    Currency currency;
    AccountKind kind;
    bool closed = false;
    bool debits_frozen = false, credits_frozen = false;  // by the house; a hold may still be released
    std::int64_t debits_posted = 0, credits_posted = 0;
    std::int64_t debits_pending = 0, credits_pending = 0;
    std::int64_t entries = 0;        // transfers that touched it
    std::int64_t last_transfer = 0;  // sequence of the newest of them, 0 for none: the head of its history

    // What a wallet shows: credits minus debits. Pending debits are not available any more.
    [[nodiscard]] std::int64_t posted_minor() const { return credits_posted - debits_posted; }
    [[nodiscard]] std::int64_t available_minor() const { return posted_minor() - debits_pending; }
    [[nodiscard]] bool is_empty() const { return posted_minor() == 0 && debits_pending == 0 && credits_pending == 0; }
    [[nodiscard]] AccountState state() const {
        if (closed) return AccountState::closed;
        if (debits_frozen) return credits_frozen ? AccountState::frozen : AccountState::debits_frozen;
        return credits_frozen ? AccountState::credits_frozen : AccountState::open;
    }
    void set_state(AccountState state) {
        closed = state == AccountState::closed;
        debits_frozen = state == AccountState::debits_frozen || state == AccountState::frozen;
        credits_frozen = state == AccountState::credits_frozen || state == AccountState::frozen;
    }
    friend bool operator==(const Account&, const Account&) = default;
};

enum class TransferKind : std::uint8_t {  // stored, append only
    single = 0,
    pending = 1,       // holds the amount until it is posted, voided or expires
    post_pending = 2,  // moves all or a part of a hold; the rest is released
    void_pending = 3,
    expire_pending = 4,
};

// Why money moved; stored, append only.
enum class TransferCode : std::uint16_t {
    top_up = 1,
    payment = 2,
    fee = 3,
    refund = 4,
    fee_refund = 5,
    person_to_person = 6,
    withdrawal = 7,
    correction = 8,
    merchant_payout = 9,
    withdrawal_settled = 10,   // reached its destination
    withdrawal_returned = 11,  // came back from it
    unexplained = 12,          // the outside says what the books do not know: to or from suspense
    exchange = 13,             // one of two linked legs, each within its currency
    acquirer_settled = 14,     // the acquirer's money came to our bank
    dispute_taken = 15,        // by the bank of a card's holder (payments/dispute.hpp)
    dispute_returned = 16,     // given back by it
    dispute_lost = 17,         // and kept
};

// A row of the ledger, never changed. `after` is posted_minor() of the account once the transfer was applied, `prev`
// the account's transfer before this one: history is a walk from Account::last_transfer, without an index.
struct Transfer {
    std::int64_t seq;       // gapless from 1
    std::int64_t payment;   // sequence of the payment (or top-up, refund) that it belongs to
    TransferKind kind;
    TransferCode code;
    AccountNo debit, credit;
    Currency currency;
    std::int64_t amount;           // > 0, but for void and expire, where it is what was released
    std::int64_t pending_seq = 0;  // the hold that this resolves
    Moment at;                     // ledger time, never runs back
    std::int64_t debit_after, credit_after;
    std::int64_t debit_prev, credit_prev;
    Hash256 hash;  // chain.hpp
    friend bool operator==(const Transfer&, const Transfer&) = default;
};

std::string_view name_of(AccountState state);  // "debits_frozen"
std::optional<AccountState> account_state_of_name(std::string_view name);
std::optional<AccountState> account_state_of_number(std::int64_t number);

}  // namespace okpay::money
