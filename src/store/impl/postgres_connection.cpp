// SPDX-License-Identifier: Apache-2.0
#include "store/impl/postgres_connection.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <utility>
#include <vector>

#include "store/impl/statements.hpp"

namespace okpay::store {
namespace {

constexpr Oid oid_int8 = 20;
constexpr Oid oid_text = 25;
constexpr Oid oid_bytea = 17;
constexpr Oid oid_int8_array = 1016;
constexpr std::size_t copy_part_octets = std::size_t{16} * 1024;

class PostgresRow final : public Row {
public:
    PostgresRow(const PGresult* result, int row) : result_{result}, row_{row} {}
    [[nodiscard]] bool is_null(int column) const override { return PQgetisnull(result_, row_, column) == 1; }
    [[nodiscard]] std::int64_t integer(int column) const override {
        const std::string_view octets = text(column);
        if (octets.size() == 8) return static_cast<std::int64_t>(read_u64(octets));
        if (octets.size() == 4) return static_cast<std::int32_t>(read_u32(octets));
        return octets.empty() ? 0 : static_cast<std::int64_t>(octets[0]);  // boolean
    }
    [[nodiscard]] std::string_view text(int column) const override {
        return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }

private:
    const PGresult* result_;
    int row_;
};

StorageFault fault_of(const PGconn* db, const PGresult* result) {
    if (PQstatus(db) == CONNECTION_BAD) return StorageFault::unavailable;
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view code = state == nullptr ? "" : state;
    if (code == "53100") return StorageFault::full;
    if (code.starts_with("53") || code.starts_with("57") || code.starts_with("40") || code.starts_with("08")) {
        return StorageFault::unavailable;
    }
    if (code.starts_with("23") || code.starts_with("XX")) return StorageFault::corrupt;
    return StorageFault::bug;
}

// Nobody waits for ever for a host that went away without a word. What the URL says comes later and wins.
constexpr std::array<std::pair<const char*, const char*>, 5> connection_defaults{{{"connect_timeout", "10"},
                                                                                  {"keepalives_idle", "10"},
                                                                                  {"keepalives_interval", "5"},
                                                                                  {"keepalives_count", "3"},
                                                                                  {"tcp_user_timeout", "25000"}}};

PGconn* connected(const std::string& url) {
    std::vector<const char*> names, values;
    for (const auto& [name, value] : connection_defaults) {
        names.push_back(name);
        values.push_back(value);
    }
    names.push_back("dbname");
    values.push_back(url.c_str());
    names.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectdbParams(names.data(), values.data(), 1);
}

}  // namespace

std::unique_ptr<PostgresConnection> PostgresConnection::open(const std::string& url, Access access) {
    std::unique_ptr<PostgresConnection> connection{new PostgresConnection{connected(url), access}};
    PGconn* db = connection->db_;
    if (PQstatus(db) != CONNECTION_OK) {
        throw StorageFailure{StorageFault::unavailable,
                             fmt::format("cannot reach the database: {}; check --database and that the server is up",
                                         PQerrorMessage(db))};
    }
    PQsetNoticeProcessor(db, [](void*, const char*) {}, nullptr);
    connection->run_script("SET client_encoding = 'UTF8'; SET timezone = 'UTC'");
    if (access == Access::writer) {
        // A node that froze in the middle of a commit must not hold the epoch's row against its successor.
        connection->run_script("SET idle_in_transaction_session_timeout = '5s'");
    }
    if (access == Access::reader)
        connection->run_script("SET default_transaction_read_only = on; SET statement_timeout = '10s'");
    return connection;
}

PostgresConnection::~PostgresConnection() { PQfinish(db_); }

void PostgresConnection::raise(const PGresult* result, std::string_view doing) const {
    throw StorageFailure{fault_of(db_, result),
                         fmt::format("PostgreSQL: {}: {}", PQerrorMessage(db_), doing.substr(0, 300))};
}

void PostgresConnection::run_script(const std::string& sql) {
    const ResultPtr result{PQexec(db_, sql.c_str())};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) raise(result.get(), sql);
}

bool PostgresConnection::is_usable() {
    // A server says nothing to an idle session but that it ends it, so whatever can be read is a farewell or a notice.
    pollfd waiting{.fd = PQsocket(db_), .events = POLLIN, .revents = 0};
    if (waiting.fd < 0) return false;
    if (poll(&waiting, 1, 0) == 0) return true;
    return PQconsumeInput(db_) == 1 && PQstatus(db_) == CONNECTION_OK && poll(&waiting, 1, 0) == 0;
}

void PostgresConnection::begin() {
    // One fenced writer: no isolation games. A reader's is one snapshot.
    run_script(access_ == Access::writer ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ");
}

Result<void, CommitError> PostgresConnection::commit() {
    const ResultPtr result{PQexec(db_, "COMMIT")};
    const std::string_view tag = PQresultStatus(result.get()) == PGRES_COMMAND_OK ? PQcmdStatus(result.get()) : "";
    if (tag == "COMMIT") return {};
    if (tag == "ROLLBACK") return fail(CommitError::conflict);  // a failed transaction answers so, without an error
    if (PQstatus(db_) == CONNECTION_BAD) return fail(CommitError::outcome_unknown);
    return fail(fault_of(db_, result.get()) == StorageFault::full ? CommitError::full : CommitError::outcome_unknown);
}

void PostgresConnection::rollback() noexcept {
    if (PQtransactionStatus(db_) == PQTRANS_IDLE) return;
    const ResultPtr result{PQexec(db_, "ROLLBACK")};
}

PostgresConnection::ResultPtr PostgresConnection::run_prepared(std::string_view sql, std::span<const Value> parameters) {
    constexpr std::size_t parameters_max = 64;
    if (parameters.size() > parameters_max) throw StorageFailure{StorageFault::bug, "too many parameters"};
    std::array<Oid, parameters_max> types{};
    std::array<const char*, parameters_max> data{};
    std::array<int, parameters_max> lengths{};
    std::array<int, parameters_max> formats{};
    std::array<std::array<char, 8>, parameters_max> integers{};
    std::string key{sql};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        formats[i] = 1;
        if (std::holds_alternative<std::nullptr_t>(parameters[i])) {
            types[i] = 0;
        } else if (const auto* integer = std::get_if<std::int64_t>(&parameters[i])) {
            for (std::size_t k = 0; k < 8; ++k) {
                integers[i][k] = static_cast<char>(static_cast<std::uint64_t>(*integer) >> (56 - 8 * k));
            }
            types[i] = oid_int8;
            data[i] = integers[i].data();
            lengths[i] = 8;
        } else {
            const auto* text = std::get_if<std::string_view>(&parameters[i]);
            const std::string_view octets = text != nullptr ? *text : std::get<Octets>(parameters[i]).bytes;
            types[i] = text != nullptr ? oid_text : oid_bytea;
            data[i] = octets.data() == nullptr ? "" : octets.data();
            lengths[i] = static_cast<int>(octets.size());
        }
        key +=
            std::array{'n', 'i', 't', 'b'}[parameters[i].index()];  // a text prepared with other types is another statement
    }
    const int count = static_cast<int>(parameters.size());
    auto [entry, is_new] = statements_.try_emplace(key, fmt::format("s{}", statements_.size()));
    if (is_new) {
        const ResultPtr result{PQprepare(db_, entry->second.c_str(), std::string{sql}.c_str(), count, types.data())};
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
            statements_.erase(entry);
            raise(result.get(), sql);
        }
    }
    ResultPtr result{PQexecPrepared(db_, entry->second.c_str(), count, data.data(), lengths.data(), formats.data(), 1)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) raise(result.get(), sql);
    return result;
}

std::int64_t PostgresConnection::execute(std::string_view sql, std::span<const Value> parameters) {
    const ResultPtr result = run_prepared(sql, parameters);
    const std::string_view changed = PQcmdTuples(result.get());
    std::int64_t count = 0;
    for (const char c : changed) count = count * 10 + (c - '0');
    return count;
}

void PostgresConnection::query(std::string_view sql, std::span<const Value> parameters, const RowCallback& row) {
    const ResultPtr result = run_prepared(sql, parameters);
    const int rows = PQntuples(result.get());
    for (int i = 0; i < rows; ++i) row(PostgresRow{result.get(), i});
}

void PostgresConnection::append(const Rows& rows) {
    if (rows.count == 0) return;
    const std::string sql =
        fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", rows.table, fmt::join(rows.columns, ", "));
    {
        const ResultPtr started{PQexec(db_, sql.c_str())};
        if (PQresultStatus(started.get()) != PGRES_COPY_IN) raise(started.get(), sql);
    }
    const auto append_u16 = [](Bytes& to, std::uint16_t value) {
        to += static_cast<char>(value >> 8U);
        to += static_cast<char>(value & 255U);
    };
    Bytes data{"PGCOPY\n\377\r\n\0", 11};
    append_u32(data, 0);
    append_u32(data, 0);
    std::vector<Value> values(rows.columns.size());
    for (std::size_t row = 0; row < rows.count; ++row) {
        // The server works on what has come while the rest is put together.
        if (data.size() >= copy_part_octets) {
            put_copy_part(data, sql);
            data.clear();
        }
        rows.fill(row, values);
        append_u16(data, static_cast<std::uint16_t>(values.size()));
        for (const Value& value : values) {
            if (std::holds_alternative<std::nullptr_t>(value)) {
                append_u32(data, 0xFFFFFFFFU);
            } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
                append_u32(data, 8);
                append_u64(data, static_cast<std::uint64_t>(*integer));
            } else {
                const auto* text = std::get_if<std::string_view>(&value);
                const std::string_view octets = text != nullptr ? *text : std::get<Octets>(value).bytes;
                append_u32(data, static_cast<std::uint32_t>(octets.size()));
                data += octets;
            }
        }
    }
    append_u16(data, 0xFFFFU);
    put_copy_part(data, sql);
    end_copy(sql);
}

// One statement for all rows, each column an array: a statement a row would wait for the server each time.
void PostgresConnection::overwrite(const Rows& rows) {
    if (rows.count == 0) return;
    const std::size_t width = rows.columns.size();
    std::string sql = fmt::format("INSERT INTO {} ({}) SELECT * FROM unnest(", rows.table, fmt::join(rows.columns, ", "));
    for (std::size_t i = 0; i < width; ++i) sql += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
    sql += ")" + on_conflict_overwrite(rows);
    // The binary form of int8[]: one dimension, no nulls, the elements' type, their count, the first index; then each
    // element behind its length.
    std::vector<Bytes> arrays(width);
    for (Bytes& array : arrays) {
        array.reserve(20 + rows.count * 12);
        for (const std::uint32_t word :
             {1U, 0U, static_cast<std::uint32_t>(oid_int8), static_cast<std::uint32_t>(rows.count), 1U}) {
            append_u32(array, word);
        }
    }
    std::vector<Value> values(width);
    for (std::size_t row = 0; row < rows.count; ++row) {
        rows.fill(row, values);
        for (std::size_t i = 0; i < width; ++i) {
            append_u32(arrays[i], 8);
            append_u64(arrays[i], static_cast<std::uint64_t>(std::get<std::int64_t>(values[i])));
        }
    }
    std::vector<Oid> types(width, oid_int8_array);
    std::vector<const char*> data;
    std::vector<int> lengths;
    for (const Bytes& array : arrays) {
        data.push_back(array.data());
        lengths.push_back(static_cast<int>(array.size()));
    }
    const std::vector<int> formats(width, 1);
    const auto [entry, is_new] = statements_.try_emplace(sql, fmt::format("s{}", statements_.size()));
    if (is_new) {
        const ResultPtr made{PQprepare(db_, entry->second.c_str(), sql.c_str(), static_cast<int>(width), types.data())};
        if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) {
            statements_.erase(entry);
            raise(made.get(), sql);
        }
    }
    const ResultPtr done{
        PQexecPrepared(db_, entry->second.c_str(), static_cast<int>(width), data.data(), lengths.data(), formats.data(), 1)};
    if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) raise(done.get(), sql);
}

void PostgresConnection::put_copy(ByteView octets, const std::string& sql) {
    put_copy_part(octets, sql);
    end_copy(sql);
}

void PostgresConnection::put_copy_part(ByteView octets, const std::string& sql) {
    while (!octets.empty()) {
        const ByteView part = octets.substr(0, std::size_t{1} << 24U);
        if (PQputCopyData(db_, part.data(), static_cast<int>(part.size())) != 1) raise(nullptr, sql);
        octets.remove_prefix(part.size());
    }
}

void PostgresConnection::end_copy(const std::string& sql) {
    if (PQputCopyEnd(db_, nullptr) != 1) raise(nullptr, sql);
    const ResultPtr done{PQgetResult(db_)};
    if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) raise(done.get(), sql);
    while (PGresult* more = PQgetResult(db_)) PQclear(more);
}

void PostgresConnection::copy_out(std::string_view table, const std::function<void(ByteView)>& part) {
    const std::string sql = fmt::format("COPY {} TO STDOUT (FORMAT binary)", table);
    const ResultPtr started{PQexec(db_, sql.c_str())};
    if (PQresultStatus(started.get()) != PGRES_COPY_OUT) raise(started.get(), sql);
    char* buffer = nullptr;
    int length = 0;
    while ((length = PQgetCopyData(db_, &buffer, 0)) > 0) {
        part({buffer, static_cast<std::size_t>(length)});
        PQfreemem(buffer);
    }
    const ResultPtr done{PQgetResult(db_)};
    if (length != -1 || PQresultStatus(done.get()) != PGRES_COMMAND_OK) raise(done.get(), sql);
    while (PGresult* more = PQgetResult(db_)) PQclear(more);
}

void PostgresConnection::copy_in(std::string_view table, ByteView octets) {
    const std::string sql = fmt::format("COPY {} FROM STDIN (FORMAT binary)", table);
    const ResultPtr started{PQexec(db_, sql.c_str())};
    if (PQresultStatus(started.get()) != PGRES_COPY_IN) raise(started.get(), sql);
    put_copy(octets, sql);
}

}  // namespace okpay::store
