// SPDX-License-Identifier: Apache-2.0
#include "service/money_parts.hpp"

#include "payments/names.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::service {

using payments::Payment;
using payments::PaymentRefusal;
using payments::PaymentState;

namespace {

// Beside what the customer asked for, the merchant's account may be debited a fee or be given one back: a frozen account is
// said to be the payer's only where it is.
PaymentRefusal frozen_side(Books& books, const Payment& payment, bool debit) {
    const money::Account* payer = payment.payer ? books.ledger().find(*payment.payer) : nullptr;
    const money::Account* payee = payment.payee ? books.ledger().find(*payment.payee) : nullptr;
    if (debit) return payer != nullptr && payer->debits_frozen ? PaymentRefusal::payer_frozen : PaymentRefusal::payee_frozen;
    return payee != nullptr && payee->credits_frozen ? PaymentRefusal::payee_frozen : PaymentRefusal::payer_frozen;
}

}  // namespace

PaymentRefusal refusal_of(Books& books, const Payment& payment, money::TransferRefusal refusal) {
    switch (refusal) {
    case money::TransferRefusal::not_positive: return PaymentRefusal::not_positive;
    case money::TransferRefusal::accounts_must_differ: return PaymentRefusal::same_account;
    case money::TransferRefusal::debit_account_not_found:
    case money::TransferRefusal::credit_account_not_found: return PaymentRefusal::account_not_found;
    case money::TransferRefusal::wrong_currency: return PaymentRefusal::wrong_currency;
    case money::TransferRefusal::debit_account_closed:
    case money::TransferRefusal::credit_account_closed: return PaymentRefusal::account_closed;
    case money::TransferRefusal::debit_account_frozen: return frozen_side(books, payment, true);
    case money::TransferRefusal::credit_account_frozen: return frozen_side(books, payment, false);
    case money::TransferRefusal::nothing_available: return PaymentRefusal::nothing_available;
    case money::TransferRefusal::hold_not_found:
    case money::TransferRefusal::hold_expired:
    case money::TransferRefusal::hold_not_expired:
    case money::TransferRefusal::exceeds_hold: return PaymentRefusal::not_refundable;
    case money::TransferRefusal::exceeds_balance: return PaymentRefusal::insufficient_funds;
    case money::TransferRefusal::out_of_range: return PaymentRefusal::amount_out_of_range;
    }
    std::abort();
}

Hash256 once_key(const Actor& actor, std::string_view key) {
    Bytes prefix = "once ";
    prefix += static_cast<char>(actor.kind);
    append_u64(prefix, static_cast<std::uint64_t>(actor.no));
    return sha256({prefix, key});
}

std::int64_t fingerprint(std::string_view kind, std::initializer_list<std::int64_t> numbers,
                         std::initializer_list<std::string_view> texts) {
    Bytes canonical{kind};
    for (const std::int64_t number : numbers) append_u64(canonical, static_cast<std::uint64_t>(number));
    for (const std::string_view text : texts) {
        append_u32(canonical, static_cast<std::uint32_t>(text.size()));
        canonical += text;
    }
    return static_cast<std::int64_t>(read_u64(view_of(sha256(canonical))));
}

Answer answer_of(const Payment& payment, bool replayed) {
    Answer answer{.number = payment.seq, .replayed = replayed, .accounts = {}, .numbers = {}};
    answer.payment = std::make_shared<const Payment>(payment.as_made());
    // As it was first answered: what a bank refused since was accepted then.
    if (answer.payment->state == PaymentState::failed) {
        answer.code = payments::code_of(payment.refusal);
        answer.detail = payments::sentence_en(payment.refusal);
    }
    return answer;
}

std::optional<Answer> known_answer(Books& books, const Hash256& key, std::int64_t body) {
    const auto known = books.find_by_key(key);
    if (!known) return std::nullopt;
    if (known->body_fingerprint != body) { return key_reused(); }
    return answer_of(*known, true);
}

Answer key_reused() {
    return refused(codes::key_reused, "this idempotency key was used for another request; make a new key for a new request");
}

Answer bad_amount() { return refused(codes::invalid, "amount: not an amount in a currency that we keep books in"); }

Payment new_payment(Books& books, payments::PaymentKind kind, const Hash256& key, std::int64_t body, money::Money amount,
                    Moment at) {
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

Answer keep_refused(Books& books, Payment payment, PaymentRefusal refusal) {
    payment.state = PaymentState::failed;
    payment.refusal = refusal;
    payment.captured_minor = 0;
    payment.fee_minor = 0;
    books.append(payment, {});
    return answer_of(payment, false);
}

std::optional<Answer> refused_without_wallet(Books& books, Payment payment, customers::CustomerNo customer) {
    // A customer whom nobody knows has no history in which it could stand.
    if (!store::find_customer(books.connection(), customer)) return std::nullopt;
    payment.customer = customer;
    return keep_refused(books, std::move(payment), PaymentRefusal::wrong_currency);
}

std::optional<Payment> payment_seen_by(Books& books, const Actor& actor, std::int64_t payment) {
    auto found = books.find_payment(payment);
    if (!found || !has_own_transfers(found->kind)) return std::nullopt;
    if (actor.kind == ActorKind::merchant && found->merchant != customers::MerchantNo{actor.no}) return std::nullopt;
    return found;
}

Answer no_such_payment() { return refused(codes::not_found, "there is no such payment"); }

Payment settle(Books& books, Payment payment, const payments::Decided& decided) {
    std::vector<money::Transfer> transfers;
    PaymentRefusal refusal = decided ? PaymentRefusal::none : decided.error();
    if (decided) {
        auto applied = books.ledger().apply(decided->postings, payment.seq, payment.created);
        if (applied) {
            transfers = std::move(*applied);
        } else {
            refusal = refusal_of(books, payment, applied.error());
        }
    }
    if (refusal != PaymentRefusal::none) {
        payment.state = PaymentState::failed;
        payment.refusal = refusal;
        payment.captured_minor = 0;
        payment.fee_minor = 0;
        payment.rail = payments::Rail::none;  // nobody was asked
    } else {
        payment.fee_minor = decided->fee_minor;
        if (payment.state == PaymentState::requires_capture) payment.hold = transfers.front().seq;
    }
    books.append(payment, std::move(transfers));
    return payment;
}

payments::Decided within_limits(Books& books, const Context& context, payments::Decided decided,
                                payments::Operation operation, customers::CustomerNo customer, money::AccountNo wallet,
                                money::Money amount, Moment at) {
    const payments::Tariff& tariff = context.settings().tariff;
    if (!decided || (tariff.limits.empty() && tariff.balances.empty())) return decided;
    const int level = books.level_of(customer);
    const bool receives = operation == payments::Operation::receive;
    if (receives || operation == payments::Operation::top_up) {
        const auto most = tariff.balance_limit(level, amount.currency());
        const money::Account* account = books.ledger().find(wallet);
        if (most && account->posted_minor() > *most - amount.minor()) {
            return fail(receives ? PaymentRefusal::payee_limit : PaymentRefusal::limit_balance);
        }
    }
    const std::int64_t days = tariff.days_looked_back(operation, level, amount.currency());
    const payments::Usage nothing;
    const payments::Usage& used = days > 0 ? books.usage_of(wallet, at, days) : nothing;
    const PaymentRefusal refusal = payments::limit_refusal(tariff, operation, level, amount, used, at);
    if (refusal == PaymentRefusal::none) return decided;
    return fail(receives ? PaymentRefusal::payee_limit : refusal);
}

payments::Wallet wallet_view(Books& books, customers::CustomerNo customer, money::AccountNo no) {
    const money::Account* account = books.ledger().find(no);
    const customers::LockEffect stopped = books.stopped(customer);
    return payments::Wallet{.account = no,
                            .available = *money::Money::of_minor(account->available_minor(), account->currency),
                            .standing = stopped.standing(),
                            .closed = account->closed,
                            .debits_frozen = account->debits_frozen,
                            .credits_frozen = account->credits_frozen || stopped.credits};
}

std::optional<money::Money> money_of(std::int64_t minor, std::string_view currency_code) {
    const auto currency = money::currency_of_code(currency_code);
    if (!currency) return std::nullopt;
    const auto amount = money::Money::of_minor(minor, *currency);
    return amount ? std::optional{*amount} : std::nullopt;
}

}  // namespace okpay::service
