// SPDX-License-Identifier: Apache-2.0
#include "service/card_payments.hpp"
#include "service/money_parts.hpp"
#include "service/monitor.hpp"
#include "store/dispute_store.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::MerchantNo;
using money::AccountKind;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;
using payments::RailCall;
using payments::RailDirection;

void call_rail(Books& books, const Payment& payment, RailDirection direction, Bytes sealed, std::int64_t ticket) {
    store::insert_rail_call(books.connection(), {.payment = payment.seq,
                                                 .customer = *payment.customer,
                                                 .direction = direction,
                                                 .amount = payment.amount,
                                                 .instrument = payment.instrument,
                                                 .sealed_instrument = std::move(sealed),
                                                 .next_at = payment.created,
                                                 .sent_at = std::nullopt,
                                                 .ticket = ticket,
                                                 .created = payment.created,
                                                 .updated = payment.created});
    books.news().rail_called = true;
}

struct Alike {
    std::int64_t first;
    PaymentRefusal refusal;
};

// What of this customer's payments by card stands in the way: one that is open, or one a moment ago.
std::optional<Alike> alike(Books& books, const Context& context, const Pay& body, const Payment& wanted) {
    constexpr std::int64_t looked_at_max = 64;
    books.flush();
    const auto same = [&wanted](const Payment& other) {
        return other.kind == PaymentKind::merchant_payment && other.rail == payments::Rail::outside &&
               other.merchant == wanted.merchant && other.amount == wanted.amount && other.instrument == wanted.instrument;
    };
    // Of any age: inquiries go on for days.
    for (const RailCall& call : store::live_rail_calls_of(books.connection(), *wanted.customer)) {
        const auto other = books.find_payment(call.payment);
        if (other && same(*other)) return Alike{other->seq, PaymentRefusal::attempt_unresolved};
    }
    const Millis window = context.settings().possible_duplicate_window;
    if (body.not_a_duplicate || !body.order_ref.empty() || window <= Millis{0}) return std::nullopt;
    for (const Payment& other :
         store::unmoved_payments_of(books.connection(), *wanted.customer, wanted.seq, looked_at_max)) {
        if (other.created < wanted.created - window) break;
        const bool stands = other.state == PaymentState::succeeded && other.refundable_minor() > 0;
        if (stands && same(other) && other.order_ref.empty()) return Alike{other.seq, PaymentRefusal::possible_duplicate};
    }
    return std::nullopt;
}

}  // namespace

bool is_open_attempt(const Payment& payment) {
    return payment.state == PaymentState::processing || payment.state == PaymentState::unknown;
}

Answer pay_by_card(Books& books, const Context& context, const Command& command, const Pay& body,
                   const CardAttempt& attempt) {
    // A hold at an acquirer is a second kind of call with an end of its own; until a rail has it, it is not promised.
    if (body.manual_capture) {
        return refused(codes::invalid, "capture_method: cards are charged at once here; manual is for wallets");
    }
    const auto sealed = bytes_of_base64(body.sealed_instrument);
    if (!sealed || sealed->empty()) return refused(codes::invalid, "instrument: malformed");
    const auto customer = CustomerNo{body.customer};
    const auto merchant = MerchantNo{body.merchant};
    const money::Currency currency = attempt.amount.currency();
    const auto payable = books.payable_of(merchant, currency);
    if (!payable) return refused(codes::not_found, "the merchant takes no payments in this currency");
    const money::AccountNo acquirer = books.house_account(AccountKind::acquirer_receivable, currency);
    Payment payment =
        new_payment(books, PaymentKind::merchant_payment, attempt.key, attempt.print, attempt.amount, command.at);
    payment.payer = acquirer;
    payment.payee = *payable;
    payment.customer = customer;
    payment.merchant = merchant;
    payment.order_ref = body.order_ref;
    payment.memo = body.memo;
    payment.instrument = body.instrument;
    payment.device = body.device;
    const auto first = body.order_ref.empty() ? std::nullopt : books.find_by_order(merchant, body.order_ref);
    if (first && is_open_attempt(*first)) {
        payment.duplicate_of = first->seq;
        return keep_refused(books, std::move(payment), PaymentRefusal::attempt_unresolved);
    }
    // Judged now, moved when the money is there. What the acquirer owes us has no limit: it collects.
    auto decided = payments::decide_payment({.payer = {.account = acquirer,
                                                       .available = attempt.amount,
                                                       .standing = books.standing_of(customer),
                                                       .closed = false},
                                             .merchant_payable = *payable,
                                             .merchant_closed = books.ledger().find(*payable)->closed,
                                             .fee_income = books.house_account(AccountKind::fee_income, currency),
                                             .amount = attempt.amount,
                                             .fee_minor = 0,
                                             .order_already_paid = first.has_value()});
    if (decided) {
        // Its facts are those of the customer's wallet in the currency, where there is one.
        if (const auto wallet = books.wallet_of(customer, currency)) {
            decided = judged(
                books, context, command, std::move(decided),
                {.operation = risk::Operation::pay, .customer = customer, .wallet = *wallet, .amount = attempt.amount});
        }
    }
    if (decided) {
        if (const auto other = alike(books, context, body, payment)) {
            payment.duplicate_of = other->first;
            return keep_refused(books, std::move(payment), other->refusal);
        }
        decided->postings.clear();
        payment.state = PaymentState::processing;
        payment.rail = payments::Rail::outside;
    }
    payment = settle(books, std::move(payment), decided);
    if (payment.state == PaymentState::processing) call_rail(books, payment, RailDirection::collect, *sealed, 0);
    return answer_of(payment, false);
}

std::int64_t refunds_in_flight(Books& books, const Payment& original) {
    std::int64_t minor = 0;
    for (const RailCall& call : store::live_rail_calls_of(books.connection(), *original.customer)) {
        const auto refund = books.find_payment(call.payment);
        if (refund && refund->kind == PaymentKind::refund && refund->original == original.seq) minor += call.amount.minor();
    }
    return minor;
}

std::int64_t refundable_now(Books& books, const Payment& original) {
    const bool by_card = original.rail == payments::Rail::outside && original.customer;
    if (!by_card) return payments::refundable_minor(original, 0, {});
    return payments::refundable_minor(original, refunds_in_flight(books, original),
                                      store::disputes_standing(books.connection(), original));
}

Payment refund_to_card(Books& books, Payment refund, const Payment& original, const payments::Decided& decided,
                       std::int64_t ticket) {
    auto begun = decided;
    if (begun) {
        refund.state = PaymentState::processing;
        refund.rail = payments::Rail::outside;
        begun->postings.erase(begun->postings.begin() + 1, begun->postings.end());  // the fee follows when it is done
        begun->fee_minor = 0;
    }
    refund = settle(books, std::move(refund), begun);
    if (refund.state != PaymentState::processing) return refund;
    auto collected = store::find_rail_call(books.connection(), original.seq);
    if (!collected) throw store::StorageFailure{store::StorageFault::corrupt, "a payment by card has no rail call"};
    call_rail(books, refund, RailDirection::pay_out, std::move(collected->sealed_instrument), ticket);
    return refund;
}

std::int64_t refunded_fee(Books& books, const Payment& refund) {
    const Payment original = books.find_payment(refund.original).value();
    const auto share = [&original](std::int64_t refunded) {
        return payments::share_half_even(original.fee_minor, refunded, original.captured_minor);
    };
    return share(original.refunded_minor + refund.amount.minor()) - share(original.refunded_minor);
}

void note_refund(Books& books, const Payment& refund, payments::RailEffect effect) {
    const bool done = effect == payments::RailEffect::completed;
    if (!done && effect != payments::RailEffect::came_back) return;  // what was in flight counted as such
    Payment original = books.find_payment(refund.original).value();
    original.refunded_minor += done ? refund.amount.minor() : -refund.amount.minor();
    books.update_progress(original);
}

}  // namespace okpay::service
