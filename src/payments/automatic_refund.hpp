// SPDX-License-Identifier: Apache-2.0
// Which double charge may be given back without a person: the ledger itself proves it, and it is within what the house
// allows itself. Everything else is proposed to two persons. A pure rule; whoever calls it counts what was spent.
//
//   Proof  Two charges of equal amount under one equal order reference, nothing against it. A retried reference, seconds
//          on a clock or the customer's word are no proof; nor is over-collection while no order's total is on record.
//   Caps   In minor units of the refund's currency, each inclusive. Zero allows nothing, so that it is off by default.
#pragma once

#include "payments/duplicates.hpp"

namespace okpay::payments {

bool certain(const Finding& finding);

struct AutomaticRefundCaps {
    money::Currency currency;  // a refund in another currency is never automatic
    std::int64_t per_item_minor = 0;
    std::int64_t per_customer_30_days_minor = 0;
    std::int64_t per_day_minor = 0;  // over all customers
};

// Automatic refunds made so far in the currency of the caps, those under way included.
struct AutomaticallyRefunded {
    std::int64_t customer_30_days_minor = 0;
    std::int64_t day_minor = 0;
};

enum class AutomaticRefund : std::uint8_t {
    allowed = 1,
    not_certain,
    other_currency,
    above_item_cap,
    above_customer_cap,
    above_day_cap,
};
std::string_view name_of(AutomaticRefund verdict);  // "above_day_cap": the reason to record beside a proposal

// The first ground that forbids it, in the order above.
AutomaticRefund judge_automatic_refund(const Finding& finding, const AutomaticRefundCaps& caps,
                                       const AutomaticallyRefunded& spent);
inline bool may_refund_automatically(const Finding& finding, const AutomaticRefundCaps& caps,
                                     const AutomaticallyRefunded& spent) {
    return judge_automatic_refund(finding, caps, spent) == AutomaticRefund::allowed;
}

}  // namespace okpay::payments
