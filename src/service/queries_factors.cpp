// SPDX-License-Identifier: Apache-2.0
// Second factors of a customer, for pages and for the API's own questions.
#include "service/queries.hpp"
#include "store/factor_store.hpp"

namespace okpay::service {

using store::Connection;

Read<CustomerFactors> Queries::customer_factors(customers::CustomerNo customer) {
    return pool_.read([customer](Connection& connection) {
        const auto app = store::find_app(connection, customer);
        return CustomerFactors{.app_confirmed = app ? app->confirmed : std::nullopt,
                               .passkeys = store::passkeys_of(connection, customer),
                               .recovery = store::recovery_codes_of(connection, customer),
                               .changed = store::factor_guard_of(connection, customer).changed};
    });
}

Read<bool> Queries::is_payout_place(customers::CustomerNo customer, ByteView instrument_hash) {
    return pool_.read([&](Connection& connection) { return store::is_payout_place(connection, customer, instrument_hash); });
}

}  // namespace okpay::service
