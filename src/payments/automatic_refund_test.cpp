// SPDX-License-Identifier: Apache-2.0
#include "payments/automatic_refund.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace okpay::payments {
namespace {

using money::Currency;

Finding proven(std::int64_t minor = 5'000) {
    return {.pair_class = PairClass::true_duplicate_same_order,
            .score = 80,
            .reasons = {Reason::same_amount, Reason::same_order_reference, Reason::within_30_seconds, Reason::same_device,
                        Reason::same_instrument},
            .first = 1,
            .second = 2,
            .give_back = 2,
            .duplicate_of = 1,
            .refundable = *money::Money::of_minor(minor, Currency::cny),
            .explanation_en = {},
            .explanation_zh = {}};
}

constexpr AutomaticRefundCaps caps{.currency = Currency::cny,
                                   .per_item_minor = 20'000,
                                   .per_customer_30_days_minor = 30'000,
                                   .per_day_minor = 100'000};

TEST(AutomaticRefund, only_what_the_ledger_proves_is_certain) {
    EXPECT_TRUE(certain(proven()));
    for (int number = 1; number <= 12; ++number) {
        Finding other = proven();
        other.pair_class = static_cast<PairClass>(number);
        EXPECT_EQ(certain(other), other.pair_class == PairClass::true_duplicate_same_order) << name_of(other.pair_class);
    }
}

// Each reason either supports the proof, says what the customer stated, or takes the certainty away.
TEST(AutomaticRefund, any_doubt_takes_the_certainty_away) {
    for (int number = 1; number <= static_cast<int>(Reason::nothing_matches); ++number) {
        const auto reason = static_cast<Reason>(number);
        bool neutral = false;
        switch (reason) {
        case Reason::same_order_reference:
        case Reason::same_amount:
        case Reason::within_30_seconds:
        case Reason::within_2_minutes:
        case Reason::within_a_day:
        case Reason::same_device:
        case Reason::same_instrument:
        case Reason::stated_amount:
        case Reason::stated_time:
        case Reason::stated_transaction:
        case Reason::stated_merchant: neutral = true; break;
        default: break;
        }
        Finding finding = proven();
        finding.reasons.push_back(reason);
        EXPECT_EQ(certain(finding), neutral) << name_of(reason);
    }
}

TEST(AutomaticRefund, the_proof_needs_every_part) {
    for (const Reason needed : {Reason::same_amount, Reason::same_order_reference}) {
        Finding finding = proven();
        std::erase(finding.reasons, needed);
        EXPECT_FALSE(certain(finding)) << name_of(needed);
    }
    Finding finding = proven();
    finding.score = 0;  // what the customer says weighs nothing here
    EXPECT_TRUE(certain(finding));
    finding = proven();
    finding.give_back = 0;
    EXPECT_FALSE(certain(finding));
    finding = proven();
    finding.duplicate_of = 0;
    EXPECT_FALSE(certain(finding));
    finding = proven();
    finding.duplicate_of = finding.give_back;
    EXPECT_FALSE(certain(finding));
    finding = proven();
    finding.refundable.reset();
    EXPECT_FALSE(certain(finding));
    EXPECT_FALSE(certain(proven(0)));
}

TEST(AutomaticRefund, caps_are_inclusive_and_each_counts) {
    struct Row {
        std::int64_t minor;
        AutomaticallyRefunded spent;
        AutomaticRefund want;
    };
    for (const Row& row : {
             Row{5'000, {0, 0}, AutomaticRefund::allowed},
             Row{20'000, {0, 0}, AutomaticRefund::allowed},
             Row{20'001, {0, 0}, AutomaticRefund::above_item_cap},
             Row{5'000, {25'000, 25'000}, AutomaticRefund::allowed},
             Row{5'000, {25'001, 25'001}, AutomaticRefund::above_customer_cap},
             Row{5'000, {0, 95'000}, AutomaticRefund::allowed},
             Row{5'000, {0, 95'001}, AutomaticRefund::above_day_cap},
             Row{5'000, {30'000, 100'000}, AutomaticRefund::above_customer_cap},
             Row{5'000, {std::numeric_limits<std::int64_t>::max(), 0}, AutomaticRefund::above_customer_cap},
             Row{5'000, {0, std::numeric_limits<std::int64_t>::max()}, AutomaticRefund::above_day_cap},
             Row{5'000, {-1, 0}, AutomaticRefund::above_customer_cap},
             Row{5'000, {0, -1}, AutomaticRefund::above_day_cap},
         }) {
        const AutomaticRefund got = judge_automatic_refund(proven(row.minor), caps, row.spent);
        EXPECT_EQ(name_of(got), name_of(row.want)) << row.minor;
        EXPECT_EQ(may_refund_automatically(proven(row.minor), caps, row.spent), row.want == AutomaticRefund::allowed);
    }
}

TEST(AutomaticRefund, is_off_by_default_and_knows_its_currency) {
    EXPECT_FALSE(may_refund_automatically(proven(1), {.currency = Currency::cny}, {}));
    EXPECT_EQ(judge_automatic_refund(proven(1), {.currency = Currency::cny}, {}), AutomaticRefund::above_item_cap);
    AutomaticRefundCaps euro = caps;
    euro.currency = Currency::eur;
    EXPECT_EQ(judge_automatic_refund(proven(1), euro, {}), AutomaticRefund::other_currency);
    AutomaticRefundCaps negative = caps;
    negative.per_item_minor = -1;
    EXPECT_EQ(judge_automatic_refund(proven(1), negative, {}), AutomaticRefund::above_item_cap);
    Finding doubtful = proven();
    doubtful.pair_class = PairClass::over_collection;
    EXPECT_EQ(judge_automatic_refund(doubtful, caps, {}), AutomaticRefund::not_certain);
}

}  // namespace
}  // namespace okpay::payments
