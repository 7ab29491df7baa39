// SPDX-License-Identifier: Apache-2.0
// What of the books can be found, read in the order of their rows: customers, requests, messages (as people read them:
// masked), those of side threads, payments. What changes later is seen in the events of requests and in the audit log.
//
//   Order     feeds are merged by their moments, so that what is newer has the higher document; within a feed rows keep
//             their order whatever their moments say (mail of before is imported after mail of today).
//   Reads     one snapshot of the caller's, of at most feed_rows_max rows a feed.
#pragma once

#include "store/search_index.hpp"

namespace okpay::store {

inline constexpr std::int64_t feed_rows_max = 1'000;

struct SearchFeed {
    SearchPass pass;
    bool is_all = false;  // nothing was left to read
};

// `index` is asked what of an erased customer it holds.
SearchFeed read_search_feed(Connection& books, Connection& index, const SearchPositions& seen,
                            std::int64_t rows_max = feed_rows_max);

// As it stands now; nothing where there is no such row, or nothing of it to be found.
std::optional<SearchDocument> search_document(Connection& books, SearchKind kind, std::int64_t source);

// The highest row of each feed, by the feed's name.
SearchPositions search_heads(Connection& books);

}  // namespace okpay::store
