// SPDX-License-Identifier: Apache-2.0
// The ledger's rows: payments and transfers appended, accounts written back lazily, holds, and the way back into memory.
#pragma once

#include "money/ledger.hpp"
#include "payments/payment.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void append_payments(Connection& connection, std::span<const payments::Payment> payments);
void append_transfers(Connection& connection, std::span<const money::Transfer> transfers);
void write_accounts(Connection& connection, std::span<const money::Account> accounts);  // inserts or overwrites
void update_account_state(Connection& connection, const money::Account& account);  // the flags alone
void insert_hold(Connection& connection, const money::Hold& hold);
void resolve_hold(Connection& connection, std::int64_t hold, std::int64_t resolved_by);
// The only columns of a payment that ever change: what was refunded or captured, the fee of a capture, its state, and why
// a rail did not carry it out.
void update_payment_progress(Connection& connection, const payments::Payment& payment);

std::optional<payments::Payment> find_payment(Connection& connection, std::int64_t seq);
std::optional<money::Transfer> find_transfer(Connection& connection, std::int64_t seq);
// The readers throw StorageFailure{corrupt} where a row holds what no version of this program wrote.
// In order of number; a gap is corrupt.
void each_account(Connection& connection, const std::function<void(const money::Account&)>& visit);
// Those numbered above `after`, at most `limit`, of one kind and one currency or of any (0), in order of number.
void each_account_above(Connection& connection, std::int64_t after, std::int64_t limit, std::int64_t kind,
                        std::int64_t currency, const std::function<void(const money::Account&)>& visit);
// Newest first, those up to `seq`.
std::vector<money::Transfer> newest_transfers(Connection& connection, std::int64_t seq, std::int64_t limit);
void each_transfer(Connection& connection, std::int64_t after_seq, const std::function<void(const money::Transfer&)>& visit);
void each_payment(Connection& connection, std::int64_t after_seq,
                  const std::function<void(const payments::Payment&)>& visit);
// Whether a refund of `original` that succeeded or is under way names `twin` as the payment that stays.
bool pair_was_refunded(Connection& connection, std::int64_t original, std::int64_t twin);
// Payments that moved no money (yet), and those by card, stand in no wallet's chain; newest first, sequences below `before`.
std::vector<payments::Payment> unmoved_payments_of(Connection& connection, customers::CustomerNo customer,
                                                   std::int64_t before, std::int64_t limit);

std::int64_t cursor(Connection& connection, std::string_view name);
void set_cursor(Connection& connection, std::string_view name, std::int64_t seq);

struct LoadedLedger {
    money::Ledger ledger;
    std::int64_t last_payment = 0;
    std::int64_t replayed = 0;  // transfers that the account rows had not seen
};
// Accounts as last written back, then every transfer after the cursor `balances`. Throws StorageFailure{corrupt} where
// a transfer contradicts the accounts.
LoadedLedger load_ledger(Connection& connection);

// The newest transfers of an account, newest first, from `head` (Account::last_transfer or a row's prev) down.
std::vector<money::Transfer> walk_history(Connection& connection, money::AccountNo account, std::int64_t head,
                                          std::size_t limit);

}  // namespace okpay::store
