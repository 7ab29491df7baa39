// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "payments/decide.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"
#include "service/card_payments.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"
#include "service/monitor.hpp"
#include "store/dispute_store.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::MerchantNo;
using money::AccountKind;
using money::Money;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;

// Layer 3: the payer is asked before the same is paid again within moments. An order reference tells two payments apart, so
// those that carry one cost no look.
std::optional<std::int64_t> possible_duplicate(Books& books, const Context& context, const Pay& body,
                                               const Payment& payment) {
    const Millis window = context.settings().possible_duplicate_window;
    if (body.not_a_duplicate || !body.order_ref.empty() || window <= Millis{0}) return std::nullopt;
    return books.find_alike(payment, payment.created - window);
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const TopUp& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print = fingerprint("top_up", {body.customer, body.amount_minor}, {body.currency});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto customer = CustomerNo{body.customer};
    const auto wallet = books.wallet_of(customer, amount->currency());
    Payment payment = new_payment(books, PaymentKind::top_up, key, print, *amount, command.at);
    payment.memo = body.memo;
    payment.instrument = body.instrument;
    if (!wallet) {
        if (auto kept = refused_without_wallet(books, std::move(payment), customer)) return *kept;
        return refused(codes::not_found, "there is no such customer");
    }
    const money::AccountNo bank = books.house_account(AccountKind::settlement_bank, amount->currency());
    payment.payer = bank;
    payment.payee = *wallet;
    payment.customer = customer;
    payment.captured_minor = amount->minor();
    const auto decided = payments::decide_top_up(
        {.settlement_bank = bank, .payee = wallet_view(books, customer, *wallet), .amount = *amount});
    payment = settle(books, std::move(payment), decided);
    if (command.actor.kind == ActorKind::staff) {
        books.audit(command.at, command.actor, "top_up", fmt::format("payment:{}", payment.seq),
                    json_text({{"customer", std::to_string(body.customer)},
                               {"amount_minor", std::to_string(body.amount_minor)},
                               {"currency", body.currency}}));
    }
    return answer_of(payment, false);
}

Answer handle(Books& books, const Context& context, const Command& command, const Pay& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const bool by_card = !body.sealed_instrument.empty();
    // A plain one is spelt as it always was: rows that are there keep their meaning.
    const std::int64_t print =
        by_card || body.not_a_duplicate
            ? fingerprint("pay 2",
                          {body.customer, body.merchant, body.amount_minor, body.manual_capture ? 1 : 0,
                           body.not_a_duplicate ? 1 : 0},
                          {body.currency, body.memo, body.order_ref, body.instrument, body.instrument_hash})
            : fingerprint("pay", {body.customer, body.merchant, body.amount_minor, body.manual_capture ? 1 : 0},
                          {body.currency, body.memo, body.order_ref});
    if (auto known = known_answer(books, key, print)) return *known;
    if (by_card) return pay_by_card(books, context, command, body, {.key = key, .print = print, .amount = *amount});
    const auto customer = CustomerNo{body.customer};
    const auto merchant = MerchantNo{body.merchant};
    const money::Currency currency = amount->currency();
    const auto wallet = books.wallet_of(customer, currency);
    const auto payable = books.payable_of(merchant, currency);
    Payment payment = new_payment(books, PaymentKind::merchant_payment, key, print, *amount, command.at);
    payment.payer = wallet;
    payment.payee = payable;
    payment.customer = customer;
    payment.merchant = merchant;
    payment.order_ref = body.order_ref;
    payment.memo = body.memo;
    payment.instrument = body.instrument.empty() ? "wallet" : body.instrument;
    payment.device = body.device;
    if (!payable && !store::find_merchant(books.connection(), merchant)) {
        return refused(codes::not_found, "there is no such merchant");
    }
    if (!wallet) {
        if (auto kept = refused_without_wallet(books, std::move(payment), customer)) return *kept;
        return refused(codes::not_found, "there is no such customer");
    }
    if (!payable) return keep_refused(books, std::move(payment), PaymentRefusal::payee_cannot_receive);
    const auto first = body.order_ref.empty() ? std::nullopt : books.find_by_order(merchant, body.order_ref);
    if (first && is_open_attempt(*first)) {
        payment.duplicate_of = first->seq;
        return keep_refused(books, std::move(payment), PaymentRefusal::attempt_unresolved);
    }
    const std::int64_t fee =
        body.manual_capture ? 0 : context.settings().tariff.fee_minor(payments::Operation::pay, std::nullopt, *amount);
    const money::Account& shop = *books.ledger().find(*payable);
    payments::PaymentRequest request{.payer = wallet_view(books, customer, *wallet),
                                     .merchant_payable = *payable,
                                     .merchant_closed = shop.closed,
                                     .merchant_frozen = shop.credits_frozen || (fee > 0 && shop.debits_frozen),
                                     .fee_income = books.house_account(AccountKind::fee_income, currency),
                                     .amount = *amount,
                                     .fee_minor = fee,
                                     .order_already_paid = first.has_value()};
    auto decided = within_limits(books, context, payments::decide_payment(request), payments::Operation::pay, customer,
                                 *wallet, *amount, payment.created);
    if (const auto alike = decided ? possible_duplicate(books, context, body, payment) : std::nullopt) {
        payment.duplicate_of = *alike;
        return keep_refused(books, std::move(payment), PaymentRefusal::possible_duplicate);
    }
    decided = judged(books, context, command, std::move(decided),
                     {.operation = risk::Operation::pay, .customer = customer, .wallet = *wallet, .amount = *amount});
    if (decided && body.manual_capture) {
        decided->postings.front().kind = money::TransferKind::pending;
        decided->postings.front().expires_at = payment.created + Millis{body.hold_ms};
        payment.state = PaymentState::requires_capture;
    } else {
        payment.captured_minor = amount->minor();
    }
    return answer_of(settle(books, std::move(payment), decided), false);
}

Result<Payment, Answer> transfer_between(Books& books, const Context& context, const TransferWish& wish) {
    const money::Currency currency = wish.amount.currency();
    const auto from = books.wallet_of(wish.payer, currency);
    const auto to = books.wallet_of(wish.payee, currency);
    Payment payment = new_payment(books, PaymentKind::person_to_person, wish.key, wish.fingerprint, wish.amount, wish.at);
    payment.payer = from;
    payment.payee = to;
    payment.customer = wish.payer;
    payment.memo = wish.memo;
    payment.instrument = "wallet";
    if (!from && !store::find_customer(books.connection(), wish.payer)) {  // no history in which it could stand
        return fail(refused(codes::not_found, "there is no such customer"));
    }
    if (!from) return settle(books, std::move(payment), fail(PaymentRefusal::wrong_currency));
    if (!to) return settle(books, std::move(payment), fail(PaymentRefusal::payee_cannot_receive));
    if (wish.refused != PaymentRefusal::none) return settle(books, std::move(payment), fail(wish.refused));
    payment.captured_minor = wish.amount.minor();
    auto decided =
        payments::decide_transfer({.payer = wallet_view(books, wish.payer, *from),
                                   .payee = wallet_view(books, wish.payee, *to),
                                   .amount = wish.amount,
                                   .fee_minor = context.settings().tariff.fee_minor(payments::Operation::send,
                                                                                    books.level_of(wish.payer), wish.amount),
                                   .fee_income = books.house_account(AccountKind::fee_income, currency),
                                   .new_payee = books.stopped(wish.payer).payouts && !books.paid_lately(*from, *to)});
    decided = within_limits(books, context, std::move(decided), payments::Operation::send, wish.payer, *from, wish.amount,
                            payment.created);
    decided = within_limits(books, context, std::move(decided), payments::Operation::receive, wish.payee, *to, wish.amount,
                            payment.created);
    decided = judged(
        books, context, wish.command, std::move(decided),
        {.operation = risk::Operation::send, .customer = wish.payer, .wallet = *from, .payee = *to, .amount = wish.amount});
    return settle(books, std::move(payment), decided);
}

Answer handle(Books& books, const Context& context, const Command& command, const SendMoney& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print = fingerprint("send", {body.payer, body.payee, body.amount_minor}, {body.currency, body.memo});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto sent = transfer_between(books, context,
                                       {.command = command,
                                        .key = key,
                                        .fingerprint = print,
                                        .payer = CustomerNo{body.payer},
                                        .payee = CustomerNo{body.payee},
                                        .amount = *amount,
                                        .memo = body.memo,
                                        .at = command.at});
    return sent ? answer_of(*sent, false) : sent.error();
}

RefundOutcome refund_payment(Books& books, const Context&, const RefundWish& wish) {
    const std::int64_t print = fingerprint("refund", {wish.payment, wish.amount.minor(), wish.duplicate_of});
    if (const auto known = books.find_by_key(wish.key)) return {known->refusal, *known, true};
    const auto original = books.find_payment(wish.payment);
    if (!original) return {PaymentRefusal::payment_not_found, std::nullopt, false};
    if (original->kind != PaymentKind::merchant_payment) return {PaymentRefusal::not_refundable, std::nullopt, false};
    std::optional<Payment> twin;
    if (wish.duplicate_of != 0) {
        twin = books.find_payment(wish.duplicate_of);
        if (!twin) return {PaymentRefusal::payment_not_found, std::nullopt, false};
    }
    // A pair is refunded once, whatever the key: the refunds of a payment name it, and there are few of them.
    books.flush();
    const bool pair_before = twin && store::pair_was_refunded(books.connection(), original->seq, twin->seq);
    const bool to_card = original->rail == payments::Rail::outside;
    const auto goes_to = to_card ? std::optional{books.house_account(AccountKind::payout_in_transit, wish.amount.currency())}
                                 : original->payer;
    Payment refund = new_payment(books, PaymentKind::refund, wish.key, print, wish.amount, wish.at);
    refund.payer = original->payee;
    refund.payee = goes_to;
    refund.customer = original->customer;
    refund.merchant = original->merchant;
    refund.memo = original->memo;
    refund.instrument = original->instrument;
    refund.original = original->seq;
    refund.duplicate_of = wish.duplicate_of;
    refund.captured_minor = wish.amount.minor();
    // One that was refused for want of an account took nothing.
    if (!original->payer || !original->payee || !original->customer) {
        keep_refused(books, refund, PaymentRefusal::not_refundable);
        return {PaymentRefusal::not_refundable, books.find_payment(refund.seq), false};
    }
    const auto decided =
        payments::decide_refund({.original = *original,
                                 .amount = wish.amount,
                                 .expected_refundable = wish.expected_refundable,
                                 .twin = twin ? &*twin : nullptr,
                                 .pair_refunded_before = pair_before,
                                 .in_flight_minor = to_card ? refunds_in_flight(books, *original) : 0,
                                 .disputes = store::disputes_standing(books.connection(), *original),
                                 .receiver = wallet_view(books, *original->customer, *goes_to),
                                 .merchant_payable = *original->payee,
                                 .merchant_frozen = books.ledger().find(*original->payee)->debits_frozen,
                                 .fee_income = books.house_account(AccountKind::fee_income, wish.amount.currency())});
    if (to_card) {
        refund = refund_to_card(books, std::move(refund), *original, decided, wish.ticket);
        return {refund.refusal, refund, false};
    }
    refund = settle(books, std::move(refund), decided);
    if (refund.state == PaymentState::succeeded) {
        Payment progressed = *original;
        progressed.refunded_minor += wish.amount.minor();
        books.update_progress(progressed);
    }
    return {refund.refusal, refund, false};
}

Answer handle(Books& books, const Context& context, const Command& command, const Refund& body) {
    const auto original = payment_seen_by(books, command.actor, body.payment);
    if (!original) return no_such_payment();
    const auto amount = Money::of_minor(body.amount_minor, original->amount.currency());
    if (!amount) return bad_amount();
    if (!payments::refund_reason_of_name(body.reason)) return refused(codes::invalid, "reason: not one that we know");
    const Hash256 key = once_key(command.actor, "refund " + body.key);
    if (const auto known = books.find_by_key(key);
        known && (known->original != body.payment || known->amount != *amount || known->duplicate_of != body.duplicate_of)) {
        return key_reused();
    }
    const auto outcome =
        refund_payment(books, context,
                       {.key = key,
                        .payment = body.payment,
                        .amount = *amount,
                        .duplicate_of = body.duplicate_of,
                        .expected_refundable =
                            body.expected_refundable < 0 ? std::nullopt : std::optional{body.expected_refundable},
                        .at = command.at});
    if (!outcome.refund) {
        return refused(payments::code_of(outcome.refusal), std::string{payments::sentence_en(outcome.refusal)});
    }
    return answer_of(*outcome.refund, outcome.replayed);
}

Answer handle(Books& books, const Context&, const Command&, const ReadAccounts& body) {
    Answer answer;
    for (const std::int64_t no : body.accounts) {
        const money::Account* account = books.ledger().find(money::AccountNo{no});
        if (account == nullptr) return refused(codes::not_found, fmt::format("there is no account {}", no));
        answer.accounts.push_back(AccountView{no, std::string{money::code_of(account->currency)}, account->posted_minor(),
                                              account->available_minor(), account->last_transfer, account->entries});
    }
    return answer;
}

}  // namespace okpay::service
