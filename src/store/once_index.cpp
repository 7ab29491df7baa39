// SPDX-License-Identifier: Apache-2.0
#include "store/once_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/ensure.hpp"

namespace okpay::store {
namespace {

// So few are sorted in less time than a thread takes to begin; and a run of few, as the simulator has, hangs on no clock.
constexpr std::size_t sorted_at_once_max = 1'024;
constexpr std::array<std::string_view, 3> block_columns{"id", "run", "keys"};

std::uint64_t mixed(std::uint64_t key) {  // the finaliser of SplitMix64: spreads what is already a hash over other bits
    key = (key ^ (key >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    key = (key ^ (key >> 27U)) * 0x94D049BB133111EBULL;
    return key ^ (key >> 31U);
}

// A key that is not found makes a payment twice: what is damaged is refused, never read as far as it goes.
void require(bool holds, std::int64_t block, std::string_view what) {
    if (holds) return;
    throw StorageFailure{
        StorageFault::corrupt,
        fmt::format("the index of idempotency keys is damaged: block {} {}; run `okpay verify`, and restore "
                    "a backup if it finds more",
                    block, what)};
}

}  // namespace

void OnceIndex::KeyMap::insert(const Entry& entry) {
    constexpr std::size_t first_slots = 1'024;
    if (2 * taken_ >= slots_.size()) {
        const std::vector<Entry> old = std::exchange(slots_, {});
        slots_.resize(std::max(first_slots, 2 * old.size()));
        shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots_.size()));
        for (const Entry& moved : old) {
            if (moved.payment != 0) place(moved);
        }
    }
    place(entry);
    ++taken_;
}

void OnceIndex::KeyMap::place(const Entry& entry) {
    std::size_t slot = slot_of(entry.key);
    while (slots_[slot].payment != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = entry;
}

// What follows without a gap moves up where it may, so that no look-up ends too early.
void OnceIndex::KeyMap::erase(const Entry& entry) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t gap = slot_of(entry.key);
    while (slots_[gap] != entry) gap = (gap + 1) & mask;
    for (std::size_t next = (gap + 1) & mask; slots_[next].payment != 0; next = (next + 1) & mask) {
        const std::size_t from_home = (next - slot_of(slots_[next].key)) & mask;
        if (from_home < ((next - gap) & mask)) continue;
        slots_[gap] = slots_[next];
        gap = next;
    }
    slots_[gap] = {};
    --taken_;
}

void OnceIndex::KeyMap::append_matches(std::uint64_t key, std::vector<std::int64_t>& found) const {
    if (slots_.empty()) return;
    for (std::size_t slot = slot_of(key); slots_[slot].payment != 0; slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot].key == key) found.push_back(slots_[slot].payment);
    }
}

std::vector<OnceIndex::Entry> OnceIndex::KeyMap::entries() const {
    std::vector<Entry> entries;
    entries.reserve(taken_);
    for (const Entry& entry : slots_) {
        if (entry.payment != 0) entries.push_back(entry);
    }
    return entries;
}

OnceIndex::Filter::Filter(std::size_t keys) : lines_(keys * 16 / 512 + 1) {}

// The high bits of key times lines: no division, and any number of lines.
std::size_t OnceIndex::Filter::line_of(std::uint64_t key) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<Wide>(key) * lines_.size()) >> 64U);
}

void OnceIndex::Filter::add(std::uint64_t key) {
    Line& line = lines_[line_of(key)];
    std::uint64_t bits = mixed(key);
    for (int i = 0; i < 6; ++i, bits >>= 9U) line.bits[(bits >> 6U) & 7U] |= 1ULL << (bits & 63U);
}

bool OnceIndex::Filter::may_hold(std::uint64_t key) const {
    const Line& line = lines_[line_of(key)];
    std::uint64_t bits = mixed(key);
    for (int i = 0; i < 6; ++i, bits >>= 9U) {
        if ((line.bits[(bits >> 6U) & 7U] & (1ULL << (bits & 63U))) == 0) return false;
    }
    return true;
}

Bytes OnceIndex::block_of(std::span<const Entry> entries) {
    Bytes block;
    block.reserve(entries.size() * 16);
    for (const Entry& entry : entries) {
        append_u64(block, entry.key);
        append_u64(block, static_cast<std::uint64_t>(entry.payment));
    }
    return block;
}

void OnceIndex::append_matches(ByteView block, std::uint64_t key, std::vector<std::int64_t>& found) {
    for (std::size_t at = 0; at + 16 <= block.size(); at += 16) {
        const std::uint64_t here = read_u64(block.substr(at));
        if (here > key) return;
        if (here == key) found.push_back(static_cast<std::int64_t>(read_u64(block.substr(at + 8))));
    }
}

std::int64_t OnceIndex::load(Connection& connection) {
    open_ = {};
    frozen_.clear();
    runs_.clear();
    filters_.clear();
    const std::int64_t sealed_runs =
        connection.integer("SELECT seq FROM cursor_position WHERE name = 'once_runs'").value_or(0);
    run_start_ = connection.integer("SELECT seq FROM cursor_position WHERE name = 'once_payments'").value_or(0);
    connection.execute("DELETE FROM once_block WHERE run > $1", {sealed_runs});
    next_block_ = connection.integer("SELECT coalesce(max(id), 0) FROM once_block").value_or(0) + 1;
    const auto stored_keys =
        static_cast<std::size_t>(connection.integer("SELECT count(*) FROM once_block").value_or(0)) * block_keys;
    std::vector<Entry> entries;
    std::int64_t run_now = 0;
    std::int64_t last_id = 0;
    Entry last{};
    connection.query("SELECT id, run, keys FROM once_block ORDER BY id", {}, [&](const Row& row) {
        const std::int64_t id = row.integer(0);
        if (runs_.empty() || row.integer(1) != run_now) {
            require(row.integer(1) == run_now + 1, id, "is not of the next run");
            run_now = row.integer(1);
            if (runs_.empty()) begin_filtered_run(stored_keys);
            runs_.push_back(Run{id, {}});
            last = {};
        } else {
            require(id == last_id + 1, id, "does not follow the one before");  // candidates() counts on from the first
        }
        last_id = id;
        const ByteView keys = row.text(2);
        require(!keys.empty() && keys.size() % 16 == 0 && keys.size() <= block_keys * 16, id, "is cut");
        runs_.back().first_keys.push_back(read_u64(keys));
        entries.clear();
        for (std::size_t at = 0; at < keys.size(); at += 16) {
            const Entry entry{read_u64(keys.substr(at)), static_cast<std::int64_t>(read_u64(keys.substr(at + 8)))};
            require(last <= entry, id, "is not in order");
            require(entry.payment > 0 && entry.payment <= run_start_, id, "names a payment that it cannot hold");
            entries.push_back(entry);
            last = entry;
        }
        add_to_filter(entries);
    });
    require(run_now == sealed_runs, last_id, "is the last, and blocks of later runs are missing");
    return run_start_;
}

void OnceIndex::begin_filtered_run(std::size_t keys) {
    std::size_t before = 0;
    for (const RunsFilter& one : filters_) before += one.keys;
    if (!filters_.empty() && filters_.back().keys + keys <= filters_.back().keys_max) return;
    const std::size_t keys_max = std::max(keys, before);
    filters_.push_back(RunsFilter{Filter{keys_max}, runs_.size(), keys_max});
}

void OnceIndex::add_to_filter(std::span<const Entry> entries) {
    RunsFilter& last = filters_.back();
    for (const Entry& entry : entries) last.filter.add(entry.key);
    last.keys += entries.size();
}

void OnceIndex::insert(std::uint64_t key, std::int64_t payment) { open_.insert({key, payment}); }

void OnceIndex::erase(std::uint64_t key, std::int64_t payment) { open_.erase({key, payment}); }

void OnceIndex::complete(std::int64_t payment) {
    if (payment - run_start_ < run_payments_) return;
    Frozen frozen;
    frozen.map = std::exchange(open_, {});
    frozen.last_payment = payment;
    std::vector<Entry> entries = frozen.map.entries();
    if (entries.size() <= sorted_at_once_max) {
        std::ranges::sort(entries);
        frozen.sorted = std::move(entries);
    } else {
        frozen.sorting = std::async(std::launch::async, [moved = std::move(entries)]() mutable {
            std::ranges::sort(moved);
            return std::move(moved);
        });
    }
    run_start_ = payment;
    frozen_.push_back(std::move(frozen));
}

std::vector<std::int64_t> OnceIndex::candidates(std::uint64_t key, const ConnectionWhenNeeded& connection) const {
    std::vector<std::int64_t> found;
    open_.append_matches(key, found);
    for (const Frozen& frozen : frozen_) frozen.map.append_matches(key, found);
    for (std::size_t i = 0; i < filters_.size(); ++i) {
        if (!filters_[i].filter.may_hold(key)) continue;
        const std::size_t end = i + 1 < filters_.size() ? filters_[i + 1].first_run : runs_.size();
        for (std::size_t run = filters_[i].first_run; run < end; ++run) append_stored(runs_[run], key, connection(), found);
    }
    return found;
}

void OnceIndex::append_stored(const Run& run, std::uint64_t key, Connection& connection, std::vector<std::int64_t>& found) {
    // Equal keys may begin in the block before the one whose first key is ours.
    auto block = std::ranges::lower_bound(run.first_keys, key) - run.first_keys.begin();
    if (block > 0) --block;
    for (; block < std::ssize(run.first_keys) && run.first_keys[static_cast<std::size_t>(block)] <= key; ++block) {
        connection.query("SELECT keys FROM once_block WHERE id = $1", {run.first_block + block},
                         [&](const Row& row) { append_matches(row.text(0), key, found); });
    }
}

void OnceIndex::write_slice(Connection& connection, std::size_t keys) {
    if (frozen_.empty()) return;
    Frozen& frozen = frozen_.front();
    if (frozen.sorting.valid()) {
        // A second frozen run means that the helper fell behind: waiting bounds the memory.
        const bool ready = frozen.sorting.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
        if (!ready && frozen_.size() < 2) return;
        frozen.sorted = frozen.sorting.get();
    }
    const auto run = static_cast<std::int64_t>(runs_.size()) + 1;
    const std::size_t end = std::min(frozen.written + std::max(keys, block_keys), frozen.sorted.size());
    if (frozen.written == 0) begin_filtered_run(frozen.sorted.size());
    std::vector<Bytes> blocks;
    while (frozen.written < end) {
        const std::size_t count = std::min(block_keys, frozen.sorted.size() - frozen.written);
        const std::span entries{frozen.sorted.data() + frozen.written, count};
        blocks.push_back(block_of(entries));
        frozen.first_keys.push_back(entries.front().key);
        add_to_filter(entries);
        frozen.written += count;
    }
    connection.append({.table = "once_block",
                       .columns = block_columns,
                       .count = blocks.size(),
                       .fill = [&](std::size_t row, std::span<Value> into) {
                           into[0] = next_block_ + static_cast<std::int64_t>(row);
                           into[1] = run;
                           into[2] = Octets{blocks[row]};
                       }});
    next_block_ += std::ssize(blocks);
    if (frozen.written < frozen.sorted.size()) return;
    const auto set = [&connection](std::string_view name, std::int64_t value) {
        connection.execute(
            "INSERT INTO cursor_position (name, seq) VALUES ($1, $2) "
            "ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
            {name, value});
    };
    set("once_runs", run);
    set("once_payments", frozen.last_payment);
    const std::int64_t first_block = next_block_ - std::ssize(frozen.first_keys);
    runs_.push_back(Run{first_block, std::move(frozen.first_keys)});
    frozen_.pop_front();
}

void OnceIndex::wait_until_sorted() const {
    for (const Frozen& frozen : frozen_) {
        if (frozen.sorting.valid()) frozen.sorting.wait();
    }
}

std::size_t OnceIndex::sealed_blocks() const {
    std::size_t count = 0;
    for (const Run& run : runs_) count += run.first_keys.size();
    return count;
}

}  // namespace okpay::store
