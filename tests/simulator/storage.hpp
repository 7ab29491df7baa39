// SPDX-License-Identifier: Apache-2.0
// The store under a simulated process: real SQLite over the disk of tests/faults, and around its connection a fault, planned
// for one batch. It keeps book of what became of each unit of work, so that the model knows what was committed even where
// the process died before it could say so.
#pragma once

#include <optional>
#include <vector>

#include "dice.hpp"
#include "disk.hpp"
#include "faulty_vfs.hpp"
#include "store/connection.hpp"

namespace okpay::simulator {

// The process ends here. Not a std::exception: nobody in the product may catch it.
struct Crash {};

enum class Fault : std::uint8_t {
    none,
    statement_unavailable,  // fails and does nothing
    statement_full,
    statement_crash,
    commit_full,  // nothing was committed, and that is told
    commit_unknown_lost,  // the connection broke: nothing was committed
    commit_unknown_done,  // the connection broke: all was committed
    commit_failed_lost,  // the storage failed: the process must end
    commit_failed_done,
    crash_before_commit,
    crash_after_commit,
};

struct FaultPlan {
    Fault fault = Fault::none;
    std::int64_t first = 1;  // statement of the batch, or commit of it
    std::int64_t times = 1;  // statements or commits in a row, but a crash comes once
};

// What the writer tried to commit, in order, since the last plan.
struct Attempt {
    bool committed = false;
    bool told_unknown = false;
};

class Storage {
public:
    Storage();
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    void begin(const faults::Disk::Image& image, store::SqliteTuning tuning);  // nothing may be open
    [[nodiscard]] faults::Disk::Image image() const { return disk_.image(); }
    // What is not flushed is lost, or not. Then whatever is open may only be closed, which no longer writes: end_crash().
    void crash(Dice& dice);
    void end_crash();

    void plan(FaultPlan plan);
    [[nodiscard]] const std::vector<Attempt>& attempts() const { return attempts_; }
    [[nodiscard]] bool fault_met() const { return met_ > 0; }

    std::unique_ptr<store::Connection> open_writer();  // with the planned fault
    std::unique_ptr<store::Connection> open_plain(store::Access access);

private:
    class Faulty;
    friend class Faulty;

    faults::Disk disk_;
    faults::FaultyVfs vfs_;
    store::Database database_;
    FaultPlan plan_;
    std::int64_t statements_ = 0, commits_ = 0, met_ = 0;
    std::vector<Attempt> attempts_;
    bool loading_ = false;  // the last attempt has not come further than loading the books
    bool dead_ = false;
    faults::Disk::Image left_;
};

}  // namespace okpay::simulator
