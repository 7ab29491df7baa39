// SPDX-License-Identifier: Apache-2.0
#include "store/payout_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {

void insert_payout_account(Connection& connection, const PayoutAccount& row) {
    connection.execute(
        "INSERT INTO payout_account (no, merchant, currency, instrument, sealed_instrument, instrument_hash, set_at, staff) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {row.no, number_of(row.merchant), stored(row.currency), std::string_view{row.instrument},
         Octets{row.sealed_instrument}, Octets{row.instrument_hash}, ms_of(row.set_at), number_of(row.staff)});
}

std::optional<PayoutAccount> current_payout_account(Connection& connection, customers::MerchantNo merchant,
                                                    money::Currency currency) {
    std::optional<PayoutAccount> found;
    connection.query(
        "SELECT no, instrument, sealed_instrument, instrument_hash, set_at, staff FROM payout_account "
        "WHERE merchant = $1 AND currency = $2 ORDER BY no DESC LIMIT 1",
        {number_of(merchant), stored(currency)}, [&](const Row& row) {
            RowReader read{row};
            const std::int64_t no = read.integer();
            found = PayoutAccount{.no = no,
                                  .merchant = merchant,
                                  .currency = currency,
                                  .instrument = read.text(),
                                  .sealed_instrument = read.text(),
                                  .instrument_hash = read.text(),
                                  .set_at = read.moment(),
                                  .staff = customers::StaffNo{read.integer()}};
        });
    return found;
}

}  // namespace okpay::store
