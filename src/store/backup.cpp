// SPDX-License-Identifier: Apache-2.0
#include "store/backup.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/ensure.hpp"
#include "store/impl/postgres_connection.hpp"
#include "store/impl/sqlite_connection.hpp"
#include "store/key_ring.hpp"
#include "store/ledger_store.hpp"
#include "store/schema.hpp"

namespace okpay::store {
namespace {

namespace fs = std::filesystem;

// Every table there is, parents before children, so that keys hold while they are filled. PostgreSQL alone.
std::vector<std::string> tables_of(Connection& connection) {
    std::vector<std::string> left;
    connection.query(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND "
        "table_type = 'BASE TABLE' ORDER BY table_name",
        {}, [&left](const Row& row) { left.push_back(row.string(0)); });
    std::vector<std::pair<std::string, std::string>> child_of;
    connection.query(
        "SELECT DISTINCT c.relname::text, p.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_class p ON p.oid = k.confrelid WHERE k.contype = 'f' AND c.oid <> p.oid AND "
        "k.connamespace = current_schema()::regnamespace",
        {}, [&child_of](const Row& row) { child_of.emplace_back(row.string(0), row.string(1)); });
    std::vector<std::string> ordered;
    while (!left.empty()) {
        const auto waits = [&](const std::string& table) {
            return std::ranges::any_of(child_of, [&](const auto& pair) {
                return pair.first == table && std::ranges::find(left, pair.second) != left.end();
            });
        };
        const auto next = std::ranges::find_if_not(left, waits);
        ensure(next != left.end());  // our schema has no circle
        ordered.push_back(*next);
        left.erase(next);
    }
    return ordered;
}

bool holds_keys(std::string_view table) { return table == "key_ring" || table == "object_key"; }

bool is_empty_directory(const fs::path& path) {
    std::error_code error;
    return !fs::exists(path, error) || (fs::is_directory(path, error) && fs::is_empty(path, error));
}

bool copy_sqlite(const std::string& from, const fs::path& to) {
    const auto source = SqliteConnection::open(from, Access::reader);
    sqlite3* target = nullptr;
    bool copied = false;
    if (sqlite3_open(to.c_str(), &target) == SQLITE_OK) {
        sqlite3_backup* backup = sqlite3_backup_init(target, "main", source->handle(), "main");
        // All pages in one step: one read transaction, which the writer's commits pass by in the log.
        if (backup != nullptr)
            copied = sqlite3_backup_step(backup, -1) == SQLITE_DONE && sqlite3_backup_finish(backup) == SQLITE_OK;
        if (copied) copied = sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    return sqlite3_close(target) == SQLITE_OK && copied;
}

Result<void, BackupError> copy_blobs(Connection& connection, const BlobStore& from, const fs::path& to) {
    const BlobStore copies{to};
    std::vector<std::string> names;
    connection.query(
        "SELECT blob FROM inbound_mail WHERE blob IS NOT NULL UNION SELECT blob FROM case_file WHERE blob IS NOT NULL UNION "
        "SELECT blob FROM identity_file WHERE blob IS NOT NULL",
        {}, [&names](const Row& row) { names.push_back(row.string(0)); });
    for (const std::string& name : names) {
        const auto sealed = from.get(name);
        if (!sealed) return fail(BackupError::blob_missing);
        if (!copies.put(*sealed)) return fail(BackupError::cannot_write);
    }
    return {};
}

std::string description(Connection& connection) {
    const std::int64_t head = connection.integer("SELECT coalesce(max(seq), 0) FROM transfer").value_or(0);
    const auto transfer = find_transfer(connection, head);
    return fmt::format("{{\"engine\":\"{}\",\"schema\":{},\"head\":\"{}:{}\"}}\n",
                       connection.engine() == Engine::sqlite ? "sqlite" : "postgresql", schema_version_of(connection), head,
                       transfer ? hex_of(view_of(transfer->hash)) : std::string(64, '0'));
}

std::optional<std::string> member(std::string_view json, std::string_view name) {  // of our own one-line file
    const std::string key = fmt::format("\"{}\":", name);
    const auto at = json.find(key);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = json.substr(at + key.size());
    if (rest.starts_with('"')) rest.remove_prefix(1);
    return std::string{rest.substr(0, rest.find_first_of("\",}"))};
}

}  // namespace

std::string_view explain(BackupError error) {
    switch (error) {
    case BackupError::target_not_empty: return "the target is not empty: name a new directory or an empty database";
    case BackupError::not_a_backup: return "the source is not a whole backup: backup.json is missing or cannot be read";
    case BackupError::other_engine:
        return "the backup is of the other engine: restore it with the --database it was made of";
    case BackupError::newer_schema: return "the backup is of a newer program: restore it with that one";
    case BackupError::cannot_write: return "the copy cannot be written: check the room and the rights of the target";
    case BackupError::keys_missing: return "there is no keys.db: name the newest one that was kept with --keys";
    case BackupError::blob_missing: return "a stored file is missing or was changed: run `okpay verify`";
    }
    std::abort();
}

Result<void, BackupError> back_up(const Database& database, const std::optional<BlobStore>& blobs, const fs::path& target,
                                  const fs::path& keys) {
    std::error_code error;
    const fs::path keys_to = keys.empty() ? target / "keys.db" : keys;
    if (!is_empty_directory(target) || fs::exists(keys_to, error)) return fail(BackupError::target_not_empty);
    fs::create_directories(target / "blobs", error);
    if (error) return fail(BackupError::cannot_write);
    fs::permissions(target, fs::perms::owner_all, error);
    std::string about;
    if (database.engine == Engine::sqlite) {
        if (!copy_sqlite(database.location, target / "okpay.db")) return fail(BackupError::cannot_write);
        const auto copy = SqliteConnection::open((target / "okpay.db").string(), Access::writer);
        if (!write_keys(*copy, keys_to)) return fail(BackupError::cannot_write);
        // What is deleted is overwritten in the file, so that the copy of the data opens nothing by itself.
        copy->run_script(
            "PRAGMA secure_delete=ON; PRAGMA journal_mode=DELETE; DELETE FROM object_key; DELETE FROM key_ring");
        if (blobs) {
            if (auto copied = copy_blobs(*copy, *blobs, target / "blobs"); !copied) return copied;
        }
        about = description(*copy);
    } else {
        fs::create_directories(target / "tables", error);
        const auto connection = PostgresConnection::open(database.location, Access::reader);
        Transaction snapshot{*connection};
        connection->run_script("SET LOCAL statement_timeout = 0");
        if (!write_keys(*connection, keys_to)) return fail(BackupError::cannot_write);
        for (const std::string& table : tables_of(*connection)) {
            if (holds_keys(table)) continue;
            std::ofstream file{target / "tables" / table, std::ios::binary};
            connection->copy_out(table, [&file](ByteView part) {
                file.write(part.data(), static_cast<std::streamsize>(part.size()));
            });
            if (!file.flush()) return fail(BackupError::cannot_write);
        }
        about = description(*connection);
    }
    if (!write_file_durably(target / "backup.json", about, 0600)) return fail(BackupError::cannot_write);
    return {};
}

Result<void, BackupError> restore(const fs::path& source, const Database& database, const fs::path& data_directory,
                                  const fs::path& keys) {
    const fs::path keys_from = keys.empty() ? source / "keys.db" : keys;
    const auto about = read_file(source / "backup.json");
    const auto engine = about ? member(*about, "engine") : std::nullopt;
    const auto schema = about ? member(*about, "schema") : std::nullopt;
    if (!engine || !schema) return fail(BackupError::not_a_backup);
    if ((*engine == "sqlite") != (database.engine == Engine::sqlite)) return fail(BackupError::other_engine);
    if (std::strtoll(schema->c_str(), nullptr, 10) > schema_version) return fail(BackupError::newer_schema);
    std::error_code error;
    // A backup of an older program has its keys among the data.
    const std::int64_t version = std::strtoll(schema->c_str(), nullptr, 10);
    const bool keys_apart = version >= schema_version_of_key_ring;
    if (keys_apart && !fs::exists(keys_from, error)) return fail(BackupError::keys_missing);
    if (database.engine == Engine::sqlite) {
        if (!is_empty_directory(data_directory)) return fail(BackupError::target_not_empty);
        fs::create_directories(data_directory, error);
        fs::copy(source / "blobs", data_directory / "blobs", fs::copy_options::recursive, error);
        if (error) return fail(BackupError::cannot_write);
        const auto bytes = read_file(source / "okpay.db");
        if (!bytes) return fail(BackupError::not_a_backup);
        if (!write_file_durably(data_directory / "okpay.db", *bytes, 0600)) return fail(BackupError::cannot_write);
        if (!keys_apart) return {};
        const auto restored = SqliteConnection::open((data_directory / "okpay.db").string(), Access::writer);
        if (!read_keys(*restored, keys_from)) return fail(BackupError::cannot_write);
        return {};
    }
    const auto connection = PostgresConnection::open(database.location, Access::writer);
    if (schema_version_of(*connection) != 0) return fail(BackupError::target_not_empty);
    migrate(*connection, version);  // as the rows were; what came since is made of them afterwards
    connection->run_script("SET idle_in_transaction_session_timeout = 0");  // reading a large file takes its time
    Transaction transaction{*connection};
    connection->run_script("DELETE FROM meta; DELETE FROM epoch");
    for (const std::string& table : tables_of(*connection)) {
        if (holds_keys(table)) continue;
        const auto bytes = read_file(source / "tables" / table);
        if (!bytes) return fail(BackupError::not_a_backup);
        connection->copy_in(table, *bytes);
    }
    // Whoever wrote when the copy was made does not write here.
    connection->run_script("UPDATE epoch SET renewed = 0");
    if (!transaction.commit()) return fail(BackupError::cannot_write);
    migrate(*connection);
    if (keys_apart && !read_keys(*connection, keys_from)) return fail(BackupError::cannot_write);
    return {};
}

}  // namespace okpay::store
