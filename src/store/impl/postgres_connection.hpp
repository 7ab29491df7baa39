// SPDX-License-Identifier: Apache-2.0
// PostgreSQL by libpq: binary parameters and results, statements prepared once a connection, COPY BINARY for appends.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <unordered_map>

#include "store/connection.hpp"

namespace okpay::store {

class PostgresConnection final : public Connection {
public:
    static std::unique_ptr<PostgresConnection> open(const std::string& url, Access access);
    ~PostgresConnection() override;
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    [[nodiscard]] Engine engine() const override { return Engine::postgres; }
    [[nodiscard]] bool is_usable() override;
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

    // A whole table in COPY BINARY, for backups.
    void copy_out(std::string_view table, const std::function<void(ByteView)>& part);
    void copy_in(std::string_view table, ByteView octets);

private:
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using ResultPtr = std::unique_ptr<PGresult, Clear>;

    PostgresConnection(PGconn* db, Access access) : db_{db}, access_{access} {}
    ResultPtr run_prepared(std::string_view sql, std::span<const Value> parameters);
    void put_copy(ByteView octets, const std::string& sql);  // both of these
    void put_copy_part(ByteView octets, const std::string& sql);
    void end_copy(const std::string& sql);
    [[noreturn]] void raise(const PGresult* result, std::string_view doing) const;

    PGconn* db_;
    Access access_;
    std::unordered_map<std::string, std::string> statements_;  // text and types to name
};

}  // namespace okpay::store
