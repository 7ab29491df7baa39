// SPDX-License-Identifier: Apache-2.0
// Full-text search for staff over requests, messages, customers and payments: the newest first, pages by document.
//
//   Never an error   what of a query cannot be understood is said back and left out (search/query.hpp).
//   Collapsed        of one request a page holds one hit, its newest, unless a kind was asked for.
//   Bounded          a page looks at no more than search_looked_at_max documents: it may be short, even empty, and go on.
//   Late             the index follows the books by a moment; `complete` is false while it is made anew.
//   Threads          any; blocking, as Queries.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "search/query.hpp"
#include "search/snippet.hpp"
#include "service/queries.hpp"
#include "store/search_index.hpp"

namespace okpay::service {

inline constexpr std::int64_t search_looked_at_max = 4'096;
inline constexpr std::size_t search_words_octets_max = 800;
inline constexpr std::size_t search_beginnings_max = 32;  // terms that a beginning is looked for as
inline constexpr std::size_t search_named_customers_max = 20;  // whom customer:NAME means

struct SearchRequest {
    std::string words;
    std::optional<store::SearchKind> kind;
    std::optional<std::int64_t> below;  // document of the page before
    std::int64_t limit = 25;
    customers::StaffNo me;
    std::vector<customers::CustomerNo> kept_from;  // whose is not there for who asks
};

struct SearchHit {
    store::SearchKind kind;
    std::int64_t document;
    Moment at;
    std::string request_number;  // of a request or message
    std::string ticket_state;
    std::optional<MessageId> message;
    std::optional<CustomerId> customer;
    std::optional<PaymentId> payment;
    std::string title;  // subject, name, or what was paid
    std::string address;  // of a customer: for the viewer to mask
    std::vector<search::SnippetPart> snippet;
};

struct SearchPage {
    std::vector<SearchHit> items;
    std::optional<std::int64_t> next;  // pass as `below`
    std::vector<std::string> not_understood;
    bool complete = true;
};

class Search {
public:
    Search(store::Database books, store::Database index, std::size_t connections_max);
    Read<SearchPage> ask(const SearchRequest& request);
    // The file was made anew: connections to the one before are dropped.
    void forget_connections();
    // Whether a read met damage since the last time this was asked.
    bool take_damage() { return damage_.exchange(false); }

private:
    std::shared_ptr<ReaderPool> index_pool();

    std::atomic<bool> damage_{false};

    store::Database index_;
    std::size_t connections_max_;
    ReaderPool books_;
    std::mutex mutex_;
    std::shared_ptr<ReaderPool> pool_;  // under mutex_
};

// Follows the books, pass by pass. One thread.
class SearchIndexer {
public:
    SearchIndexer(store::Database books, store::Database index) : books_{std::move(books)}, index_{std::move(index)} {}

    // One snapshot of the books, one commit of the index. True: there may be more at once. Throws StorageFailure.
    bool pass(std::int64_t rows_max);
    // To the end; between two passes `stop` is asked. Answers how many documents were read.
    std::int64_t catch_up(const std::function<bool()>& stop);
    void close();  // connections; the next pass opens them again
    // False: the file is no database, or its pages contradict each other. Reads all of it.
    bool is_sound();
    std::int64_t size();  // documents that can be found
    void reset();  // the index is empty, and is read from the beginning

private:
    void open();

    store::Database books_, index_;
    std::unique_ptr<store::Connection> reader_, writer_;
    std::int64_t documents_ = 0;
};

// Where the index of these books is: search.db beside them, or the same database.
store::Database search_database(const store::Database& books);
// The index is another's, damaged, or not there: a file is removed, so that the next pass makes it.
void remove_search_file(const store::Database& index);

}  // namespace okpay::service
