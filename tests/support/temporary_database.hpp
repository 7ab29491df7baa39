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
    explicit TemporaryDatabase(store::Engine engine);  // empty: not migrated
    [[nodiscard]] const store::Database& database() const { return database_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

private:
    TemporaryDirectory directory_;
    store::Database database_;
};

}  // namespace okpay::testing
