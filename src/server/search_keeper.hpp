// SPDX-License-Identifier: Apache-2.0
// Keeps the full-text index behind the books: a thread of its own, at low priority, that nobody waits for. A file that is
// not there, damaged or of an older form is made anew while everything else is served.
//   Threads   start, stop: one. notify, set_writes: any.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/moment.hpp"
#include "service/search.hpp"

namespace okpay::server {

class SearchKeeper {
public:
    SearchKeeper(store::Database books, std::shared_ptr<service::Search> search);
    ~SearchKeeper() { stop(); }
    SearchKeeper(const SearchKeeper&) = delete;
    SearchKeeper& operator=(const SearchKeeper&) = delete;

    void start();
    void stop();
    void notify();  // something may be new
    void set_writes(bool writes);  // of several nodes the one that writes the books follows them too

private:
    void run();
    void keep_up();
    void make_anew();
    [[nodiscard]] bool is_stopping();

    store::Database index_;
    std::shared_ptr<service::Search> search_;
    service::SearchIndexer indexer_;  // the thread's, once it runs
    bool was_checked_ = false;        // likewise

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false, news_ = false, writes_ = false;  // under mutex_
    std::thread thread_;
};

}  // namespace okpay::server
