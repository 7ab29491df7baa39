// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <unordered_map>

#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::store {
namespace {

using money::TransferCode;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentState;
using payments::RailCall;
using payments::RailCallState;
using payments::RailDirection;

// What moved for one payment, by code.
struct Moved {
    std::int64_t top_up = 0, payment = 0, refund = 0, withdrawal = 0, payout = 0, settled = 0, returned = 0, unexplained = 0,
                 fee = 0, fee_refund = 0;
    friend bool operator==(const Moved&, const Moved&) = default;
};

Moved expected(const RailCall& call, const Payment& payment) {
    const std::int64_t amount = call.amount.minor();
    const auto when = [amount](bool holds) { return holds ? amount : 0; };
    const bool contradicted = call.state == RailCallState::contradicted;
    const bool done = call.state == RailCallState::succeeded;
    const bool came_back = call.state == RailCallState::returned;
    switch (payment.kind) {
    case PaymentKind::top_up: return {.top_up = when(done), .unexplained = when(contradicted)};
    case PaymentKind::merchant_payment:
        return {.payment = when(done), .unexplained = when(contradicted), .fee = done ? payment.fee_minor : 0};
    case PaymentKind::refund:
        return {.refund = amount,
                .settled = when(done || came_back),
                .returned = when(call.state == RailCallState::failed || contradicted || came_back),
                .unexplained = when(contradicted),
                .fee = came_back ? payment.fee_minor : 0,
                .fee_refund = done || came_back ? payment.fee_minor : 0};
    case PaymentKind::withdrawal:
    case PaymentKind::person_to_person:
    case PaymentKind::capture:
    case PaymentKind::cancellation:
    case PaymentKind::exchange:
    case PaymentKind::merchant_payout:
    case PaymentKind::correction: break;
    }
    return {.withdrawal = call.merchant ? 0 : amount,
            .payout = call.merchant ? amount : 0,
            .settled = when(done || came_back),
            .returned = when(call.state == RailCallState::failed || contradicted || came_back),
            .unexplained = when(contradicted),
            .fee = payment.fee_minor,
            .fee_refund = call.state == RailCallState::failed || contradicted || came_back ? payment.fee_minor : 0};
}

}  // namespace

// Each payment that a rail carries has a call of its own that agrees with it, and moved exactly what the call's state says:
// so what is in transit is the sum of the withdrawals and the refunds to cards that are under way.
CheckReport check_rail_calls(Connection& connection) {
    CheckReport report{.name = "rail_calls"};
    std::unordered_map<std::int64_t, Payment> carried;
    each_payment(connection, 0, [&carried](const Payment& payment) {
        if (payment.rail == payments::Rail::outside) carried.emplace(payment.seq, payment);
    });
    std::unordered_map<std::int64_t, Moved> moved;
    if (!carried.empty()) {
        each_transfer(connection, 0, [&](const money::Transfer& transfer) {
            if (!carried.contains(transfer.payment)) return;
            Moved& sum = moved[transfer.payment];
            switch (transfer.code) {
            case TransferCode::top_up: sum.top_up += transfer.amount; return;
            case TransferCode::payment: sum.payment += transfer.amount; return;
            case TransferCode::refund: sum.refund += transfer.amount; return;
            case TransferCode::withdrawal: sum.withdrawal += transfer.amount; return;
            case TransferCode::merchant_payout: sum.payout += transfer.amount; return;
            case TransferCode::withdrawal_settled: sum.settled += transfer.amount; return;
            case TransferCode::withdrawal_returned: sum.returned += transfer.amount; return;
            case TransferCode::unexplained: sum.unexplained += transfer.amount; return;
            case TransferCode::fee: sum.fee += transfer.amount; return;
            case TransferCode::fee_refund: sum.fee_refund += transfer.amount; return;
            case TransferCode::dispute_taken:
            case TransferCode::dispute_returned:
            case TransferCode::dispute_lost: return;  // check_disputes
            case TransferCode::person_to_person:
            case TransferCode::correction:
            case TransferCode::exchange:
            case TransferCode::acquirer_settled:
                report.fault(
                    fmt::format("transfer {} is of another kind than its payment {}", transfer.seq, transfer.payment));
                return;
            }
        });
    }
    each_rail_call(connection, [&](const RailCall& call) {
        ++report.looked_at;
        const auto found = carried.find(call.payment);
        if (found == carried.end()) {
            report.fault(fmt::format("a rail was called for payment {}, which no rail carries", call.payment));
            return;
        }
        const Payment& payment = found->second;
        const bool out = call.direction == RailDirection::pay_out;
        const auto right_kind = [&] {
            switch (payment.kind) {
            case PaymentKind::top_up:
            case PaymentKind::merchant_payment: return !out;
            case PaymentKind::withdrawal:
            case PaymentKind::refund:
            case PaymentKind::merchant_payout: return out;
            case PaymentKind::person_to_person:
            case PaymentKind::capture:
            case PaymentKind::cancellation:
            case PaymentKind::exchange:
            case PaymentKind::correction: return false;
            }
            std::abort();
        };
        const bool of_merchant = payment.kind == PaymentKind::merchant_payout;
        if (!right_kind() || payment.amount != call.amount || payment.customer != call.customer ||
            of_merchant != call.merchant.has_value() || (of_merchant && payment.merchant != call.merchant)) {
            report.fault(fmt::format("payment {} and its rail call are not of one mind about what was asked", call.payment));
        }
        if (payment.state != payment_state_of(call.state)) {
            report.fault(fmt::format("payment {} is {} for us and its rail call {}", call.payment,
                                     static_cast<int>(payment.state), name_of(call.state)));
        }
        const bool ours = payment.state == PaymentState::succeeded || (out && is_live(call.state));
        if (payment.captured_minor != (ours ? payment.amount.minor() : 0)) {
            report.fault(fmt::format("payment {} says that {} was taken, and its rail call does not", call.payment,
                                     payment.captured_minor));
        }
        if (moved[call.payment] != expected(call, payment)) {
            report.fault(fmt::format("payment {} moved other amounts than its rail call says", call.payment));
        }
        // A merchant's stands in the treasury's list until a person decides.
        if (is_live(call.state) && !call.next_at && call.ticket == 0 && !call.merchant) {
            report.fault(fmt::format("the outcome of payment {} is open, and nobody looks after it", call.payment));
        }
        carried.erase(found);
    });
    for (const auto& [payment, row] : carried) report.fault(fmt::format("payment {} has no rail call", payment));
    return report;
}

}  // namespace okpay::store
