// SPDX-License-Identifier: Apache-2.0
// Whatever the disk does: nothing acknowledged is missing, nothing is half done. And the harness sees it where it is so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "seeds.hpp"
#include "trial.hpp"

namespace okpay::faults {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

int rounds_of(std::uint64_t seed) { return soaks() ? static_cast<int>(20 + seed % 150) : 20; }

Setting setting_of(std::uint64_t seed) { return {.seed = seed, .rounds = rounds_of(seed)}; }

// Without a seed that varies: whether the workload reaches the places that matter must not hang on luck.
TEST(Workload, reaches_what_it_is_for) {
    Trial trial{{.seed = 1, .rounds = 90}};
    trial.found();
    trial.begin_again();
    const LifeEnd end = trial.live({}, 1);
    ASSERT_EQ(end.ending, Ending::peace);
    EXPECT_GT(end.flushes_before_closing, 40);
    EXPECT_EQ(end.refusals, 0);
    EXPECT_GT(trial.integer("SELECT seq FROM cursor_position WHERE name = 'once_runs'"), 3) << "keys are sealed";
    EXPECT_GT(trial.integer("SELECT count(*) FROM payment WHERE kind = 2 AND state = 1"), 20);
    EXPECT_GT(trial.integer("SELECT count(*) FROM payment WHERE kind = 4 AND state = 1"), 0);
    EXPECT_GT(trial.integer("SELECT count(*) FROM payment WHERE kind = 6 AND state = 1"), 0);
    EXPECT_GT(trial.integer("SELECT count(*) FROM hold WHERE resolved_by IS NOT NULL"), 0);
    EXPECT_GT(trial.integer("SELECT count(*) FROM ticket"), 2);
    EXPECT_GT(trial.integer("SELECT count(*) FROM outgoing_mail WHERE state = 2"), 0);
    EXPECT_GT(trial.integer("SELECT count(*) FROM remedy WHERE state = 3"), 0);
    EXPECT_EQ(trial.judge(2), "");
}

TEST(PowerCut, at_every_sync_point_loses_nothing) {
    for (const std::uint64_t seed : seeds(1, 300)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Trial trial{setting_of(seed)};
        trial.found();
        trial.begin_again();
        const std::int64_t points = trial.live({}, seed).count(Call::flush);
        ASSERT_GT(points, 5);
        for (std::int64_t death = 1; death <= points + 1; ++death) {
            SCOPED_TRACE(fmt::format("death {} of {}", death, points));
            trial.begin_again();
            const auto trouble = random() % 4 == 0 ? Trouble::power_cut_after : Trouble::power_cut_before;
            const LifeEnd end = trial.live({{.call = Call::flush, .trouble = trouble, .first = death}}, seed);
            // How threads meet may move a checkpoint by a commit: the last deaths may come too late.
            ASSERT_THAT(end.ending, AnyOf(Ending::power_cut, Ending::peace));
            ASSERT_TRUE(end.ending == Ending::power_cut || death > points - 3);
            trial.cut_power(random());
            ASSERT_EQ(trial.judge(seed + 1), "");
        }
    }
}

struct TroubleCase {
    std::string_view name;
    Call call;
    Trouble trouble;
    bool works_on;  // the process lives, and clients are told; else it may also find that it must stop
};
constexpr std::array trouble_cases{
    TroubleCase{"open_fails", Call::open, Trouble::io_error, false},
    TroubleCase{"read_fails", Call::read, Trouble::io_error, false},
    TroubleCase{"write_fails", Call::write, Trouble::io_error, false},
    TroubleCase{"disk_is_full", Call::write, Trouble::no_room, true},
    TroubleCase{"write_is_short", Call::write, Trouble::short_write, true},
    TroubleCase{"truncate_fails", Call::truncate, Trouble::io_error, false},
    TroubleCase{"remove_fails", Call::remove, Trouble::io_error, false},
};

class DiskTrouble : public ::testing::TestWithParam<TroubleCase> {};

TEST_P(DiskTrouble, at_each_call_in_turn_loses_nothing) {
    const TroubleCase& c = GetParam();
    // One life may ask for no more room than its log has already: then nobody notices, and others are looked at.
    constexpr std::size_t unnoticed_max = 12;
    std::vector<std::uint64_t> lives = seeds(1, 8);
    std::int64_t refusals = 0;
    for (std::size_t i = 0; i < lives.size(); ++i) {
        const std::uint64_t seed = lives[i];
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Trial trial{setting_of(seed)};
        trial.found();
        trial.begin_again();
        const std::int64_t calls = trial.live({}, seed).count(c.call);
        ASSERT_GT(calls, 0);
        const std::int64_t step = soaks() ? 1 : std::max<std::int64_t>(1, calls / 8);
        // A disk is not full for one write, and only who wants more room notices.
        const std::uint64_t times_min = c.trouble == Trouble::no_room ? 40 : 1;
        std::int64_t met = 0;
        for (std::int64_t first = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(step)); first <= calls;
             first += step) {
            SCOPED_TRACE(fmt::format("call {} of {}", first, calls));
            trial.begin_again();
            const Plan plan{.call = c.call,
                            .trouble = c.trouble,
                            .first = first,
                            .times = static_cast<std::int64_t>(times_min + (random() % 2 == 0 ? 0 : random() % 60)),
                            .seed = random()};
            const LifeEnd end = trial.live({plan}, seed);
            ASSERT_NE(end.ending, Ending::died);
            ASSERT_NE(end.ending, Ending::power_cut);
            if (c.works_on) ASSERT_THAT(end.ending, AnyOf(Ending::peace, Ending::could_not_start));
            met += end.troubles > 0 ? 1 : 0;
            refusals += end.refusals;
            if (random() % 2 == 0) trial.cut_power(random());
            ASSERT_EQ(trial.judge(seed + 1), "");
        }
        EXPECT_GT(met, 0) << "no call was troubled: the test shows nothing";
        if (c.works_on && refusals == 0 && i + 1 == lives.size() && i < unnoticed_max) lives.push_back(seed + 1);
    }
    if (c.works_on) EXPECT_GT(refusals, 0) << "nobody noticed";
}

INSTANTIATE_TEST_SUITE_P(Cases, DiskTrouble, ::testing::ValuesIn(trouble_cases),
                         [](const auto& given) { return std::string{given.param.name}; });

// One disk that sees everything: deaths between two writes, deaths in the middle of putting right what the last one left,
// errors of every kind on the way there. Some deaths are the process's alone: what it did not flush can still be read,
// until the next takes the power along.
TEST(Disasters, one_after_another_lose_nothing) {
    for (const std::uint64_t seed : seeds(10, 3'000)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Trial trial{setting_of(seed)};
        trial.found();
        trial.begin_again();
        for (int life = 0; life < 5; ++life) {
            SCOPED_TRACE(fmt::format("life {}", life));
            const auto up_to = [&random](std::uint64_t most) { return static_cast<std::int64_t>(1 + random() % most); };
            const bool at_flush = random() % 2 == 0;
            const Plan death{.call = at_flush ? Call::flush : Call::write,
                             .trouble = random() % 2 == 0 ? Trouble::power_cut_after : Trouble::power_cut_before,
                             .first = up_to(at_flush ? 30 : 300)};
            const TroubleCase& c = trouble_cases[random() % trouble_cases.size()];
            Plan trouble{.call = c.call, .trouble = c.trouble, .first = up_to(200), .times = up_to(40), .seed = random()};
            if (random() % 4 == 0) trouble = {.call = Call::flush, .trouble = Trouble::io_error, .first = up_to(20)};
            const LifeEnd end = trial.live({trouble, death}, random());
            ASSERT_NE(end.ending, Ending::died);
            ASSERT_EQ(end.flushes_after_failure, 0);
            if (random() % 3 != 0) trial.cut_power(random());
        }
        trial.cut_power(random());
        ASSERT_EQ(trial.judge(seed + 1), "");
    }
}

class FailedFlush : public ::testing::TestWithParam<bool> {};

// With units of work that spill, a flush also fails in the middle of a statement, when the WAL begins anew.
TEST_P(FailedFlush, ends_the_process_and_is_never_tried_again) {
    for (const std::uint64_t seed : seeds(1, 40)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Setting setting = setting_of(seed);
        setting.spills = GetParam();
        Trial trial{setting};
        trial.found();
        trial.begin_again();
        const std::int64_t calls = trial.live({}, seed).count(Call::flush);
        for (std::int64_t first = 1; first <= calls; ++first) {
            SCOPED_TRACE(fmt::format("flush {} of {}", first, calls));
            trial.begin_again();
            const LifeEnd end = trial.live(
                {{.call = Call::flush, .trouble = Trouble::io_error, .first = first, .times = 1, .seed = random()}}, seed);
            if (end.ending == Ending::peace) {  // only who was closing already, or never came so far, ends so
                ASSERT_GT(first, end.flushes_before_closing);
            } else {
                ASSERT_THAT(end.ending, AnyOf(Ending::stopped_itself, Ending::could_not_start));
            }
            ASSERT_EQ(end.flushes_after_failure, 0);
            if (random() % 2 == 0) trial.cut_power(random());
            ASSERT_EQ(trial.judge(seed + 1), "");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cache, FailedFlush, ::testing::Bool(),
                         [](const auto& given) { return given.param ? "spills" : "suffices"; });

// The next process sees what a killed one wrote and did not flush, and answers from it: first it must be on the disk.
TEST(Recovery, that_cannot_flush_what_a_killed_process_left_does_not_start) {
    for (const std::uint64_t seed : seeds(2, 200)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Trial trial{setting_of(seed)};
        trial.found();
        trial.begin_again();
        const std::int64_t points = trial.live({}, seed).flushes_before_closing;
        int could_not_start = 0;
        for (int round = 0; round < 5; ++round) {
            trial.begin_again();
            const auto death = static_cast<std::int64_t>(1 + random() % static_cast<std::uint64_t>(points));
            trial.live({{.call = Call::flush, .trouble = Trouble::power_cut_before, .first = death}}, seed);
            const LifeEnd end =
                trial.live({{.call = Call::flush, .trouble = Trouble::io_error, .first = 1, .times = 1, .seed = random()}},
                           seed + 1);
            ASSERT_EQ(end.flushes_after_failure, 0);
            // Where nothing waited to be flushed (the death was between two uses of the WAL) the first commit meets it.
            ASSERT_THAT(end.ending, AnyOf(Ending::could_not_start, Ending::stopped_itself)) << "after flush " << death;
            could_not_start += end.ending == Ending::could_not_start ? 1 : 0;
            trial.cut_power(random());
            ASSERT_EQ(trial.judge(seed + 1), "");
        }
        EXPECT_GT(could_not_start, 0);
    }
}

// A batch that failed makes the writer read its books again, on a new connection: a flush that fails there counts too.
TEST(Recovery, from_a_full_disk_that_cannot_flush_ends_the_process) {
    for (const std::uint64_t seed : seeds(1, 200)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::mt19937_64 random{seed};
        Trial trial{setting_of(seed)};
        trial.found();
        int stopped = 0;
        for (int round = 0; round < 12; ++round) {
            trial.begin_again();
            const auto first = static_cast<std::int64_t>(1 + random() % 12);
            const LifeEnd end = trial.live(
                {{.call = Call::write,
                  .trouble = Trouble::no_room,
                  .first = 1 + static_cast<std::int64_t>(random() % 60),
                  .times = 60},
                 {.call = Call::flush, .trouble = Trouble::io_error, .first = first, .times = 1, .seed = random()}},
                seed);
            ASSERT_EQ(end.flushes_after_failure, 0);
            ASSERT_TRUE(end.ending == Ending::stopped_itself || end.ending == Ending::could_not_start ||
                        (end.ending == Ending::peace && first > end.flushes_before_closing));
            stopped += end.ending == Ending::stopped_itself ? 1 : 0;
            if (random() % 2 == 0) trial.cut_power(random());
            ASSERT_EQ(trial.judge(seed + 1), "");
        }
        EXPECT_GT(stopped, 0);
    }
}

// The proof that the harness can see a loss: the same trial, with what SQLite offers to those who prefer speed.
TEST(Harness, sees_what_synchronous_normal_loses) {
    std::mt19937_64 random{1};
    int lost = 0;
    for (std::uint64_t seed = 1; seed <= 8 && lost == 0; ++seed) {  // a workload with few checkpoints has little to lose
        Setting setting = setting_of(seed);
        setting.flush_each_commit = false;
        Trial trial{setting};
        trial.found();
        for (std::int64_t death = 1; death <= 12 && lost == 0; ++death) {
            trial.begin_again();
            trial.live({{.call = Call::flush, .trouble = Trouble::power_cut_before, .first = death}}, seed);
            trial.cut_power(random());
            const std::string wrong = trial.judge(2);
            if (wrong.empty()) continue;
            EXPECT_THAT(wrong, HasSubstr("was acknowledged and is missing"));
            EXPECT_THAT(wrong, ::testing::Not(HasSubstr("verify"))) << "commits are lost whole, and from the end";
            ++lost;
        }
    }
    EXPECT_EQ(lost, 1);
}

TEST(Harness, sees_what_a_disk_loses_that_lies) {
    Trial trial{setting_of(1)};
    trial.found();
    std::mt19937_64 random{1};
    int lost = 0;
    for (std::int64_t honest = 3; honest <= 12 && lost == 0; ++honest) {
        trial.begin_again();
        trial.live({{.call = Call::flush, .trouble = Trouble::lying_flush, .first = honest, .times = 1'000}}, 1);
        trial.cut_power(random());
        lost += trial.judge(2).empty() ? 0 : 1;
    }
    EXPECT_EQ(lost, 1);
}

}  // namespace
}  // namespace okpay::faults
