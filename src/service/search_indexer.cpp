// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <filesystem>

#include "service/search.hpp"
#include "store/search_feed.hpp"

namespace okpay::service {
namespace {

constexpr int index_cache_kib = 16'384;

}  // namespace

store::Database search_database(const store::Database& books) {
    if (books.engine == store::Engine::postgres) return books;
    store::Database index = books;
    index.location = (std::filesystem::path{books.location}.parent_path() / "search.db").string();
    index.sqlite.vfs.clear();
    index.sqlite.flush_each_commit = false;  // what a power cut takes is read again
    index.sqlite.writer_cache_kib = index_cache_kib;
    return index;
}

void remove_search_file(const store::Database& index) {
    if (index.engine != store::Engine::sqlite) return;
    std::error_code ignored;
    for (const std::string_view end : {"", "-wal", "-shm"})
        std::filesystem::remove(index.location + std::string{end}, ignored);
}

void SearchIndexer::close() {
    reader_.reset();
    writer_.reset();
}

void SearchIndexer::open() {
    if (!writer_) {
        writer_ = store::open(index_, store::Access::writer);
        // Words of an erased person do not stay in pages that nobody uses.
        if (index_.engine == store::Engine::sqlite) writer_->run_script("PRAGMA secure_delete=ON");
        store::make_search_tables(*writer_);
    }
    if (!reader_ || !reader_->is_usable()) reader_ = store::open(books_, store::Access::reader);
}

bool SearchIndexer::is_sound() {
    try {
        open();
        if (index_.engine == store::Engine::postgres) return true;
        bool sound = true;
        writer_->query("PRAGMA quick_check(1)", {}, [&sound](const store::Row& row) { sound = row.text(0) == "ok"; });
        return sound;
    } catch (const store::StorageFailure& failure) {
        if (failure.fault() == store::StorageFault::corrupt) return false;
        throw;
    }
}

std::int64_t SearchIndexer::size() {
    open();
    return store::search_documents(*writer_);
}

void SearchIndexer::reset() {
    open();
    store::reset_search(*writer_);
}

bool SearchIndexer::pass(std::int64_t rows_max) {
    open();
    const store::SearchPositions seen = store::search_positions(*writer_);
    store::SearchFeed feed = [&] {
        const Snapshot snapshot{*reader_};
        for (const auto& [name, head] : store::search_heads(*reader_)) {
            if (store::position_of(seen, name) <= head) continue;
            spdlog::warn("the search index is ahead of the books: it is made anew");
            store::reset_search(*writer_);
            return store::SearchFeed{};
        }
        return store::read_search_feed(*reader_, *writer_, seen, rows_max);
    }();
    if (feed.pass.next.empty() && !feed.is_all) return true;  // begun anew
    if (feed.is_all) feed.pass.next["complete"] = 1;
    const bool is_news = !feed.pass.documents.empty() || !feed.pass.again.empty() || !feed.pass.gone.empty() ||
                         !feed.pass.requests.empty() || std::ranges::any_of(feed.pass.next, [&seen](const auto& position) {
                             const auto known = seen.find(position.first);
                             return known == seen.end() || known->second != position.second;
                         });
    if (!is_news) return store::sweep_search(*writer_) != 0;
    if (store::write_search_pass(*writer_, seen, feed.pass)) documents_ += std::ssize(feed.pass.documents);
    return true;
}

std::int64_t SearchIndexer::catch_up(const std::function<bool()>& stop) {
    const std::int64_t before = documents_;
    while (!stop() && pass(store::feed_rows_max)) {}
    return documents_ - before;
}

}  // namespace okpay::service
