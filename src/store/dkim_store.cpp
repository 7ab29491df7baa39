// SPDX-License-Identifier: Apache-2.0
#include "store/dkim_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/desk_store.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using std::string_view;

constexpr string_view columns = "no, domain, selector, algorithm, public_key, sealed, made, retired";

DkimKeyRow key_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .domain = read.text(),
            .selector = read.text(),
            .algorithm = read.as<mail::DkimAlgorithm>(),
            .public_key = read.text(),
            .sealed = read.text(),
            .made = read.moment(),
            .retired = read.maybe_moment()};
}

}  // namespace

void insert_dkim_key(Connection& connection, const DkimKeyRow& row) {
    static const std::string sql =
        "INSERT INTO dkim_key (" + std::string{columns} + ") VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    connection.execute(sql, {row.no, string_view{row.domain}, string_view{row.selector}, stored(row.algorithm),
                             Octets{row.public_key}, Octets{row.sealed}, ms_of(row.made)});
}

void retire_dkim_key(Connection& connection, std::int64_t no, Moment at) {
    connection.execute("UPDATE dkim_key SET retired = $2, sealed = $3 WHERE no = $1", {no, ms_of(at), Octets{""}});
}

std::vector<DkimKeyRow> dkim_keys(Connection& connection) {
    static const std::string sql = "SELECT " + std::string{columns} + " FROM dkim_key ORDER BY no";
    std::vector<DkimKeyRow> found;
    connection.query(sql, {}, [&found](const Row& row) { found.push_back(key_at(row)); });
    return found;
}

std::optional<DkimKeyRow> find_dkim_key(Connection& connection, string_view domain, string_view selector) {
    for (DkimKeyRow& row : dkim_keys(connection)) {
        if (row.domain == domain && row.selector == selector) return std::move(row);
    }
    return std::nullopt;
}

std::vector<mail::DkimKey> signing_keys(Connection& connection, const Keyring& keyring, string_view domain) {
    std::vector<mail::DkimKey> keys;
    for (const DkimKeyRow& row : dkim_keys(connection)) {
        if (row.retired || row.domain != domain) continue;
        auto opened = keyring.unseal(row.sealed, dkim_key_purpose);
        if (!opened) {
            throw StorageFailure{StorageFault::corrupt,
                                 fmt::format("the DKIM key {} of {} does not open", row.selector, row.domain)};
        }
        keys.push_back({row.selector, row.algorithm, Secret{*std::move(opened)}});
    }
    std::ranges::sort(keys, [](const mail::DkimKey& a, const mail::DkimKey& b) {
        return a.algorithm != b.algorithm ? a.algorithm < b.algorithm : a.selector < b.selector;
    });
    return keys;
}

bool sign_outgoing(Connection& connection, std::int64_t outgoing, ByteView fields) {
    const auto row = find_outgoing(connection, outgoing);
    if (!row || row->state != OutgoingState::queued || mail::is_dkim_signed(row->bytes)) return false;
    const Bytes bytes = Bytes{fields} + row->bytes;
    connection.execute("UPDATE outgoing_mail SET bytes = $2 WHERE no = $1", {outgoing, Octets{bytes}});
    return true;
}

}  // namespace okpay::store
