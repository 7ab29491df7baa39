// SPDX-License-Identifier: Apache-2.0
// Followers and mentions: nobody has seen what is not there, only notes of staff name colleagues, no more than may be, and
// where they stand.
#include <fmt/format.h>

#include "desk/follows.hpp"
#include "store/impl/verify_checks.hpp"

namespace okpay::store {

CheckReport check_follows(Connection& connection) {
    CheckReport report{.name = "follows"};
    report.looked_at = connection.integer("SELECT count(*) FROM ticket_follow").value_or(0) +
                       connection.integer("SELECT count(*) FROM note_mention").value_or(0);
    connection.query(
        "SELECT f.ticket, f.staff FROM ticket_follow f WHERE f.seen_message < 0 OR f.seen_event < 0 OR f.seen_message > "
        "(SELECT coalesce(max(m.no), 0) FROM message m WHERE m.ticket = f.ticket) OR f.seen_event > (SELECT "
        "coalesce(max(e.no), 0) FROM ticket_event e WHERE e.ticket = f.ticket)",
        {}, [&](const Row& row) {
            report.fault(fmt::format("of request {} staff {} has seen what is not there", row.integer(0), row.integer(1)));
        });
    connection.query(
        "SELECT n.message FROM note_mention n WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.no = n.message AND m.ticket "
        "= n.ticket AND m.direction = 3 AND m.author = 3)",
        {}, [&](const Row& row) {
            report.fault(fmt::format("message {} names colleagues and is no note of its request", row.integer(0)));
        });
    connection.query("SELECT message, count(*) FROM note_mention GROUP BY message HAVING count(*) > $1",
                     {static_cast<std::int64_t>(desk::mentions_max)}, [&](const Row& row) {
                         report.fault(
                             fmt::format("note {} names {} colleagues, more than may be", row.integer(0), row.integer(1)));
                     });
    return report;
}

}  // namespace okpay::store
