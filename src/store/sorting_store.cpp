// SPDX-License-Identifier: Apache-2.0
#include "store/sorting_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {

void insert_sorting(Connection& connection, const SortingRow& row) {
    connection.execute("INSERT INTO sorting (no, ticket, at, staff, what, was, became) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       {row.no, number_of(row.ticket), ms_of(row.at), no_or_null(row.staff), stored(row.what), row.was,
                        row.became});
}

void each_corrected(Connection& connection, const std::function<void(const CorrectedRequest&)>& visit) {
    connection.query(
        "SELECT t.category, t.reading, m.subject, m.body FROM ticket t JOIN message m ON m.no = (SELECT min(f.no) FROM "
        "message f WHERE f.ticket = t.no AND f.direction = 1) WHERE t.no IN (SELECT s.ticket FROM sorting s WHERE s.what = "
        "1 "
        "AND s.staff IS NOT NULL) ORDER BY t.no",
        {}, [&](const Row& row) {
            RowReader read{row};
            CorrectedRequest one;
            one.category = read.text();
            one.reading = read.text();
            one.subject = read.text();
            one.text = read.text();
            visit(one);
        });
}

void each_sorted(Connection& connection, Moment since, std::int64_t newest,
                 const std::function<void(const SortedRequest&)>& visit) {
    connection.query(
        "SELECT t.opened, t.category, (SELECT count(*) FROM sorting s WHERE s.ticket = t.no AND s.what = 1 AND s.staff IS "
        "NOT "
        "NULL), t.first_replied, t.reading FROM ticket t WHERE t.no > (SELECT coalesce(max(n.no), 0) FROM ticket n) - $1 "
        "AND "
        "t.opened >= $2 ORDER BY t.no DESC",
        {newest, ms_of(since)}, [&](const Row& row) {
            RowReader read{row};
            SortedRequest one;
            one.opened = read.moment();
            one.category = read.text();
            one.set_by_people = read.flag();
            one.answered = read.maybe_moment().has_value();
            one.reading = read.text();
            visit(one);
        });
}

}  // namespace okpay::store
