// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "payments/decide.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"
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

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const TopUp& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print = fingerprint("top_up", {body.customer, body.amount_minor}, {body.currency});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto customer = CustomerNo{body.customer};
    const auto wallet = books.wallet_of(customer, amount->currency());
    if (!wallet) return refused(codes::not_found, "the customer has no wallet in this currency");
    const money::AccountNo bank = books.house_account(AccountKind::settlement_bank, amount->currency());
    Payment payment = new_payment(books, PaymentKind::top_up, key, print, *amount, command.at);
    payment.payer = bank;
    payment.payee = *wallet;
    payment.customer = customer;
    payment.captured_minor = amount->minor();
    payment.memo = body.memo;
    payment.instrument = body.instrument;
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
    const std::int64_t print =
        fingerprint("pay", {body.customer, body.merchant, body.amount_minor, body.manual_capture ? 1 : 0},
                    {body.currency, body.memo, body.order_ref});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto customer = CustomerNo{body.customer};
    const auto merchant = MerchantNo{body.merchant};
    const money::Currency currency = amount->currency();
    const auto wallet = books.wallet_of(customer, currency);
    const auto payable = books.payable_of(merchant, currency);
    if (!wallet) return refused(codes::not_found, "the customer has no wallet in this currency");
    if (!payable) return refused(codes::not_found, "the merchant takes no payments in this currency");
    Payment payment = new_payment(books, PaymentKind::merchant_payment, key, print, *amount, command.at);
    payment.payer = *wallet;
    payment.payee = *payable;
    payment.customer = customer;
    payment.merchant = merchant;
    payment.order_ref = body.order_ref;
    payment.memo = body.memo;
    payment.instrument = body.instrument.empty() ? "wallet" : body.instrument;
    payment.device = body.device;
    payments::PaymentRequest request{
        .payer = wallet_view(books, customer, *wallet),
        .merchant_payable = *payable,
        .merchant_closed = books.ledger().find(*payable)->closed,
        .fee_income = books.house_account(AccountKind::fee_income, currency),
        .amount = *amount,
        .fee_minor =
            body.manual_capture ? 0 : context.settings().tariff.fee_minor(payments::Operation::pay, std::nullopt, *amount),
        .order_already_paid = !body.order_ref.empty() && books.find_by_order(merchant, body.order_ref).has_value()};
    auto decided = within_limits(books, context, payments::decide_payment(request), payments::Operation::pay, customer,
                                 *wallet, *amount, payment.created);
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
    if (!from) return fail(refused(codes::not_found, "you have no wallet in this currency"));
    if (!to) {
        return fail(refused("payee_cannot_receive", "the payee has no wallet in this currency; ask which one to use"));
    }
    Payment payment = new_payment(books, PaymentKind::person_to_person, wish.key, wish.fingerprint, wish.amount, wish.at);
    payment.payer = *from;
    payment.payee = *to;
    payment.customer = wish.payer;
    payment.memo = wish.memo;
    payment.instrument = "wallet";
    if (wish.refused != PaymentRefusal::none) return settle(books, std::move(payment), fail(wish.refused));
    payment.captured_minor = wish.amount.minor();
    auto decided =
        payments::decide_transfer({.payer = wallet_view(books, wish.payer, *from),
                                   .payee = wallet_view(books, wish.payee, *to),
                                   .amount = wish.amount,
                                   .fee_minor = context.settings().tariff.fee_minor(payments::Operation::send,
                                                                                    books.level_of(wish.payer), wish.amount),
                                   .fee_income = books.house_account(AccountKind::fee_income, currency)});
    decided = within_limits(books, context, std::move(decided), payments::Operation::send, wish.payer, *from, wish.amount,
                            payment.created);
    decided = within_limits(books, context, std::move(decided), payments::Operation::receive, wish.payee, *to, wish.amount,
                            payment.created);
    return settle(books, std::move(payment), decided);
}

Answer handle(Books& books, const Context& context, const Command& command, const SendMoney& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print = fingerprint("send", {body.payer, body.payee, body.amount_minor}, {body.currency, body.memo});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto sent = transfer_between(books, context,
                                       {.key = key,
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
    if (original->kind != PaymentKind::merchant_payment || !original->payer || !original->payee || !original->customer) {
        return {PaymentRefusal::not_refundable, std::nullopt, false};
    }
    std::optional<Payment> twin;
    if (wish.duplicate_of != 0) {
        twin = books.find_payment(wish.duplicate_of);
        if (!twin) return {PaymentRefusal::payment_not_found, std::nullopt, false};
    }
    // A pair is refunded once, whatever the key: the refunds of a payment name it, and there are few of them.
    books.flush();
    const bool pair_before = twin && store::pair_was_refunded(books.connection(), original->seq, twin->seq);
    const auto decided =
        payments::decide_refund({.original = *original,
                                 .amount = wish.amount,
                                 .expected_refundable = wish.expected_refundable,
                                 .twin = twin ? &*twin : nullptr,
                                 .pair_refunded_before = pair_before,
                                 .receiver = wallet_view(books, *original->customer, *original->payer),
                                 .merchant_payable = *original->payee,
                                 .fee_income = books.house_account(AccountKind::fee_income, wish.amount.currency())});
    Payment refund = new_payment(books, PaymentKind::refund, wish.key, print, wish.amount, wish.at);
    refund.payer = original->payee;
    refund.payee = original->payer;
    refund.customer = original->customer;
    refund.merchant = original->merchant;
    refund.memo = original->memo;
    refund.instrument = original->instrument;
    refund.original = original->seq;
    refund.duplicate_of = wish.duplicate_of;
    refund.captured_minor = wish.amount.minor();
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
