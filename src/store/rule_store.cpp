// SPDX-License-Identifier: Apache-2.0
#include "store/rule_store.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::StaffNo;
using desk::RuleNo;
using desk::TicketNo;
using std::string_view;

constexpr string_view rule_columns =
    "no, version, mode, place, updated, updated_by, live_since, cursor_at, cursor_ticket, fired, shadowed, stopped, faults, "
    "fault, last_fired";
constexpr string_view version_columns =
    "no, rule, version, name, moment, changes, since, hours, working_hours, any_of, conditions, actions, stop, at, staff";
constexpr string_view firing_columns = "no, rule, version, ticket, at, moment, depth, shadow, since, effects";

RuleRow rule_from(RowReader& read) {
    return {.no = RuleNo{read.integer()},
            .version = read.integer(),
            .mode = read.as<desk::RuleMode>(),
            .place = read.integer(),
            .updated = read.moment(),
            .updated_by = StaffNo{read.integer()},
            .live_since = read.moment(),
            .cursor = {.at = read.moment(), .ticket = TicketNo{read.integer()}},
            .fired = read.integer(),
            .shadowed = read.integer(),
            .stopped = read.integer(),
            .faults = read.integer(),
            .fault = read.text(),
            .last_fired = read.maybe_moment()};
}

std::int64_t bits_of(const std::vector<desk::RuleChange>& changes) {
    std::int64_t bits = 0;
    for (const desk::RuleChange change : changes) bits |= std::int64_t{1} << stored(change);
    return bits;
}

std::vector<desk::RuleChange> changes_of(std::int64_t bits) {
    std::vector<desk::RuleChange> changes;
    for (std::int64_t bit = 0; bit <= stored(desk::RuleChange::team); ++bit) {
        if ((bits >> bit & 1) != 0) changes.push_back(static_cast<desk::RuleChange>(bit));
    }
    return changes;
}

RuleVersionRow version_from(RowReader& read) {
    RuleVersionRow row{.no = read.integer(),
                       .rule = RuleNo{read.integer()},
                       .version = read.integer(),
                       .written = std::nullopt,
                       .at = {},
                       .staff = {}};
    desk::Rule rule{.name = read.text(), .when = read.as<desk::RuleWhen>()};
    rule.changes = changes_of(read.integer());
    rule.since = read.as<desk::RuleSince>();
    rule.hours = read.integer();
    rule.working_hours = read.flag();
    rule.any = read.flag();
    auto conditions = desk::conditions_of(read.text());
    auto actions = desk::actions_of(read.text());
    rule.stop = read.flag();
    row.at = read.moment();
    row.staff = StaffNo{read.integer()};
    if (conditions && actions) {
        rule.conditions = *std::move(conditions);
        rule.actions = *std::move(actions);
        row.written = std::move(rule);
    }
    return row;
}

RuleVersionRow version_at(const Row& row) {
    RowReader read{row};
    return version_from(read);
}

std::string columns_of(string_view alias, string_view columns) {
    std::string named;
    for (const string_view column : split(columns, ','))
        named.append(named.empty() ? "" : ", ").append(alias).append(".").append(trimmed(column));
    return named;
}

string_view column_of(desk::RuleSince since) {
    switch (since) {
    case desk::RuleSince::opened: return "opened";
    case desk::RuleSince::customer_wrote: return "next_reply_due";
    case desk::RuleSince::waits_for_customer: return "waiting_since";
    }
    std::abort();
}

// Between the moment that a rule counts from and what the column holds.
Millis ahead_of(desk::RuleSince since) {
    return since == desk::RuleSince::customer_wrote ? Millis{desk::next_reply_within} : Millis{0};
}

std::string lines_of(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, "\n")); }

std::vector<std::string> words_of(string_view lines) {
    std::vector<std::string> words;
    if (lines.empty()) return words;
    for (const string_view word : split(lines, '\n')) words.emplace_back(word);
    return words;
}

}  // namespace

void insert_rule(Connection& connection, const RuleRow& row) {
    static const std::string sql =
        fmt::format("INSERT INTO rule ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                    rule_columns);
    connection.execute(sql, {number_of(row.no), row.version, stored(row.mode), row.place, ms_of(row.updated),
                             number_of(row.updated_by), ms_of(row.live_since), ms_of(row.cursor.at),
                             number_of(row.cursor.ticket), row.fired, row.shadowed, row.stopped, row.faults,
                             string_view{row.fault}, moment_or_null(row.last_fired)});
}

void update_rule(Connection& connection, const RuleRow& row) {
    connection.execute(
        "UPDATE rule SET version = $2, mode = $3, place = $4, updated = $5, updated_by = $6, live_since = $7, cursor_at = "
        "$8, cursor_ticket = $9, fired = $10, shadowed = $11, stopped = $12, faults = $13, fault = $14, last_fired = $15 "
        "WHERE no = $1",
        {number_of(row.no), row.version, stored(row.mode), row.place, ms_of(row.updated), number_of(row.updated_by),
         ms_of(row.live_since), ms_of(row.cursor.at), number_of(row.cursor.ticket), row.fired, row.shadowed, row.stopped,
         row.faults, string_view{row.fault}, moment_or_null(row.last_fired)});
}

std::optional<RuleRow> find_rule(Connection& connection, RuleNo no) {
    static const std::string sql = fmt::format("SELECT {} FROM rule WHERE no = $1", rule_columns);
    std::optional<RuleRow> found;
    connection.query(sql, {number_of(no)}, [&found](const Row& row) {
        RowReader read{row};
        found = rule_from(read);
    });
    return found;
}

std::int64_t count_rules(Connection& connection) {
    return connection.integer("SELECT count(*) FROM rule WHERE mode <> 1").value_or(0);
}
std::int64_t count_rules_ever(Connection& connection) { return connection.integer("SELECT count(*) FROM rule").value_or(0); }
std::int64_t last_rule_place(Connection& connection) {
    return connection.integer("SELECT coalesce(max(place), 0) FROM rule").value_or(0);
}

void insert_rule_version(Connection& connection, const RuleVersionRow& row) {
    static const std::string sql = fmt::format(
        "INSERT INTO rule_version ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        version_columns);
    const desk::Rule& rule = row.written.value();
    const std::string conditions = desk::text_of(rule.conditions);
    const std::string actions = desk::text_of(rule.actions);
    connection.execute(sql, {row.no, number_of(row.rule), row.version, string_view{rule.name}, stored(rule.when),
                             bits_of(rule.changes), stored(rule.since), rule.hours, rule.working_hours ? 1 : 0,
                             rule.any ? 1 : 0, string_view{conditions}, string_view{actions}, rule.stop ? 1 : 0,
                             ms_of(row.at), number_of(row.staff)});
}

std::optional<RuleVersionRow> find_rule_version(Connection& connection, RuleNo rule, std::int64_t version) {
    static const std::string sql =
        fmt::format("SELECT {} FROM rule_version WHERE rule = $1 AND version = $2", version_columns);
    std::optional<RuleVersionRow> found;
    connection.query(sql, {number_of(rule), version}, [&found](const Row& row) { found = version_at(row); });
    return found;
}

std::vector<RuleVersionRow> rule_versions(Connection& connection, RuleNo rule, std::int64_t at_most) {
    static const std::string sql =
        fmt::format("SELECT {} FROM rule_version WHERE rule = $1 ORDER BY version DESC LIMIT $2", version_columns);
    std::vector<RuleVersionRow> found;
    connection.query(sql, {number_of(rule), at_most}, [&found](const Row& row) { found.push_back(version_at(row)); });
    return found;
}

void each_rule_version(Connection& connection, const std::function<void(const RuleVersionRow&)>& take) {
    static const std::string sql = fmt::format("SELECT {} FROM rule_version ORDER BY rule, version DESC", version_columns);
    connection.query(sql, {}, [&take](const Row& row) { take(version_at(row)); });
}

std::vector<RuleNow> rules(Connection& connection, bool with_off) {
    static const std::string sql = fmt::format(
        "SELECT {}, CASE WHEN v.no IS NULL THEN 0 ELSE 1 END, {} FROM rule r LEFT JOIN rule_version v ON v.rule = r.no AND "
        "v.version = r.version WHERE r.mode > $1 ORDER BY r.place, r.no",
        columns_of("r", rule_columns), columns_of("v", version_columns));
    std::vector<RuleNow> found;
    connection.query(sql, {with_off ? 0 : stored(desk::RuleMode::off)}, [&found](const Row& row) {
        RowReader read{row};
        RuleNow one{.row = rule_from(read), .newest = std::nullopt};
        if (read.flag()) one.newest = version_from(read);
        found.push_back(std::move(one));
    });
    return found;
}

std::string text_of(const std::vector<desk::RuleEffect>& effects) {
    std::string text;
    for (const desk::RuleEffect& effect : effects) {
        // What a note says stands in its rule's version.
        const std::string_view value = effect.act == desk::RuleAct::note ? "" : string_view{effect.value};
        text += fmt::format("{}\t{}\t{}\n", name_of(effect.act), value, name_of(effect.not_done));
    }
    return text;
}

std::optional<std::vector<desk::RuleEffect>> effects_of(string_view text) {
    std::vector<desk::RuleEffect> effects;
    for (const string_view line : split(text, '\n')) {
        if (line.empty()) continue;
        const auto parts = split(line, '\t');
        const auto act = desk::rule_act_of_name(parts.front());
        if (!act || parts.size() != 3) return std::nullopt;
        std::optional<desk::NotDone> outcome;
        for (const desk::NotDone one : {desk::NotDone::none, desk::NotDone::unchanged, desk::NotDone::unavailable,
                                        desk::NotDone::nobody_fits, desk::NotDone::refused}) {
            if (name_of(one) == parts[2]) outcome = one;
        }
        if (!outcome) return std::nullopt;
        effects.push_back({*act, std::string{parts[1]}, *outcome});
    }
    return text_of(effects) == text ? std::optional{std::move(effects)} : std::nullopt;
}

void insert_rule_firing(Connection& connection, const RuleFiringRow& row) {
    static const std::string sql =
        fmt::format("INSERT INTO rule_firing ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", firing_columns);
    const std::string effects = text_of(row.effects);
    connection.execute(sql,
                       {row.no, number_of(row.rule), row.version, number_of(row.ticket), ms_of(row.at), stored(row.when),
                        std::int64_t{row.depth}, row.shadow ? 1 : 0, moment_or_null(row.since), string_view{effects}});
}

bool has_fired_since(Connection& connection, RuleNo rule, TicketNo ticket, Moment since) {
    return connection
        .integer("SELECT 1 FROM rule_firing WHERE rule = $1 AND ticket = $2 AND since = $3 AND since IS NOT NULL",
                 {number_of(rule), number_of(ticket), ms_of(since)})
        .has_value();
}

std::vector<RuleFiringRow> rule_firings(Connection& connection, RuleNo rule, std::int64_t at_most) {
    static const std::string sql =
        fmt::format("SELECT {} FROM rule_firing WHERE rule = $1 ORDER BY no DESC LIMIT $2", firing_columns);
    std::vector<RuleFiringRow> found;
    connection.query(sql, {number_of(rule), at_most}, [&found](const Row& row) {
        RowReader read{row};
        RuleFiringRow one{.no = read.integer(),
                          .rule = RuleNo{read.integer()},
                          .version = read.integer(),
                          .ticket = TicketNo{read.integer()},
                          .at = read.moment(),
                          .when = read.as<desk::RuleWhen>(),
                          .depth = static_cast<int>(read.integer()),
                          .shadow = read.flag(),
                          .since = read.maybe_moment(),
                          .effects = {}};
        auto effects = effects_of(read.text());
        if (!effects) throw StorageFailure{StorageFault::corrupt, "what a rule did cannot be read"};
        one.effects = *std::move(effects);
        found.push_back(std::move(one));
    });
    return found;
}

std::vector<TimedTicket> timed_tickets(Connection& connection, desk::RuleSince since, const RuleCursor& beyond, Moment until,
                                       std::int64_t limit) {
    const string_view column = column_of(since);
    const Millis ahead = ahead_of(since);
    // `IS NOT NULL` lets the engines use the index that holds no others.
    const std::string sql = fmt::format(
        "SELECT no, {0} FROM ticket WHERE state < 5 AND {0} IS NOT NULL AND {0} >= $1 AND ({0} > $1 OR no > $2) AND {0} <= "
        "$3 ORDER BY {0}, no LIMIT $4",
        column);
    std::vector<TimedTicket> found;
    connection.query(sql, {ms_of(beyond.at) + ahead.count(), number_of(beyond.ticket), ms_of(until) + ahead.count(), limit},
                     [&](const Row& row) {
                         found.push_back({TicketNo{row.integer(0)}, moment_of_ms(row.integer(1)) - ahead});
                     });
    return found;
}

std::optional<Moment> counts_from(desk::RuleSince since, const desk::Ticket& ticket) {
    switch (since) {
    case desk::RuleSince::opened: return ticket.opened;
    case desk::RuleSince::customer_wrote:
        return ticket.next_reply_due ? std::optional{*ticket.next_reply_due - ahead_of(since)} : std::nullopt;
    case desk::RuleSince::waits_for_customer: return ticket.waiting_since;
    }
    std::abort();
}

void put_skills(Connection& connection, const SkillRow& row) {
    connection.execute("DELETE FROM staff_skill WHERE staff = $1", {number_of(row.staff)});
    const std::string languages = lines_of(row.skills.languages);
    const std::string categories = lines_of(row.skills.categories);
    connection.execute(
        "INSERT INTO staff_skill (staff, languages, categories, level, open_max, away_until, last_given, updated, "
        "updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {number_of(row.staff), string_view{languages}, string_view{categories}, row.skills.level, row.skills.open_max,
         moment_or_null(row.skills.away_until), ms_of(row.last_given), ms_of(row.updated), number_of(row.updated_by)});
}

std::optional<SkillRow> find_skills(Connection& connection, StaffNo staff) {
    std::optional<SkillRow> found;
    connection.query(
        "SELECT staff, languages, categories, level, open_max, away_until, last_given, updated, updated_by FROM staff_skill "
        "WHERE staff = $1",
        {number_of(staff)}, [&found](const Row& row) {
            RowReader read{row};
            found = SkillRow{.staff = StaffNo{read.integer()},
                             .skills = {.languages = words_of(read.text()),
                                        .categories = words_of(read.text()),
                                        .level = read.integer(),
                                        .open_max = read.integer(),
                                        .away_until = read.maybe_moment()},
                             .last_given = read.moment(),
                             .updated = read.moment(),
                             .updated_by = StaffNo{read.integer()}};
        });
    return found;
}

void note_given(Connection& connection, StaffNo staff, Moment at) {
    connection.execute("UPDATE staff_skill SET last_given = $2 WHERE staff = $1", {number_of(staff), ms_of(at)});
}

std::vector<ColleagueRow> candidates(Connection& connection) {
    std::vector<ColleagueRow> found;
    connection.query(
        "SELECT s.no, s.role, s.id, s.name, s.email, CASE WHEN k.staff IS NULL THEN 0 ELSE 1 END, coalesce(k.languages, "
        "''), "
        "coalesce(k.categories, ''), coalesce(k.level, 1), coalesce(k.open_max, 0), k.away_until, coalesce(k.last_given, "
        "0), "
        "(SELECT count(*) FROM ticket t WHERE t.assignee = s.no AND t.state < 5 AND t.state <> 3) FROM staff s LEFT JOIN "
        "staff_skill k ON k.staff = s.no WHERE s.disabled = 0 AND s.enrolled IS NOT NULL ORDER BY s.no",
        {}, [&found](const Row& row) {
            RowReader read{row};
            ColleagueRow one{.candidate = {.no = StaffNo{read.integer()}, .role = read.as<customers::Role>()},
                             .id = read.id<StaffId>(),
                             .name = read.text(),
                             .email = read.text()};
            const bool has_skills = read.flag();
            desk::Skills skills{.languages = words_of(read.text()),
                                .categories = words_of(read.text()),
                                .level = read.integer(),
                                .open_max = read.integer(),
                                .away_until = read.maybe_moment()};
            if (has_skills) one.candidate.skills = std::move(skills);
            one.candidate.last_given = read.moment();
            one.candidate.open = read.integer();
            found.push_back(std::move(one));
        });
    return found;
}

std::vector<StaffNo> related_staff(Connection& connection, customers::CustomerNo customer) {
    std::vector<StaffNo> found;
    connection.query("SELECT DISTINCT staff FROM staff_relation WHERE customer = $1 ORDER BY staff", {number_of(customer)},
                     [&found](const Row& row) { found.push_back(StaffNo{row.integer(0)}); });
    return found;
}

RoutingRow routing(Connection& connection) {
    RoutingRow found;
    connection.query("SELECT mode, updated, updated_by FROM routing_setting WHERE no = 1", {}, [&found](const Row& row) {
        RowReader read{row};
        found = {.mode = read.as<desk::RoutingMode>(), .updated = read.moment(), .updated_by = StaffNo{read.integer()}};
    });
    return found;
}

void put_routing(Connection& connection, desk::RoutingMode mode, Moment at, StaffNo staff) {
    connection.execute("DELETE FROM routing_setting WHERE no = 1");
    connection.execute("INSERT INTO routing_setting (no, mode, updated, updated_by) VALUES (1, $1, $2, $3)",
                       {stored(mode), ms_of(at), number_of(staff)});
}

}  // namespace okpay::store
