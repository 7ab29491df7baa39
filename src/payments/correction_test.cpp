// SPDX-License-Identifier: Apache-2.0
#include "payments/correction.hpp"

#include <gtest/gtest.h>

namespace okpay::payments {
namespace {

using money::AccountKind;
using money::AccountNo;
using money::TransferCode;
using money::TransferKind;

money::Transfer transfer(TransferKind kind) {
    return {.seq = 7,
            .payment = 3,
            .kind = kind,
            .code = TransferCode::top_up,
            .debit = AccountNo{1},
            .credit = AccountNo{2},
            .currency = money::Currency::cny,
            .amount = 100,
            .at = {},
            .debit_after = -100,
            .credit_after = 100,
            .debit_prev = 0,
            .credit_prev = 0,
            .hash = {}};
}

Payment payment(PaymentKind kind, Rail rail = Rail::none) {
    return {.seq = 3,
            .id = {},
            .kind = kind,
            .state = PaymentState::succeeded,
            .key = {},
            .amount = *money::Money::of_minor(100, money::Currency::cny),
            .rail = rail,
            .created = {}};
}

TEST(Correction, reverses_what_has_no_remedy_of_its_own) {
    const auto refusal = [](PaymentKind kind, TransferKind how = TransferKind::single, Rail rail = Rail::none) {
        return reversal_refusal(transfer(how), payment(kind, rail));
    };
    for (const PaymentKind kind : {PaymentKind::top_up, PaymentKind::person_to_person, PaymentKind::correction}) {
        EXPECT_EQ(refusal(kind), std::nullopt);
        EXPECT_EQ(refusal(kind, TransferKind::pending), ReversalRefusal::moved_nothing);
        EXPECT_EQ(refusal(kind, TransferKind::single, Rail::outside), ReversalRefusal::rail_decides);
    }
    EXPECT_EQ(refusal(PaymentKind::merchant_payment), ReversalRefusal::refundable);
    EXPECT_EQ(refusal(PaymentKind::merchant_payment, TransferKind::post_pending), ReversalRefusal::refundable);
    EXPECT_EQ(refusal(PaymentKind::refund), ReversalRefusal::refundable);
    EXPECT_EQ(refusal(PaymentKind::exchange), ReversalRefusal::rail_decides);
    EXPECT_EQ(refusal(PaymentKind::withdrawal, TransferKind::single, Rail::outside), ReversalRefusal::rail_decides);
}

TEST(Correction, has_a_word_of_its_own_for_what_the_acquirer_settled) {
    const auto bank = AccountKind::settlement_bank, acquirer = AccountKind::acquirer_receivable;
    EXPECT_EQ(correction_code(bank, acquirer, false), TransferCode::acquirer_settled);
    EXPECT_EQ(correction_code(acquirer, bank, false), TransferCode::correction) << "the other way round nothing came in";
    EXPECT_EQ(correction_code(bank, acquirer, true), TransferCode::correction);
    EXPECT_EQ(correction_code(AccountKind::suspense, bank, false), TransferCode::correction);
}

TEST(Correction, states_have_names_and_numbers) {
    for (std::int64_t number = 1; number <= 5; ++number) EXPECT_TRUE(correction_state_of_number(number));
    EXPECT_FALSE(correction_state_of_number(0));
    EXPECT_FALSE(correction_state_of_number(6));
    EXPECT_EQ(name_of(CorrectionState::voided), "voided");
}

}  // namespace
}  // namespace okpay::payments
