// SPDX-License-Identifier: Apache-2.0
// A correction of the books by two persons: between accounts of the house, or the reversal of one transfer, never an edit.
// The proposal moves nothing; another person approves exactly it, and only while both accounts are as they were.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "customers/customer.hpp"
#include "money/ledger.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

enum class CorrectionState : std::uint8_t {  // stored, append only
    proposed = 1,
    executed = 2,
    rejected = 3,
    voided = 4,  // an account changed its state in the meantime
    failed = 5,  // the ledger refused it; its payment says why
};
std::string_view name_of(CorrectionState state);
std::optional<CorrectionState> correction_state_of_number(std::int64_t number);

struct Correction {
    std::int64_t no;
    CorrectionId id;
    CorrectionState state = CorrectionState::proposed;
    money::AccountNo debit, credit;
    money::Money amount;
    std::string reason;
    std::int64_t reverses = 0;    // sequence of a transfer, 0 for none
    std::int64_t seen_event = 0;  // the newest account event of either account when it was proposed
    customers::StaffNo proposer;
    Moment proposed;
    std::optional<customers::StaffNo> decider;
    std::optional<Moment> decided;
    std::string note;          // of the decision
    std::int64_t payment = 0;  // that it made, 0 for none
};

enum class ReversalRefusal : std::uint8_t {
    moved_nothing,  // a hold, or its release
    refundable,     // belongs to a payment to a merchant: refund that
    rail_decides,   // belongs to what a bank carries out, or to one half of an exchange
};
// Whether a correction may reverse the transfer; nothing where it may.
std::optional<ReversalRefusal> reversal_refusal(const money::Transfer& transfer, const Payment& payment);

// What an approved correction posts under: the acquirer's money that came to our bank has a word of its own.
money::TransferCode correction_code(money::AccountKind debit, money::AccountKind credit, bool reverses);

}  // namespace okpay::payments
