// SPDX-License-Identifier: Apache-2.0
#include "payments/correction.hpp"

namespace okpay::payments {

using money::AccountKind;
using money::TransferCode;

std::string_view name_of(CorrectionState state) {
    switch (state) {
    case CorrectionState::proposed: return "proposed";
    case CorrectionState::executed: return "executed";
    case CorrectionState::rejected: return "rejected";
    case CorrectionState::voided: return "voided";
    case CorrectionState::failed: return "failed";
    }
    std::abort();
}

std::optional<CorrectionState> correction_state_of_number(std::int64_t number) {
    if (number < 1 || number > 5) return std::nullopt;
    return static_cast<CorrectionState>(number);
}

std::optional<ReversalRefusal> reversal_refusal(const money::Transfer& transfer, const Payment& payment) {
    if (payment.kind == PaymentKind::merchant_payment || payment.kind == PaymentKind::refund) {
        return ReversalRefusal::refundable;  // what is refundable counts refunds, not corrections
    }
    if (transfer.kind != money::TransferKind::single) return ReversalRefusal::moved_nothing;
    if (payment.rail == Rail::outside || payment.kind == PaymentKind::exchange) return ReversalRefusal::rail_decides;
    return std::nullopt;
}

money::TransferCode correction_code(AccountKind debit, AccountKind credit, bool reverses) {
    const bool settled = debit == AccountKind::settlement_bank && credit == AccountKind::acquirer_receivable;
    return settled && !reverses ? TransferCode::acquirer_settled : TransferCode::correction;
}

}  // namespace okpay::payments
