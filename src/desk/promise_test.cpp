// SPDX-License-Identifier: Apache-2.0
// The life of a promise, told at the right moments and once each, against a model that looks at each minute.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "desk/promise.hpp"

namespace okpay::desk {
namespace {

using namespace std::chrono_literals;

const Moment start = moment_of_ms(1'800'000'000'000);

TEST(Promise, is_warned_of_four_hours_before_or_halfway) {
    EXPECT_EQ(promise_told_at({.made = start, .due = start + 48h}, PromiseAlarm::runs_out), start + 44h);
    EXPECT_EQ(promise_told_at({.made = start, .due = start + 8h}, PromiseAlarm::runs_out), start + 4h);
    EXPECT_EQ(promise_told_at({.made = start, .due = start + 2h}, PromiseAlarm::runs_out), start + 1h);
}

TEST(Promise, once_ended_is_not_ended_again) {
    Promise promise{.made = start, .due = start + 10h};
    EXPECT_TRUE(note_done(promise, start + 10h - 1ms));
    EXPECT_EQ(promise.state, PromiseState::kept);
    EXPECT_FALSE(note_done(promise, start + 12h));
    EXPECT_FALSE(note_withdrawn(promise, start + 12h));
    EXPECT_FALSE(note_time(promise, start + 12h));
    EXPECT_EQ(promise.ended, start + 10h - 1ms);

    Promise late{.made = start, .due = start + 10h};
    EXPECT_TRUE(note_done(late, start + 10h));  // its end is not within it
    EXPECT_EQ(late.state, PromiseState::broken);
    EXPECT_EQ(alarm_of(late, start + 20h), std::nullopt);

    Promise taken_back{.made = start, .due = start + 10h};
    EXPECT_TRUE(note_withdrawn(taken_back, start + 9h));
    EXPECT_EQ(taken_back.state, PromiseState::withdrawn);

    Promise too_late{.made = start, .due = start + 10h};
    EXPECT_FALSE(note_withdrawn(too_late, start + 10h));
    EXPECT_EQ(too_late.state, PromiseState::broken);
    EXPECT_EQ(alarm_of(too_late, start + 11h), PromiseAlarm::escalated);
}

// The machine looks each minute, and now and then not for hours: staff are told in order, once each, never too early, and
// at the next look; of nothing once it is done.
TEST(Promise, is_told_of_once_each_and_in_time) {
    std::mt19937_64 dice{35};
    for (int life = 0; life < 2'000; ++life) {
        SCOPED_TRACE("life " + std::to_string(life));
        Promise promise{.made = start, .due = start + std::chrono::minutes{2 + dice() % 1'000}};
        const Moment done = start + std::chrono::minutes{dice() % 1'500};
        const std::array from{start, std::max(promise.due - 4h, start + (promise.due - start) / 2), promise.due,
                              promise.due + 1h};
        PromiseAlarm last = PromiseAlarm::none;
        int broken = 0;
        for (Moment now = start; now < start + 30h; now += 1min) {
            if (now == done) { ASSERT_TRUE(note_done(promise, now)); }
            if (dice() % 400 == 0) now += std::chrono::minutes{dice() % 300};
            if (now >= done && !promise.ended) { ASSERT_TRUE(note_done(promise, done)); }
            if (note_time(promise, now)) ++broken;
            if (const auto alarm = alarm_of(promise, now)) {
                ASSERT_LT(now, done);
                ASSERT_GT(*alarm, last);
                ASSERT_GE(now, from.at(static_cast<std::size_t>(*alarm)));
                promise.told = last = *alarm;
            }
            for (std::size_t alarm = 1; alarm < from.size() && now < done; ++alarm) {
                if (from.at(alarm) <= now) { ASSERT_GE(static_cast<std::size_t>(last), alarm); }
            }
        }
        ASSERT_LE(broken, 1);
        ASSERT_EQ(promise.state, done < promise.due ? PromiseState::kept : PromiseState::broken);
    }
}

}  // namespace
}  // namespace okpay::desk
