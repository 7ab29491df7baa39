// SPDX-License-Identifier: Apache-2.0
#include "store/impl/sqlite_connection.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/ensure.hpp"
#include "store/impl/statements.hpp"

namespace okpay::store {
namespace {

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_{statement} {}
    [[nodiscard]] bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    [[nodiscard]] std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] std::string_view text(int column) const override {
        const void* data = sqlite3_column_blob(statement_, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return data == nullptr ? std::string_view{} : std::string_view{static_cast<const char*>(data), size};
    }

private:
    sqlite3_stmt* statement_;
};

// Not named bind: std::bind would be found by its arguments and take them.
void bind_value(sqlite3_stmt* statement, int index, const Value& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) {
        sqlite3_bind_null(statement, index);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        sqlite3_bind_int64(statement, index, *integer);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        // A null pointer would bind NULL; an empty string is not that.
        sqlite3_bind_text64(statement, index, text->data() == nullptr ? "" : text->data(), text->size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    } else {
        const ByteView bytes = std::get<Octets>(value).bytes;
        sqlite3_bind_blob64(statement, index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
    }
}

bool flush_failed(int extended_code) {
    return extended_code == SQLITE_IOERR_FSYNC || extended_code == SQLITE_IOERR_DIR_FSYNC;
}

StorageFault fault_of(int code) {
    if (flush_failed(code)) return StorageFault::not_flushed;
    switch (code & 255) {
    case SQLITE_FULL: return StorageFault::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_NOMEM: return StorageFault::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT: return StorageFault::corrupt;
    default: return StorageFault::bug;
    }
}

std::string insertion(const Rows& rows, std::size_t row_count) {
    std::string one = "(?";
    for (std::size_t i = 1; i < rows.columns.size(); ++i) one += ", ?";
    one += ')';
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", rows.table, fmt::join(rows.columns, ", "), one);
    for (std::size_t i = 1; i < row_count; ++i) sql += ", " + one;
    return sql;
}

// Each execution opens the table and all its indexes, which costs more than a row: so many rows share one where there are
// as many, and the rest go one by one, so that two statements a table are all that is ever prepared.
constexpr std::size_t rows_per_statement = 32;

// "$1" and so on: a statement of ours has no more parameters.
constexpr std::size_t parameters_max = 64;
const std::array<std::string, parameters_max> parameter_names = [] {
    std::array<std::string, parameters_max> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = fmt::format("${}", i + 1);
    return names;
}();

}  // namespace

std::unique_ptr<SqliteConnection> SqliteConnection::open(const std::string& path, Access access,
                                                         const SqliteTuning& tuning) {
    // Counting what is allocated takes a lock of the whole process at each allocation, and nobody asks for the count. Only
    // before the library's first use; later it is refused and changes nothing.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* db = nullptr;
    const int flags = (access == Access::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, tuning.vfs.empty() ? nullptr : tuning.vfs.c_str());
    std::unique_ptr<SqliteConnection> connection{new SqliteConnection{db, access}};
    if (code != SQLITE_OK) {
        throw StorageFailure{fault_of(code), fmt::format("cannot open the database {}: {}; check that the directory exists "
                                                         "and may be written",
                                                         path, sqlite3_errstr(code))};
    }
    sqlite3_busy_timeout(db, 5'000);
    connection->run_script("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;");
    if (access == Access::writer) {
        connection->run_script(
            fmt::format("PRAGMA journal_mode=WAL; PRAGMA synchronous={}; PRAGMA wal_autocheckpoint=0; "
                        "PRAGMA cache_size=-{}; PRAGMA temp_store=MEMORY;",
                        tuning.flush_each_commit ? "FULL" : "NORMAL", tuning.writer_cache_kib));
        connection->wal_checkpoint_pages_ = tuning.wal_checkpoint_pages;
        sqlite3_wal_hook(
            db,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
                return SQLITE_OK;
            },
            connection.get());
        // What a killed process wrote and did not flush can be read here: it must be on the disk before anybody is answered
        // from it, and before any of it goes into the database file. Where a flush failed the system has dropped what it was
        // given and shows it still, so that another flush would succeed and mean nothing: it is written once more.
        if (const int again = connection->write_wal_again(); again != SQLITE_OK) {
            connection->failed_ = true;  // nothing is flushed after that, not at closing either
            throw StorageFailure{fault_of(again),
                                 fmt::format("SQLite: {}: the WAL of the process before could not be written "
                                             "again and flushed",
                                             sqlite3_errstr(again))};
        }
        // A full disk is met behind the WAL's flush; who is busy with a checkpoint flushes it for us.
        if (const int left = connection->checkpoint(); left != SQLITE_OK && left != SQLITE_FULL && left != SQLITE_BUSY) {
            connection->raise("the checkpoint at the start");
        }
    } else {
        connection->run_script("PRAGMA query_only=ON; PRAGMA cache_size=-16384;");
    }
    return connection;
}

SqliteConnection::~SqliteConnection() {
    for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
    // The last to close checkpoints, and a flush that fails in it is told to nobody: what has failed once closes without.
    if (failed_) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close_v2(db_);
}

void SqliteConnection::raise(const std::string& doing) {
    failed_ = true;
    throw StorageFailure{fault_of(sqlite3_extended_errcode(db_)), fmt::format("SQLite: {}: {}", sqlite3_errmsg(db_), doing)};
}

void SqliteConnection::run_script(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise(sql.substr(0, 200));
}

void SqliteConnection::begin() {
    run_script(access_ == Access::writer ? "BEGIN IMMEDIATE" : "BEGIN");  // a reader's is one snapshot and locks nobody out
}

Result<void, CommitError> SqliteConnection::commit() {
    if (sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK) {
        // What was committed stays so whatever the checkpoint meets. But a process whose flush failed must not go on.
        if (wal_pages_ < wal_checkpoint_pages_ || !flush_failed(checkpoint())) return {};
        failed_ = true;
        return fail(CommitError::storage_failed);
    }
    failed_ = true;
    switch (sqlite3_errcode(db_) & 255) {
    case SQLITE_BUSY: return fail(CommitError::conflict);
    case SQLITE_FULL: return fail(CommitError::full);
    default: return fail(CommitError::storage_failed);
    }
}

int SqliteConnection::write_wal_again() {
    sqlite3_file* wal = nullptr;
    sqlite3_file_control(db_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (wal == nullptr || wal->pMethods == nullptr) return SQLITE_OK;  // there is none yet
    sqlite3_int64 size = 0;
    if (const int code = wal->pMethods->xFileSize(wal, &size); code != SQLITE_OK) return code;
    if (size == 0) return SQLITE_OK;
    Bytes chunk(std::size_t{1} << 16U, '\0');
    for (sqlite3_int64 at = 0; at < size;) {
        const int octets = static_cast<int>(std::min<sqlite3_int64>(size - at, std::ssize(chunk)));
        if (const int code = wal->pMethods->xRead(wal, chunk.data(), octets, at); code != SQLITE_OK) return code;
        if (const int code = wal->pMethods->xWrite(wal, chunk.data(), octets, at); code != SQLITE_OK) return code;
        at += octets;
    }
    return wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
}

int SqliteConnection::checkpoint() {
    const int code = sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // A reader in the way, or no room: the WAL keeps all of it and grows until a later checkpoint succeeds.
    if (code != SQLITE_OK && (code & 255) != SQLITE_BUSY) {
        spdlog::warn("the WAL could not be moved into the database file: {}", sqlite3_errstr(code));
    }
    return code;
}

void SqliteConnection::rollback() noexcept {
    for (const auto& [text, statement] : statements_) sqlite3_reset(statement);
    if (sqlite3_get_autocommit(db_) == 0) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

sqlite3_stmt* SqliteConnection::prepared(std::string_view sql) {
    if (const auto known = statements_.find(sql); known != statements_.end()) return known->second;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK) {
        raise(std::string{sql.substr(0, 200)});
    }
    statements_.emplace(std::string{sql}, statement);
    return statement;
}

std::int64_t SqliteConnection::execute(std::string_view sql, std::span<const Value> parameters) {
    query(sql, parameters, [](const Row&) {});
    return sqlite3_changes64(db_);
}

void SqliteConnection::query(std::string_view sql, std::span<const Value> parameters, const RowCallback& row) {
    ensure(parameters.size() <= parameters_max);
    sqlite3_stmt* statement = prepared(sql);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const int index = sqlite3_bind_parameter_index(statement, parameter_names[i].c_str());
        if (index > 0) bind_value(statement, index, parameters[i]);
    }
    // The statement must be free again whatever the callback throws.
    struct Reset {
        sqlite3_stmt* statement;
        ~Reset() {
            sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
        }
    };
    const Reset reset{statement};
    const SqliteRow current{statement};
    while (true) {
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) return;
        if (code != SQLITE_ROW) raise(std::string{sql});
        row(current);
    }
}

void SqliteConnection::append(const Rows& rows) { run_for_each(rows, ""); }

void SqliteConnection::overwrite(const Rows& rows) { run_for_each(rows, on_conflict_overwrite(rows)); }

void SqliteConnection::run_for_each(const Rows& rows, const std::string& on_conflict) {
    std::vector<Value> values(rows.columns.size());
    for (std::size_t done = 0; done < rows.count;) {
        const std::size_t together = rows.count - done >= rows_per_statement ? rows_per_statement : 1;
        const std::string sql = insertion(rows, together) + on_conflict;
        sqlite3_stmt* statement = prepared(sql);
        for (; rows.count - done >= together;) {
            int parameter = 0;
            for (const std::size_t end = done + together; done < end; ++done) {
                rows.fill(done, values);
                for (const Value& value : values) bind_value(statement, ++parameter, value);
            }
            const int code = sqlite3_step(statement);
            sqlite3_reset(statement);
            if (code != SQLITE_DONE) raise(sql.substr(0, 200));
        }
        sqlite3_clear_bindings(statement);
    }
}

}  // namespace okpay::store
