// SPDX-License-Identifier: Apache-2.0
// Keys: each object has one or a word that it was erased, none opens nothing, and the keyring opens them all.
#include "store/impl/verify_checks.hpp"
#include "store/key_ring.hpp"

namespace okpay::store {

CheckReport check_object_keys(Connection& connection, const VerifyRequest& request) {
    CheckReport report{.name = "object_keys"};
    report.looked_at = connection.integer("SELECT count(*) FROM object_key").value_or(0);
    if (request.keyring == nullptr) {
        each_stray_key(connection, [&report](std::string fault) { report.fault(std::move(fault)); });
        return report;
    }
    for (std::string& fault : check_object_keys(connection, *request.keyring).faults) report.fault(std::move(fault));
    return report;
}

}  // namespace okpay::store
