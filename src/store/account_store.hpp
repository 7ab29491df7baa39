// SPDX-License-Identifier: Apache-2.0
// What was done to accounts: who let money leave them or come in, or not any more, when and why. Rows are appended for
// ever; the newest of an account is its state, and an account without one is open.
#pragma once

#include "customers/customer.hpp"
#include "money/account.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct AccountEvent {
    std::int64_t no;  // gapless from 1, in the order of the ledger
    money::AccountNo account;
    Moment at;
    customers::StaffNo staff;
    money::AccountState from, to;
    std::string reason;
    std::int64_t ledger_seq;  // the ledger's newest transfer: it and all before it were made in state `from`
};
void insert_account_event(Connection& connection, const AccountEvent& event);
void each_account_event(Connection& connection, const std::function<void(const AccountEvent&)>& visit);  // in order
// Newest first, those below `before`.
std::vector<AccountEvent> account_events(Connection& connection, money::AccountNo account, std::int64_t before,
                                         std::int64_t limit);
// The number of the account's newest event, 0 for none.
std::int64_t last_account_event(Connection& connection, money::AccountNo account);
// As it was after the transfer `seq`.
money::AccountState account_state_at(Connection& connection, money::AccountNo account, std::int64_t seq);

}  // namespace okpay::store
