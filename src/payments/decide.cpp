// SPDX-License-Identifier: Apache-2.0
#include "payments/decide.hpp"

#include <array>

#include "base/ensure.hpp"

namespace okpay::payments {
namespace {

using money::TransferCode;

__extension__ using Wide = __int128;

money::Money of(std::int64_t minor, money::Currency currency) {
    const auto amount = money::Money::of_minor(minor, currency);
    ensure(amount.has_value());
    return *amount;
}

money::Posting posting(TransferCode code, money::AccountNo debit, money::AccountNo credit, money::Money amount) {
    return {.code = code, .debit = debit, .credit = credit, .amount = amount, .expires_at = std::nullopt};
}

// What holds for every debit of a wallet.
PaymentRefusal refusal_of_payer(const Wallet& payer, money::Money amount) {
    if (payer.closed) return PaymentRefusal::account_closed;
    if (payer.debits_frozen) return PaymentRefusal::payer_frozen;
    if (payer.standing == customers::Standing::locked) return PaymentRefusal::payer_locked;
    if (amount.minor() <= 0) return PaymentRefusal::not_positive;
    if (amount.currency() != payer.available.currency()) return PaymentRefusal::wrong_currency;
    return PaymentRefusal::none;
}

// And for every credit.
PaymentRefusal refusal_of_payee(const Wallet& payee) {
    if (payee.closed) return PaymentRefusal::account_closed;
    return payee.credits_frozen ? PaymentRefusal::payee_frozen : PaymentRefusal::none;
}

bool covers(const Wallet& payer, money::Money amount, std::int64_t fee_minor = 0) {
    ensure(fee_minor >= 0);
    return payer.available.minor() - amount.minor() >= fee_minor;
}

// What the payer pays on top.
void add_fee(Decision& decision, const Wallet& payer, money::AccountNo fee_income, std::int64_t fee_minor) {
    if (fee_minor == 0) return;
    decision.postings.push_back(
        posting(TransferCode::fee, payer.account, fee_income, of(fee_minor, payer.available.currency())));
    decision.fee_minor = fee_minor;
}

constexpr std::array all_refund_reasons{RefundReason::duplicate, RefundReason::requested_by_customer, RefundReason::error,
                                        RefundReason::goodwill, RefundReason::fraudulent};

}  // namespace

Payment Payment::as_made() const {
    Payment made = *this;
    made.refunded_minor = 0;
    if (rail == Rail::outside) {
        made.state = PaymentState::processing;
        made.refusal = PaymentRefusal::none;
        const bool collected = kind == PaymentKind::top_up || kind == PaymentKind::merchant_payment;
        made.captured_minor = collected ? 0 : amount.minor();
        // Of a payment or refund by card the fee is known once it is done.
        if (kind == PaymentKind::merchant_payment || kind == PaymentKind::refund) made.fee_minor = 0;
    }
    if (hold != 0) {
        made.state = PaymentState::requires_capture;
        made.captured_minor = 0;
        made.fee_minor = 0;
    }
    return made;
}

std::int64_t share_half_even(std::int64_t amount, std::int64_t numerator, std::int64_t denominator) {
    ensure(amount >= 0 && numerator >= 0 && denominator > 0);
    const Wide product = Wide{amount} * numerator;
    const Wide whole = product / denominator;
    const Wide twice_left = (product % denominator) * 2;
    const bool up = twice_left > denominator || (twice_left == denominator && whole % 2 == 1);
    return static_cast<std::int64_t>(whole + (up ? 1 : 0));
}

Decided decide_payment(const PaymentRequest& request) {
    const auto refusal = refusal_of_payer(request.payer, request.amount);
    if (refusal != PaymentRefusal::none) return fail(refusal);
    if (request.merchant_closed) return fail(PaymentRefusal::account_closed);
    if (request.merchant_frozen) return fail(PaymentRefusal::payee_frozen);
    if (request.order_already_paid) return fail(PaymentRefusal::order_already_paid);
    if (request.payer.account == request.merchant_payable) return fail(PaymentRefusal::same_account);
    if (!covers(request.payer, request.amount)) return fail(PaymentRefusal::insufficient_funds);
    ensure(request.fee_minor >= 0 && request.fee_minor <= request.amount.minor());

    Decision decision;
    decision.postings.push_back(
        posting(TransferCode::payment, request.payer.account, request.merchant_payable, request.amount));
    if (request.fee_minor > 0) {
        decision.postings.push_back(posting(TransferCode::fee, request.merchant_payable, request.fee_income,
                                            of(request.fee_minor, request.amount.currency())));
    }
    decision.fee_minor = request.fee_minor;
    return decision;
}

Decided decide_transfer(const TransferRequest& request) {
    const auto refusal = refusal_of_payer(request.payer, request.amount);
    if (refusal != PaymentRefusal::none) return fail(refusal);
    const bool limited = request.payer.standing == customers::Standing::limited;
    if (limited && request.new_payee) return fail(PaymentRefusal::payer_locked);
    if (const auto no = refusal_of_payee(request.payee); no != PaymentRefusal::none) return fail(no);
    if (request.payer.account == request.payee.account) return fail(PaymentRefusal::same_account);
    if (request.payee.available.currency() != request.amount.currency()) return fail(PaymentRefusal::wrong_currency);
    if (!covers(request.payer, request.amount, request.fee_minor)) return fail(PaymentRefusal::insufficient_funds);
    Decision decision{
        .postings = {posting(TransferCode::person_to_person, request.payer.account, request.payee.account, request.amount)}};
    add_fee(decision, request.payer, request.fee_income, request.fee_minor);
    return decision;
}

Decided decide_top_up(const TopUpRequest& request) {
    if (const auto no = refusal_of_payee(request.payee); no != PaymentRefusal::none) return fail(no);
    if (request.amount.minor() <= 0) return fail(PaymentRefusal::not_positive);
    if (request.payee.available.currency() != request.amount.currency()) return fail(PaymentRefusal::wrong_currency);
    if (request.settlement_bank == request.payee.account) return fail(PaymentRefusal::same_account);
    if (!request.payee.available.plus(request.amount)) return fail(PaymentRefusal::amount_out_of_range);
    return Decision{
        .postings = {posting(TransferCode::top_up, request.settlement_bank, request.payee.account, request.amount)}};
}

Decided decide_withdrawal(const WithdrawalRequest& request) {
    const auto refusal = refusal_of_payer(request.payer, request.amount);
    if (refusal != PaymentRefusal::none) return fail(refusal);
    if (request.payer.standing == customers::Standing::limited) return fail(PaymentRefusal::payer_locked);
    if (request.payer.account == request.in_transit) return fail(PaymentRefusal::same_account);
    if (!covers(request.payer, request.amount, request.fee_minor)) return fail(PaymentRefusal::insufficient_funds);
    Decision decision{
        .postings = {posting(TransferCode::withdrawal, request.payer.account, request.in_transit, request.amount)}};
    add_fee(decision, request.payer, request.fee_income, request.fee_minor);
    return decision;
}

Decided decide_payout(const PayoutRequest& request) {
    const auto refusal = refusal_of_payer(request.payable, request.amount);
    if (refusal != PaymentRefusal::none) return fail(refusal);
    if (!request.has_account) return fail(PaymentRefusal::no_payout_account);
    if (request.payable.account == request.in_transit) return fail(PaymentRefusal::same_account);
    if (request.balancing && request.payable.available.minor() <= 0) return fail(PaymentRefusal::nothing_available);
    if (!request.balancing && !covers(request.payable, request.amount)) return fail(PaymentRefusal::insufficient_funds);
    money::Posting moves =
        posting(TransferCode::merchant_payout, request.payable.account, request.in_transit, request.amount);
    moves.balancing = request.balancing;
    return Decision{.postings = {moves}};
}

Decided decide_exchange(const ExchangeRequest& request) {
    const auto refusal = refusal_of_payer(request.payer, request.amount);
    if (refusal != PaymentRefusal::none) return fail(refusal);
    if (const auto no = refusal_of_payee(request.payee); no != PaymentRefusal::none) return fail(no);
    if (request.received.minor() <= 0) return fail(PaymentRefusal::not_positive);  // worth less than the smallest coin
    if (request.received.currency() != request.payee.available.currency() ||
        request.received.currency() == request.amount.currency()) {
        return fail(PaymentRefusal::wrong_currency);
    }
    if (!covers(request.payer, request.amount)) return fail(PaymentRefusal::insufficient_funds);
    return Decision{
        .postings = {posting(TransferCode::exchange, request.payer.account, request.liquidity_from, request.amount),
                     posting(TransferCode::exchange, request.liquidity_to, request.payee.account, request.received)}};
}

Decided decide_refund(const RefundRequest& request) {
    const Payment& original = request.original;
    if (original.kind != PaymentKind::merchant_payment || original.state != PaymentState::succeeded) {
        return fail(PaymentRefusal::not_refundable);  // a hold is voided, a transfer between people is theirs to return
    }
    if (request.amount.minor() <= 0) return fail(PaymentRefusal::not_positive);
    if (request.amount.currency() != original.amount.currency() ||
        request.receiver.available.currency() != original.amount.currency()) {
        return fail(PaymentRefusal::wrong_currency);
    }
    if (request.disputes.bars_refunds()) return fail(PaymentRefusal::disputed);
    if (request.merchant_frozen) return fail(PaymentRefusal::payer_frozen);
    if (const auto no = refusal_of_payee(request.receiver); no != PaymentRefusal::none) return fail(no);
    if (const Payment* twin = request.twin; twin != nullptr) {
        const bool stays = twin->state == PaymentState::succeeded && twin->seq != original.seq &&
                           twin->payer == original.payer && twin->payee == original.payee &&
                           twin->customer == original.customer;  // a card's payer is the acquirer, for everybody
        if (!stays) return fail(PaymentRefusal::not_refundable);
        // One of two may go back, not both: neither twice by this pair nor once by each.
        if (request.pair_refunded_before || twin->refundable_minor() <= 0) return fail(PaymentRefusal::duplicate_refund);
    }
    const std::int64_t refundable = refundable_minor(original, request.in_flight_minor, request.disputes);
    if (request.expected_refundable && *request.expected_refundable != refundable) {
        return fail(PaymentRefusal::refundable_changed);
    }
    if (request.amount.minor() > refundable) return fail(PaymentRefusal::exceeds_refundable);
    if (request.merchant_payable == request.receiver.account) return fail(PaymentRefusal::same_account);

    Decision decision;
    decision.postings.push_back(
        posting(TransferCode::refund, request.merchant_payable, request.receiver.account, request.amount));
    if (request.fee_policy == FeePolicy::give_back) {
        // The difference of two rounded totals, so that many partial refunds add up to exactly the fee.
        const std::int64_t before = share_half_even(original.fee_minor, original.refunded_minor, original.captured_minor);
        const std::int64_t after =
            share_half_even(original.fee_minor, original.refunded_minor + request.amount.minor(), original.captured_minor);
        decision.fee_minor = after - before;
    }
    if (decision.fee_minor > 0) {
        decision.postings.push_back(posting(TransferCode::fee_refund, request.fee_income, request.merchant_payable,
                                            of(decision.fee_minor, original.amount.currency())));
    }
    return decision;
}

std::string_view name_of(RefundReason reason) {
    switch (reason) {
    case RefundReason::duplicate: return "duplicate";
    case RefundReason::requested_by_customer: return "requested_by_customer";
    case RefundReason::error: return "error";
    case RefundReason::goodwill: return "goodwill";
    case RefundReason::fraudulent: return "fraudulent";
    }
    std::abort();
}

std::optional<RefundReason> refund_reason_of_name(std::string_view name) {
    for (const RefundReason reason : all_refund_reasons) {
        if (name_of(reason) == name) return reason;
    }
    return std::nullopt;
}

Hash256 refund_key(std::int64_t payment, std::int64_t duplicate_of, RefundReason reason, std::int64_t expected_refundable) {
    Bytes said;
    append_u64(said, static_cast<std::uint64_t>(payment));
    append_u64(said, static_cast<std::uint64_t>(duplicate_of));
    append_u64(said, static_cast<std::uint64_t>(reason));
    append_u64(said, static_cast<std::uint64_t>(duplicate_of != 0 ? 0 : expected_refundable));
    return sha256({"okpay refund 1", said});
}

}  // namespace okpay::payments
