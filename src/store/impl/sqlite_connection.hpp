// SPDX-License-Identifier: Apache-2.0
// SQLite in WAL mode with synchronous=FULL: a commit is on the disk when it returns. Checkpoints run on the writer
// (every 1,000 pages: the shortest pauses where people wait), never on a second thread. They are run here and not by
// SQLite's own hook, which says nothing when their flush fails.
#pragma once

#include <sqlite3.h>

#include <string>
#include <unordered_map>

#include "store/connection.hpp"

namespace okpay::store {

class SqliteConnection final : public Connection {
public:
    static std::unique_ptr<SqliteConnection> open(const std::string& path, Access access, const SqliteTuning& tuning = {});
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
    [[nodiscard]] bool is_usable() override { return true; }
    void begin() override;
    [[nodiscard]] Result<void, CommitError> commit() override;
    void rollback() noexcept override;
    using Connection::execute;
    using Connection::query;
    std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override;
    void query(std::string_view sql, std::span<const Value> parameters, const RowCallback& row) override;
    void append(const Rows& rows) override;
    void overwrite(const Rows& rows) override;
    void run_script(const std::string& sql) override;

    [[nodiscard]] sqlite3* handle() const { return db_; }

private:
    SqliteConnection(sqlite3* db, Access access) : db_{db}, access_{access} {}
    int write_wal_again();  // and flushes it; an extended code of SQLite
    int checkpoint();  // SQLite's code
    sqlite3_stmt* prepared(std::string_view sql);
    void run_for_each(const Rows& rows, const std::string& on_conflict);
    [[noreturn]] void raise(const std::string& doing);

    sqlite3* db_;
    Access access_;
    bool failed_ = false;  // a statement or a commit of it
    int wal_pages_ = 0;  // as of the last commit
    int wal_checkpoint_pages_ = 0;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    // By text, for the life of the connection.
    std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
};

}  // namespace okpay::store
