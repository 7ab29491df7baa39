// SPDX-License-Identifier: Apache-2.0
#include "store/object_keys.hpp"

#include <array>

#include "store/identity_store.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

constexpr std::int64_t part = 500;

struct Place {
    KeyOf kind;
    std::string_view table, word;
};
constexpr std::array places{Place{KeyOf::mail, "inbound_mail", "mail"}, Place{KeyOf::case_file, "case_file", "case file"},
                            Place{KeyOf::identity_file, "identity_file", "identity file"},
                            Place{KeyOf::identity_reading, "identity_file", "reading of identity file"},
                            Place{KeyOf::identity_facts, "identity_verification", "verification"}};
static_assert(places.size() == all_keys_of.size());

}  // namespace

std::string_view purpose_of(KeyOf kind) {
    switch (kind) {
    case KeyOf::mail: return inbound_mail_purpose;
    case KeyOf::case_file: return case_file_purpose;
    case KeyOf::identity_file: return identity_file_purpose;
    case KeyOf::identity_reading: return identity_reading_purpose;
    case KeyOf::identity_facts: return identity_facts_purpose;
    }
    std::abort();
}

void put_object_key(Connection& connection, KeyOf kind, std::int64_t owner, ByteView wrapped) {
    connection.execute(
        "INSERT INTO object_key (kind, owner, wrapped, erased) VALUES ($1, $2, $3, NULL) "
        "ON CONFLICT (kind, owner) DO UPDATE SET wrapped = excluded.wrapped, erased = NULL",
        {stored(kind), owner, Octets{wrapped}});
}

void erase_object_key(Connection& connection, KeyOf kind, std::int64_t owner, Moment at) {
    connection.execute(
        "INSERT INTO object_key (kind, owner, wrapped, erased) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (kind, owner) DO UPDATE SET wrapped = excluded.wrapped, erased = "
        "coalesce(object_key.erased, excluded.erased)",
        {stored(kind), owner, Octets{}, ms_of(at)});
}

bool is_key_erased(Connection& connection, KeyOf kind, std::int64_t owner) {
    return connection
        .integer("SELECT erased FROM object_key WHERE kind = $1 AND owner = $2 AND erased IS NOT NULL",
                 {stored(kind), owner})
        .has_value();
}

std::vector<ObjectKey> object_keys_after(Connection& connection, std::int64_t kind, std::int64_t owner, std::int64_t limit) {
    std::vector<ObjectKey> found;
    connection.query(
        "SELECT kind, owner, wrapped, erased FROM object_key WHERE kind > $1 OR (kind = $1 AND owner > $2) "
        "ORDER BY kind, owner LIMIT $3",
        {kind, owner, limit}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back(
                {.kind = read.as<KeyOf>(), .owner = read.integer(), .wrapped = read.text(), .erased = read.maybe_moment()});
        });
    return found;
}

void each_object_key(Connection& connection, const std::function<void(const ObjectKey&)>& visit) {
    std::int64_t kind = 0, owner = 0;
    while (true) {
        const auto keys = object_keys_after(connection, kind, owner, part);
        if (keys.empty()) return;
        for (const ObjectKey& key : keys) visit(key);
        kind = stored(keys.back().kind);
        owner = keys.back().owner;
    }
}

void each_stray_key(Connection& connection, const std::function<void(std::string)>& tell) {
    for (const Place& place : places) {
        connection.query(
            fmt::format("SELECT no FROM {} o WHERE NOT EXISTS (SELECT 1 FROM object_key k WHERE k.kind = {} AND "
                        "k.owner = o.no)",
                        place.table, stored(place.kind)),
            {}, [&](const Row& row) { tell(fmt::format("{} {} has no key", place.word, row.integer(0))); });
        connection.query(fmt::format("SELECT owner FROM object_key k WHERE k.kind = {} AND NOT EXISTS (SELECT 1 FROM {} o "
                                     "WHERE o.no = k.owner)",
                                     stored(place.kind), place.table),
                         {}, [&](const Row& row) {
                             tell(fmt::format("there is a key for {} {} and no such row", place.word, row.integer(0)));
                         });
    }
    connection.query(
        "SELECT kind, owner FROM object_key WHERE (erased IS NULL) = (length(wrapped) = 0) OR kind NOT IN "
        "(1, 2, 3, 4, 5)",
        {},
        [&](const Row& row) { tell(fmt::format("key {}/{} is neither whole nor erased", row.integer(0), row.integer(1))); });
}

}  // namespace okpay::store
