// SPDX-License-Identifier: Apache-2.0
// Who may be named on a request, and whom ids name.
#include <algorithm>

#include "base/text.hpp"
#include "customers/permissions.hpp"
#include "desk/request_number.hpp"
#include "desk/threading.hpp"
#include "service/queries_parts.hpp"
#include "store/people_store.hpp"
#include "store/privacy_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using store::Connection;
using store::StaffRow;

// Those of the request and of the requests that go on in it.
std::vector<customers::Customer> customers_of(Connection& connection, const desk::Ticket& ticket) {
    std::vector<customers::Customer> found;
    const auto add = [&](const desk::Ticket& one) {
        const auto customer = one.customer ? store::find_customer(connection, *one.customer) : std::nullopt;
        if (customer) found.push_back(*customer);
    };
    add(ticket);
    for (const desk::TicketNo no : store::merged_with(connection, ticket.no))
        add(store::find_ticket(connection, no).value().ticket);
    return found;
}

}  // namespace

Read<std::optional<std::vector<StaffRow>>> Queries::colleagues(std::string_view request_number, customers::StaffNo me,
                                                               std::string_view words) {
    return pool_.read([&](Connection& connection) -> std::optional<std::vector<StaffRow>> {
        const Snapshot snapshot{connection};
        const auto number = desk::RequestNumber::parse(request_number);
        const auto row = number ? store::find_ticket(connection, number->text()) : std::nullopt;
        if (!row) return std::nullopt;
        const auto customers = customers_of(connection, row->ticket);
        const std::string pattern = parts::like_pattern(trimmed(words));
        std::vector<customers::StaffNo> numbers;
        connection.query(
            "SELECT no FROM staff WHERE disabled = 0 AND enrolled IS NOT NULL AND no <> $1 AND (lower(name) LIKE $2 ESCAPE "
            "'\\' OR lower(email) LIKE $2 ESCAPE '\\') ORDER BY lower(name), no",
            {number_of(me), std::string_view{pattern}},
            [&numbers](const store::Row& found) { numbers.push_back(customers::StaffNo{found.integer(0)}); });
        std::vector<StaffRow> colleagues;
        for (const customers::StaffNo no : numbers) {
            if (colleagues.size() == colleagues_shown_max) break;
            auto staff = store::find_staff(connection, no).value();
            const bool keeps_away = std::ranges::any_of(customers, [&](const customers::Customer& customer) {
                return desk::same_mailbox(customer.email, staff.email) || store::is_related(connection, no, customer.no);
            });
            if (customers::may(staff.role, customers::Permission::read_tickets) && !keeps_away)
                colleagues.push_back(std::move(staff));
        }
        return colleagues;
    });
}

Read<std::vector<StaffRow>> Queries::staff_by_ids(const std::vector<StaffId>& ids) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<StaffRow> found;
        for (const StaffId& id : ids) {
            const auto no = connection.integer("SELECT no FROM staff WHERE id = $1", {store::Octets{id.view()}});
            if (no) found.push_back(store::find_staff(connection, customers::StaffNo{*no}).value());
        }
        return found;
    });
}

}  // namespace okpay::service
