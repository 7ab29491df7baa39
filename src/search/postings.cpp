// SPDX-License-Identifier: Apache-2.0
#include "search/postings.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace okpay::search {
namespace {

void append_number(Bytes& to, std::uint64_t value) {
    while (value >= 0x80) {
        to += static_cast<char>((value & 0x7FU) | 0x80U);
        value >>= 7U;
    }
    to += static_cast<char>(value);
}

class NumberReader {
public:
    explicit NumberReader(ByteView octets, std::size_t at = 0) : octets_{octets}, at_{at} {}
    std::uint64_t next() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ >= octets_.size()) break;
            const auto octet = static_cast<std::uint8_t>(octets_[at_++]);
            value |= static_cast<std::uint64_t>(octet & 0x7FU) << shift;
            if (octet < 0x80) return value;
        }
        failed_ = true;
        return 0;
    }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t at() const { return at_; }

private:
    ByteView octets_;
    std::size_t at_;
    bool failed_ = false;
};

class PhraseWalk final : public Walk {
public:
    explicit PhraseWalk(std::vector<std::pair<WalkPtr, std::uint32_t>> terms) : terms_{std::move(terms)} {}

    std::optional<std::int64_t> at_or_below(std::int64_t document) override {
        std::int64_t wanted = document;
        while (true) {
            bool all_there = true;
            for (auto& [walk, offset] : terms_) {
                const auto found = walk->at_or_below(wanted);
                if (!found) return std::nullopt;
                if (*found == wanted) continue;
                wanted = *found;
                all_there = false;
                break;
            }
            if (!all_there) continue;
            if (stands()) return wanted;
            if (wanted == 0) return std::nullopt;
            --wanted;
        }
    }

private:
    bool stands() {
        const std::span<const std::uint32_t> first = terms_.front().first->places();
        const std::uint32_t from = terms_.front().second;
        for (const std::uint32_t place : first) {
            const bool here = std::all_of(terms_.begin() + 1, terms_.end(), [&](auto& term) {
                return std::ranges::binary_search(term.first->places(), place - from + term.second);
            });
            if (here) return true;
        }
        return false;
    }
    std::vector<std::pair<WalkPtr, std::uint32_t>> terms_;
};

class AnyWalk final : public Walk {
public:
    explicit AnyWalk(std::vector<WalkPtr> walks) : walks_{std::move(walks)}, at_(walks_.size(), not_asked) {}

    std::optional<std::int64_t> at_or_below(std::int64_t document) override {
        std::int64_t best = ended;
        for (std::size_t i = 0; i < walks_.size(); ++i) {
            if (at_[i] == not_asked || at_[i] > document) at_[i] = walks_[i]->at_or_below(document).value_or(ended);
            best = std::max(best, at_[i]);
        }
        return best == ended ? std::nullopt : std::optional{best};
    }

private:
    static constexpr std::int64_t not_asked = -2, ended = -1;
    std::vector<WalkPtr> walks_;
    std::vector<std::int64_t> at_;
};

class AllWalk final : public Walk {
public:
    AllWalk(std::vector<WalkPtr> walks, std::vector<WalkPtr> none_of)
        : walks_{std::move(walks)}, none_of_{std::move(none_of)} {
        ensure(!walks_.empty());
    }

    std::optional<std::int64_t> at_or_below(std::int64_t document) override {
        std::int64_t wanted = document;
        while (true) {
            bool all_there = true;
            for (const WalkPtr& walk : walks_) {
                const auto found = walk->at_or_below(wanted);
                if (!found) return std::nullopt;
                if (*found == wanted) continue;
                wanted = *found;
                all_there = false;
                break;
            }
            if (!all_there) continue;
            const bool refused =
                std::ranges::any_of(none_of_, [&](const WalkPtr& walk) { return walk->at_or_below(wanted) == wanted; });
            if (!refused) return wanted;
            if (wanted == 0) return std::nullopt;
            --wanted;
        }
    }

private:
    std::vector<WalkPtr> walks_, none_of_;
};

}  // namespace

void BlockWriter::add(std::int64_t document, std::span<const std::uint32_t> places) {
    ensure(count_ == 0 || document > last_);
    if (count_ == 0) first_ = last_ = document;
    append_number(documents_, static_cast<std::uint64_t>(document - last_));
    last_ = document;
    append_number(places_, places.size());
    std::uint32_t before = 0;
    for (const std::uint32_t place : places) {
        append_number(places_, place - before);
        before = place;
    }
    ++count_;
}

Bytes BlockWriter::octets() const {
    Bytes made;
    made.reserve(documents_.size() + places_.size() + 4);
    append_number(made, count_);
    return made + documents_ + places_;
}

std::size_t count_in(ByteView block) { return static_cast<std::size_t>(NumberReader{block}.next()); }

std::optional<Block> read_block(std::int64_t first, ByteView octets) {
    NumberReader read{octets};
    const std::uint64_t count = read.next();
    if (count == 0 || count > octets.size()) return std::nullopt;  // each takes two octets at least
    Block block;
    block.documents.reserve(count);
    std::int64_t document = first;
    for (std::uint64_t i = 0; i < count; ++i) {
        document += static_cast<std::int64_t>(read.next());
        if (i > 0 && document <= block.documents.back()) return std::nullopt;
        block.documents.push_back(document);
    }
    if (read.failed()) return std::nullopt;
    block.places_at = read.at();
    return block;
}

bool read_places(ByteView octets, Block& block) {
    if (!block.places_from.empty()) return true;
    NumberReader read{octets, block.places_at};
    for (std::size_t i = 0; i < block.documents.size(); ++i) {
        block.places_from.push_back(block.places.size());
        std::uint64_t left = read.next();
        std::uint32_t place = 0;
        for (; left > 0 && !read.failed(); --left) {
            place += static_cast<std::uint32_t>(read.next());
            block.places.push_back(place);
        }
        if (read.failed()) return false;
    }
    block.places_from.push_back(block.places.size());
    return true;
}

std::optional<Bytes> joined_blocks(std::span<const StoredBlock> blocks, std::int64_t& last) {
    BlockWriter whole;
    for (const StoredBlock& stored : blocks) {
        const auto block = read_block(stored.first, stored.octets);
        if (!block || (whole.count_ > 0 && block->documents.front() <= whole.last_)) return std::nullopt;
        if (whole.count_ == 0) whole.first_ = whole.last_ = block->documents.front();
        for (const std::int64_t document : block->documents) {
            append_number(whole.documents_, static_cast<std::uint64_t>(document - whole.last_));
            whole.last_ = document;
        }
        whole.count_ += block->documents.size();
        whole.places_ += stored.octets.substr(block->places_at);
    }
    last = whole.last_;
    return whole.octets();
}

std::optional<PrunedBlock> pruned_block(std::int64_t first, ByteView octets, const std::function<bool(std::int64_t)>& gone) {
    auto block = read_block(first, octets);
    if (!block) return std::nullopt;
    PrunedBlock pruned;
    pruned.changed = std::ranges::any_of(block->documents, gone);
    if (!pruned.changed) return pruned;
    if (!read_places(octets, *block)) return std::nullopt;
    BlockWriter left;
    for (std::size_t i = 0; i < block->documents.size(); ++i) {
        if (gone(block->documents[i])) continue;
        left.add(block->documents[i],
                 std::span{block->places}.subspan(block->places_from[i], block->places_from[i + 1] - block->places_from[i]));
    }
    if (left.count() == 0) return pruned;
    pruned.octets = left.octets();
    pruned.first = left.first();
    pruned.last = left.last();
    return pruned;
}

WalkPtr phrase_walk(std::vector<std::pair<WalkPtr, std::uint32_t>> terms) {
    ensure(!terms.empty());
    if (terms.size() == 1) return std::move(terms.front().first);
    return std::make_unique<PhraseWalk>(std::move(terms));
}

WalkPtr any_walk(std::vector<WalkPtr> walks) {
    if (walks.size() == 1) return std::move(walks.front());
    return std::make_unique<AnyWalk>(std::move(walks));
}

WalkPtr all_walk(std::vector<WalkPtr> walks, std::vector<WalkPtr> none_of) {
    return std::make_unique<AllWalk>(std::move(walks), std::move(none_of));
}

}  // namespace okpay::search
