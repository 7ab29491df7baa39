// SPDX-License-Identifier: Apache-2.0
#include "payments/dispute.hpp"

#include <gtest/gtest.h>

#include <random>

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Moment at = moment_of_ms(1'800'000'000'000);
const money::AccountNo shop{1}, loss{2}, receivable{3}, acquirer{4}, suspense{5};

Dispute fresh() {
    return {.no = 1,
            .id = {},
            .payment = 7,
            .merchant = customers::MerchantNo{1},
            .reference = "CB-1",
            .amount = money::Money::of_minor(5'000, money::Currency::cny).value(),
            .opened = at,
            .updated = at,
            .due = at};
}
DisputeNotice notice(DisputeStage stage, DisputeStatus status = DisputeStatus::needs_response, Moment due = at + days{10}) {
    return {.stage = stage, .status = status, .due = due};
}
DisputeStep opened(DisputeStage stage) { return open_dispute(fresh(), notice(stage), at).value(); }
DisputeStep heard(const Dispute& dispute, DisputeStage stage, DisputeStatus status) {
    return hear(dispute, notice(stage, status), at + hours{1}).value();
}
DisputeAccounts accounts(bool shut_out = false, bool shut_in = false) {
    return {.merchant = shop,
            .loss = loss,
            .receivable = receivable,
            .acquirer = acquirer,
            .suspense = suspense,
            .merchant_shut_out = shut_out,
            .merchant_shut_in = shut_in};
}

TEST(Dispute, an_inquiry_moves_nothing_and_bars_no_refund) {
    DisputeStep step = opened(DisputeStage::inquiry);
    EXPECT_EQ(step.move, DisputeMove::none);
    EXPECT_FALSE(posting_of(step, accounts()));
    EXPECT_FALSE(step.after.bars_refunds());
    const DisputeStep lost = heard(step.after, DisputeStage::inquiry, DisputeStatus::lost);
    EXPECT_EQ(lost.move, DisputeMove::none);
    EXPECT_EQ(lost.after.lost_minor(), 0);
    EXPECT_EQ(expire(step.after, at + days{10})->move, DisputeMove::none);
}

TEST(Dispute, a_chargeback_takes_the_amount_and_its_end_says_who_has_it) {
    DisputeStep taken = opened(DisputeStage::chargeback);
    ASSERT_EQ(taken.move, DisputeMove::take);
    const auto posting = posting_of(taken, accounts()).value();
    EXPECT_EQ(std::tuple(posting.debit, posting.credit, posting.amount.minor()), std::tuple(shop, receivable, 5'000));
    EXPECT_TRUE(taken.after.bars_refunds());

    DisputeStep won = heard(taken.after, DisputeStage::chargeback, DisputeStatus::won);
    const auto back = posting_of(won, accounts()).value();
    EXPECT_EQ(std::pair(back.debit, back.credit), std::pair(receivable, shop));
    EXPECT_FALSE(won.after.bars_refunds());

    DisputeStep withdrawn = heard(taken.after, DisputeStage::chargeback, DisputeStatus::withdrawn);
    EXPECT_EQ(posting_of(withdrawn, accounts())->credit, shop);

    DisputeStep lost = heard(taken.after, DisputeStage::chargeback, DisputeStatus::lost);
    const auto gone = posting_of(lost, accounts()).value();
    EXPECT_EQ(std::pair(gone.debit, gone.credit), std::pair(receivable, acquirer));
    EXPECT_EQ(lost.after.lost_minor(), 5'000);
    EXPECT_FALSE(lost.after.bars_refunds());
}

TEST(Dispute, whom_it_was_taken_from_has_it_back) {
    DisputeStep taken = opened(DisputeStage::chargeback);
    EXPECT_EQ(posting_of(taken, accounts(true))->debit, loss) << "nothing leaves the merchant: the house bears it";
    ASSERT_TRUE(taken.after.house_pays);
    DisputeStep won = heard(taken.after, DisputeStage::chargeback, DisputeStatus::won);
    EXPECT_EQ(posting_of(won, accounts())->credit, loss);

    DisputeStep of_merchant = opened(DisputeStage::chargeback);
    (void)posting_of(of_merchant, accounts());
    DisputeStep back = heard(of_merchant.after, DisputeStage::chargeback, DisputeStatus::won);
    EXPECT_EQ(posting_of(back, accounts(false, true))->credit, suspense) << "nothing comes into the merchant's";
}

TEST(Dispute, a_later_stage_takes_only_what_is_not_held_already) {
    const DisputeStep chargeback =
        heard(opened(DisputeStage::inquiry).after, DisputeStage::chargeback, DisputeStatus::needs_response);
    EXPECT_EQ(chargeback.move, DisputeMove::take);
    const DisputeStep held = heard(chargeback.after, DisputeStage::pre_arbitration, DisputeStatus::needs_response);
    EXPECT_EQ(held.move, DisputeMove::none);
    const DisputeStep won = heard(chargeback.after, DisputeStage::chargeback, DisputeStatus::won);
    const DisputeStep again = heard(won.after, DisputeStage::pre_arbitration, DisputeStatus::needs_response);
    EXPECT_EQ(again.move, DisputeMove::take);
    EXPECT_EQ(again.after.taken_minor(), 5'000);
}

TEST(Dispute, refuses_what_cannot_be) {
    const Dispute chargeback = opened(DisputeStage::chargeback).after;
    const auto refusal = [](const Dispute& dispute, DisputeStage stage, DisputeStatus status, Moment due = at + days{10}) {
        return hear(dispute, notice(stage, status, due), at + hours{1}).error();
    };
    using enum DisputeStatus;
    EXPECT_EQ(refusal(chargeback, DisputeStage::inquiry, won), DisputeRefusal::stage_goes_back);
    EXPECT_EQ(refusal(chargeback, DisputeStage::arbitration, won), DisputeRefusal::already_ended);
    EXPECT_EQ(refusal(chargeback, DisputeStage::arbitration, needs_response, at), DisputeRefusal::due_in_the_past);
    const Dispute lost_one = heard(chargeback, DisputeStage::chargeback, lost).after;
    EXPECT_EQ(refusal(lost_one, DisputeStage::chargeback, won), DisputeRefusal::already_ended);
    EXPECT_EQ(refusal(lost_one, DisputeStage::pre_arbitration, needs_response), DisputeRefusal::already_ended);
    const Dispute contested = answer(chargeback, false, "delivered", at + hours{1}).value().after;
    EXPECT_EQ(refusal(contested, DisputeStage::chargeback, needs_response), DisputeRefusal::answered);
    EXPECT_EQ(open_dispute(fresh(), notice(DisputeStage::inquiry, needs_response, at), at).error(),
              DisputeRefusal::due_in_the_past);
}

TEST(Dispute, what_was_told_before_changes_nothing) {
    const Dispute chargeback = opened(DisputeStage::chargeback).after;
    EXPECT_FALSE(heard(chargeback, DisputeStage::chargeback, DisputeStatus::needs_response).changed);
    const Dispute lost = heard(chargeback, DisputeStage::chargeback, DisputeStatus::lost).after;
    const DisputeStep again = heard(lost, DisputeStage::chargeback, DisputeStatus::lost);
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.move, DisputeMove::none);
}

TEST(Dispute, is_answered_in_time_and_once) {
    const Dispute chargeback = opened(DisputeStage::chargeback).after;
    const DisputeStep accepted = answer(chargeback, true, "our mistake", at + hours{1}).value();
    EXPECT_EQ(accepted.move, DisputeMove::lose);
    EXPECT_EQ(accepted.after.answer, "our mistake");
    const DisputeStep contested = answer(chargeback, false, "delivered", at + hours{1}).value();
    EXPECT_EQ(contested.move, DisputeMove::none);
    EXPECT_EQ(contested.after.status, DisputeStatus::under_review);
    EXPECT_EQ(answer(contested.after, true, "x", at + hours{2}).error(), DisputeRefusal::answered);
    EXPECT_EQ(answer(accepted.after, true, "x", at + hours{2}).error(), DisputeRefusal::already_ended);
    EXPECT_EQ(answer(chargeback, true, "x", at + days{10}).error(), DisputeRefusal::too_late);
    EXPECT_FALSE(expire(chargeback, at + days{10} - Millis{1}));
    EXPECT_EQ(expire(chargeback, at + days{10})->move, DisputeMove::lose);
    EXPECT_FALSE(expire(contested.after, at + days{99}));
}

// Whatever is told in whatever order: what was taken is held, given back or lost, and never twice.
TEST(Dispute, the_moves_of_any_life_add_up) {
    std::mt19937_64 dice{20261129};
    const auto roll = [&dice](int below) { return std::uniform_int_distribution{0, below - 1}(dice); };
    for (int life = 0; life < 2'000; ++life) {
        DisputeStep step = opened(static_cast<DisputeStage>(1 + roll(2)));
        Moment now = at;
        std::int64_t held = 0, lost = 0;
        for (int turn = 0; turn < 20; ++turn) {
            switch (step.move) {
            case DisputeMove::none: break;
            case DisputeMove::take: held += 5'000; break;
            case DisputeMove::give_back: held -= 5'000; break;
            case DisputeMove::lose: held -= 5'000, lost += 5'000; break;
            }
            ASSERT_EQ(held, step.after.taken_minor());
            ASSERT_EQ(lost, step.after.lost_minor());
            now += hours{roll(100)};
            std::optional<DisputeStep> next;
            if (const int what = roll(8); what == 0) {
                next = expire(step.after, now);
            } else if (what == 1) {
                if (auto answered = answer(step.after, roll(2) == 0, "words", now)) next = *answered;
            } else if (auto told = hear(step.after,
                                        notice(static_cast<DisputeStage>(1 + roll(4)),
                                               static_cast<DisputeStatus>(1 + roll(4)), now + hours{50}),
                                        now)) {
                next = *told;
            }
            if (!next) {
                step.move = DisputeMove::none;
                continue;
            }
            ASSERT_GE(next->after.stage, step.after.stage);
            step = *next;
        }
    }
}

TEST(Dispute, names_are_read_as_they_are_written) {
    for (int i = 1; i <= 4; ++i)
        EXPECT_EQ(dispute_stage_of_name(name_of(static_cast<DisputeStage>(i))), static_cast<DisputeStage>(i));
    for (int i = 1; i <= 7; ++i)
        EXPECT_EQ(dispute_status_of_name(name_of(static_cast<DisputeStatus>(i))), static_cast<DisputeStatus>(i));
    for (int i = 1; i <= 8; ++i)
        EXPECT_EQ(dispute_reason_of_name(name_of(static_cast<DisputeReason>(i))), static_cast<DisputeReason>(i));
    EXPECT_FALSE(dispute_status_of_name("open"));
}

}  // namespace
}  // namespace okpay::payments
