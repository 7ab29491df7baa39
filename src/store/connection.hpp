// SPDX-License-Identifier: Apache-2.0
// A small typed connection that two engines implement (impl/): one SQL text serves both, with $1, $2 … for parameters.
// Column types are BIGINT, TEXT and octets; nothing else crosses it.
//
//   Failures   A statement that fails throws StorageFailure: no caller in the middle of a unit of work could go on, and
//              the two edges that can (the writer's batch, a read) catch it. Commit alone answers with a Result, because
//              its three outcomes are told apart.
//   Threads    one thread at a time uses a connection.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace okpay::store {

enum class Engine : std::uint8_t { sqlite, postgres };

enum class StorageFault : std::uint8_t {
    unavailable,  // cannot be reached now; another try later may do
    full,         // no room on the disk: refused before anything is half written
    not_flushed,  // a flush failed: the system may have dropped what it was given, so nothing may be tried again on top
    corrupt,      // the stored data contradicts itself or the schema
    bug,          // our statement is wrong
};

class StorageFailure : public std::runtime_error {
public:
    StorageFailure(StorageFault fault, const std::string& what) : std::runtime_error{what}, fault_{fault} {}
    [[nodiscard]] StorageFault fault() const { return fault_; }

private:
    StorageFault fault_;
};

// `outcome_unknown` is looked up by the command's id, never retried blindly; `storage_failed` ends the process.
enum class CommitError : std::uint8_t { conflict, full, outcome_unknown, storage_failed };

struct Octets {
    ByteView bytes;
};
// What a parameter or an appended column holds. Text and octets are borrowed until the call returns.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view, Octets>;

template <class T>
Value value_or_null(const std::optional<T>& value) {
    if (!value) return nullptr;
    return Value{*value};
}

class Row {  // valid inside the callback that it is handed to
public:
    virtual ~Row() = default;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;  // octets too
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const {
        if (is_null(column)) return std::nullopt;
        return integer(column);
    }
    [[nodiscard]] std::string string(int column) const { return std::string{text(column)}; }
};

using RowCallback = std::function<void(const Row&)>;

// Rows for a set-based append. `fill` writes the values of one row, in the order of `columns`; what they refer to stays
// until all are appended.
struct Rows {
    std::string_view table;
    std::span<const std::string_view> columns;
    std::size_t count;
    std::function<void(std::size_t row, std::span<Value> into)> fill;
};

class Connection {
public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual Engine engine() const = 0;
    // Of a connection that lay idle: false where the other end is known to have closed it meanwhile. Waits for nothing.
    [[nodiscard]] virtual bool is_usable() = 0;
    virtual void begin() = 0;
    [[nodiscard]] virtual Result<void, CommitError> commit() = 0;
    virtual void rollback() noexcept = 0;
    // Answers how many rows were changed.
    virtual std::int64_t execute(std::string_view sql, std::span<const Value> parameters) = 0;
    virtual void query(std::string_view sql, std::span<const Value> parameters, const RowCallback& row) = 0;
    virtual void append(const Rows& rows) = 0;
    // Inserts the rows, or overwrites those whose first column is there already. All columns are integers.
    virtual void overwrite(const Rows& rows) = 0;
    virtual void run_script(const std::string& sql) = 0;  // several statements, no parameters

    std::int64_t execute(std::string_view sql, std::initializer_list<Value> parameters = {}) {
        return execute(sql, std::span{parameters.begin(), parameters.size()});
    }
    void query(std::string_view sql, std::initializer_list<Value> parameters, const RowCallback& row) {
        query(sql, std::span{parameters.begin(), parameters.size()}, row);
    }
    // The first column of the first row, for counts and single look-ups.
    std::optional<std::int64_t> integer(std::string_view sql, std::initializer_list<Value> parameters = {});
};

// Forget to commit and nothing happened.
class Transaction {
public:
    explicit Transaction(Connection& connection) : connection_{&connection} { connection.begin(); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() {
        if (connection_ != nullptr) connection_->rollback();
    }
    [[nodiscard]] Result<void, CommitError> commit() {
        auto done = connection_->commit();
        if (done) connection_ = nullptr;
        return done;
    }

private:
    Connection* connection_;  // Null once finished.
};

// How an SQLite file is used. The defaults are what serves; tests of failing disks change them.
struct SqliteTuning {
    std::string vfs;                 // a file system registered with SQLite, by name; empty: the operating system's
    bool flush_each_commit = true;   // synchronous=FULL; without it a power cut takes commits that were answered
    int wal_checkpoint_pages = 1'000;  // in the WAL, before a commit moves them into the database file
    int writer_cache_kib = 262'144;    // beyond it a unit of work spills into the WAL before its commit
};

// Where the data lives: a file in the data directory, or a PostgreSQL connection string.
struct Database {
    Engine engine = Engine::sqlite;
    std::string location;  // path of the SQLite file, or postgresql://…
    SqliteTuning sqlite = {};
};

enum class Access : std::uint8_t { writer, reader };

// Opens and tunes a connection; a reader cannot write. Throws StorageFailure with a sentence that says what to do.
std::unique_ptr<Connection> open(const Database& database, Access access);

}  // namespace okpay::store
