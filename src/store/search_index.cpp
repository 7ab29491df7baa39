// SPDX-License-Identifier: Apache-2.0
#include "store/search_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/ensure.hpp"

namespace okpay::store {
namespace {

using search::BlockWriter;

constexpr std::int64_t form = 1;  // of the tables and of the blocks
constexpr int levels = 4;
constexpr std::int64_t level_parts_max = 16;
constexpr std::int64_t level_documents_max = 65'536;
constexpr std::int64_t sweep_blocks = 2'000;  // at once

// "@" stands for where the tables are.
std::string placed(Connection& index, std::string_view sql) {
    std::string made;
    for (const char c : sql) {
        if (c != '@') {
            made += c;
        } else if (index.engine() == Engine::postgres) {
            made += "okpay_search.";
        }
    }
    return made;
}

std::string posting_table(Connection& index, int level) { return placed(index, fmt::format("@posting_{}", level)); }

[[noreturn]] void damaged() { throw StorageFailure{StorageFault::corrupt, "the search index is damaged"}; }

std::string creation(Connection& index) {
    const bool sqlite = index.engine() == Engine::sqlite;
    const std::string_view octets = sqlite ? "BLOB" : "BYTEA";
    const std::string_view key = sqlite ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY";
    std::string sql = sqlite ? "" : "CREATE SCHEMA IF NOT EXISTS okpay_search; ";
    for (const std::string_view table : {"position", "document", "request", "gone"})
        sql += fmt::format("DROP TABLE IF EXISTS @{}; ", table);
    sql += "CREATE TABLE @position (name TEXT PRIMARY KEY, value BIGINT NOT NULL); ";
    sql += fmt::format(
        "CREATE TABLE @document (document {0}, kind BIGINT NOT NULL, source BIGINT NOT NULL, ticket BIGINT NOT NULL, "
        "customer BIGINT NOT NULL, other_customer BIGINT NOT NULL, at BIGINT NOT NULL, hash BIGINT NOT NULL); "
        "CREATE UNIQUE INDEX document_source ON @document (kind, source); "
        "CREATE INDEX document_customer ON @document (customer) WHERE customer <> 0; "
        "CREATE INDEX document_other ON @document (other_customer) WHERE other_customer <> 0; "
        "CREATE TABLE @request (ticket {0}, state BIGINT NOT NULL, category TEXT NOT NULL, assignee BIGINT NOT NULL); "
        "CREATE TABLE @gone (document {0}); ",
        key);
    for (int level = 0; level < levels; ++level) {
        sql += fmt::format(
            "DROP TABLE IF EXISTS @posting_{0}; CREATE TABLE @posting_{0} (term {1} NOT NULL, first BIGINT NOT NULL, "
            "last BIGINT NOT NULL, octets {1} NOT NULL, PRIMARY KEY (term, first)); ",
            level, octets);
        // Octets that do not shrink: no time goes into trying.
        if (!sqlite) sql += fmt::format("ALTER TABLE @posting_{} ALTER COLUMN octets SET STORAGE EXTERNAL; ", level);
    }
    sql += fmt::format("INSERT INTO @position (name, value) VALUES ('form', {});", form);
    return placed(index, sql);
}

void commit_or_throw(Transaction& transaction) {
    const auto done = transaction.commit();
    if (done) return;
    const bool full = done.error() == CommitError::full;
    throw StorageFailure{full ? StorageFault::full : StorageFault::unavailable, "the search index could not be written"};
}

void set_position(Connection& index, std::string_view name, std::int64_t value) {
    const std::string update = placed(index, "UPDATE @position SET value = $2 WHERE name = $1");
    if (index.execute(update, {name, value}) == 0)
        index.execute(placed(index, "INSERT INTO @position (name, value) VALUES ($1, $2)"), {name, value});
}

struct PostingRow {
    std::string term;
    std::int64_t first, last;
    Bytes octets;
};

void append_postings(Connection& index, int level, const std::vector<PostingRow>& rows) {
    static constexpr std::array<std::string_view, 4> columns{"term", "first", "last", "octets"};
    const std::string table = posting_table(index, level);
    index.append(
        {.table = table, .columns = columns, .count = rows.size(), .fill = [&rows](std::size_t i, std::span<Value> into) {
             into[0] = Octets{rows[i].term};
             into[1] = rows[i].first;
             into[2] = rows[i].last;
             into[3] = Octets{rows[i].octets};
         }});
}

std::vector<PostingRow> postings_of(const std::vector<const SearchDocument*>& documents, std::int64_t first_document) {
    std::unordered_map<std::string_view, BlockWriter> open;
    std::vector<PostingRow> rows;
    const auto close = [&rows](std::string_view term, const BlockWriter& block) {
        rows.push_back({std::string{term}, block.first(), block.last(), block.octets()});
    };
    for (std::size_t i = 0; i < documents.size(); ++i) {
        for (const auto& [term, places] : documents[i]->terms) {
            BlockWriter& block = open[term];
            block.add(first_document + static_cast<std::int64_t>(i), places);
            if (block.count() < search::block_documents_max) continue;
            close(term, block);
            block = {};
        }
    }
    for (const auto& [term, block] : open) {
        if (block.count() > 0) close(term, block);
    }
    std::ranges::sort(rows, [](const PostingRow& a, const PostingRow& b) {
        return std::tie(a.term, a.first) < std::tie(b.term, b.first);
    });
    return rows;
}

void append_documents(Connection& index, const std::vector<const SearchDocument*>& documents, std::int64_t first_document) {
    static constexpr std::array<std::string_view, 8> columns{"document", "kind",           "source", "ticket",
                                                             "customer", "other_customer", "at",     "hash"};
    const std::string table = placed(index, "@document");
    index.append(
        {.table = table, .columns = columns, .count = documents.size(), .fill = [&](std::size_t i, std::span<Value> into) {
             const SearchDocument& one = *documents[i];
             into[0] = first_document + static_cast<std::int64_t>(i);
             into[1] = static_cast<std::int64_t>(one.kind);
             into[2] = one.source;
             into[3] = one.ticket;
             into[4] = one.customer;
             into[5] = one.other_customer;
             into[6] = ms_of(one.at);
             into[7] = one.hash;
         }});
}

// All of a level into the next: what of a term was apart comes together.
void move_level(Connection& index, int level) {
    std::vector<PostingRow> stored;
    index.query(placed(index, fmt::format("SELECT term, first, last, octets FROM @posting_{} ORDER BY term, first", level)),
                {}, [&stored](const Row& row) {
                    stored.push_back({row.string(0), row.integer(1), row.integer(2), row.string(3)});
                });
    std::vector<PostingRow> rows;
    std::vector<search::StoredBlock> together;
    for (std::size_t i = 0; i < stored.size();) {
        together.clear();
        const std::size_t begin = i;
        std::size_t count = 0;
        for (; i < stored.size() && stored[i].term == stored[begin].term; ++i) {
            const std::size_t more = search::count_in(stored[i].octets);
            if (!together.empty() && count + more > search::block_documents_max) break;
            count += more;
            together.push_back({stored[i].first, stored[i].octets});
        }
        if (together.size() == 1) {
            rows.push_back(std::move(stored[begin]));
            continue;
        }
        PostingRow row{.term = stored[begin].term, .first = stored[begin].first, .last = 0, .octets = {}};
        auto joined = search::joined_blocks(together, row.last);
        if (!joined) damaged();
        row.octets = *std::move(joined);
        rows.push_back(std::move(row));
    }
    append_postings(index, level + 1, rows);
    index.execute("DELETE FROM " + posting_table(index, level));
}

std::string level_name(std::string_view what, int level) { return fmt::format("{}_{}", what, level); }

void note_part(Connection& index, SearchPositions& positions, std::int64_t documents) {
    std::int64_t parts = 1;
    for (int level = 0; level < levels; ++level) {
        const std::string parts_name = level_name("parts", level), documents_name = level_name("documents", level);
        const std::int64_t all_parts = positions[parts_name] + parts;
        const std::int64_t all_documents = positions[documents_name] + documents;
        const bool full = level + 1 < levels && (all_parts >= level_parts_max || all_documents >= level_documents_max);
        positions[parts_name] = full ? 0 : all_parts;
        positions[documents_name] = full ? 0 : all_documents;
        set_position(index, parts_name, positions[parts_name]);
        set_position(index, documents_name, positions[documents_name]);
        if (!full) return;
        move_level(index, level);
        parts = 1;
        documents = all_documents;
    }
}

void remove_document(Connection& index, SearchKind kind, std::int64_t source) {
    const auto document = index.integer(placed(index, "SELECT document FROM @document WHERE kind = $1 AND source = $2"),
                                        {static_cast<std::int64_t>(kind), source});
    if (!document) return;
    index.execute(placed(index, "DELETE FROM @document WHERE document = $1"), {*document});
    index.execute(placed(index, "INSERT INTO @gone (document) VALUES ($1)"), {*document});
}

void write_facts(Connection& index, const RequestFacts& facts) {
    index.execute(placed(index, "DELETE FROM @request WHERE ticket = $1"), {facts.ticket});
    index.execute(placed(index, "INSERT INTO @request (ticket, state, category, assignee) VALUES ($1, $2, $3, $4)"),
                  {facts.ticket, facts.state, std::string_view{facts.category}, facts.assignee});
}

class StoredWalk final : public search::Walk {
public:
    StoredWalk(Connection& index, std::string term, const std::vector<int>& levels_there)
        : index_{index}, term_{std::move(term)}, levels_{levels_there} {}

    std::optional<std::int64_t> at_or_below(std::int64_t document) override {
        while (true) {
            if (block_ && document >= block_->documents.front()) {
                const auto above = std::upper_bound(block_->documents.begin(),
                                                    block_->documents.begin() + static_cast<std::ptrdiff_t>(end_), document);
                end_ = static_cast<std::size_t>(above - block_->documents.begin());
                return block_->documents[end_ - 1];
            }
            if (!load(document)) return std::nullopt;
        }
    }
    std::span<const std::uint32_t> places() override {
        if (!search::read_places(octets_, *block_)) damaged();
        const std::size_t from = block_->places_from[end_ - 1];
        return std::span{block_->places}.subspan(from, block_->places_from[end_] - from);
    }

private:
    struct Loaded {
        std::int64_t first;
        Bytes octets;
    };

    // The block in which the document may be, or the next one before it.
    bool load(std::int64_t document) {
        while (true) {
            while (at_ < loaded_.size() && loaded_[at_].first > document) ++at_;
            if (at_ < loaded_.size()) {
                octets_ = std::move(loaded_[at_].octets);
                block_ = search::read_block(loaded_[at_].first, octets_);
                if (!block_) damaged();
                end_ = block_->documents.size();
                ++at_;
                return true;
            }
            if (level_ == levels_.size()) return false;
            loaded_.clear();
            at_ = 0;
            const std::int64_t wanted = wanted_;
            wanted_ = std::min<std::int64_t>(wanted_ * 4, 64);
            index_.query(placed(index_, fmt::format("SELECT first, octets FROM @posting_{} WHERE term = $1 AND first <= $2 "
                                                    "ORDER BY first DESC LIMIT $3",
                                                    levels_[level_])),
                         {Octets{term_}, std::min(document, below_ - 1), wanted},
                         [this](const Row& row) { loaded_.push_back({row.integer(0), row.string(1)}); });
            if (!loaded_.empty()) below_ = loaded_.back().first;
            if (std::ssize(loaded_) < wanted) {
                ++level_;
                below_ = std::numeric_limits<std::int64_t>::max();
                wanted_ = 2;
            }
        }
    }

    Connection& index_;
    std::string term_;
    std::vector<int> levels_;  // the newest documents first
    std::size_t level_ = 0;  // of the next query
    std::int64_t below_ = std::numeric_limits<std::int64_t>::max();  // what of the level is not loaded yet begins below
    std::int64_t wanted_ = 2;
    std::vector<Loaded> loaded_;  // newest first
    std::size_t at_ = 0;  // in it, of the next block
    Bytes octets_;
    std::optional<search::Block> block_;
    std::size_t end_ = 0;  // behind the last answer
};

}  // namespace

std::string_view name_of(SearchKind kind) {
    switch (kind) {
    case SearchKind::request: return "request";
    case SearchKind::message: return "message";
    case SearchKind::customer: return "customer";
    case SearchKind::payment: return "payment";
    case SearchKind::article: return "article";
    case SearchKind::side_message: return "side_message";
    }
    std::abort();
}

std::optional<SearchKind> search_kind_of_name(std::string_view name) {
    const auto found = std::ranges::find(all_search_kinds, name, [](SearchKind kind) { return name_of(kind); });
    return found == all_search_kinds.end() ? std::nullopt : std::optional{*found};
}

std::int64_t position_of(const SearchPositions& positions, std::string_view name) {
    const auto found = positions.find(name);
    return found == positions.end() ? 0 : found->second;
}

bool has_search_tables(Connection& index) {
    const std::string_view there =
        index.engine() == Engine::sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'position'"
            : "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'okpay_search' AND "
              "table_name = 'position'";
    if (index.integer(there).value_or(0) == 0) return false;
    return index.integer(placed(index, "SELECT value FROM @position WHERE name = 'form'")) == form;
}

void make_search_tables(Connection& index) {
    if (has_search_tables(index)) return;
    Transaction transaction{index};
    index.run_script(creation(index));
    commit_or_throw(transaction);
}

void grant_search_tables(Connection& owner, const std::string& role) {
    std::string quoted;
    owner.query("SELECT quote_ident($1::text)::text", {std::string_view{role}},
                [&quoted](const Row& row) { quoted = row.string(0); });
    owner.run_script(
        fmt::format("GRANT USAGE ON SCHEMA okpay_search TO {0}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL "
                    "TABLES IN SCHEMA okpay_search TO {0}",
                    quoted));
}

SearchPositions search_positions(Connection& index) {
    SearchPositions positions;
    index.query(placed(index, "SELECT name, value FROM @position"), {},
                [&positions](const Row& row) { positions[row.string(0)] = row.integer(1); });
    return positions;
}

bool write_search_pass(Connection& index, const SearchPositions& seen, const SearchPass& pass) {
    Transaction transaction{index};
    const std::int64_t passes = position_of(seen, "passes");
    if (passes == 0 && !seen.contains("passes")) {
        if (index.integer(placed(index, "SELECT value FROM @position WHERE name = 'passes'"))) return false;
        set_position(index, "passes", 1);
    } else if (index.execute(placed(index, "UPDATE @position SET value = value + 1 WHERE name = 'passes' AND value = $1"),
                             {passes}) != 1) {
        return false;
    }
    std::vector<const SearchDocument*> documents;
    for (const SearchDocument& one : pass.documents) documents.push_back(&one);
    for (const auto& [kind, source] : pass.gone) remove_document(index, kind, source);
    for (const SearchDocument& one : pass.again) {
        const auto hash = index.integer(placed(index, "SELECT hash FROM @document WHERE kind = $1 AND source = $2"),
                                        {static_cast<std::int64_t>(one.kind), one.source});
        if (hash == one.hash) continue;
        if (hash) remove_document(index, one.kind, one.source);
        documents.push_back(&one);
    }
    SearchPositions positions = seen;
    if (!documents.empty()) {
        const std::int64_t first = position_of(positions, "newest") + 1;
        append_documents(index, documents, first);
        append_postings(index, 0, postings_of(documents, first));
        set_position(index, "newest", first + std::ssize(documents) - 1);
        note_part(index, positions, std::ssize(documents));
    }
    for (const RequestFacts& facts : pass.requests) write_facts(index, facts);
    for (const auto& [name, value] : pass.next) {
        if (!seen.contains(name) || position_of(seen, name) != value) set_position(index, name, value);
    }
    commit_or_throw(transaction);
    return true;
}

void reset_search(Connection& index) {
    Transaction transaction{index};
    const std::int64_t passes =
        index.integer(placed(index, "SELECT value FROM @position WHERE name = 'passes'")).value_or(0);
    for (const std::string_view table : {"position", "document", "request", "gone"})
        index.execute(placed(index, fmt::format("DELETE FROM @{}", table)));
    for (int level = 0; level < levels; ++level) index.execute("DELETE FROM " + posting_table(index, level));
    set_position(index, "form", form);
    set_position(index, "passes", passes + 1);  // whoever is at a pass now does not finish it
    commit_or_throw(transaction);
}

std::int64_t search_documents(Connection& index) {
    return index.integer(placed(index, "SELECT count(*) FROM @document")).value_or(0);
}

std::int64_t sweep_search(Connection& index) {
    std::unordered_set<std::int64_t> gone;
    std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = 0;
    index.query(placed(index, "SELECT document FROM @gone"), {}, [&](const Row& row) {
        gone.insert(row.integer(0));
        low = std::min(low, row.integer(0));
        high = std::max(high, row.integer(0));
    });
    if (gone.empty()) return 0;
    // One commit: a pass that moves a level between two would carry blocks past this.
    Transaction transaction{index};
    index.execute(placed(index, "UPDATE @position SET value = value + 1 WHERE name = 'passes'"));
    for (int level = 0; level < levels; ++level) {
        std::string after_term;
        std::int64_t after_first = -1;
        for (std::int64_t count = sweep_blocks; count == sweep_blocks;) {
            count = 0;
            const std::string bound = after_term;  // the engine reads it until the last row
            std::vector<PostingRow> changed;
            index.query(placed(index, fmt::format("SELECT term, first, last, octets FROM @posting_{} WHERE (term, first) > "
                                                  "($1, $2) ORDER BY term, first LIMIT $3",
                                                  level)),
                        {Octets{bound}, after_first, sweep_blocks}, [&](const Row& row) {
                            ++count;
                            after_term = row.string(0);
                            after_first = row.integer(1);
                            if (row.integer(1) <= high && row.integer(2) >= low)
                                changed.push_back({row.string(0), row.integer(1), row.integer(2), row.string(3)});
                        });
            std::vector<PostingRow> left;
            for (PostingRow& row : changed) {
                auto pruned = search::pruned_block(row.first, row.octets,
                                                   [&gone](std::int64_t document) { return gone.contains(document); });
                if (!pruned) damaged();
                if (!pruned->changed) continue;
                index.execute(placed(index, fmt::format("DELETE FROM @posting_{} WHERE term = $1 AND first = $2", level)),
                              {Octets{row.term}, row.first});
                if (!pruned->octets.empty())
                    left.push_back({std::move(row.term), pruned->first, pruned->last, std::move(pruned->octets)});
            }
            append_postings(index, level, left);
        }
    }
    for (const std::int64_t document : gone)
        index.execute(placed(index, "DELETE FROM @gone WHERE document = $1"), {document});
    commit_or_throw(transaction);
    return std::ssize(gone);
}

std::vector<std::pair<SearchKind, std::int64_t>> search_documents_of(Connection& index, std::int64_t customer) {
    std::vector<std::pair<SearchKind, std::int64_t>> found;
    index.query(placed(index,
                       "SELECT kind, source FROM @document WHERE customer = $1 AND customer <> 0 UNION "
                       "SELECT kind, source FROM @document WHERE other_customer = $1 AND other_customer <> 0"),
                {customer},
                [&found](const Row& row) { found.emplace_back(static_cast<SearchKind>(row.integer(0)), row.integer(1)); });
    return found;
}

bool is_in_search(Connection& index, SearchKind kind, std::int64_t source) {
    return index
        .integer(placed(index, "SELECT document FROM @document WHERE kind = $1 AND source = $2"),
                 {static_cast<std::int64_t>(kind), source})
        .has_value();
}

std::int64_t check_search_blocks(Connection& index, const std::function<void(std::string)>& tell) {
    const std::int64_t newest =
        index.integer(placed(index, "SELECT value FROM @position WHERE name = 'newest'")).value_or(0);
    for (int level = 0; level < levels; ++level) {
        std::string after_term;
        std::int64_t after_first = -1;
        for (std::int64_t count = sweep_blocks; count == sweep_blocks;) {
            count = 0;
            const std::string bound = after_term;  // the engine reads it until the last row
            index.query(placed(index, fmt::format("SELECT term, first, last, octets FROM @posting_{} WHERE (term, first) > "
                                                  "($1, $2) ORDER BY term, first LIMIT $3",
                                                  level)),
                        {Octets{bound}, after_first, sweep_blocks}, [&](const Row& row) {
                            ++count;
                            after_term = row.string(0);
                            after_first = row.integer(1);
                            auto block = search::read_block(row.integer(1), row.text(3));
                            if (!block || !search::read_places(row.text(3), *block) ||
                                block->documents.front() != row.integer(1) || block->documents.back() != row.integer(2) ||
                                row.integer(2) > newest)
                                tell(fmt::format("a block of the search index (level {}, document {}) cannot be read", level,
                                                 row.integer(1)));
                        });
        }
    }
    return index.integer(placed(index, "SELECT count(*) FROM @document")).value_or(0);
}

SearchReader::SearchReader(Connection& index) : index_{index}, positions_{search_positions(index)} {
    for (int level = 0; level < levels; ++level) {
        if (position_of(positions_, level_name("parts", level)) > 0) levels_.push_back(level);
    }
}

std::int64_t SearchReader::newest() const { return position_of(positions_, "newest"); }

search::WalkPtr SearchReader::walk(std::string term) {
    return std::make_unique<StoredWalk>(index_, std::move(term), levels_);
}

std::vector<std::string> SearchReader::beginning_with(std::string_view beginning, std::size_t limit) {
    std::vector<std::string> found;
    const std::string end = std::string{beginning} + '\xff';  // no UTF-8 holds it
    for (const int level : levels_) {
        index_.query(placed(index_, fmt::format("SELECT DISTINCT term FROM @posting_{} WHERE term >= $1 AND term < $2 "
                                                "ORDER BY term LIMIT $3",
                                                level)),
                     {Octets{beginning}, Octets{end}, static_cast<std::int64_t>(limit)},
                     [&found](const Row& row) { found.push_back(row.string(0)); });
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    if (found.size() > limit) found.resize(limit);
    return found;
}

std::vector<FoundDocument> SearchReader::look_up(std::span<const std::int64_t> documents) {
    ensure(documents.size() <= lookup_max);
    static const std::string sql = [] {
        std::string text =
            "SELECT d.document, d.kind, d.source, d.ticket, d.customer, d.other_customer, d.at, r.state, r.category, "
            "r.assignee, d.hash FROM @document d LEFT JOIN @request r ON r.ticket = d.ticket WHERE d.document IN (";
        for (std::size_t i = 1; i <= lookup_max; ++i) text += fmt::format("{}${}", i == 1 ? "" : ", ", i);
        return text + ") ORDER BY d.document DESC";
    }();
    std::vector<Value> parameters(lookup_max, std::int64_t{-1});
    for (std::size_t i = 0; i < documents.size(); ++i) parameters[i] = documents[i];
    std::vector<FoundDocument> found;
    index_.query(placed(index_, sql), std::span<const Value>{parameters}, [&found](const Row& row) {
        found.push_back({.document = row.integer(0),
                         .kind = static_cast<SearchKind>(row.integer(1)),
                         .source = row.integer(2),
                         .ticket = row.integer(3),
                         .customer = row.integer(4),
                         .other_customer = row.integer(5),
                         .at = moment_of_ms(row.integer(6)),
                         .state = row.maybe_integer(7).value_or(0),
                         .category = row.is_null(8) ? "" : row.string(8),
                         .assignee = row.maybe_integer(9).value_or(0),
                         .hash = row.integer(10)});
    });
    return found;
}

}  // namespace okpay::store
