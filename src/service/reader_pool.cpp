// SPDX-License-Identifier: Apache-2.0
#include "service/reader_pool.hpp"

#include <spdlog/spdlog.h>

namespace okpay::service {

Snapshot::Snapshot(store::Connection& connection) : connection_{connection} {
    const bool sqlite = connection.engine() == store::Engine::sqlite;
    connection.run_script(sqlite ? "BEGIN DEFERRED" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

std::unique_ptr<store::Connection> ReaderPool::borrow() {
    std::unique_lock lock{mutex_};
    returned_.wait(lock, [this] { return !idle_.empty() || borrowed_ < connections_max_; });
    ++borrowed_;
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->is_usable()) return connection;
    }
    lock.unlock();
    try {
        return store::open(database_, store::Access::reader);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void ReaderPool::give_back(std::unique_ptr<store::Connection> connection) {
    {
        const std::scoped_lock lock{mutex_};
        --borrowed_;
        if (connection) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

QueryError ReaderPool::report(const store::StorageFailure& failure) {
    spdlog::error("a read failed: {}", failure.what());
    switch (failure.fault()) {
    case store::StorageFault::unavailable:
    case store::StorageFault::full:
    case store::StorageFault::not_flushed: return QueryError::unavailable;
    case store::StorageFault::corrupt:
    case store::StorageFault::bug: return QueryError::corrupt;
    }
    std::abort();
}

}  // namespace okpay::service
