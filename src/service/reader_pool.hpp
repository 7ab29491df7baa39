// SPDX-License-Identifier: Apache-2.0
// Reader connections for blocking reads on several threads. A connection is opened when first needed, kept, and thrown
// away after a failure or when the server closed it meanwhile, so that a database that was restarted is simply found again.
//
//   Threads   any; a read waits while all connections are busy.
//   Time      a read snapshot lasts for one call; callers bound what they ask for (design: under two seconds).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "store/connection.hpp"

namespace okpay::service {

enum class QueryError : std::uint8_t {
    unavailable,  // the database cannot be reached now: another try later may do
    corrupt,      // what is stored contradicts itself, or our statement is wrong; logged
};
template <class T>
using Read = Result<T, QueryError>;

// Statements of one read see one state of the database. Never Connection::begin, which would take the writer's lock.
class Snapshot {
public:
    explicit Snapshot(store::Connection& connection);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { connection_.rollback(); }

private:
    store::Connection& connection_;
};

class ReaderPool {
public:
    ReaderPool(store::Database database, std::size_t connections_max)
        : database_{std::move(database)}, connections_max_{connections_max} {}

    template <class Work>
    auto read(Work work) -> Read<decltype(work(std::declval<store::Connection&>()))> {
        try {
            auto connection = borrow();
            try {
                auto found = work(*connection);
                give_back(std::move(connection));
                return found;
            } catch (...) {
                connection.reset();
                give_back(nullptr);
                throw;
            }
        } catch (const store::StorageFailure& failure) { return fail(report(failure)); }
    }

private:
    std::unique_ptr<store::Connection> borrow();
    void give_back(std::unique_ptr<store::Connection> connection);
    static QueryError report(const store::StorageFailure& failure);

    const store::Database database_;
    const std::size_t connections_max_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<store::Connection>> idle_;  // under mutex_
    std::size_t borrowed_ = 0;                              // under mutex_
};

}  // namespace okpay::service
