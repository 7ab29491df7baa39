// SPDX-License-Identifier: Apache-2.0
// Whom a member of staff is kept from, what waits for an administrator, and a person's copy.
#include <boost/json/serialize.hpp>

#include "service/person_export.hpp"
#include "service/queries_parts.hpp"

namespace okpay::service {

using customers::CustomerNo;
using store::Connection;
using store::Row;

Read<std::vector<CustomerNo>> Queries::kept_from(customers::StaffNo staff) {
    return pool_.read([&](Connection& connection) {
        std::vector<CustomerNo> found;
        connection.query("SELECT customer FROM staff_relation WHERE staff = $1 ORDER BY customer", {number_of(staff)},
                         [&found](const Row& row) { found.push_back(CustomerNo{row.integer(0)}); });
        return found;
    });
}

Read<std::vector<CustomerNo>> Queries::owners(const std::vector<money::AccountNo>& accounts) {
    return pool_.read([&](Connection& connection) {
        std::vector<CustomerNo> found;
        for (const money::AccountNo account : accounts) {
            const auto owner = store::find_account_owner(connection, account);
            if (owner && owner->customer) found.push_back(*owner->customer);
        }
        return found;
    });
}

Read<std::vector<ErasureView>> Queries::waiting_erasures() {
    return pool_.read([](Connection& connection) {
        std::vector<ErasureView> found;
        for (store::ErasureRow& row : store::waiting_erasures(connection)) {
            auto customer = store::find_customer(connection, row.customer);
            if (!customer) parts::missing("customer", number_of(row.customer));
            found.push_back({.row = std::move(row), .customer = *std::move(customer)});
        }
        return found;
    });
}

Read<std::vector<store::StaffRow>> Queries::waiting_staff() {
    return pool_.read([](Connection& connection) {
        std::vector<customers::StaffNo> numbers;
        connection.query("SELECT no FROM staff WHERE approval = 1 ORDER BY no", {},
                         [&numbers](const Row& row) { numbers.push_back(customers::StaffNo{row.integer(0)}); });
        std::vector<store::StaffRow> found;
        for (const customers::StaffNo no : numbers) {
            if (auto staff = store::find_staff(connection, no)) found.push_back(*std::move(staff));
        }
        return found;
    });
}

Read<std::string> Queries::person_copy(CustomerNo customer, const std::vector<AccountView>& accounts, bool by_customer,
                                       Moment at) {
    return pool_.read([&](Connection& connection) {
        return boost::json::serialize(
            export_person(connection, number_of(customer), accounts, by_customer ? CopyFor::customer : CopyFor::house, at));
    });
}

}  // namespace okpay::service
