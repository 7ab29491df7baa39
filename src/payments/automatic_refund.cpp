// SPDX-License-Identifier: Apache-2.0
#include "payments/automatic_refund.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace okpay::payments {
namespace {

// What of two equal charges of one order leaves room for a second reading.
constexpr std::array doubts{
    Reason::retried_order_reference,
    Reason::different_order_reference,
    Reason::different_amount,
    Reason::different_device,
    Reason::different_instrument,
    Reason::usual_rhythm,
    Reason::repeatable_goods,
    Reason::instalment,
    Reason::monthly_period,
    Reason::one_failed,
    Reason::one_is_a_hold,
    Reason::one_released,
    Reason::one_refunded,
    Reason::refunded_before_second,
    Reason::fee_words,
    Reason::subscription_words,
    Reason::nothing_matches,
    Reason::one_taken_back,
    Reason::more_than_a_day,
};

// Neither term nor cap may be negative: a caller's slip must not open the cap, nor may a sum overflow.
bool fits(std::int64_t spent, std::int64_t more, std::int64_t cap) {
    return spent >= 0 && cap >= 0 && more <= cap && spent <= cap - more;
}

}  // namespace

bool certain(const Finding& finding) {
    if (finding.pair_class != PairClass::true_duplicate_same_order) return false;
    if (finding.give_back == 0 || finding.duplicate_of == 0 || finding.give_back == finding.duplicate_of) return false;
    if (!finding.refundable || finding.refundable->minor() <= 0) return false;
    const auto says = [&finding](Reason reason) {
        return std::ranges::find(finding.reasons, reason) != finding.reasons.end();
    };
    return says(Reason::same_order_reference) && says(Reason::same_amount) && std::ranges::none_of(doubts, says);
}

AutomaticRefund judge_automatic_refund(const Finding& finding, const AutomaticRefundCaps& caps,
                                       const AutomaticallyRefunded& spent) {
    if (!certain(finding)) return AutomaticRefund::not_certain;
    if (finding.refundable->currency() != caps.currency) return AutomaticRefund::other_currency;
    const std::int64_t minor = finding.refundable->minor();
    if (!fits(0, minor, caps.per_item_minor)) return AutomaticRefund::above_item_cap;
    if (!fits(spent.customer_30_days_minor, minor, caps.per_customer_30_days_minor)) {
        return AutomaticRefund::above_customer_cap;
    }
    if (!fits(spent.day_minor, minor, caps.per_day_minor)) return AutomaticRefund::above_day_cap;
    return AutomaticRefund::allowed;
}

std::string_view name_of(AutomaticRefund verdict) {
    switch (verdict) {
    case AutomaticRefund::allowed: return "allowed";
    case AutomaticRefund::not_certain: return "not_certain";
    case AutomaticRefund::other_currency: return "other_currency";
    case AutomaticRefund::above_item_cap: return "above_item_cap";
    case AutomaticRefund::above_customer_cap: return "above_customer_cap";
    case AutomaticRefund::above_day_cap: return "above_day_cap";
    }
    std::abort();
}

}  // namespace okpay::payments
