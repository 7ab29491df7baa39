// SPDX-License-Identifier: Apache-2.0
// The schema as numbered migrations. One text serves both engines; two words are replaced: `SEQ_KEY` is a 64-bit key
// given by us in ascending order, `OCTETS` is BLOB or BYTEA.
#pragma once

#include "store/connection.hpp"

namespace okpay::store {

inline constexpr std::int64_t schema_version = 37;
inline constexpr std::int64_t schema_version_of_key_ring = 18;  // older data have none

// Brings the database to schema_version, each migration in a transaction of its own. Throws StorageFailure where the
// database is newer than this program: an old binary must not touch it. An earlier `version` leaves what an older program
// would have: for tests of what became of its rows.
void migrate(Connection& connection, std::int64_t version = schema_version);

// The version found; 0 for an empty database.
std::int64_t schema_version_of(Connection& connection);

}  // namespace okpay::store
