// SPDX-License-Identifier: Apache-2.0
// Uniqueness for ever without a random index: which payments may carry a key, out of all there ever were.
//
// A key is the first 64 bits of a hash (of principal and idempotency key, or of merchant and order reference). Keys of
// the newest payments are in a map; every `run_payments` payments the run is frozen, sorted by a helper thread, and
// written as once_block rows of sorted keys, a slice per commit, so that nothing random is ever written. Bloom filters (16
// bits a key, one cache line a probe) answer "never seen" without a read; each is for as many keys as all before it
// together, so that there are few of them however much is stored. The answer is a list of candidates: the payment row
// decides, so a short hash is safe.
//
//   Threads   the writer's thread only; the helper thread sees a frozen run alone.
//   Failure   a failed commit discards the whole index; `load` makes it again from the database.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <span>
#include <vector>

#include "store/connection.hpp"

namespace okpay::store {

class OnceIndex {
public:
    static constexpr std::int64_t run_payments_default = 262'144;
    static constexpr std::size_t block_keys = 248;  // 16 octets each: one page a block

    explicit OnceIndex(std::int64_t run_payments = run_payments_default) : run_payments_{run_payments} {}

    // Reads the sealed blocks and removes what an unfinished run left. Answers the last payment that they cover: the
    // caller then inserts the keys of all later payments. Throws StorageFailure{corrupt} where a block is damaged or
    // missing.
    std::int64_t load(Connection& connection);

    void insert(std::uint64_t key, std::int64_t payment);
    void erase(std::uint64_t key, std::int64_t payment);  // inserted since the last complete(): it was a rehearsal
    // Tells that all keys of payments up to `payment` are inserted; may freeze the run.
    void complete(std::int64_t payment);
    // Asks for the connection where a block must be read, which is seldom.
    using ConnectionWhenNeeded = std::function<Connection&()>;
    [[nodiscard]] std::vector<std::int64_t> candidates(std::uint64_t key, const ConnectionWhenNeeded& connection) const;

    // Within the commit's transaction: writes at most `keys` keys of a frozen run.
    void write_slice(Connection& connection, std::size_t keys);

    // Until the helper thread has sorted what is frozen; the next slice then writes.
    void wait_until_sorted() const;
    [[nodiscard]] std::size_t sealed_blocks() const;

private:
    struct Entry {
        std::uint64_t key;
        std::int64_t payment;
        friend auto operator<=>(const Entry&, const Entry&) = default;
    };
    // Keys to payments, several of one key too. Open addressing: a node a key would cost more than all else about it.
    class KeyMap {
    public:
        void insert(const Entry& entry);
        void erase(const Entry& entry);  // one that is there
        void append_matches(std::uint64_t key, std::vector<std::int64_t>& found) const;
        [[nodiscard]] std::vector<Entry> entries() const;

    private:
        [[nodiscard]] std::size_t slot_of(std::uint64_t key) const { return static_cast<std::size_t>(key >> shift_); }
        void place(const Entry& entry);

        std::vector<Entry> slots_;  // none of payment 0; at most half of them taken
        std::size_t taken_ = 0;
        unsigned shift_ = 64;
    };
    class Filter {
    public:
        explicit Filter(std::size_t keys);
        void add(std::uint64_t key);
        [[nodiscard]] bool may_hold(std::uint64_t key) const;

    private:
        struct alignas(64) Line {
            std::array<std::uint64_t, 8> bits{};
        };
        [[nodiscard]] std::size_t line_of(std::uint64_t key) const;
        std::vector<Line> lines_;
    };
    struct Run {
        std::int64_t first_block;
        std::vector<std::uint64_t> first_keys;  // of each block
    };
    struct RunsFilter {  // of several runs, one after another
        Filter filter;
        std::size_t first_run;
        std::size_t keys_max;
        std::size_t keys = 0;
    };
    struct Frozen {
        KeyMap map;
        std::int64_t last_payment = 0;
        std::future<std::vector<Entry>> sorting;
        std::vector<Entry> sorted;
        std::size_t written = 0;
        std::vector<std::uint64_t> first_keys;
    };

    void begin_filtered_run(std::size_t keys);
    void add_to_filter(std::span<const Entry> entries);
    static void append_stored(const Run& run, std::uint64_t key, Connection& connection, std::vector<std::int64_t>& found);
    static Bytes block_of(std::span<const Entry> entries);
    static void append_matches(ByteView block, std::uint64_t key, std::vector<std::int64_t>& found);

    std::int64_t run_payments_;
    std::int64_t run_start_ = 0;  // payments up to here are in earlier runs
    std::int64_t next_block_ = 1;
    KeyMap open_;
    std::deque<Frozen> frozen_;  // oldest first
    std::vector<Run> runs_;
    std::vector<RunsFilter> filters_;  // the last has the run that is being sealed too
};

}  // namespace okpay::store
