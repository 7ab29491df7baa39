// SPDX-License-Identifier: Apache-2.0
// A fresh database for one test, on either engine. PostgreSQL is a real server, started once for the test program from
// Debian's package on a Unix socket in a temporary directory, and stopped with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/connection.hpp"

namespace okpay::testing {

class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Why there is none, where PostgreSQL 15 is not installed; tests then skip with this word.
std::optional<std::string> postgres_missing();

class TemporaryDatabase {
public:
    struct Migrated {};
    explicit TemporaryDatabase(store::Engine engine);    // empty: not migrated
    TemporaryDatabase(store::Engine engine, Migrated);  // the tables of this program, with nothing in them
    ~TemporaryDatabase();
    TemporaryDatabase(const TemporaryDatabase&) = delete;
    TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;
    [[nodiscard]] const store::Database& database() const { return database_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

private:
    TemporaryDirectory directory_;
    store::Database database_;
};

// The PostgreSQL server goes and comes back, for all databases of the test program. A call returns when it is
// down, or takes connections.
enum class PostgresStop : std::uint8_t {
    fast,       // as an operator does: units of work that are open are rolled back
    immediate,  // as a crash: the next start recovers
};
void stop_postgres(PostgresStop mode);
void start_postgres();

// A PostgreSQL database with what is in another one, to which nobody is connected; it is dropped at the end.
class CopiedDatabase {
public:
    explicit CopiedDatabase(const store::Database& original);
    ~CopiedDatabase();
    CopiedDatabase(const CopiedDatabase&) = delete;
    CopiedDatabase& operator=(const CopiedDatabase&) = delete;
    [[nodiscard]] const store::Database& database() const { return database_; }

private:
    std::string name_;
    store::Database database_;
};

}  // namespace okpay::testing
