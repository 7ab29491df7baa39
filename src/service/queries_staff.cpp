// SPDX-License-Identifier: Apache-2.0
// Who is on the staff, and who somebody is at the house's provider.
#include "service/queries.hpp"
#include "store/staff_store.hpp"

namespace okpay::service {

using store::Connection;

Read<SignOnView> Queries::staff_by_sign_on(std::string_view issuer, std::string_view subject, std::string_view email) {
    return pool_.read([&](Connection& connection) -> SignOnView {
        if (const auto bound = store::staff_of_sign_on(connection, issuer, subject))
            return {.staff = store::find_staff(connection, *bound), .is_bound = true};
        SignOnView view;
        if (!email.empty()) view.staff = store::find_staff_by_email(connection, email);
        view.of_another = view.staff && store::has_sign_on(connection, view.staff->no, issuer);
        return view;
    });
}

Read<std::vector<StaffView>> Queries::staff_members() {
    return pool_.read([](Connection& connection) {
        std::vector<StaffView> members;
        for (store::StaffRow& row : store::all_staff(connection)) {
            StaffView view{.row = std::move(row)};
            const std::int64_t no = number_of(view.row.no);
            view.approval = store::staff_approval(connection, view.row.no);
            view.signs_on = connection.integer("SELECT count(*) FROM staff_sign_on WHERE staff = $1", {no}).value_or(0) > 0;
            view.in_hand =
                connection.integer("SELECT count(*) FROM ticket WHERE assignee = $1 AND state < 5", {no}).value_or(0);
            members.push_back(std::move(view));
        }
        return members;
    });
}

}  // namespace okpay::service
