// SPDX-License-Identifier: Apache-2.0
#include "server/search_keeper.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

namespace okpay::server {
namespace {

constexpr Millis looks_at_least_every{1'000};  // payments announce themselves to nobody
constexpr Millis looks_at_most_every{100};
constexpr int low_priority = 10;  // of nice(2): payments and mail come first

}  // namespace

SearchKeeper::SearchKeeper(store::Database books, std::shared_ptr<service::Search> search)
    : index_{service::search_database(books)}, search_{std::move(search)}, indexer_{std::move(books), index_} {}

void SearchKeeper::start() {
    thread_ = std::thread{[this] { run(); }};
}

void SearchKeeper::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SearchKeeper::notify() {
    {
        const std::scoped_lock lock{mutex_};
        news_ = true;
    }
    changed_.notify_all();
}

void SearchKeeper::set_writes(bool writes) {
    {
        const std::scoped_lock lock{mutex_};
        writes_ = writes;
        news_ = true;
    }
    changed_.notify_all();
}

bool SearchKeeper::is_stopping() {
    const std::scoped_lock lock{mutex_};
    return stopping_ || !writes_;
}

void SearchKeeper::run() {
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), low_priority);  // of this thread alone, on Linux
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        news_ = false;
        if (writes_) {
            lock.unlock();
            keep_up();
            lock.lock();
        }
        changed_.wait_for(lock, looks_at_most_every, [this] { return stopping_; });
        changed_.wait_for(lock, looks_at_least_every, [this] { return stopping_ || news_; });
    }
}

void SearchKeeper::keep_up() {
    try {
        if (search_->take_damage()) was_checked_ = false;
        if (!was_checked_ && !indexer_.is_sound()) make_anew();
        was_checked_ = true;
        indexer_.catch_up([this] { return is_stopping(); });
    } catch (const store::StorageFailure& failure) {
        spdlog::warn("the search index is behind: {}", failure.what());
        indexer_.close();
        if (failure.fault() == store::StorageFault::corrupt) was_checked_ = false;
    }
}

void SearchKeeper::make_anew() {
    spdlog::warn("the search index is damaged: it is made anew");
    indexer_.close();
    service::remove_search_file(index_);
    search_->forget_connections();
}

}  // namespace okpay::server
