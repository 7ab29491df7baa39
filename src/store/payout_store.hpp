// SPDX-License-Identifier: Apache-2.0
// The bank accounts that merchants are paid out to. Each that was set stays for ever; the newest of a currency counts.
#pragma once

#include "customers/customer.hpp"
#include "money/currency.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct PayoutAccount {
    std::int64_t no;
    customers::MerchantNo merchant;
    money::Currency currency;
    std::string instrument;   // "bank ····6819"
    Bytes sealed_instrument;  // as the rail needs it
    Bytes instrument_hash;
    Moment set_at;
    customers::StaffNo staff;
};
void insert_payout_account(Connection& connection, const PayoutAccount& row);
std::optional<PayoutAccount> current_payout_account(Connection& connection, customers::MerchantNo merchant,
                                                    money::Currency currency);

}  // namespace okpay::store
