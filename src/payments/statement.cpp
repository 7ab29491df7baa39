// SPDX-License-Identifier: Apache-2.0
#include "payments/statement.hpp"

#include <algorithm>

namespace okpay::payments {
namespace {

using money::Transfer;
using money::TransferCode;
using money::TransferKind;

bool is_booked(TransferKind kind) {
    switch (kind) {
    case TransferKind::single:
    case TransferKind::post_pending: return true;
    case TransferKind::pending:
    case TransferKind::void_pending:
    case TransferKind::expire_pending: return false;
    }
    std::abort();
}

Movement movement_of(TransferCode code, bool out) {
    switch (code) {
    case TransferCode::top_up: return Movement::top_up;
    case TransferCode::payment: return Movement::purchase;
    case TransferCode::refund: return Movement::refund;
    case TransferCode::person_to_person: return out ? Movement::sent : Movement::received;
    case TransferCode::withdrawal: return Movement::withdrawal;
    case TransferCode::withdrawal_returned: return Movement::withdrawal_returned;
    case TransferCode::exchange: return out ? Movement::exchange_given : Movement::exchange_received;
    case TransferCode::fee: return Movement::fee;
    case TransferCode::fee_refund: return Movement::fee_returned;
    case TransferCode::correction:
    case TransferCode::merchant_payout:
    case TransferCode::withdrawal_settled:
    case TransferCode::acquirer_settled:
    case TransferCode::dispute_taken:
    case TransferCode::dispute_returned:
    case TransferCode::dispute_lost:
    case TransferCode::unexplained: return Movement::correction;  // touch no wallet but by a correction
    }
    std::abort();
}

bool is_fee(TransferCode code) { return code == TransferCode::fee || code == TransferCode::fee_refund; }

}  // namespace

Result<StatementBody, StatementFault> statement_body(money::AccountNo account, std::int64_t opening_minor,
                                                     std::span<const Transfer> transfers) {
    StatementBody body;
    std::int64_t balance = opening_minor;
    std::int64_t last_booked = 0;  // sequence
    for (const Transfer& transfer : transfers) {
        const bool out = transfer.debit == account;
        if (!out && transfer.credit != account) return fail(StatementFault::not_of_account);
        const std::int64_t after = out ? transfer.debit_after : transfer.credit_after;
        const std::int64_t moved = !is_booked(transfer.kind) ? 0 : out ? -transfer.amount : transfer.amount;
        balance += moved;
        if (balance != after) return fail(StatementFault::does_not_add_up);
        if (!is_booked(transfer.kind)) continue;
        const bool fee = is_fee(transfer.code);
        // What is charged with a movement is made with it, in one stroke: the next transfer of the ledger.
        const bool with_last =
            fee && !body.lines.empty() && body.lines.back().payment == transfer.payment && last_booked + 1 == transfer.seq;
        last_booked = transfer.seq;
        if (with_last) {
            body.lines.back().fee_minor += moved;
            body.lines.back().balance_minor = after;
        } else {
            body.lines.push_back({.at = transfer.at,
                                  .movement = movement_of(transfer.code, out),
                                  .payment = transfer.payment,
                                  .amount_minor = fee ? 0 : moved,
                                  .fee_minor = fee ? moved : 0,
                                  .balance_minor = after});
        }
        if (fee) body.sums.fees_minor += moved;
        else (out ? body.sums.out_minor : body.sums.in_minor) += moved;
    }
    body.sums.opening_minor = opening_minor;
    body.sums.closing_minor = balance;
    return body;
}

}  // namespace okpay::payments
