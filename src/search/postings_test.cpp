// SPDX-License-Identifier: Apache-2.0
#include "search/postings.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

namespace okpay::search {
namespace {

using Document = std::int64_t;
using Model = std::map<Document, Places>;

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

// Over the rows of a map, as a store walks its blocks.
class ModelWalk final : public Walk {
public:
    explicit ModelWalk(const Model& model) : model_{model} {}
    std::optional<Document> at_or_below(Document document) override {
        const auto above = model_.upper_bound(document);
        if (above == model_.begin()) return std::nullopt;
        at_ = std::prev(above);
        return at_->first;
    }
    std::span<const std::uint32_t> places() override { return at_->second; }

private:
    const Model& model_;
    Model::const_iterator at_;
};

std::vector<Document> all_of(Walk& walk) {
    std::vector<Document> found;
    for (auto at = walk.at_or_below(1'000'000); at; at = *at == 0 ? std::nullopt : walk.at_or_below(*at - 1))
        found.push_back(*at);
    return found;
}

Model some(std::mt19937_64& random, Document documents) {
    Model made;
    for (Document document = 0; document < documents; ++document) {
        if (random() % 3 == 0) continue;
        std::set<std::uint32_t> places;
        for (std::size_t i = 1 + random() % 3; i > 0; --i) places.insert(static_cast<std::uint32_t>(random() % 6));
        made[document] = {places.begin(), places.end()};
    }
    return made;
}

Bytes written(const Model& model) {
    BlockWriter writer;
    for (const auto& [document, places] : model) writer.add(document, places);
    return writer.octets();
}

Model read(Document first, ByteView octets) {
    auto block = read_block(first, octets);
    EXPECT_TRUE(block && read_places(octets, *block));
    Model model;
    for (std::size_t i = 0; i < block->documents.size(); ++i) {
        model[block->documents[i]] = {block->places.begin() + static_cast<std::ptrdiff_t>(block->places_from[i]),
                                      block->places.begin() + static_cast<std::ptrdiff_t>(block->places_from[i + 1])};
    }
    return model;
}

TEST(Postings, a_block_is_read_as_it_was_written) {
    const Model model{{5, {0, 3, 900'000}}, {6, {1}}, {5'000'000'000, {2, 4}}};
    EXPECT_EQ(read(5, written(model)), model);
    EXPECT_EQ(count_in(written(model)), 3);
}

TEST(Postings, octets_that_are_no_block_are_refused) {
    const Bytes whole = written({{5, {0, 3}}, {9, {1}}});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        SCOPED_TRACE(size);
        auto block = read_block(5, ByteView{whole}.substr(0, size));
        EXPECT_FALSE(block && read_places(ByteView{whole}.substr(0, size), *block));
    }
    EXPECT_FALSE(read_block(1, Bytes(40, '\xff')));
    EXPECT_FALSE(read_block(1, Bytes("\x02\x00\x00\x00\x00", 5)));  // the same document twice
}

TEST(Postings, hold_against_sets) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 300; ++round) {
        const Model a = some(random, 20), b = some(random, 20), c = some(random, 20);
        std::vector<Document> phrase, any, all;
        for (Document document = 19; document >= 0; --document) {
            const bool in_a = a.contains(document), in_b = b.contains(document), in_c = c.contains(document);
            if (in_a || in_b) any.push_back(document);
            if (in_a && in_b && !in_c) all.push_back(document);
            const bool stands = in_a && in_b && std::ranges::any_of(a.at(document), [&](std::uint32_t place) {
                                    return std::ranges::binary_search(b.at(document), place + 1);
                                });
            if (stands) phrase.push_back(document);
        }
        const auto walk = [](const Model& model) { return std::make_unique<ModelWalk>(model); };
        std::vector<std::pair<WalkPtr, std::uint32_t>> terms;
        terms.emplace_back(walk(a), 0);
        terms.emplace_back(walk(b), 1);
        ASSERT_EQ(all_of(*phrase_walk(std::move(terms))), phrase);
        std::vector<WalkPtr> both;
        both.push_back(walk(a));
        both.push_back(walk(b));
        ASSERT_EQ(all_of(*any_walk(std::move(both))), any);
        std::vector<WalkPtr> wanted, refused;
        wanted.push_back(walk(a));
        wanted.push_back(walk(b));
        refused.push_back(walk(c));
        ASSERT_EQ(all_of(*all_walk(std::move(wanted), std::move(refused))), all);
    }
}

TEST(Postings, joining_and_pruning_keep_what_they_should) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
        const Model whole = some(random, 60);
        Model low, high;
        for (const auto& one : whole) (one.first < 30 ? low : high).insert(one);
        if (low.empty() || high.empty()) continue;
        const Bytes first = written(low), second = written(high);
        const std::array blocks{StoredBlock{low.begin()->first, first}, StoredBlock{high.begin()->first, second}};
        Document last = 0;
        const auto joined = joined_blocks(blocks, last);
        ASSERT_TRUE(joined);
        ASSERT_EQ(read(low.begin()->first, *joined), whole);
        ASSERT_EQ(last, whole.rbegin()->first);
        const std::array turned{blocks[1], blocks[0]};
        ASSERT_FALSE(joined_blocks(turned, last));

        const auto gone = [&](Document document) { return document % 4 == round % 4; };
        Model left;
        for (const auto& one : whole) {
            if (!gone(one.first)) left.insert(one);
        }
        const auto pruned = pruned_block(low.begin()->first, *joined, gone);
        ASSERT_TRUE(pruned);
        if (pruned->changed && !left.empty()) { ASSERT_EQ(read(pruned->first, pruned->octets), left); }
        ASSERT_EQ(pruned->changed, left.size() != whole.size());
        const auto nothing = pruned_block(low.begin()->first, *joined, [](Document) { return true; });
        ASSERT_TRUE(nothing && nothing->changed && nothing->octets.empty());
    }
}

}  // namespace
}  // namespace okpay::search
