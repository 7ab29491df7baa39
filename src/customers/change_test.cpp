// SPDX-License-Identifier: Apache-2.0
// The life of a change as one table, walked at random: what is over stays over, and nothing stands before it was proven and
// held.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "customers/change.hpp"

namespace okpay::customers {
namespace {

TEST(Changes, words_and_numbers_lead_back_to_what_they_name) {
    std::set<std::string_view> words;
    for (const ChangeState state : all_change_states) {
        EXPECT_TRUE(words.insert(name_of(state)).second);
        EXPECT_EQ(change_state_of_number(static_cast<std::int64_t>(state)), state);
    }
    for (const ChangeKind kind : all_change_kinds) {
        EXPECT_EQ(change_kind_of_name(name_of(kind)), kind);
        EXPECT_EQ(change_kind_of_number(static_cast<std::int64_t>(kind)), kind);
    }
    EXPECT_FALSE(change_state_of_number(0));
    EXPECT_FALSE(change_state_of_number(8));
    EXPECT_FALSE(change_kind_of_name("level"));
}

TEST(Changes, an_address_stands_only_after_it_was_proven_and_held) {
    std::mt19937_64 dice{20'260'117};
    int made = 0;
    for (int life = 0; life < 20'000; ++life) {
        ChangeState state = life % 2 == 0 ? ChangeState::requested : ChangeState::proving;
        std::vector<ChangeEvent> happened;
        for (int step = 0; step < 12; ++step) {
            const ChangeEvent event = all_change_events[dice() % all_change_events.size()];
            const auto next = after(state, event);
            if (!is_open(state)) {
                ASSERT_FALSE(next) << name_of(state);
                continue;
            }
            if (!next) continue;
            happened.push_back(event);
            state = *next;
        }
        if (state != ChangeState::done) continue;
        ++made;
        std::vector<ChangeEvent> wanted{ChangeEvent::prove, ChangeEvent::finish};
        if (life % 2 == 0) wanted.insert(wanted.begin(), ChangeEvent::approve);
        ASSERT_EQ(happened, wanted);
    }
    EXPECT_GT(made, 100);
}

TEST(Changes, whoever_may_stop_one_may_stop_it_at_every_step) {
    for (const ChangeState state : all_change_states) {
        EXPECT_EQ(after(state, ChangeEvent::cancel).has_value(), is_open(state)) << name_of(state);
        EXPECT_EQ(after(state, ChangeEvent::refuse).has_value(), is_open(state)) << name_of(state);
        // What is held has been proven: it does not run out, it is made.
        EXPECT_EQ(after(state, ChangeEvent::expire).has_value(), is_open(state) && state != ChangeState::held);
    }
}

TEST(CaseSessions, a_link_opens_once_and_in_time_and_a_session_ends) {
    const Moment sent = moment_of_ms(1'790'000'000'000);
    CaseAccess access{.no = 1,
                      .id = {},
                      .ticket = 1,
                      .customer = CustomerNo{1},
                      .link_hash = {},
                      .sent = sent,
                      .link_expires = sent + case_link_lasts};
    EXPECT_TRUE(link_opens(access, sent));
    EXPECT_TRUE(link_opens(access, access.link_expires - Millis{1}));
    EXPECT_FALSE(link_opens(access, access.link_expires));
    EXPECT_FALSE(session_lives(access, sent));
    access.opened = sent;
    access.session_hash = Hash256{};
    access.session_expires = sent + case_session_lasts;
    EXPECT_FALSE(link_opens(access, sent));
    EXPECT_TRUE(session_lives(access, sent));
    EXPECT_FALSE(session_lives(access, *access.session_expires));
    access.ended = sent;
    EXPECT_FALSE(session_lives(access, sent));
}

}  // namespace
}  // namespace okpay::customers
