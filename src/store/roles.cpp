// SPDX-License-Identifier: Apache-2.0
#include "store/roles.hpp"

#include <fmt/format.h>

#include <vector>

namespace okpay::store {
namespace {

std::vector<std::string> names(Connection& connection, std::string_view sql) {
    std::vector<std::string> found;
    connection.query(sql, {}, [&found](const Row& row) { found.push_back(row.string(0)); });
    return found;
}

constexpr std::string_view all_tables =
    "SELECT quote_ident(table_name::text)::text FROM information_schema.tables WHERE table_schema = current_schema() AND "
    "table_type = 'BASE TABLE' ORDER BY 1";
// The schema marks them itself: by the trigger that refuses a change.
constexpr std::string_view append_only_tables =
    "SELECT DISTINCT quote_ident(c.relname::text)::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE p.proname = 'refuse_change' AND c.relnamespace = "
    "current_schema()::regnamespace ORDER BY 1";

}  // namespace

std::string role_of(Connection& connection) { return names(connection, "SELECT current_user::text").front(); }

void grant_serving_role(Connection& owner, const std::string& role) {
    std::string quoted, schema;
    owner.query("SELECT quote_ident($1::text)::text, quote_ident(current_schema()::text)::text", {std::string_view{role}},
                [&](const Row& row) {
                    quoted = row.string(0);
                    schema = row.string(1);
                });
    std::string sql = fmt::format(
        "GRANT USAGE ON SCHEMA {1} TO {0}; REVOKE CREATE ON SCHEMA {1} FROM {0}, PUBLIC; "
        "REVOKE ALL ON ALL TABLES IN SCHEMA {1} FROM {0}, PUBLIC; ",
        quoted, schema);
    for (const std::string& table : names(owner, all_tables))
        sql += fmt::format("GRANT SELECT, INSERT, UPDATE, DELETE ON {}.{} TO {}; ", schema, table, quoted);
    for (const std::string& table : names(owner, append_only_tables))
        sql += fmt::format("REVOKE UPDATE, DELETE ON {}.{} FROM {}; ", schema, table, quoted);
    Transaction transaction{owner};
    owner.run_script(sql);
    if (!transaction.commit())
        throw StorageFailure{StorageFault::unavailable, "the rights could not be committed; run the same command again"};
}

bool may_change_history(Connection& connection) {
    if (connection.engine() == Engine::sqlite) return true;  // whoever holds the file holds its rows
    for (const std::string& table : names(connection, append_only_tables)) {
        if (connection
                .integer("SELECT count(*) FROM (SELECT 1 WHERE has_table_privilege($1::text, 'UPDATE') OR "
                         "has_table_privilege($1::text, 'DELETE') OR has_table_privilege($1::text, 'TRUNCATE') OR "
                         "has_table_privilege($1::text, 'TRIGGER')) q",
                         {std::string_view{table}})
                .value_or(0) != 0)
            return true;
    }
    return false;
}

}  // namespace okpay::store
