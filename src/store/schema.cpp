// SPDX-License-Identifier: Apache-2.0
#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "store/impl/facts_tables.hpp"
#include "store/impl/file_scan_tables.hpp"
#include "store/impl/follow_tables.hpp"
#include "store/impl/hook_tables.hpp"
#include "store/impl/incident_tables.hpp"
#include "store/impl/macro_tables.hpp"
#include "store/impl/mailbox_tables.hpp"
#include "store/impl/phone_tables.hpp"
#include "store/impl/rule_tables.hpp"
#include "store/impl/schema_tables.hpp"
#include "store/impl/side_tables.hpp"
#include "store/impl/sign_on_tables.hpp"
#include "store/impl/sorting_tables.hpp"

namespace okpay::store {
namespace {

struct Migration {
    std::array<std::string_view, 3> parts{};  // run in order
    std::array<std::string_view, 4> append_only{};  // tables of them whose rows the engine itself refuses to change
};
constexpr std::array<Migration, 37> migrations{
    {{{ledger_tables, people_tables, desk_tables}, {"transfer", "audit"}},
     {{customer_sign_in_tables}},
     {{rail_tables}},
     {{level_column}},
     {},
     {{exchange_tables}},
     {{account_event_tables}, {"account_event"}},
     {{payout_tables}, {"payout_account"}},
     {{correction_tables}},
     {{card_tables}},
     {{request_and_schedule_tables}},
     {{customer_session_tables}},
     {{access_tables}},
     {{factor_tables}},
     {{lock_tables}, {"lock_event", "risk_decision"}},
     {{identity_tables}, {"identity_review", "identity_view"}},
     {{change_tables}},
     {{key_tables}},
     {{mail_authentication_columns}},
     {{privacy_tables}},
     {{dkim_and_import_tables}},
     {{dispute_tables, clock_columns}, {"dispute_event"}},
     {{mail_out_tables}},
     {{faq_tables}, {"faq_version"}},
     {{promise_tables}},
     {{ticket_link_tables}},
     {{hook_tables}, {"payment_event"}},
     {{macro_tables}, {"macro_version"}},
     {{phone_tables}},
     {{file_scan_tables}},
     {{follow_tables}, {"note_mention"}},
     {{mailbox_tables}, {"mailbox_mail"}},
     {{incident_tables}, {"incident_step", "incident_text", "incident_told", "incident_refund"}},
     {{side_tables}},
     {{rule_tables}, {"rule_version", "rule_firing"}},
     {{sorting_tables}, {"sorting"}},
     {{sign_on_tables, facts_tables}}}};

static_assert(migrations.size() == static_cast<std::size_t>(schema_version));

std::string for_engine(std::string_view sql, Engine engine) {
    const bool sqlite = engine == Engine::sqlite;
    const std::array<std::pair<std::string_view, std::string_view>, 2> words{{
        {"SEQ_KEY", sqlite ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY"},
        {"OCTETS", sqlite ? "BLOB" : "BYTEA"},
    }};
    std::string text{sql};
    for (const auto& [word, meaning] : words) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + meaning.size())) {
            text.replace(at, word.size(), meaning);
        }
    }
    return text;
}

constexpr std::string_view postgres_refusal =
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$;";

std::string immutability(Engine engine, std::string_view table) {
    std::string sql;
    for (const std::string_view event : {"UPDATE", "DELETE"}) {
        if (engine == Engine::sqlite) {
            sql += fmt::format(
                "CREATE TRIGGER {0}_{1}_refused BEFORE {1} ON {0} BEGIN "
                "SELECT RAISE(ABORT, 'rows of {0} are never changed'); END;",
                table, event);
        } else {
            sql += fmt::format(
                "CREATE TRIGGER {0}_{1}_refused BEFORE {1} ON {0} FOR EACH ROW EXECUTE FUNCTION "
                "refuse_change();",
                table, event);
        }
    }
    return sql;
}

}  // namespace

std::int64_t schema_version_of(Connection& connection) {
    const std::string_view exists =
        connection.engine() == Engine::sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
            : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'meta'";
    if (connection.integer(exists).value_or(0) == 0) return 0;
    return connection.integer("SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'schema_version'").value_or(0);
}

void migrate(Connection& connection, std::int64_t wanted) {
    const std::int64_t found = schema_version_of(connection);
    if (found > schema_version) {
        throw StorageFailure{StorageFault::corrupt,
                             fmt::format("the database has schema {} and this program knows {}: start the "
                                         "newer program, or restore a backup",
                                         found, schema_version)};
    }
    for (std::int64_t version = found + 1; version <= wanted; ++version) {
        Transaction transaction{connection};
        const Migration& migration = migrations[static_cast<std::size_t>(version - 1)];
        const bool postgres = connection.engine() == Engine::postgres;
        for (const std::string_view part : migration.parts) {
            if (!part.empty()) connection.run_script(for_engine(part, connection.engine()));
        }
        if (version == 1 && postgres) connection.run_script(std::string{postgres_refusal});
        for (const std::string_view table : migration.append_only) {
            if (!table.empty()) connection.run_script(immutability(connection.engine(), table));
        }
        if (version == 5 && postgres) connection.run_script(std::string{postgres_storage});
        connection.run_script(
            fmt::format("DELETE FROM meta WHERE name = 'schema_version'; "
                        "INSERT INTO meta (name, value) VALUES ('schema_version', '{}')",
                        version));
        if (!transaction.commit()) {
            throw StorageFailure{StorageFault::unavailable,
                                 fmt::format("migration {} could not be committed; try again", version)};
        }
    }
}

}  // namespace okpay::store
