// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "payments/decide.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"
#include "service/handlers.hpp"
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

// Keys are scoped to the principal: two merchants may use the same one.
Hash256 once_key(const Actor& actor, std::string_view key) {
    Bytes prefix = "once ";
    prefix += static_cast<char>(actor.kind);
    append_u64(prefix, static_cast<std::uint64_t>(actor.no));
    return sha256({prefix, key});
}

// Of a request's kind and members, each behind its length, so that no two requests look alike.
std::int64_t fingerprint(std::string_view kind, std::initializer_list<std::int64_t> numbers,
                         std::initializer_list<std::string_view> texts = {}) {
    Bytes canonical{kind};
    for (const std::int64_t number : numbers) append_u64(canonical, static_cast<std::uint64_t>(number));
    for (const std::string_view text : texts) {
        append_u32(canonical, static_cast<std::uint32_t>(text.size()));
        canonical += text;
    }
    return static_cast<std::int64_t>(read_u64(view_of(sha256(canonical))));
}

PaymentRefusal refusal_of(money::TransferRefusal refusal) {
    switch (refusal) {
    case money::TransferRefusal::not_positive: return PaymentRefusal::not_positive;
    case money::TransferRefusal::accounts_must_differ: return PaymentRefusal::same_account;
    case money::TransferRefusal::debit_account_not_found:
    case money::TransferRefusal::credit_account_not_found: return PaymentRefusal::account_not_found;
    case money::TransferRefusal::wrong_currency: return PaymentRefusal::wrong_currency;
    case money::TransferRefusal::debit_account_closed:
    case money::TransferRefusal::credit_account_closed: return PaymentRefusal::account_closed;
    case money::TransferRefusal::hold_not_found:
    case money::TransferRefusal::hold_expired:
    case money::TransferRefusal::hold_not_expired:
    case money::TransferRefusal::exceeds_hold: return PaymentRefusal::not_refundable;
    case money::TransferRefusal::exceeds_balance: return PaymentRefusal::insufficient_funds;
    case money::TransferRefusal::out_of_range: return PaymentRefusal::amount_out_of_range;
    }
    std::abort();
}

Answer answer_of(const Payment& payment, bool replayed) {
    Answer answer{.number = payment.seq, .replayed = replayed};
    if (payment.state == PaymentState::failed) {
        answer.code = payments::code_of(payment.refusal);
        answer.detail = payments::sentence_en(payment.refusal);
    }
    return answer;
}

// The first answer to a key, or a refusal where the key was used for something else.
std::optional<Answer> known_answer(Books& books, const Hash256& key, std::int64_t body) {
    const auto known = books.find_by_key(key);
    if (!known) return std::nullopt;
    if (known->body_fingerprint != body) {
        return refused(codes::key_reused,
                       "this idempotency key was used for another request; make a new key for a new request");
    }
    return answer_of(*known, true);
}

// Applies what was decided, keeps the payment whatever came of it, and answers.
Payment settle(Books& books, Payment payment, const payments::Decided& decided) {
    std::vector<money::Transfer> transfers;
    PaymentRefusal refusal = decided ? PaymentRefusal::none : decided.error();
    if (decided) {
        auto applied = books.ledger().apply(decided->postings, payment.seq, payment.created);
        if (applied) {
            transfers = std::move(*applied);
        } else {
            refusal = refusal_of(applied.error());
        }
    }
    if (refusal != PaymentRefusal::none) {
        payment.state = PaymentState::failed;
        payment.refusal = refusal;
        payment.captured_minor = 0;
        payment.fee_minor = 0;
    } else {
        payment.fee_minor = decided->fee_minor;
        if (payment.state == PaymentState::requires_capture) payment.hold = transfers.front().seq;
    }
    books.append(payment, std::move(transfers));
    return payment;
}

payments::Wallet wallet_view(Books& books, CustomerNo customer, money::AccountNo no) {
    const money::Account* account = books.ledger().find(no);
    return payments::Wallet{.account = no,
                            .available = *Money::of_minor(account->available_minor(), account->currency),
                            .standing = books.standing_of(customer),
                            .closed = account->closed};
}

Payment new_payment(Books& books, PaymentKind kind, const Hash256& key, std::int64_t body, Money amount, Moment at) {
    const std::int64_t seq = books.next_payment_seq();
    const Moment created = std::max(at, books.ledger().head().at);
    return Payment{.seq = seq,
                   .id = payments::id_of(seq, created, key),
                   .kind = kind,
                   .state = PaymentState::succeeded,
                   .key = key,
                   .body_fingerprint = body,
                   .amount = amount,
                   .created = created};
}

std::optional<Money> money_of(std::int64_t minor, std::string_view currency_code) {
    const auto currency = money::currency_of_code(currency_code);
    if (!currency) return std::nullopt;
    const auto amount = Money::of_minor(minor, *currency);
    return amount ? std::optional{*amount} : std::nullopt;
}

const Answer bad_amount = refused(codes::invalid, "amount: not an amount in a currency that we keep books in");

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const TopUp& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount;
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
    if (!amount) return bad_amount;
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
        .fee_minor = body.manual_capture ? 0 : payments::fee_minor_of(*amount, context.settings().fee_basis_points),
        .order_already_paid = !body.order_ref.empty() && books.find_by_order(merchant, body.order_ref).has_value()};
    auto decided = payments::decide_payment(request);
    if (decided && body.manual_capture) {
        decided->postings.front().kind = money::TransferKind::pending;
        decided->postings.front().expires_at = payment.created + Millis{body.hold_ms};
        payment.state = PaymentState::requires_capture;
    } else {
        payment.captured_minor = amount->minor();
    }
    return answer_of(settle(books, std::move(payment), decided), false);
}

Answer handle(Books& books, const Context& context, const Command& command, const CapturePayment& body) {
    auto payment = books.find_payment(body.payment);
    if (!payment) return refused(codes::not_found, "there is no such payment");
    if (command.actor.kind == ActorKind::merchant && payment->merchant != MerchantNo{command.actor.no}) {
        return refused(codes::not_found, "there is no such payment");
    }
    // A capture is made once by the payment's own state: the same again gets the same answer.
    if (payment->state == PaymentState::succeeded && payment->hold != 0 && payment->captured_minor == body.amount_minor) {
        return answer_of(*payment, true);
    }
    if (payment->state != PaymentState::requires_capture) {
        return refused("not_capturable", "only a payment that holds money can be captured, and once");
    }
    const money::Currency currency = payment->amount.currency();
    const auto amount = Money::of_minor(body.amount_minor, currency);
    if (!amount) return bad_amount;
    const std::int64_t fee = payments::fee_minor_of(*amount, context.settings().fee_basis_points);
    std::vector<money::Posting> postings{{.kind = money::TransferKind::post_pending,
                                          .code = money::TransferCode::payment,
                                          .debit = *payment->payer,
                                          .credit = *payment->payee,
                                          .amount = *amount,
                                          .pending_seq = payment->hold,
                                          .expires_at = std::nullopt}};
    if (fee > 0) {
        postings.push_back({.code = money::TransferCode::fee,
                            .debit = *payment->payee,
                            .credit = books.house_account(AccountKind::fee_income, currency),
                            .amount = *Money::of_minor(fee, currency),
                            .expires_at = std::nullopt});
    }
    auto applied = books.ledger().apply(postings, payment->seq, command.at);
    if (!applied) {
        return applied.error() == money::TransferRefusal::exceeds_hold
                   ? refused("exceeds_hold", "the amount is more than what is held")
                   : refused("not_capturable", "the hold has ended; ask for a new payment");
    }
    payment->state = PaymentState::succeeded;
    payment->captured_minor = amount->minor();
    payment->fee_minor = fee;
    books.append_to(*payment, std::move(*applied));
    return answer_of(*payment, false);
}

Answer handle(Books& books, const Context&, const Command& command, const CancelPayment& body) {
    auto payment = books.find_payment(body.payment);
    if (!payment) return refused(codes::not_found, "there is no such payment");
    if (command.actor.kind == ActorKind::merchant && payment->merchant != MerchantNo{command.actor.no}) {
        return refused(codes::not_found, "there is no such payment");
    }
    if (payment->state == PaymentState::canceled) return answer_of(*payment, true);
    if (payment->state != PaymentState::requires_capture) {
        return refused("not_cancelable", "only a payment that holds money can be canceled; refund it instead");
    }
    const std::array postings{money::Posting{.kind = money::TransferKind::void_pending,
                                             .code = money::TransferCode::payment,
                                             .debit = *payment->payer,
                                             .credit = *payment->payee,
                                             .amount = payment->amount,
                                             .pending_seq = payment->hold,
                                             .expires_at = std::nullopt}};
    auto applied = books.ledger().apply(postings, payment->seq, command.at);
    if (!applied) return refused("not_cancelable", "the hold has ended already");
    payment->state = PaymentState::canceled;
    books.append_to(*payment, std::move(*applied));
    return answer_of(*payment, false);
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
    const auto original = books.find_payment(body.payment);
    if (!original || (command.actor.kind == ActorKind::merchant && original->merchant != MerchantNo{command.actor.no})) {
        return refused(codes::not_found, "there is no such payment");
    }
    const auto amount = Money::of_minor(body.amount_minor, original->amount.currency());
    if (!amount) return bad_amount;
    if (!payments::refund_reason_of_name(body.reason)) return refused(codes::invalid, "reason: not one that we know");
    const Hash256 key = once_key(command.actor, "refund " + body.key);
    if (const auto known = books.find_by_key(key);
        known && (known->original != body.payment || known->amount != *amount || known->duplicate_of != body.duplicate_of)) {
        return refused(codes::key_reused,
                       "this idempotency key was used for another request; make a new key for a new request");
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
