// SPDX-License-Identifier: Apache-2.0
// The answers that close a request or move it on, in the words of the customer's language: short, concrete, what
// happened, where the money is, what happens next and when. Amounts come from bound figures alone.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/acknowledgement.hpp"
#include "desk/figures.hpp"

namespace okpay::desk {

struct Addressee {
    RequestNumber number;
    Language language;
    std::string_view name;  // may be empty
    std::string_view zone;
    customers::Assurance assurance;  // below A1 nothing of the account is told: these functions refuse
    std::string_view house = "OKPay";
};

enum class AnswerError : std::uint8_t { assurance_too_low, figure_not_bound };

struct PaymentFacts {
    BoundFigure amount;
    std::string_view merchant;   // "" for none
    Moment at;
    std::string_view reference;  // "pay_…"; its last characters are shown at A1
};

struct RefundDone {
    PaymentFacts returned;                  // the payment given back
    std::optional<PaymentFacts> kept;       // its twin that stays
    BoundFigure refund;                     // what was credited
    Moment refunded_at;
    std::string_view refund_reference;
    std::string_view instrument;            // "wallet", or a masked card
    std::optional<BoundFigure> balance;     // after the refund; told from A2 on only
};
[[nodiscard]] Result<MailText, AnswerError> answer_refund_done(const Addressee& to, const RefundDone& facts);

enum class NoRefundReason : std::uint8_t {
    hold_not_charge,        // the second line is a hold that is released by itself
    first_attempt_failed,
    already_refunded,
    two_orders,
    subscription,
    fee,
    nothing_found,          // no payment in this account matches
    other,                  // the agent's own words follow
};
struct NoRefund {
    NoRefundReason reason;
    std::optional<PaymentFacts> first, second;
    std::optional<PaymentFacts> refund;  // already_refunded: when it went back
    std::string_view agent_words;        // may be empty; checked for unbound amounts by the caller
};
[[nodiscard]] Result<MailText, AnswerError> answer_no_refund(const Addressee& to, const NoRefund& facts);

}  // namespace okpay::desk
