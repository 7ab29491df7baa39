// SPDX-License-Identifier: Apache-2.0
// The tables of the full-text index: on SQLite a file of its own (`search.db`), on PostgreSQL the schema `okpay_search` of
// the shared database. Nothing in it is a book: it can be thrown away and made again out of the rows that it was read from.
//
//   Postings   blocks of search/postings.hpp by term. A pass appends its own to the lowest level; when levels_parts_max
//   parts
//              or level_documents_max documents lie in a level, all of it moves into the next: each level holds newer
//              documents than the one above it, and a term has few blocks.
//   Position   how far each feed was read stands in the same commit as what was made of it. A pass that another was quicker
//              than changes nothing (write_search_pass answers false): nothing is lost and nothing stands twice.
//   Erased     a document that is gone has no row at once and is never found; sweep_search takes its terms out of the
//   blocks. Threads    one connection, one thread. Writing needs a writer's connection, in no transaction of the caller.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/moment.hpp"
#include "search/document.hpp"
#include "store/connection.hpp"

namespace okpay::store {

// Stored, append only. Articles of the FAQ are fed by who keeps them.
enum class SearchKind : std::uint8_t { request = 1, message = 2, customer = 3, payment = 4, article = 5, side_message = 6 };
inline constexpr std::array all_search_kinds{SearchKind::request, SearchKind::message, SearchKind::customer,
                                             SearchKind::payment, SearchKind::article, SearchKind::side_message};
std::string_view name_of(SearchKind kind);  // "request"
std::optional<SearchKind> search_kind_of_name(std::string_view name);

struct SearchDocument {
    SearchKind kind;
    std::int64_t source;  // its row: number of the request, message, customer; sequence of the payment
    std::int64_t ticket = 0, customer = 0, other_customer = 0;  // 0: none
    Moment at;
    std::int64_t hash = 0;  // of its texts, to see that nothing changed
    search::DocumentTerms terms;
};

// What of a request changes without its text.
struct RequestFacts {
    std::int64_t ticket;
    std::int64_t state;
    std::string category;
    std::int64_t assignee;  // 0: nobody
};

// By name; what is missing is 0. Feeds: customer, ticket, message, side_message, payment (the highest row that was read),
// event, audit.
using SearchPositions = std::map<std::string, std::int64_t, std::less<>>;
std::int64_t position_of(const SearchPositions& positions, std::string_view name);

// A file that is no index, or is damaged, is answered by StorageFailure{corrupt}.
bool has_search_tables(Connection& index);
void make_search_tables(Connection& index);  // where they are missing or of another form; in one commit
void grant_search_tables(Connection& owner, const std::string& role);  // PostgreSQL: to a role that owns nothing
SearchPositions search_positions(Connection& index);

struct SearchPass {
    std::vector<SearchDocument> documents;  // in the order in which they become findable, oldest first
    std::vector<SearchDocument> again;  // that may be there already: where the hash differs, the old one goes
    std::vector<std::pair<SearchKind, std::int64_t>> gone;
    std::vector<RequestFacts> requests;
    SearchPositions next;  // of the feeds alone
};
// False: somebody else has written since `seen` was read.
bool write_search_pass(Connection& index, const SearchPositions& seen, const SearchPass& pass);

void reset_search(Connection& index);  // empty, read from the beginning
std::int64_t search_documents(Connection& index);  // how many can be found
// Takes the terms of documents that are gone out of the blocks. Answers how many documents that were.
std::int64_t sweep_search(Connection& index);

// Documents of a customer's, for what an erasure changed.
std::vector<std::pair<SearchKind, std::int64_t>> search_documents_of(Connection& index, std::int64_t customer);
bool is_in_search(Connection& index, SearchKind kind, std::int64_t source);

// --- Reading, in a snapshot of the caller
struct FoundDocument {
    std::int64_t document;
    SearchKind kind;
    std::int64_t source, ticket, customer, other_customer;
    Moment at;
    std::int64_t state;  // of its request; 0: none
    std::string category;
    std::int64_t assignee;
    std::int64_t hash;
};

// Reads every block. Answers how many documents there are.
std::int64_t check_search_blocks(Connection& index, const std::function<void(std::string)>& tell);

class SearchReader {
public:
    explicit SearchReader(Connection& index);
    [[nodiscard]] const SearchPositions& positions() const { return positions_; }
    [[nodiscard]] std::int64_t newest() const;  // highest document
    search::WalkPtr walk(std::string term);
    std::vector<std::string> beginning_with(std::string_view beginning, std::size_t limit);  // terms, in order of octets
    // Those that are there, in the order given. At most lookup_max.
    static constexpr std::size_t lookup_max = 64;
    std::vector<FoundDocument> look_up(std::span<const std::int64_t> documents);

private:
    Connection& index_;
    SearchPositions positions_;
    std::vector<int> levels_;  // that hold anything
};

}  // namespace okpay::store
