// SPDX-License-Identifier: Apache-2.0
#include "store/epoch.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace okpay::store {
namespace {

constexpr std::string_view clock_ms = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

void end_sessions(Connection& connection, std::int64_t epoch) {
    try {
        connection.query(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND "
            "pid <> pg_backend_pid() AND "
            "CAST(substring(application_name FROM '^okpay writer ([0-9]{1,18})$') AS BIGINT) <= $1",
            {epoch}, [](const Row&) {});
    } catch (const StorageFailure& failure) {
        spdlog::warn("the sessions of the writer before could not be ended: {}", failure.what());
    }
}

}  // namespace

Epoch read_epoch(Connection& connection) {
    static const std::string sql = fmt::format("SELECT epoch, {} - renewed, address FROM epoch WHERE id = 1", clock_ms);
    Epoch row;
    connection.query(sql, {}, [&row](const Row& r) { row = {r.integer(0), r.integer(1), r.string(2)}; });
    return row;
}

bool renew_epoch(Connection& connection, std::int64_t epoch) {
    static const std::string sql = fmt::format("UPDATE epoch SET renewed = {} WHERE id = 1 AND epoch = $1", clock_ms);
    return connection.execute(sql, {epoch}) == 1;
}

bool take_epoch(Connection& connection, std::int64_t epoch, std::string_view node, std::string_view address) {
    end_sessions(connection, epoch);
    static const std::string sql =
        fmt::format("UPDATE epoch SET epoch = epoch + 1, node = $2, address = $3, renewed = {} WHERE id = 1 AND epoch = $1",
                    clock_ms);
    return connection.execute(sql, {epoch, node, address}) == 1;
}

void give_epoch_back(Connection& connection, std::int64_t epoch) {
    connection.execute("UPDATE epoch SET renewed = 0 WHERE id = 1 AND epoch = $1", {epoch});
}

void bear_epoch(Connection& connection, std::int64_t epoch) {
    connection.run_script(fmt::format("SET application_name = 'okpay writer {}'", epoch));
}

}  // namespace okpay::store
