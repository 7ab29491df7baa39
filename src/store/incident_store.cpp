// SPDX-License-Identifier: Apache-2.0
#include "store/incident_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using customers::StaffNo;
using desk::IncidentNo;
using desk::TicketNo;
using desk::Topic;
using std::string_view;

constexpr string_view incident_columns =
    "i.no, i.kind, i.thing, i.state, i.since, i.opened, i.updated, i.requests, i.customers, i.usual_requests, i.usual_days";
constexpr string_view member_columns = "m.incident, m.ticket, m.since, m.standing, m.apart, m.due";

Topic topic_from(RowReader& read) {
    Topic topic{.kind = read.as<desk::TopicKind>(), .thing = {}};
    topic.thing = read.text();
    return topic;
}

IncidentRow incident_at(const Row& row) {
    RowReader read{row};
    IncidentRow found{
        .no = IncidentNo{read.integer()}, .topic = topic_from(read), .since = {}, .opened = {}, .updated = {}, .usual = {}};
    found.state = read.as<desk::IncidentState>();
    found.since = read.moment();
    found.opened = read.moment();
    found.updated = read.moment();
    found.requests = read.integer();
    found.customers = read.integer();
    found.usual.requests = read.integer();
    found.usual.days = read.integer();
    return found;
}

MemberRow member_at(const Row& row) {
    RowReader read{row};
    MemberRow found{.incident = IncidentNo{read.integer()}, .ticket = TicketNo{read.integer()}, .since = read.moment()};
    found.standing = read.flag();
    found.apart = read.flag();
    found.due = read.as<Due>();
    return found;
}

std::int64_t day_of(Moment at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

std::optional<IncidentRow> one_incident(Connection& connection, const std::string& sql,
                                        std::initializer_list<Value> values) {
    std::optional<IncidentRow> found;
    connection.query(sql, values, [&found](const Row& row) { found = incident_at(row); });
    return found;
}

std::vector<MemberRow> all_members(Connection& connection, const std::string& sql, std::initializer_list<Value> values) {
    std::vector<MemberRow> found;
    connection.query(sql, values, [&found](const Row& row) { found.push_back(member_at(row)); });
    return found;
}

}  // namespace

void insert_topic(Connection& connection, const TopicRow& row) {
    connection.execute(
        "INSERT INTO ticket_topic (no, ticket, kind, thing, customer, apart, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {row.no, number_of(row.ticket), stored(row.topic.kind), string_view{row.topic.thing}, number_of(row.customer),
         row.apart ? 1 : 0, ms_of(row.at)});
}

std::vector<TopicRow> topics_of(Connection& connection, TicketNo ticket) {
    std::vector<TopicRow> found;
    connection.query("SELECT no, ticket, kind, thing, customer, apart, at FROM ticket_topic WHERE ticket = $1 ORDER BY no",
                     {number_of(ticket)}, [&found](const Row& row) {
                         RowReader read{row};
                         const std::int64_t no = read.integer();
                         const TicketNo of{read.integer()};
                         Topic topic = topic_from(read);
                         const CustomerNo customer{read.integer()};
                         const bool apart = read.flag();
                         found.push_back({no, of, std::move(topic), customer, apart, read.moment()});
                     });
    return found;
}

std::vector<desk::Arrival> arrivals(Connection& connection, const Topic& topic, Moment from, Moment to) {
    std::vector<desk::Arrival> found;
    connection.query(
        "SELECT o.ticket, o.customer, o.at FROM ticket_topic o JOIN ticket t ON t.no = o.ticket WHERE o.kind = $1 AND "
        "o.thing = $2 AND o.at >= $3 AND o.at <= $4 AND o.apart = 0 AND t.state NOT IN (5, 6) AND NOT EXISTS (SELECT 1 FROM "
        "ticket_link l WHERE l.ticket = o.ticket AND l.kind = 4 AND l.ended IS NULL) AND NOT EXISTS (SELECT 1 FROM "
        "incident_member m WHERE m.ticket = o.ticket) ORDER BY o.at, o.ticket",
        {stored(topic.kind), string_view{topic.thing}, ms_of(from), ms_of(to)}, [&found](const Row& row) {
            found.push_back({TicketNo{row.integer(0)}, CustomerNo{row.integer(1)}, moment_of_ms(row.integer(2))});
        });
    return found;
}

void count_topic(Connection& connection, const Topic& topic, Moment at) {
    const std::initializer_list<Value> day{stored(topic.kind), string_view{topic.thing}, day_of(at)};
    if (connection.execute("UPDATE topic_day SET requests = requests + 1 WHERE kind = $1 AND thing = $2 AND day = $3",
                           day) == 0)
        connection.execute("INSERT INTO topic_day (kind, thing, day, requests) VALUES ($1, $2, $3, 1)", day);
}

desk::Usual usual_of(Connection& connection, const Topic& topic, Moment at) {
    const std::int64_t today = day_of(at), earliest = today - desk::usual_looks_back.count();
    const auto first = connection.integer("SELECT min(day) FROM topic_day");
    if (!first || *first >= today) return {};
    return {.requests = connection
                            .integer("SELECT CAST(coalesce(sum(requests), 0) AS BIGINT) FROM topic_day WHERE kind = $1 AND "
                                     "thing = $2 AND day >= $3 AND day < $4",
                                     {stored(topic.kind), string_view{topic.thing}, earliest, today})
                            .value_or(0),
            .days = today - std::max(*first, earliest)};
}

std::optional<Moment> last_joined(Connection& connection, desk::IncidentNo incident) {
    const auto last = connection.integer("SELECT max(since) FROM incident_member WHERE incident = $1 AND standing = 1",
                                         {number_of(incident)});
    return last ? std::optional{moment_of_ms(*last)} : std::nullopt;
}

void insert_incident(Connection& connection, const IncidentRow& row) {
    connection.execute(
        "INSERT INTO incident (no, kind, thing, state, since, opened, updated, requests, customers, usual_requests, "
        "usual_days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {number_of(row.no), stored(row.topic.kind), string_view{row.topic.thing}, stored(row.state), ms_of(row.since),
         ms_of(row.opened), ms_of(row.updated), row.requests, row.customers, row.usual.requests, row.usual.days});
}

void update_incident(Connection& connection, const IncidentRow& row) {
    connection.execute("UPDATE incident SET state = $2, updated = $3 WHERE no = $1",
                       {number_of(row.no), stored(row.state), ms_of(row.updated)});
}

std::optional<IncidentRow> find_incident(Connection& connection, IncidentNo no) {
    static const std::string sql = fmt::format("SELECT {} FROM incident i WHERE i.no = $1", incident_columns);
    return one_incident(connection, sql, {number_of(no)});
}

std::optional<IncidentRow> standing_incident(Connection& connection, const Topic& topic) {
    static const std::string sql =
        fmt::format("SELECT {} FROM incident i WHERE i.kind = $1 AND i.thing = $2 AND i.state <> 3", incident_columns);
    return one_incident(connection, sql, {stored(topic.kind), string_view{topic.thing}});
}

std::vector<IncidentRow> incidents(Connection& connection, bool standing, std::int64_t before, std::int64_t limit) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM incident i WHERE (i.state <> 3) = ($1 = 1) AND ($2 = 0 OR i.no < $2) ORDER BY i.no DESC LIMIT $3",
        incident_columns);
    std::vector<IncidentRow> found;
    connection.query(sql, {standing ? 1 : 0, before, limit},
                     [&found](const Row& row) { found.push_back(incident_at(row)); });
    return found;
}

std::int64_t count_standing_incidents(Connection& connection) {
    return connection.integer("SELECT count(*) FROM incident WHERE state <> 3").value_or(0);
}

void insert_member(Connection& connection, const MemberRow& row) {
    connection.execute(
        "INSERT INTO incident_member (incident, ticket, since, standing, apart, due) VALUES ($1, $2, $3, $4, $5, $6)",
        {number_of(row.incident), number_of(row.ticket), ms_of(row.since), row.standing ? 1 : 0, row.apart ? 1 : 0,
         stored(row.due)});
}

void update_member(Connection& connection, const MemberRow& row) {
    connection.execute("UPDATE incident_member SET since = $3, standing = $4, due = $5 WHERE incident = $1 AND ticket = $2",
                       {number_of(row.incident), number_of(row.ticket), ms_of(row.since), row.standing ? 1 : 0,
                        stored(row.due)});
}

std::optional<MemberRow> find_member(Connection& connection, IncidentNo incident, TicketNo ticket) {
    static const std::string sql =
        fmt::format("SELECT {} FROM incident_member m WHERE m.incident = $1 AND m.ticket = $2", member_columns);
    const auto found = all_members(connection, sql, {number_of(incident), number_of(ticket)});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<MemberRow> members_of(Connection& connection, IncidentNo incident) {
    static const std::string sql =
        fmt::format("SELECT {} FROM incident_member m WHERE m.incident = $1 ORDER BY m.since, m.ticket", member_columns);
    return all_members(connection, sql, {number_of(incident)});
}

std::int64_t count_members(Connection& connection, IncidentNo incident) {
    return connection
        .integer("SELECT count(*) FROM incident_member WHERE incident = $1 AND standing = 1", {number_of(incident)})
        .value_or(0);
}

std::vector<MemberRow> due_members(Connection& connection, std::int64_t limit) {
    static const std::string sql =
        fmt::format("SELECT {} FROM incident_member m WHERE m.due <> 0 ORDER BY m.incident, m.ticket LIMIT $1",
                    member_columns);
    return all_members(connection, sql, {limit});
}

std::optional<IncidentRow> incident_of(Connection& connection, TicketNo ticket) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM incident_member m JOIN incident i ON i.no = m.incident WHERE m.ticket = $1 AND m.standing = 1 ORDER "
        "BY CASE WHEN i.state = 3 THEN 1 ELSE 0 END, i.no DESC LIMIT 1",
        incident_columns);
    return one_incident(connection, sql, {number_of(ticket)});
}

void insert_step(Connection& connection, const StepRow& row) {
    connection.execute("INSERT INTO incident_step (no, incident, step, at, staff, ticket) VALUES ($1, $2, $3, $4, $5, $6)",
                       {row.no, number_of(row.incident), stored(row.step), ms_of(row.at), no_or_null(row.staff),
                        no_or_null(row.ticket)});
}

std::vector<StepRow> steps_of(Connection& connection, IncidentNo incident) {
    std::vector<StepRow> found;
    connection.query("SELECT no, incident, step, at, staff, ticket FROM incident_step WHERE incident = $1 ORDER BY no",
                     {number_of(incident)}, [&found](const Row& row) {
                         RowReader read{row};
                         StepRow step{.no = read.integer(),
                                      .incident = IncidentNo{read.integer()},
                                      .step = read.as<desk::IncidentStep>(),
                                      .at = read.moment(),
                                      .staff = read.maybe_no<StaffNo>(),
                                      .ticket = {}};
                         step.ticket = read.maybe_no<TicketNo>();
                         found.push_back(step);
                     });
    return found;
}

void insert_incident_text(Connection& connection, const IncidentTextRow& row) {
    connection.execute(
        "INSERT INTO incident_text (incident, en, zh_hans, zh_hant, at, staff) VALUES ($1, $2, $3, $4, $5, $6)",
        {number_of(row.incident), string_view{row.text.en}, string_view{row.text.zh_hans}, string_view{row.text.zh_hant},
         ms_of(row.at), number_of(row.staff)});
}

std::optional<IncidentTextRow> find_incident_text(Connection& connection, IncidentNo incident) {
    std::optional<IncidentTextRow> found;
    connection.query("SELECT incident, en, zh_hans, zh_hant, at, staff FROM incident_text WHERE incident = $1",
                     {number_of(incident)}, [&found](const Row& row) {
                         found = IncidentTextRow{.incident = IncidentNo{row.integer(0)},
                                                 .text = {row.string(1), row.string(2), row.string(3)},
                                                 .at = moment_of_ms(row.integer(4)),
                                                 .staff = StaffNo{row.integer(5)}};
                     });
    return found;
}

void insert_told(Connection& connection, const ToldRow& row) {
    connection.execute("INSERT INTO incident_told (incident, ticket, outgoing, at) VALUES ($1, $2, $3, $4)",
                       {number_of(row.incident), number_of(row.ticket), row.outgoing, ms_of(row.at)});
}

std::optional<ToldRow> find_told(Connection& connection, IncidentNo incident, TicketNo ticket) {
    std::optional<ToldRow> found;
    connection.query("SELECT outgoing, at FROM incident_told WHERE incident = $1 AND ticket = $2",
                     {number_of(incident), number_of(ticket)}, [&](const Row& row) {
                         found = ToldRow{incident, ticket, row.integer(0), moment_of_ms(row.integer(1))};
                     });
    return found;
}

std::int64_t count_told(Connection& connection, IncidentNo incident) {
    return connection.integer("SELECT count(*) FROM incident_told WHERE incident = $1", {number_of(incident)}).value_or(0);
}

void insert_incident_refund(Connection& connection, IncidentNo incident, desk::RemedyNo remedy) {
    connection.execute("INSERT INTO incident_refund (remedy, incident) VALUES ($1, $2)",
                       {number_of(remedy), number_of(incident)});
}

bool is_incident_refund(Connection& connection, IncidentNo incident, desk::RemedyNo remedy) {
    return connection
        .integer("SELECT 1 FROM incident_refund WHERE remedy = $1 AND incident = $2",
                 {number_of(remedy), number_of(incident)})
        .has_value();
}

std::vector<desk::RemedyNo> incident_refunds_of(Connection& connection, IncidentNo incident) {
    std::vector<desk::RemedyNo> found;
    connection.query("SELECT remedy FROM incident_refund WHERE incident = $1 ORDER BY remedy", {number_of(incident)},
                     [&found](const Row& row) { found.push_back(desk::RemedyNo{row.integer(0)}); });
    return found;
}

}  // namespace okpay::store
