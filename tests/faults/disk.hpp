// SPDX-License-Identifier: Apache-2.0
// A disk in memory that a process shares with the children it forks: a child may die at any instruction, and what it had
// written is still here, as on a real machine. Beside what a reader of a file sees it keeps what would survive a power
// cut: the durable octets, and every write since the last flush in its order, cut into sectors.
//
//   Faults    Each call is counted by kind; at a chosen one the power fails, or the call is answered with an error.
//   Flushes   A flush that fails keeps a random part of what it was given and drops the rest for good, as Linux does: to
//             try again would succeed and mean nothing. `flushes_after_failure` counts who did.
//   Limits    files_max files of file_octets_max, writes_max sector writes between two flushes; beyond them the test
//             program aborts.
//   Threads   the callers hold `lock()`; between processes there is nothing to lock: one lives at a time.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::faults {

enum class Call : std::uint8_t { open, read, write, truncate, flush, remove };
inline constexpr std::size_t calls_count = 6;
enum class Trouble : std::uint8_t {
    none,
    power_cut_before,  // the process ends and the call did nothing
    power_cut_after,   // the call did its work and nobody learns of it
    io_error,          // EIO
    no_room,           // ENOSPC, for writes that would make the file grow
    short_write,       // a part is written, then ENOSPC
    lying_flush,       // answered well, nothing is durable
};

// What goes wrong, and when: `times` calls of the kind from the `first` on, counted from 1.
struct Plan {
    Call call = Call::flush;
    Trouble trouble = Trouble::none;
    std::int64_t first = 0;
    std::int64_t times = 1;
    std::uint64_t seed = 0;  // of what is random in it
};

inline constexpr int power_cut_status = 42;  // how a process ends whose power failed

class Disk {
public:
    static constexpr std::size_t sector_octets = 512;
    static constexpr std::size_t files_max = 4;
    static constexpr std::size_t file_octets_max = 32U << 20U;
    static constexpr std::size_t writes_max = 1U << 15U;
    static constexpr std::size_t name_octets_max = 64;
    static constexpr std::size_t plans_max = 2;

    struct Image {  // of the whole disk, at rest
        struct File {
            std::string name, octets;
        };
        std::vector<File> files;
    };

    Disk();
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    // --- between lives
    void restore(const Image& image);
    [[nodiscard]] Image image() const;  // as a reader sees it
    // Counts start again. The first plan of a call's kind that covers it is followed.
    void plan(std::span<const Plan> plans);
    [[nodiscard]] std::int64_t count(Call call) const;
    void mark_closing();                // what is counted from now on happens while the process ends in peace
    [[nodiscard]] std::int64_t count_before_closing(Call call) const;
    [[nodiscard]] std::int64_t troubles() const;  // calls that the plan has met
    [[nodiscard]] std::int64_t flushes_after_failure() const;
    // Of what was not flushed a random part is on the disk: nothing, all, a beginning, any subset of the sectors; files
    // that grew may end anywhere in what is new.
    void cut_power(std::mt19937_64& random);

    // --- the calls of a file system; a negative answer is an error
    enum class Status : std::uint8_t { done, io_error, no_room };
    std::mutex& lock() { return mutex_; }
    [[nodiscard]] int find(std::string_view name) const;  // -1: there is none
    Status open(std::string_view name, bool create, int& file);
    Status read(int file, std::int64_t at, std::span<char> into, std::size_t& octets);
    Status write(int file, std::int64_t at, std::span<const char> octets);
    Status truncate(int file, std::int64_t size);
    Status flush(int file);
    Status remove(std::string_view name, bool flush_directory);
    [[nodiscard]] std::int64_t size(int file) const;

private:
    struct File;
    struct Write;
    struct Shared;

    Trouble meet(Call call);
    void note(int file, std::int64_t at, std::span<const char> octets);
    void note_size(int file, bool exists);
    void make_durable(const Write& write);
    template <class Keep>
    void settle(int file, Keep keep);  // every write of the file (-1: of all) is kept or forgotten

    Shared* shared_;
    std::mutex mutex_;
};

}  // namespace okpay::faults
