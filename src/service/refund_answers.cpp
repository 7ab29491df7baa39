// SPDX-License-Identifier: Apache-2.0
#include "service/refund_answers.hpp"

#include "base/ensure.hpp"
#include "desk/answers.hpp"
#include "desk/rail_letters.hpp"
#include "payments/payment_ref.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using payments::Payment;
using payments::PaymentState;

desk::PaymentFacts facts_of(const Payment& payment, const std::string& reference, const std::string& merchant) {
    return {.amount = {.amount = payment.amount, .payment_seq = payment.seq, .transfer_seq = 0},
            .merchant = merchant,
            .at = payment.created,
            .reference = reference};
}

}  // namespace

desk::MailText refund_letter(Books& books, const Context& context, const desk::Ticket& ticket,
                             const customers::Customer& customer, const Payment& original, const Payment& refund) {
    const auto number = desk::RequestNumber::of(ticket.no, context.request_number_key());
    const desk::Language language = desk::language_of(ticket.language);
    const desk::BoundFigure figure{.amount = refund.amount, .payment_seq = refund.seq, .transfer_seq = 0};
    if (refund.state != PaymentState::succeeded) {
        return desk::letter_refund_on_its_way({.number = number,
                                               .language = language,
                                               .name = customer.name,
                                               .zone = customer.zone,
                                               .house = context.settings().house},
                                              {.thing = desk::RailThing::card_refund,
                                               .amount = figure,
                                               .instrument = refund.instrument,
                                               .asked_for = refund.created});
    }
    const auto merchant = original.merchant ? store::find_merchant(books.connection(), *original.merchant) : std::nullopt;
    const std::string merchant_name = merchant ? merchant->name : "";
    const auto twin = refund.duplicate_of != 0 ? books.find_payment(refund.duplicate_of) : std::nullopt;
    const std::string reference = payments::text_of(original.id);
    const std::string twin_reference = twin ? payments::text_of(twin->id) : "";
    const std::string refund_reference = payments::text_of(refund.id);
    auto text = desk::answer_refund_done({.number = number,
                                          .language = language,
                                          .name = customer.name,
                                          .zone = customer.zone,
                                          .assurance = std::max(ticket.assurance, customers::Assurance::a1_aligned_mail),
                                          .house = context.settings().house},
                                         {.returned = facts_of(original, reference, merchant_name),
                                          .kept = twin ? std::optional{facts_of(*twin, twin_reference, merchant_name)}
                                                       : std::nullopt,
                                          .refund = figure,
                                          .refunded_at = refund.created,
                                          .refund_reference = refund_reference,
                                          .instrument = original.instrument,
                                          .balance = std::nullopt});
    ensure(text.has_value());  // the figures are rows of this very commit
    return *std::move(text);
}

Hash256 refund_key_after_failures(Books& books, Hash256 key) {
    while (const auto known = books.find_by_key(key)) {
        const bool was_carried = known->rail == payments::Rail::outside;
        if (!was_carried || (known->state != PaymentState::failed && known->state != PaymentState::returned)) break;
        key = sha256({"okpay refund again 1", view_of(key)});
    }
    return key;
}

}  // namespace okpay::service
