// SPDX-License-Identifier: Apache-2.0
// Payments to merchants that an acquirer collects from a card, and refunds that go back to one: begun here, carried and
// ended by rail_handlers.cpp.
//
//   Collected  acquirer receivable -> merchant payable, and the fee, when the rail has said so and not before.
//   Refunded   merchant payable -> payouts in transit at once, so that it cannot be given back twice; from there to the
//              acquirer when it is done, back to the merchant when it is not. The share of the fee follows when it is done.
//   Once       no second attempt for the same order, nor for the same customer, card, merchant and amount, while one is
//   open. Limits     of the tariff are those of wallets; of a card its issuer keeps its own.
#pragma once

#include "payments/decide.hpp"
#include "payments/rail_call.hpp"
#include "service/handlers.hpp"

namespace okpay::service {

struct CardAttempt {
    Hash256 key;
    std::int64_t print;
    money::Money amount;
};
Answer pay_by_card(Books& books, const Context& context, const Command& command, const Pay& body,
                   const CardAttempt& attempt);

// An attempt whose outcome the rail has not told.
bool is_open_attempt(const payments::Payment& payment);

// Refunds of a payment by card that the rail has not answered, minor units.
std::int64_t refunds_in_flight(Books& books, const payments::Payment& original);

// Of what was captured, less what went back, what is on its way back and what a bank took back.
std::int64_t refundable_now(Books& books, const payments::Payment& original);

// Keeps the refund, whatever was decided, and has the rail asked where it may go. `ticket`: the request that it answers.
payments::Payment refund_to_card(Books& books, payments::Payment refund, const payments::Payment& original,
                                 const payments::Decided& decided, std::int64_t ticket);

// The share of the original's fee that goes back with a refund which is done now.
std::int64_t refunded_fee(Books& books, const payments::Payment& refund);
// What the rail's word on a refund leaves of the original as refundable.
void note_refund(Books& books, const payments::Payment& refund, payments::RailEffect effect);

}  // namespace okpay::service
