// SPDX-License-Identifier: Apache-2.0
#include "store/follow_store.hpp"

#include <fmt/format.h>

#include "store/in_list.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

constexpr std::string_view follow_columns = "f.ticket, f.staff, f.since, f.seen_message, f.seen_event";

FollowRow follow_at(const Row& row) {
    RowReader read{row};
    FollowRow follow{.ticket = desk::TicketNo{read.integer()},
                     .staff = customers::StaffNo{read.integer()},
                     .since = read.moment(),
                     .seen = {}};
    follow.seen.message = read.integer();
    follow.seen.event = read.integer();
    return follow;
}

// Conditions on a row `f` of ticket_follow: what others wrote or did since its mark. An own word is no news.
constexpr std::string_view message_unseen =
    "m.ticket = f.ticket AND m.no > f.seen_message AND (m.staff IS NULL OR m.staff <> f.staff)";
constexpr std::string_view mention_unseen =
    "n.staff = f.staff AND n.ticket = f.ticket AND n.message > f.seen_message AND EXISTS (SELECT 1 FROM message m WHERE "
    "m.no = n.message AND m.staff <> f.staff)";
std::string event_unseen() {
    std::string kinds;
    for (const std::string_view kind : desk::told_events) kinds += fmt::format("{}'{}'", kinds.empty() ? "" : ", ", kind);
    return fmt::format(
        "e.ticket = f.ticket AND e.no > f.seen_event AND (e.staff IS NULL OR e.staff <> f.staff) AND e.kind IN ({})", kinds);
}

}  // namespace

void insert_follow(Connection& connection, const FollowRow& row) {
    connection.execute(
        "INSERT INTO ticket_follow (ticket, staff, since, seen_message, seen_event) VALUES ($1, $2, $3, $4, $5)",
        {number_of(row.ticket), number_of(row.staff), ms_of(row.since), row.seen.message, row.seen.event});
}

std::optional<FollowRow> find_follow(Connection& connection, desk::TicketNo ticket, customers::StaffNo staff) {
    static const std::string sql =
        fmt::format("SELECT {} FROM ticket_follow f WHERE f.ticket = $1 AND f.staff = $2", follow_columns);
    std::optional<FollowRow> found;
    connection.query(sql, {number_of(ticket), number_of(staff)}, [&found](const Row& row) { found = follow_at(row); });
    return found;
}

std::vector<FollowRow> follows_among(Connection& connection, customers::StaffNo staff,
                                     std::span<const desk::TicketNo> tickets) {
    static const std::string sql = fmt::format("SELECT {} FROM ticket_follow f WHERE f.ticket", follow_columns);
    std::vector<FollowRow> found;
    query_in(connection, sql, " AND f.staff = $51", tickets, {number_of(staff)},
             [&found](const Row& row) { found.push_back(follow_at(row)); });
    return found;
}

std::vector<FollowRow> followers_of(Connection& connection, desk::TicketNo ticket) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM ticket_follow f JOIN staff s ON s.no = f.staff WHERE f.ticket = $1 AND s.disabled = 0 ORDER BY "
        "f.since, f.staff",
        follow_columns);
    std::vector<FollowRow> found;
    connection.query(sql, {number_of(ticket)}, [&found](const Row& row) { found.push_back(follow_at(row)); });
    return found;
}

void set_seen(Connection& connection, const FollowRow& row) {
    connection.execute("UPDATE ticket_follow SET seen_message = $3, seen_event = $4 WHERE ticket = $1 AND staff = $2",
                       {number_of(row.ticket), number_of(row.staff), row.seen.message, row.seen.event});
}

void end_follow(Connection& connection, desk::TicketNo ticket, customers::StaffNo staff) {
    connection.execute("DELETE FROM ticket_follow WHERE ticket = $1 AND staff = $2", {number_of(ticket), number_of(staff)});
}

desk::SeenMark newest_of(Connection& connection, desk::TicketNo ticket) {
    const auto highest_in = [&](std::string_view sql) { return connection.integer(sql, {number_of(ticket)}).value_or(0); };
    return {.message = highest_in("SELECT coalesce(max(no), 0) FROM message WHERE ticket = $1"),
            .event = highest_in("SELECT coalesce(max(no), 0) FROM ticket_event WHERE ticket = $1")};
}

void insert_mention(Connection& connection, const desk::Message& note, customers::StaffNo staff) {
    connection.execute("INSERT INTO note_mention (message, staff, ticket) VALUES ($1, $2, $3)",
                       {number_of(note.no), number_of(staff), number_of(note.ticket)});
}

std::vector<customers::StaffNo> mentions_in(Connection& connection, desk::MessageNo note) {
    std::vector<customers::StaffNo> found;
    connection.query("SELECT staff FROM note_mention WHERE message = $1 ORDER BY staff", {number_of(note)},
                     [&found](const Row& row) { found.push_back(customers::StaffNo{row.integer(0)}); });
    return found;
}

Unseen unseen_of(Connection& connection, const FollowRow& row) {
    static const std::string messages =
        fmt::format("SELECT count(*) FROM ticket_follow f JOIN message m ON {} WHERE f.ticket = $1 AND f.staff = $2",
                    message_unseen);
    static const std::string events =
        fmt::format("SELECT count(*) FROM ticket_follow f JOIN ticket_event e ON {} WHERE f.ticket = $1 AND f.staff = $2",
                    event_unseen());
    static const std::string mentions =
        fmt::format("SELECT count(*) FROM ticket_follow f JOIN note_mention n ON {} WHERE f.ticket = $1 AND f.staff = $2",
                    mention_unseen);
    const auto count = [&](std::string_view sql) {
        return connection.integer(sql, {number_of(row.ticket), number_of(row.staff)}).value_or(0);
    };
    return {.all = count(messages) + count(events), .mentions = count(mentions)};
}

UnseenRequests unseen_requests(Connection& connection, customers::StaffNo staff) {
    constexpr std::string_view own =
        "SELECT count(*) FROM ticket_follow f JOIN ticket t ON t.no = f.ticket WHERE f.staff = $1 AND NOT EXISTS (SELECT 1 "
        "FROM staff_relation r WHERE r.staff = f.staff AND r.customer = t.customer) AND ";
    static const std::string following =
        fmt::format("{} (EXISTS (SELECT 1 FROM message m WHERE {}) OR EXISTS (SELECT 1 FROM ticket_event e WHERE {}))", own,
                    message_unseen, event_unseen());
    static const std::string mentions =
        fmt::format("{} EXISTS (SELECT 1 FROM note_mention n WHERE {})", own, mention_unseen);
    return {.following = connection.integer(following, {number_of(staff)}).value_or(0),
            .mentions = connection.integer(mentions, {number_of(staff)}).value_or(0)};
}

}  // namespace okpay::store
