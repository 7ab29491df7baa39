// SPDX-License-Identifier: Apache-2.0
#include "store/ticket_link_store.hpp"

#include <set>

#include "desk/lifecycle.hpp"
#include "store/in_list.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using desk::TicketNo;
using std::string_view;

constexpr string_view link_columns =
    "no, ticket, other, kind, reason, made, made_by, ended, from_state, into_state, into_version, first_reply_due, "
    "next_reply_due, investigation_due, waiting_since";

std::optional<desk::TicketState> maybe_state(RowReader& read) {
    const auto state = read.maybe_integer();
    return state ? std::optional{static_cast<desk::TicketState>(*state)} : std::nullopt;
}

TicketLinkRow link_at(const Row& row) {
    RowReader read{row};
    TicketLinkRow link;
    link.no = read.integer();
    link.ticket = TicketNo{read.integer()};
    link.other = TicketNo{read.integer()};
    link.kind = read.as<desk::LinkKind>();
    link.reason = read.text();
    link.made = read.moment();
    link.made_by = customers::StaffNo{read.integer()};
    link.ended = read.maybe_moment();
    link.from_state = maybe_state(read);
    const auto into_state = maybe_state(read);
    link.into_version = read.maybe_integer().value_or(0);
    const auto first_reply_due = read.maybe_moment();
    const auto next_reply_due = read.maybe_moment();
    const auto investigation_due = read.maybe_moment();
    const auto waiting_since = read.maybe_moment();
    if (into_state && first_reply_due) {
        link.kept = desk::KeptClocks{.state = *into_state,
                                     .first_reply_due = *first_reply_due,
                                     .next_reply_due = next_reply_due,
                                     .investigation_due = investigation_due,
                                     .waiting_since = waiting_since};
    }
    return link;
}

std::vector<TicketNo> tickets(Connection& connection, string_view sql, std::initializer_list<Value> parameters) {
    std::vector<TicketNo> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(TicketNo{row.integer(0)}); });
    return found;
}

}  // namespace

void insert_ticket_link(Connection& connection, const TicketLinkRow& row) {
    const auto kept = row.kept;
    connection.execute(
        "INSERT INTO ticket_link (no, ticket, other, kind, reason, made, made_by, ended, ended_by, from_state, into_state, "
        "into_version, first_reply_due, next_reply_due, investigation_due, waiting_since) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, "
        "NULL, NULL, $8, $9, $10, $11, $12, $13, $14)",
        {row.no, number_of(row.ticket), number_of(row.other), stored(row.kind), string_view{row.reason}, ms_of(row.made),
         number_of(row.made_by), row.from_state ? Value{stored(*row.from_state)} : Value{nullptr},
         kept ? Value{stored(kept->state)} : Value{nullptr}, kept ? Value{row.into_version} : Value{nullptr},
         kept ? Value{ms_of(kept->first_reply_due)} : Value{nullptr},
         kept ? moment_or_null(kept->next_reply_due) : Value{nullptr},
         kept ? moment_or_null(kept->investigation_due) : Value{nullptr},
         kept ? moment_or_null(kept->waiting_since) : Value{nullptr}});
}

void end_ticket_link(Connection& connection, std::int64_t no, Moment at, customers::StaffNo by) {
    connection.execute("UPDATE ticket_link SET ended = $2, ended_by = $3 WHERE no = $1", {no, ms_of(at), number_of(by)});
}

std::vector<TicketLinkRow> ticket_links_of(Connection& connection, TicketNo ticket) {
    static const std::string sql = "SELECT " + std::string{link_columns} +
                                   " FROM ticket_link WHERE ended IS NULL AND (ticket = $1 OR other = $1) ORDER BY no";
    std::vector<TicketLinkRow> found;
    connection.query(sql, {number_of(ticket)}, [&found](const Row& row) { found.push_back(link_at(row)); });
    return found;
}

std::optional<TicketLinkRow> merge_of(Connection& connection, TicketNo ticket) {
    static const std::string sql =
        "SELECT " + std::string{link_columns} + " FROM ticket_link WHERE ticket = $1 AND kind = 4 AND ended IS NULL";
    std::optional<TicketLinkRow> found;
    connection.query(sql, {number_of(ticket)}, [&found](const Row& row) { found = link_at(row); });
    return found;
}

TicketNo goes_on_in(Connection& connection, TicketNo ticket) {
    for (int step = 0; step < desk::merged_chain_max; ++step) {
        const auto merge = merge_of(connection, ticket);
        if (!merge) return ticket;
        ticket = merge->other;
    }
    throw StorageFailure{StorageFault::corrupt, "requests are merged in a circle"};
}

std::vector<TicketNo> merged_with(Connection& connection, TicketNo ticket) {
    std::vector<TicketNo> all;
    std::set<TicketNo> seen{ticket};
    std::vector<TicketNo> next{ticket};
    while (!next.empty()) {
        const TicketNo one = next.back();
        next.pop_back();
        for (const TicketNo from :
             tickets(connection,
                     "SELECT ticket FROM ticket_link WHERE other = $1 AND kind = 4 AND ended IS NULL ORDER BY no",
                     {number_of(one)})) {
            if (!seen.insert(from).second) continue;
            all.push_back(from);
            next.push_back(from);
        }
    }
    return all;
}

std::vector<desk::Bound> bound_to(Connection& connection, TicketNo ticket) {
    const auto any = [&](string_view sql) { return connection.integer(sql, {number_of(ticket)}).value_or(0) > 0; };
    std::vector<desk::Bound> bound;
    if (any("SELECT count(*) FROM remedy WHERE ticket = $1 AND state IN (1, 2)")) bound.push_back(desk::Bound::remedy);
    if (any("SELECT count(*) FROM customer_change WHERE ticket = $1 AND ticket <> 0 AND state IN (1, 2, 3)"))
        bound.push_back(desk::Bound::change);
    if (any("SELECT count(*) FROM customer_lock WHERE ticket = $1 AND state = 1")) bound.push_back(desk::Bound::lock);
    if (any("SELECT count(*) FROM rail_call WHERE ticket = $1 AND state IN (1, 2, 3)"))
        bound.push_back(desk::Bound::rail_call);
    if (any("SELECT count(*) FROM promise WHERE ticket = $1 AND ended IS NULL")) bound.push_back(desk::Bound::promise);
    return bound;
}

bool answered_since(Connection& connection, TicketNo ticket, Moment at) {
    return connection
               .integer("SELECT count(*) FROM message WHERE ticket = $1 AND direction = 2 AND at >= $2",
                        {number_of(ticket), ms_of(at)})
               .value_or(0) > 0;
}

void insert_split_message(Connection& connection, desk::MessageNo copy, desk::MessageNo original) {
    connection.execute("INSERT INTO split_message (copy, original) VALUES ($1, $2)", {number_of(copy), number_of(original)});
}

bool is_split_away(Connection& connection, desk::MessageNo message) {
    return connection.integer("SELECT count(*) FROM split_message WHERE original = $1", {number_of(message)}).value_or(0) >
           0;
}

std::vector<WentOn> went_on_from(Connection& connection, TicketNo ticket) {
    std::vector<WentOn> found;
    connection.query(
        "SELECT s.original, c.ticket FROM message m JOIN split_message s ON s.original = m.no JOIN message c ON c.no = "
        "s.copy "
        "WHERE m.ticket = $1 ORDER BY s.original",
        {number_of(ticket)},
        [&found](const Row& row) { found.push_back({desk::MessageNo{row.integer(0)}, TicketNo{row.integer(1)}}); });
    return found;
}

std::optional<std::int64_t> mail_of_original(Connection& connection, desk::MessageNo copy) {
    return connection.integer(
        "SELECT m.mail FROM split_message s JOIN message m ON m.no = s.original WHERE s.copy = $1 AND m.mail IS NOT NULL",
        {number_of(copy)});
}

void put_snooze(Connection& connection, const SnoozeRow& row) {
    end_snooze(connection, row.ticket);
    connection.execute("INSERT INTO ticket_snooze (ticket, until, staff, at) VALUES ($1, $2, $3, $4)",
                       {number_of(row.ticket), ms_of(row.until), number_of(row.staff), ms_of(row.at)});
}

std::optional<SnoozeRow> find_snooze(Connection& connection, TicketNo ticket) {
    std::optional<SnoozeRow> found;
    connection.query("SELECT ticket, until, staff, at FROM ticket_snooze WHERE ticket = $1", {number_of(ticket)},
                     [&found](const Row& row) {
                         RowReader read{row};
                         const TicketNo no{read.integer()};
                         const Moment until = read.moment();
                         const customers::StaffNo staff{read.integer()};
                         found = SnoozeRow{.ticket = no, .until = until, .staff = staff, .at = read.moment()};
                     });
    return found;
}

std::map<TicketNo, Moment> snoozed_until(Connection& connection, std::span<const TicketNo> tickets) {
    std::map<TicketNo, Moment> found;
    query_in(connection, "SELECT ticket, until FROM ticket_snooze WHERE ticket", "", tickets, {},
             [&found](const Row& row) { found.emplace(TicketNo{row.integer(0)}, moment_of_ms(row.integer(1))); });
    return found;
}

bool end_snooze(Connection& connection, TicketNo ticket) {
    const bool slept = find_snooze(connection, ticket).has_value();
    if (slept) connection.execute("DELETE FROM ticket_snooze WHERE ticket = $1", {number_of(ticket)});
    return slept;
}

std::vector<TicketNo> due_snoozes(Connection& connection, Moment now, Millis soon, std::int64_t limit) {
    return tickets(connection,
                   "SELECT z.ticket FROM ticket_snooze z JOIN ticket t ON t.no = z.ticket WHERE z.until <= $1 OR t.state IN "
                   "(5, 6) OR (t.route <> 'no_action' AND t.state IN (1, 2) AND ((t.first_replied IS NULL AND "
                   "t.first_reply_due <= $2) OR "
                   "(t.first_replied IS NOT NULL AND t.next_reply_due <= $2))) OR (t.route <> 'no_action' AND "
                   "t.state IN (1, 2, 4) AND t.investigation_due <= $2) OR (t.state IN (1, 2, 3, 4) AND t.promise_due <= "
                   "$2) ORDER BY z.until, z.ticket "
                   "LIMIT $3",
                   {ms_of(now), ms_of(now + soon), limit});
}

void put_draft(Connection& connection, const DraftRow& row) {
    drop_draft(connection, row.staff, row.ticket, row.mode);
    connection.execute(
        "INSERT INTO reply_draft (staff, ticket, mode, text, figures, updated, mentions) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7)",
        {number_of(row.staff), number_of(row.ticket), stored(row.mode), string_view{row.text}, string_view{row.figures},
         ms_of(row.updated), string_view{row.mentions}});
}

std::vector<DraftRow> drafts_of(Connection& connection, customers::StaffNo staff, TicketNo ticket) {
    std::vector<DraftRow> found;
    connection.query(
        "SELECT mode, text, figures, updated, mentions FROM reply_draft WHERE staff = $1 AND ticket = $2 ORDER BY mode",
        {number_of(staff), number_of(ticket)}, [&](const Row& row) {
            RowReader read{row};
            const auto mode = read.as<DraftMode>();
            std::string text = read.text();
            std::string figures = read.text();
            const Moment updated = read.moment();
            found.push_back({.staff = staff,
                             .ticket = ticket,
                             .mode = mode,
                             .text = std::move(text),
                             .figures = std::move(figures),
                             .mentions = read.text(),
                             .updated = updated});
        });
    return found;
}

void drop_draft(Connection& connection, customers::StaffNo staff, TicketNo ticket, DraftMode mode) {
    connection.execute("DELETE FROM reply_draft WHERE staff = $1 AND ticket = $2 AND mode = $3",
                       {number_of(staff), number_of(ticket), stored(mode)});
}

std::int64_t count_drafts(Connection& connection, customers::StaffNo staff) {
    return connection.integer("SELECT count(*) FROM reply_draft WHERE staff = $1", {number_of(staff)}).value_or(0);
}

}  // namespace okpay::store
