// SPDX-License-Identifier: Apache-2.0
#include "store/sorting_store.hpp"

#include <vector>

#include "store/desk_store.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {

void insert_sorting(Connection& connection, const SortingRow& row) {
    connection.execute("INSERT INTO sorting (no, ticket, at, staff, what, was, became) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       {row.no, number_of(row.ticket), ms_of(row.at), no_or_null(row.staff), stored(row.what), row.was,
                        row.became});
}

namespace {

constexpr std::int64_t rows_at_once = 500;  // mails are long, and a statement keeps what it found

}  // namespace

void each_corrected(Connection& connection, const std::function<void(const CorrectedRequest&)>& visit) {
    std::int64_t after = 0;
    std::vector<CorrectedRequest> page;
    do {
        page.clear();
        connection.query(
            "SELECT t.no, t.category, m.subject, m.body FROM ticket t JOIN message m ON m.no = (SELECT min(f.no) FROM "
            "message f "
            "WHERE f.ticket = t.no AND f.direction = 1) WHERE t.no > $1 AND t.no IN (SELECT s.ticket FROM sorting s WHERE "
            "s.what = 1 AND s.staff IS NOT NULL) ORDER BY t.no LIMIT $2",
            {after, rows_at_once}, [&](const Row& row) {
                RowReader read{row};
                after = read.integer();
                CorrectedRequest one;
                one.category = read.text();
                one.subject = read.text();
                one.text = read.text();
                page.push_back(std::move(one));
            });
        for (const CorrectedRequest& one : page) visit(one);
    } while (std::ssize(page) == rows_at_once);
}

void each_sorted(Connection& connection, Moment since, std::int64_t newest,
                 const std::function<void(const SortedRequest&)>& visit) {
    std::int64_t before = highest(connection, "ticket") + 1;
    const std::int64_t last = before - newest;
    std::int64_t found = rows_at_once;
    while (found == rows_at_once) {
        found = 0;
        connection.query(
            "SELECT t.no, t.opened, t.category, (SELECT count(*) FROM sorting s WHERE s.ticket = t.no AND s.what = 1 AND "
            "s.staff IS NOT NULL), t.first_replied, t.reading FROM ticket t WHERE t.no < $1 AND t.no >= $2 ORDER BY t.no "
            "DESC "
            "LIMIT $3",
            {before, last, rows_at_once}, [&](const Row& row) {
                RowReader read{row};
                ++found;
                before = read.integer();
                SortedRequest one;
                one.opened = read.moment();
                one.category = read.text();
                one.set_by_people = read.flag();
                one.answered = read.maybe_moment().has_value();
                one.reading = read.text();
                if (one.opened >= since) visit(one);
            });
    }
}

}  // namespace okpay::store
