// SPDX-License-Identifier: Apache-2.0
// One trial: lives of OKPay on one disk, each a process of its own that works until its plan ends it, and at the end a
// judge, a process too, who starts OKPay again on what is left, asks everything again, and says what was promised and is
// not so. A trial is a function of its seeds, but for how threads meet.
#pragma once

#include "clients.hpp"
#include "faulty_vfs.hpp"

namespace okpay::faults {

// What a seed makes of a house: small sizes, so that sealing, write-back and checkpoints all meet the workload.
struct Setting {
    std::uint64_t seed;
    int rounds;  // of asking, in one life
    bool flush_each_commit = true;
    bool spills = false;  // units of work do not fit into the cache; else one seed in three decides so
};

enum class Ending : std::uint8_t {
    peace,            // did all its work
    power_cut,
    stopped_itself,   // the writer found that it must not go on
    could_not_start,  // and said so
    died,             // in any other way: always a fault
};

struct LifeEnd {
    Ending ending;
    std::array<std::int64_t, calls_count> calls;  // of each kind
    std::int64_t flushes_before_closing;
    std::int64_t troubles, flushes_after_failure;
    std::int64_t refusals;  // times that a client was told that the storage could not
    [[nodiscard]] std::int64_t count(Call call) const { return calls[static_cast<std::size_t>(call)]; }
};

class Trial {
public:
    explicit Trial(const Setting& setting);

    // A house with its first people, at rest: made once for a trial.
    void found();
    void begin_again();  // as it was founded

    LifeEnd live(std::initializer_list<Plan> plans, std::uint64_t seed);
    void cut_power(std::uint64_t seed);
    // What is wrong, a sentence a line; empty where every promise is kept. Everything may be asked on the way.
    std::string judge(std::uint64_t seed);

    // Of what is stored; nothing may wait to be flushed.
    std::int64_t integer(std::string_view sql);

private:
    template <class Work>
    Ending run(Work work, bool must_start = true);

    Setting setting_;
    Disk disk_;
    FaultyVfs vfs_;
    Promises promises_;
    House house_;
    Disk::Image founded_;
    std::vector<Promises::Promise> first_promises_;
};

}  // namespace okpay::faults
