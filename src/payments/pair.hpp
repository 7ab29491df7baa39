// SPDX-License-Identifier: Apache-2.0
// Inside payments: what two payments of one payer to one payee are to each other. Reads the ledger's facts alone; what
// the customer says plays no part here.
#pragma once

#include <string>
#include <vector>

#include "payments/duplicates.hpp"

namespace okpay::payments {

struct Pair {
    const Payment& first;   // not later than second
    const Payment& second;
    bool usual_rhythm = false;      // others like them stand as close together in this customer's history
    bool refunded_before_second = false;  // the first was given back whole before the second was made
    bool refund_of_first = false, refund_of_second = false;  // given back whole, or a refund of what is left is under way
    bool taken_back_by_bank = false;  // either, in part or whole, by that of the card it was paid with
    bool priced_goods = false;     // this amount was paid here on two other days: a price, not the sum of one basket
    bool in_a_series = false;      // a third of this amount stands as far before or behind, days apart: instalments
    bool parts_of_a_hold = false;  // a hold of the same order covers both
};

struct Judgement {
    PairClass pair_class;
    int base;  // 0-100 before the customer's words are weighed
    std::vector<Reason> reasons;
};
// Nothing where the two have nothing to do with each other.
std::optional<Judgement> judge(const Pair& pair);

enum class OrderRelation : std::uint8_t { unknown, same, retried, numbered, different };
// "A-1" and "A-1-retry" are retried; "A-1/1" and "A-1/2" numbered parts; none where one is empty.
OrderRelation relation_of(std::string_view first, std::string_view second);

struct Explanation {
    std::string en, zh;
};
Explanation explain(PairClass pair_class, const Pair& pair);
Explanation explain_not_ours();  // of no pair

}  // namespace okpay::payments
