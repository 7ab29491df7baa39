// SPDX-License-Identifier: Apache-2.0
// What an answer may promise, and at each limit the sentence that says why not.
#include <gtest/gtest.h>

#include <vector>

#include "desk/promise_claim.hpp"
#include "desk/promises.hpp"

namespace okpay::desk {
namespace {

using namespace std::chrono_literals;

const Moment now = moment_of_ms(1'800'000'000'000);
constexpr std::string_view answer = "We will refund you by Friday noon, and write within 48 hours. 周五中午前给您答复。";

std::optional<PromiseRefusal> asked(const std::vector<PromiseClaim>& claims, TicketState after = TicketState::open) {
    return refusal_of(claims, answer, after, now);
}

TEST(PromiseClaim, is_taken_where_its_words_stand_in_the_answer_and_it_lies_ahead) {
    EXPECT_EQ(asked({}), std::nullopt);
    EXPECT_EQ(asked({}, TicketState::solved), std::nullopt);
    EXPECT_EQ(asked({{"by Friday noon", now + 48h}, {"within 48 hours", now + 49h}, {"周五中午前", now + 1ms}}),
              std::nullopt);
    EXPECT_EQ(asked({{"by Friday noon", now + deadline_ahead_max}}, TicketState::pending_customer), std::nullopt);
}

TEST(PromiseClaim, is_refused_beyond_each_limit) {
    EXPECT_EQ(asked({{"by Monday", now + 48h}}), PromiseRefusal::not_in_answer);
    EXPECT_EQ(asked({{"By Friday noon", now + 48h}}), PromiseRefusal::not_in_answer) << "as written";
    EXPECT_EQ(asked({{"", now + 48h}}), PromiseRefusal::words_missing);
    EXPECT_EQ(asked({{" ", now + 48h}}), PromiseRefusal::words_missing);
    EXPECT_EQ(asked({{std::string(promise_words_octets_max + 1, 'x'), now + 48h}}), PromiseRefusal::words_missing);
    EXPECT_EQ(asked({{"by Friday noon", now}}), PromiseRefusal::not_ahead);
    EXPECT_EQ(asked({{"by Friday noon", now + deadline_ahead_max + 1ms}}), PromiseRefusal::too_far);
    EXPECT_EQ(asked({{"by Friday noon", now + 48h}, {"within 48 hours", now + 48h}}), PromiseRefusal::twice);
    EXPECT_EQ(asked({{"by Friday noon", now + 48h}}, TicketState::solved), PromiseRefusal::solves);
    std::vector<PromiseClaim> many;
    for (std::size_t i = 0; i < promises_max; ++i) many.push_back({"by Friday noon", now + 48h + Millis{i}});
    EXPECT_EQ(asked(many), std::nullopt);
    many.push_back({"by Friday noon", now + 47h});
    EXPECT_EQ(asked(many), PromiseRefusal::too_many);
}

}  // namespace
}  // namespace okpay::desk
