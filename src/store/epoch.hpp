// SPDX-License-Identifier: Apache-2.0
// The row by which the nodes of one PostgreSQL database agree on who writes. Its clock is the database's, so that nodes
// need not agree on the time.
//
//   Fence     the writer renews the row under its epoch in each commit; once another raised the epoch that changes
//             nothing, and neither does the commit.
//   Frozen    a node that stops in the middle of a unit of work holds the row, and what it inserted, for as long as the
//             server waits for the rest. `idle_in_transaction_session_timeout` ends it between two statements, nothing
//             ends it inside one (a COPY whose rows do not come). So a writer's session bears its epoch's name, and who
//             takes over ends the sessions of the epochs before.
//   Errors    StorageFailure.
#pragma once

#include "store/connection.hpp"

namespace okpay::store {

struct Epoch {
    std::int64_t epoch = 0;
    std::int64_t age_ms = 0;  // since it was renewed last
    std::string address;      // of who writes
};

[[nodiscard]] Epoch read_epoch(Connection& connection);

// False: the epoch has ended. Inside a unit of work the row is then ours until it ends.
[[nodiscard]] bool renew_epoch(Connection& connection, std::int64_t epoch);

// Raises `epoch` by one, in our name. False: somebody else did. The sessions that wrote under it, or before it, are ended
// first: what they were at is rolled back. On a server that cannot do that (the function is PostgreSQL's own) we wait
// instead for as long as they hold the row.
[[nodiscard]] bool take_epoch(Connection& connection, std::int64_t epoch, std::string_view node, std::string_view address);

// So that the next node need not wait for the lease to end.
void give_epoch_back(Connection& connection, std::int64_t epoch);

// To be said of each connection that writes under the epoch, before its first unit of work.
void bear_epoch(Connection& connection, std::int64_t epoch);

}  // namespace okpay::store
