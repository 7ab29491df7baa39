// SPDX-License-Identifier: Apache-2.0
// In which documents a term stands, and where in them. Documents have numbers that only rise: the newest is the highest, and
// every walk goes from there back, so that a page of results costs what it shows and not what there is.
//
// A block, as it is stored: count; each document's number less the one before (the first: less the block's own first); then
// for each document the number of its places, and each place less the one before. All as LEB128 (DWARF 5, 7.6).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "search/query.hpp"

namespace okpay::search {

inline constexpr std::size_t block_documents_max = 1'024;

using Places = std::vector<std::uint32_t>;  // rising

struct StoredBlock {
    std::int64_t first;
    ByteView octets;
};

// Gathers the postings of one term in rising order of documents.
class BlockWriter {
public:
    void add(std::int64_t document, std::span<const std::uint32_t> places);
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::int64_t first() const { return first_; }
    [[nodiscard]] std::int64_t last() const { return last_; }
    [[nodiscard]] Bytes octets() const;

private:
    friend std::optional<Bytes> joined_blocks(std::span<const StoredBlock> blocks, std::int64_t& last);
    std::size_t count_ = 0;
    std::int64_t first_ = 0, last_ = 0;
    Bytes documents_, places_;
};

struct Block {
    std::vector<std::int64_t> documents;  // rising
    std::vector<std::size_t> places_from;  // filled by read_places: where in `places` each begins; one more
    Places places;
    std::size_t places_at = 0;  // in the octets
};
// Nothing where the octets are no block. `first` is stored beside it.
std::optional<Block> read_block(std::int64_t first, ByteView octets);
bool read_places(ByteView octets, Block& block);

// Blocks of one term that follow each other, as one; `last` is its last document.
std::optional<Bytes> joined_blocks(std::span<const StoredBlock> blocks, std::int64_t& last);
std::size_t count_in(ByteView block);
// Without the documents for which `gone` is true; an empty answer: nothing is left. `first`, `last` are those of what is
// left.
struct PrunedBlock {
    Bytes octets;  // empty: nothing is left
    std::int64_t first = 0, last = 0;
    bool changed = false;
};
std::optional<PrunedBlock> pruned_block(std::int64_t first, ByteView octets, const std::function<bool(std::int64_t)>& gone);

// One walk from the newest document back.
class Walk {
public:
    virtual ~Walk() = default;
    // The newest document at or below `document`; never asked for one above its last answer.
    virtual std::optional<std::int64_t> at_or_below(std::int64_t document) = 0;
    // Where in the document of the last answer; only a term's own walk knows.
    virtual std::span<const std::uint32_t> places() { return {}; }
};
using WalkPtr = std::unique_ptr<Walk>;

// The terms of a phrase at their offsets; one term without a wait for places.
WalkPtr phrase_walk(std::vector<std::pair<WalkPtr, std::uint32_t>> terms);
WalkPtr any_walk(std::vector<WalkPtr> walks);  // what stands in one of them
WalkPtr all_walk(std::vector<WalkPtr> walks, std::vector<WalkPtr> none_of);  // `walks` is not empty

}  // namespace okpay::search
