// SPDX-License-Identifier: Apache-2.0
// What ends a hold: a capture of all or a part of it, a cancellation, its time. A hold ends once.
#include "base/ensure.hpp"
#include "payments/decide.hpp"
#include "service/money_parts.hpp"

namespace okpay::service {
namespace {

using money::Money;
using money::TransferKind;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;

money::Posting ending(const Payment& held, TransferKind kind, Money amount) {
    return {.kind = kind,
            .code = money::TransferCode::payment,
            .debit = *held.payer,
            .credit = *held.payee,
            .amount = amount,
            .pending_seq = held.hold,
            .expires_at = std::nullopt};
}

// The row that remembers what was asked for the held payment, under its own key.
Payment row_of(Books& books, PaymentKind kind, const Hash256& key, std::int64_t print, const Payment& held, Money amount,
               Moment at) {
    Payment row = new_payment(books, kind, key, print, amount, at);
    row.payer = held.payer;
    row.payee = held.payee;
    row.merchant = held.merchant;
    row.original = held.seq;
    return row;
}

// The answer is the held payment as this request left it; a repetition gets the same.
Answer held_answer(const Payment& held, const Payment& row, bool replayed) {
    Payment left = held;
    left.refunded_minor = 0;
    const bool captured = row.kind == PaymentKind::capture;
    left.state = captured ? PaymentState::succeeded : PaymentState::canceled;
    left.captured_minor = captured ? row.amount.minor() : 0;
    Answer answer{.number = held.seq, .replayed = replayed, .accounts = {}, .numbers = {}};
    answer.payment = std::make_shared<const Payment>(std::move(left));
    return answer;
}

std::optional<Answer> known_to_hold(Books& books, const Hash256& key, std::int64_t print, const Payment& held) {
    const auto known = books.find_by_key(key);
    if (!known) return std::nullopt;
    if (known->body_fingerprint != print) return key_reused();
    return known->state == PaymentState::failed ? answer_of(*known, true) : held_answer(held, *known, true);
}

PaymentRefusal capture_refusal(Books& books, const Payment& held, money::TransferRefusal refusal) {
    switch (refusal) {
    case money::TransferRefusal::not_positive: return PaymentRefusal::not_positive;
    case money::TransferRefusal::exceeds_hold: return PaymentRefusal::exceeds_hold;
    case money::TransferRefusal::debit_account_closed:
    case money::TransferRefusal::credit_account_closed:
    case money::TransferRefusal::debit_account_frozen:
    case money::TransferRefusal::credit_account_frozen: return refusal_of(books, held, refusal);
    case money::TransferRefusal::out_of_range: return PaymentRefusal::amount_out_of_range;
    case money::TransferRefusal::accounts_must_differ:
    case money::TransferRefusal::debit_account_not_found:
    case money::TransferRefusal::credit_account_not_found:
    case money::TransferRefusal::wrong_currency:
    case money::TransferRefusal::hold_not_found:
    case money::TransferRefusal::hold_expired:
    case money::TransferRefusal::nothing_available:
    case money::TransferRefusal::hold_not_expired:
    case money::TransferRefusal::exceeds_balance: return PaymentRefusal::not_capturable;
    }
    std::abort();
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const CapturePayment& body) {
    auto held = payment_seen_by(books, command.actor, body.payment);
    if (!held || held->kind != PaymentKind::merchant_payment) return no_such_payment();
    const money::Currency currency = held->amount.currency();
    const auto amount = Money::of_minor(body.amount_minor, currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, "capture " + body.key);
    const std::int64_t print = fingerprint("capture", {body.payment, body.amount_minor});
    if (auto known = known_to_hold(books, key, print, *held)) return *known;
    Payment row = row_of(books, PaymentKind::capture, key, print, *held, *amount, command.at);
    if (held->state != PaymentState::requires_capture) {
        return keep_refused(books, std::move(row), PaymentRefusal::not_capturable);
    }
    // The hold stays: the money is promised, and it moves once the lock has ended, or goes back in its time.
    if (books.standing_of(held->customer.value()) == customers::Standing::locked) {
        return keep_refused(books, std::move(row), PaymentRefusal::payer_locked);
    }
    const std::int64_t fee = context.settings().tariff.fee_minor(payments::Operation::pay, std::nullopt, *amount);
    std::vector<money::Posting> postings{ending(*held, TransferKind::post_pending, *amount)};
    if (fee > 0) {
        postings.push_back({.code = money::TransferCode::fee,
                            .debit = *held->payee,
                            .credit = books.house_account(money::AccountKind::fee_income, currency),
                            .amount = *Money::of_minor(fee, currency),
                            .expires_at = std::nullopt});
    }
    auto applied = books.ledger().apply(postings, held->seq, command.at);
    if (!applied) return keep_refused(books, std::move(row), capture_refusal(books, *held, applied.error()));
    held->state = PaymentState::succeeded;
    held->captured_minor = amount->minor();
    held->fee_minor = fee;
    books.append_to(*held, std::move(*applied), command.at);
    books.append(row, {});
    return held_answer(*held, row, false);
}

Answer handle(Books& books, const Context&, const Command& command, const CancelPayment& body) {
    auto held = payment_seen_by(books, command.actor, body.payment);
    if (!held || held->kind != PaymentKind::merchant_payment) return no_such_payment();
    const Hash256 key = once_key(command.actor, "cancel " + body.key);
    const std::int64_t print = fingerprint("cancel", {body.payment});
    if (auto known = known_to_hold(books, key, print, *held)) return *known;
    Payment row = row_of(books, PaymentKind::cancellation, key, print, *held, held->amount, command.at);
    if (held->state != PaymentState::requires_capture) {
        return keep_refused(books, std::move(row), PaymentRefusal::not_cancelable);
    }
    auto applied =
        books.ledger().apply(std::array{ending(*held, TransferKind::void_pending, held->amount)}, held->seq, command.at);
    if (!applied) return keep_refused(books, std::move(row), PaymentRefusal::not_cancelable);
    held->state = PaymentState::canceled;
    books.append_to(*held, std::move(*applied), command.at);
    books.append(row, {});
    return held_answer(*held, row, false);
}

Answer handle(Books& books, const Context&, const Command& command, const ExpireHolds& body) {
    Answer answer;
    for (const money::Hold& hold : books.ledger().expired_holds(command.at, static_cast<std::size_t>(body.holds_max))) {
        auto held = books.find_payment(hold.payment);
        ensure(held && held->hold == hold.seq);
        auto applied = books.ledger().apply(std::array{ending(*held, TransferKind::expire_pending, held->amount)}, held->seq,
                                            command.at);
        ensure(applied.has_value());  // it is there and its time is over: nothing else can refuse
        held->state = PaymentState::canceled;
        books.append_to(*held, std::move(*applied), command.at);
        answer.numbers.push_back(held->seq);
    }
    return answer;
}

}  // namespace okpay::service
