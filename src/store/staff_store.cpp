// SPDX-License-Identifier: Apache-2.0
#include "store/staff_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {

using customers::StaffNo;
using std::string_view;

void bind_sign_on(Connection& connection, std::int64_t no, StaffNo staff, string_view issuer, string_view subject,
                  Moment at) {
    connection.execute("INSERT INTO staff_sign_on (no, staff, issuer, subject, bound) VALUES ($1, $2, $3, $4, $5)",
                       {no, number_of(staff), issuer, subject, ms_of(at)});
}

void unbind_sign_on(Connection& connection, StaffNo staff) {
    connection.execute("DELETE FROM staff_sign_on WHERE staff = $1", {number_of(staff)});
}

std::optional<StaffNo> staff_of_sign_on(Connection& connection, string_view issuer, string_view subject) {
    const auto no =
        connection.integer("SELECT staff FROM staff_sign_on WHERE issuer = $1 AND subject = $2", {issuer, subject});
    return no ? std::optional{StaffNo{*no}} : std::nullopt;
}

bool has_sign_on(Connection& connection, StaffNo staff, string_view issuer) {
    return connection.integer("SELECT no FROM staff_sign_on WHERE staff = $1 AND issuer = $2", {number_of(staff), issuer})
        .has_value();
}

std::int64_t end_sessions_of(Connection& connection, StaffNo staff) {
    const auto open = connection.integer("SELECT count(*) FROM session WHERE staff = $1", {number_of(staff)}).value_or(0);
    connection.execute("DELETE FROM session WHERE staff = $1", {number_of(staff)});
    return open;
}

std::vector<desk::TicketNo> in_hand(Connection& connection, StaffNo staff) {
    std::vector<desk::TicketNo> found;
    connection.query("SELECT no FROM ticket WHERE assignee = $1 AND state < 6 ORDER BY no", {number_of(staff)},
                     [&found](const Row& row) { found.push_back(desk::TicketNo{row.integer(0)}); });
    return found;
}

std::vector<StaffRow> all_staff(Connection& connection) {
    std::vector<StaffNo> numbers;
    connection.query("SELECT no FROM staff ORDER BY email, no", {},
                     [&numbers](const Row& row) { numbers.push_back(StaffNo{row.integer(0)}); });
    std::vector<StaffRow> rows;
    for (const StaffNo no : numbers) rows.push_back(find_staff(connection, no).value());
    return rows;
}

}  // namespace okpay::store
