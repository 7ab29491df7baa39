// SPDX-License-Identifier: Apache-2.0
#include "store/connection.hpp"

#include "store/impl/postgres_connection.hpp"
#include "store/impl/sqlite_connection.hpp"

namespace okpay::store {

std::optional<std::int64_t> Connection::integer(std::string_view sql, std::initializer_list<Value> parameters) {
    std::optional<std::int64_t> found;
    query(sql, parameters, [&found](const Row& row) {
        if (!found) found = row.maybe_integer(0);
    });
    return found;
}

std::unique_ptr<Connection> open(const Database& database, Access access) {
    switch (database.engine) {
    case Engine::sqlite: return SqliteConnection::open(database.location, access, database.sqlite);
    case Engine::postgres: return PostgresConnection::open(database.location, access);
    }
    std::abort();
}

}  // namespace okpay::store
