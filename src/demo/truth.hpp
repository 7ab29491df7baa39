// SPDX-License-Identifier: Apache-2.0
// What really happened in the demonstration world, told by whoever made it happen: the measure for whatever finds double
// charges. Pairs that are not listed are not doubled; they are ordinary repeated purchases.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/moment.hpp"
#include "money/money.hpp"

namespace okpay::demo {

enum class Happening : std::uint8_t {
    // The customer paid once and was charged twice.
    merchant_retry,        // the merchant's server sends it again within seconds, its order reference derived: A-1001-2
    pos_double_tap,        // the same till and device, seconds apart, no order reference
    retry_new_order,       // a minute or two later under a new order reference
    late_resubmission,     // hours later from the merchant's server: no device, a derived order reference
    // It only looks like that.
    two_coffees,           // one in the morning, one in the afternoon
    two_metro_rides,       // there and back
    two_vending,           // one for a friend
    two_cinema_tickets,    // two people at the gate
    two_donations,         // meant so
    hold_and_capture,      // one payment, seen first as a hold
    hold_and_cancel,       // a hold that was released
    failed_then_succeeded, // no funds, top-up, once more
    tip_added_later,
    split_bill,            // two parts of one bill
    monthly_fee,           // charged on the 1st and on the 31st: every thirty days
    reorder_after_cancel,  // hold, released, bought anew
    reorder_after_refund,
    top_up_of_equal_amount,
    family_two_devices,    // two people on one account
};
inline constexpr std::size_t happening_count = 19;
std::string_view name_of(Happening happening);
bool is_doubled(Happening happening);
inline constexpr std::array all_happenings{
    Happening::merchant_retry,       Happening::pos_double_tap,       Happening::retry_new_order,
    Happening::late_resubmission,    Happening::two_coffees,          Happening::two_metro_rides,
    Happening::two_vending,          Happening::two_cinema_tickets,   Happening::two_donations,
    Happening::hold_and_capture,     Happening::hold_and_cancel,      Happening::failed_then_succeeded,
    Happening::tip_added_later,      Happening::split_bill,           Happening::monthly_fee,
    Happening::reorder_after_cancel, Happening::reorder_after_refund, Happening::top_up_of_equal_amount,
    Happening::family_two_devices,
};

struct Truth {
    Happening kind;
    std::int64_t first_payment;   // sequences; of top_up_of_equal_amount the first is the top-up
    std::int64_t second_payment;  // 0 where the one payment is all there is: hold_and_capture, hold_and_cancel
    std::int64_t customer, merchant;
    std::string customer_email, merchant_name;
    money::Money amount;  // of the first; the second asks the same except for tip_added_later
    bool refunded;        // the second went back as a double of the first; of reorder_after_refund the first went back
    Moment first_at, second_at;
};

// One line without its line feed:
// {"type":"duplicate","class":"merchant_retry","doubled":true,"first":"pay_…","second":"pay_…","customer":"…",
//  "merchant":"…","amount":{"amount":"128.00","currency":"CNY"},"refunded":false}
// `second` is null where there is none. `public_id` turns a sequence into the text that leaves the house.
std::string json_line(const Truth& truth, const std::function<std::string(std::int64_t)>& public_id);

}  // namespace okpay::demo
