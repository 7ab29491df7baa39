// SPDX-License-Identifier: Apache-2.0
#include "store/macro_store.hpp"

#include "base/text.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::StaffNo;
using desk::MacroNo;
using std::string_view;

constexpr string_view macro_columns = "no, version, updated, updated_by, retired";
constexpr string_view version_columns =
    "no, macro, version, name, text_en, text_zh, state_after, assign, person, snooze_hours, at, staff";

MacroRow macro_from(RowReader& read) {
    return {.no = MacroNo{read.integer()},
            .version = read.integer(),
            .updated = read.moment(),
            .updated_by = StaffNo{read.integer()},
            .retired = read.flag()};
}

std::optional<desk::TicketState> state_of(std::optional<std::int64_t> stored) {
    return stored ? std::optional{static_cast<desk::TicketState>(*stored)} : std::nullopt;
}

MacroVersionRow version_from(RowReader& read) {
    return {.no = read.integer(),
            .macro = MacroNo{read.integer()},
            .version = read.integer(),
            .written = {.name = read.text(),
                        .text_en = read.text(),
                        .text_zh = read.text(),
                        .actions = {.state_after = state_of(read.maybe_integer()),
                                    .assign = read.as<desk::MacroAssign>(),
                                    .person = read.maybe_no<StaffNo>(),
                                    .snooze_hours = read.integer()}},
            .at = read.moment(),
            .staff = StaffNo{read.integer()}};
}

MacroVersionRow version_at(const Row& row) {
    RowReader read{row};
    return version_from(read);
}

// The columns, each of the table that `alias` stands for.
std::string columns_of(string_view alias, string_view columns) {
    std::string named;
    for (const string_view column : split(columns, ','))
        named.append(named.empty() ? "" : ", ").append(alias).append(".").append(trimmed(column));
    return named;
}

}  // namespace

void insert_macro(Connection& connection, const MacroRow& row) {
    static const std::string sql = "INSERT INTO macro (" + std::string{macro_columns} + ") VALUES ($1, $2, $3, $4, $5)";
    connection.execute(sql,
                       {number_of(row.no), row.version, ms_of(row.updated), number_of(row.updated_by), row.retired ? 1 : 0});
}

void update_macro(Connection& connection, const MacroRow& row) {
    connection.execute("UPDATE macro SET version = $2, updated = $3, updated_by = $4, retired = $5 WHERE no = $1",
                       {number_of(row.no), row.version, ms_of(row.updated), number_of(row.updated_by), row.retired ? 1 : 0});
}

std::optional<MacroRow> find_macro(Connection& connection, MacroNo no) {
    static const std::string sql = "SELECT " + std::string{macro_columns} + " FROM macro WHERE no = $1";
    std::optional<MacroRow> found;
    connection.query(sql, {number_of(no)}, [&found](const Row& row) {
        RowReader read{row};
        found = macro_from(read);
    });
    return found;
}

std::int64_t count_macros(Connection& connection) {
    return connection.integer("SELECT count(*) FROM macro WHERE retired = 0").value_or(0);
}

std::int64_t count_macros_ever(Connection& connection) {
    return connection.integer("SELECT count(*) FROM macro").value_or(0);
}

std::optional<MacroNo> macro_named(Connection& connection, string_view name) {
    std::optional<MacroNo> found;
    connection.query(
        "SELECT m.no, v.name FROM macro m JOIN macro_version v ON v.macro = m.no AND v.version = m.version "
        "WHERE m.retired = 0 ORDER BY m.no",
        {}, [&](const Row& row) {
            if (!found && equal_ignoring_ascii_case(row.text(1), name)) found = MacroNo{row.integer(0)};
        });
    return found;
}

void insert_macro_version(Connection& connection, const MacroVersionRow& row) {
    static const std::string sql = "INSERT INTO macro_version (" + std::string{version_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    const desk::Macro& written = row.written;
    connection.execute(sql,
                       {row.no, number_of(row.macro), row.version, string_view{written.name}, string_view{written.text_en},
                        string_view{written.text_zh}, no_or_null(written.actions.state_after),
                        stored(written.actions.assign), no_or_null(written.actions.person), written.actions.snooze_hours,
                        ms_of(row.at), number_of(row.staff)});
}

std::optional<MacroVersionRow> find_macro_version(Connection& connection, MacroNo macro, std::int64_t version) {
    static const std::string sql =
        "SELECT " + std::string{version_columns} + " FROM macro_version WHERE macro = $1 AND version = $2";
    std::optional<MacroVersionRow> found;
    connection.query(sql, {number_of(macro), version}, [&found](const Row& row) { found = version_at(row); });
    return found;
}

std::vector<MacroVersionRow> macro_versions(Connection& connection, MacroNo macro, std::int64_t at_most) {
    static const std::string sql =
        "SELECT " + std::string{version_columns} + " FROM macro_version WHERE macro = $1 ORDER BY version DESC LIMIT $2";
    std::vector<MacroVersionRow> found;
    connection.query(sql, {number_of(macro), at_most}, [&found](const Row& row) { found.push_back(version_at(row)); });
    return found;
}

void each_macro_version(Connection& connection, const std::function<void(const MacroVersionRow&)>& take) {
    static const std::string sql =
        "SELECT " + std::string{version_columns} + " FROM macro_version ORDER BY macro, version DESC";
    connection.query(sql, {}, [&take](const Row& row) { take(version_at(row)); });
}

std::vector<MacroNow> macros(Connection& connection) {
    static const std::string sql = "SELECT " + columns_of("m", macro_columns) +
                                   ", CASE WHEN v.no IS NULL THEN 0 ELSE 1 END, " + columns_of("v", version_columns) +
                                   " FROM macro m LEFT JOIN macro_version v ON v.macro = m.no AND v.version = m.version "
                                   "ORDER BY m.no";
    std::vector<MacroNow> found;
    connection.query(sql, {}, [&found](const Row& row) {
        RowReader read{row};
        MacroNow one{.row = macro_from(read), .newest = std::nullopt};
        if (read.flag()) one.newest = version_from(read);
        found.push_back(std::move(one));
    });
    return found;
}

}  // namespace okpay::store
