// SPDX-License-Identifier: Apache-2.0
#include "payments/rail_call.hpp"

#include <gtest/gtest.h>

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Moment start = Moment{} + days{20'000};
constexpr money::AccountNo wallet{1}, bank{2}, in_transit{3}, suspense{4};
constexpr RailAccounts accounts{.wallet = wallet, .outside = bank, .in_transit = in_transit, .suspense = suspense};

RailCall call_of(RailDirection direction) {
    return {.payment = 7,
            .customer = customers::CustomerNo{1},
            .direction = direction,
            .amount = *money::Money::of_minor(5'000, *money::currency_of_code("USD")),
            .instrument = "bank ····6819",
            .next_at = start,
            .sent_at = std::nullopt,
            .created = start,
            .updated = start};
}

RailCall sent(RailDirection direction) { return take(call_of(direction), start)->after; }

TEST(RailCallLife, is_sent_once_and_only_when_due) {
    RailCall call = call_of(RailDirection::collect);
    call.next_at = start + seconds{1};
    EXPECT_FALSE(take(call, start));
    const auto taken = take(call, start + seconds{1});
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->after.state, RailCallState::sent);
    EXPECT_FALSE(take(taken->after, start + seconds{2})) << "sent twice";
}

TEST(RailCallLife, silence_is_unknown_and_never_a_second_call) {
    const auto silent = take(sent(RailDirection::pay_out), start + rail_answer_timeout);
    ASSERT_TRUE(silent);
    EXPECT_EQ(silent->after.state, RailCallState::unknown);
    EXPECT_EQ(silent->effect, RailEffect::became_unknown);
    EXPECT_FALSE(silent->after.inquiring);
}

// 30 s, 5 min, 1 h, five days, then a person.
TEST(RailCallLife, inquiries_have_their_times) {
    RailStep step = hear(sent(RailDirection::collect), RailWord::no_answer, start);
    EXPECT_EQ(step.effect, RailEffect::became_unknown);
    const std::array<Millis, 8> waits{seconds{30}, minutes{5}, hours{1}, days{1}, days{1}, days{1}, days{1}, days{1}};
    Moment at = start;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        ASSERT_TRUE(step.after.next_at) << i;
        EXPECT_EQ(*step.after.next_at - at, waits[i]) << i;
        at = *step.after.next_at;
        step = *take(step.after, at);
        EXPECT_TRUE(step.after.inquiring);
        step = hear(step.after, RailWord::pending, at);
        EXPECT_EQ(step.effect, i + 1 < waits.size() ? RailEffect::still_unknown : RailEffect::needs_person) << i;
    }
    EXPECT_FALSE(step.after.next_at);
    EXPECT_EQ(step.after.state, RailCallState::unknown) << "a person may still hear of it";
    EXPECT_EQ(hear(step.after, RailWord::done, at).effect, RailEffect::completed);
}

TEST(RailCallLife, an_inquiry_without_an_answer_counts_as_one) {
    RailCall call = hear(sent(RailDirection::collect), RailWord::no_answer, start).after;
    const Moment asked = *call.next_at;
    call = take(call, asked)->after;
    EXPECT_FALSE(take(call, asked + seconds{1}));
    const auto late = take(call, asked + rail_answer_timeout);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->after.inquiries, 1);
    EXPECT_EQ(late->effect, RailEffect::still_unknown);
}

TEST(RailCallLife, not_known_is_final_only_once_the_call_must_have_arrived) {
    RailCall call = hear(sent(RailDirection::collect), RailWord::no_answer, start).after;
    call = take(call, start + seconds{30})->after;
    const RailStep early = hear(call, RailWord::not_known, start + seconds{30});
    EXPECT_EQ(early.effect, RailEffect::still_unknown);
    const Moment again = *early.after.next_at;
    ASSERT_GE(again, start + rail_arrival_grace);
    const RailStep later = hear(take(early.after, again)->after, RailWord::not_known, again);
    EXPECT_EQ(later.effect, RailEffect::never_arrived);
    EXPECT_EQ(later.after.state, RailCallState::failed);
    // As an answer to the call itself it means nothing that could be relied on.
    EXPECT_EQ(hear(sent(RailDirection::collect), RailWord::not_known, start).after.state, RailCallState::unknown);
}

// The answer to an early inquiry may be heard late: the storage was full for minutes, or the inquiry was given up.
TEST(RailCallLife, not_known_is_as_old_as_its_question) {
    const Moment asked = start + seconds{30};
    const RailCall asking = take(hear(sent(RailDirection::collect), RailWord::no_answer, start).after, asked).value().after;
    EXPECT_EQ(hear(asking, RailWord::not_known, asked + hours{1}).effect, RailEffect::still_unknown);
    const RailCall given_up = take(asking, asked + rail_answer_timeout).value().after;
    EXPECT_EQ(hear(given_up, RailWord::not_known, asked + hours{1}).effect, RailEffect::none);
    EXPECT_EQ(hear(given_up, RailWord::done, asked + hours{1}).effect, RailEffect::completed);
}

TEST(RailCallLife, told_twice_changes_nothing) {
    const RailCall done = hear(sent(RailDirection::pay_out), RailWord::done, start).after;
    for (const RailWord word :
         {RailWord::done, RailWord::declined, RailWord::pending, RailWord::no_answer, RailWord::not_known}) {
        EXPECT_EQ(hear(done, word, start).effect, RailEffect::none) << name_of(word);
        EXPECT_EQ(hear(done, word, start).after.state, RailCallState::succeeded);
    }
    const RailCall back = hear(done, RailWord::returned, start).after;
    EXPECT_EQ(back.state, RailCallState::returned);
    EXPECT_EQ(hear(back, RailWord::returned, start).effect, RailEffect::none);
    EXPECT_EQ(hear(back, RailWord::done, start).effect, RailEffect::none);
}

TEST(RailCallLife, done_after_no_is_for_a_person_once) {
    const RailCall failed = hear(sent(RailDirection::collect), RailWord::declined, start).after;
    const RailStep step = hear(failed, RailWord::done, start);
    EXPECT_EQ(step.effect, RailEffect::contradicted);
    EXPECT_EQ(payment_state_of(step.after.state), PaymentState::failed);
    EXPECT_EQ(hear(step.after, RailWord::done, start).effect, RailEffect::none);
}

TEST(RailCallLife, what_another_process_sent_is_asked_after) {
    const RailStep step = interrupted(sent(RailDirection::pay_out), start + seconds{3});
    EXPECT_EQ(step.effect, RailEffect::became_unknown);
    EXPECT_EQ(step.after.next_at, start + seconds{3});
    RailCall created = call_of(RailDirection::pay_out);
    EXPECT_EQ(interrupted(created, start).after.state, RailCallState::created) << "it never left: it may be sent";
    RailCall asking = take(step.after, start + seconds{3})->after;
    EXPECT_FALSE(interrupted(asking, start + seconds{9}).after.inquiring);
    EXPECT_EQ(interrupted(asking, start + seconds{9}).after.inquiries, 0) << "whether it was asked is not known";
}

// Whatever is told in whatever order, the postings of one call add up to nothing, to the amount, or to the amount and back.
TEST(RailCallPostings, every_order_of_words_keeps_the_books) {
    constexpr std::array words{RailWord::done,      RailWord::declined,  RailWord::pending,
                               RailWord::no_answer, RailWord::not_known, RailWord::returned};
    constexpr int depth = 4;
    for (const RailDirection direction : {RailDirection::collect, RailDirection::pay_out}) {
        for (int order = 0; order < 6 * 6 * 6 * 6; ++order) {
            RailCall call = sent(direction);
            std::map<money::AccountNo, std::int64_t> balance;  // credits minus debits
            if (direction == RailDirection::pay_out) {
                balance[wallet] -= 5'000;
                balance[in_transit] += 5'000;
            }
            int rest = order;
            for (int i = 0; i < depth; ++i, rest /= 6) {
                const Moment at = start + minutes{10 * (i + 1)};
                if (auto taken = take(call, at)) call = taken->after;
                const RailStep step = hear(call, words[static_cast<std::size_t>(rest % 6)], at);
                if (const auto moved = posting_of(step.effect, call, accounts, false)) {
                    balance[moved->debit] -= moved->amount.minor();
                    balance[moved->credit] += moved->amount.minor();
                }
                call = step.after;
            }
            const bool out = direction == RailDirection::pay_out;
            const std::int64_t whole = out ? -5'000 : 5'000;
            EXPECT_EQ(balance[in_transit], out && is_live(call.state) ? 5'000 : 0) << order;
            const bool moved = call.state == RailCallState::succeeded || (out && is_live(call.state));
            EXPECT_EQ(balance[wallet], moved ? whole : 0) << order << " " << name_of(call.state);
            EXPECT_EQ(balance[suspense], call.state == RailCallState::contradicted ? whole : 0) << order;
        }
    }
}

TEST(RailCallPostings, a_closed_wallet_gets_nothing) {
    const RailCall call = sent(RailDirection::pay_out);
    EXPECT_EQ(posting_of(RailEffect::refused, call, accounts, true)->credit, suspense);
    EXPECT_EQ(posting_of(RailEffect::refused, call, accounts, false)->credit, wallet);
    EXPECT_EQ(posting_of(RailEffect::completed, sent(RailDirection::collect), accounts, true)->credit, suspense);
    EXPECT_EQ(posting_of(RailEffect::completed, call, accounts, true)->credit, bank) << "what was paid out is gone";
}

}  // namespace
}  // namespace okpay::payments
