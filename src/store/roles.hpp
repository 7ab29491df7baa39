// SPDX-License-Identifier: Apache-2.0
// PostgreSQL alone: the role that serves owns nothing. It reads everything, adds to everything, changes and deletes where
// the schema means it, and of what is only ever appended (ledger, audit, events) it can neither change nor delete nor empty
// a row, whatever the program says: that takes the owner, whom the program does not know.
#pragma once

#include <string>

#include "store/connection.hpp"

namespace okpay::store {

// The role of a connection, as PostgreSQL writes it.
std::string role_of(Connection& connection);
// Of the owner's connection, after its migration: rights of `role` on all there is in the schema, and no others. Again after
// each migration. Throws StorageFailure where the owner may not.
void grant_serving_role(Connection& owner, const std::string& role);
// True where the role of this connection owns a table, or may change what is only appended: it is no serving role then.
bool may_change_history(Connection& connection);

}  // namespace okpay::store
