// SPDX-License-Identifier: Apache-2.0
// What really happened in the demonstration world, told by whoever made it happen: the measure for whatever finds double
// charges. Pairs that are not listed are not doubled; they are ordinary repeated purchases.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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
    // Once more of the first kind: the hold was taken whole, and then more was charged for the same order.
    over_collected,
    // And of the second.
    fee_beside,                 // a fee line a moment after what it is for
    currency_charge,            // the same for changing money
    instalments,                // three equal parts, two weeks apart
    incremental_authorisation,  // the hold was raised by a second one; both were taken
    authorised_then_charged,    // the hold was released and less was charged under its reference
    split_tender,               // one bill, a part from the wallet and a part from a card
    family_two_cards,           // two people on one account, each with a phone and a card
    sent_back_and_forth,        // lent and given back
    sent_twice,                 // to a friend, the same sum, meant so
    shown_twice,                // one payment, which the customer saw twice
    not_ours,                   // somebody else paid: this account knows nothing of it
};
inline constexpr std::size_t happening_count = 31;
std::string_view name_of(Happening happening);
bool is_doubled(Happening happening);  // something of the second has to go back
inline constexpr std::array all_happenings{
    Happening::merchant_retry,
    Happening::pos_double_tap,
    Happening::retry_new_order,
    Happening::late_resubmission,
    Happening::two_coffees,
    Happening::two_metro_rides,
    Happening::two_vending,
    Happening::two_cinema_tickets,
    Happening::two_donations,
    Happening::hold_and_capture,
    Happening::hold_and_cancel,
    Happening::failed_then_succeeded,
    Happening::tip_added_later,
    Happening::split_bill,
    Happening::monthly_fee,
    Happening::reorder_after_cancel,
    Happening::reorder_after_refund,
    Happening::top_up_of_equal_amount,
    Happening::family_two_devices,
    Happening::over_collected,
    Happening::fee_beside,
    Happening::currency_charge,
    Happening::instalments,
    Happening::incremental_authorisation,
    Happening::authorised_then_charged,
    Happening::split_tender,
    Happening::family_two_cards,
    Happening::sent_back_and_forth,
    Happening::sent_twice,
    Happening::shown_twice,
    Happening::not_ours,
};

// What the desk may find about two payments, in the words of the field; `nothing`: they have nothing to do with each other.
enum class Outcome : std::uint8_t {
    nothing,
    same_attempt_shown_twice,
    hold_and_capture,
    failed_then_succeeded,
    true_duplicate_same_order,
    over_collection,
    already_refunded,
    separate_purchases,
    subscription_cycle,
    fee_line,
    other_person,
    not_ours,
    unclear,
};
std::string_view name_of(Outcome outcome);

struct Truth {
    Happening kind;
    std::int64_t first_payment;   // sequences; of top_up_of_equal_amount the first is the top-up
    std::int64_t second_payment;  // 0 where the one payment is all there is: hold_and_capture, hold_and_cancel, shown_twice
    std::vector<std::int64_t> payments;  // all of it in order of time: those two and what follows; none of not_ours
    std::int64_t elsewhere;  // of not_ours: what the other person paid; else 0
    std::int64_t customer, merchant;  // no merchant (0) between people
    std::string customer_email, merchant_name;
    std::string other_email;  // the friend, or who really paid; empty: nobody else
    money::Money amount;  // of the first; the second asks the same except where its kind says otherwise
    bool refunded;  // the second went back as a double of the first; of reorder_after_refund the first went back
    Moment first_at, second_at;
};

// What the desk ought to find; the first is best, the others are no mistake. Never empty.
std::vector<Outcome> outcomes_of(const Truth& truth);
// What the customer ought to be answered: refund, refund_difference, show_refund, explain, show_both, not_in_this_account,
// agent (the ledger alone cannot know), nothing.
std::string_view answer_of(const Truth& truth);

// One line without its line feed:
// {"type":"duplicate","class":"merchant_retry","doubled":true,"first":"pay_…","second":"pay_…","payments":["pay_…","pay_…"],
//  "elsewhere":null,"outcome":"true_duplicate_same_order","also":[],"answer":"refund","give_back":"pay_…",
//  "customer":"…","other":null,"merchant":"…","amount":{"amount":"128.00","currency":"CNY"},"refunded":false,
//  "first_at":"2026-11-04T11:42:17.402Z","second_at":"2026-11-04T11:42:26.120Z"}
// What there is not is null. `public_id` turns a sequence into the text that leaves the house.
std::string json_line(const Truth& truth, const std::function<std::string(std::int64_t)>& public_id);

// Movements of one scenario, over several payments: fraud, or what looks like it.
enum class Scenario : std::uint8_t {
    account_takeover,  // a strange device, a new password, a top-up from the stored source, and all of it out to mules
    card_testing,  // tiny top-ups from many cards within minutes
    mule_chain,  // in, and within minutes on to the next, almost whole
    refund_abuse,  // every parcel "did not arrive"
    // Innocent.
    holiday_spending,  // more in two days than in the month before
    salary_day,  // much comes in and most goes out
    moving_house,  // a new phone, a new password, much bought
    shared_dinner,  // friends send their parts, and one pays
    trying_on,  // three sizes bought, two sent back
};
inline constexpr std::array all_scenarios{
    Scenario::account_takeover, Scenario::card_testing,     Scenario::mule_chain,
    Scenario::refund_abuse,     Scenario::holiday_spending, Scenario::salary_day,
    Scenario::moving_house,     Scenario::shared_dinner,    Scenario::trying_on,
};
std::string_view name_of(Scenario scenario);
bool is_fraud(Scenario scenario);

struct Movements {
    Scenario scenario;
    std::int64_t number;  // of the scenes of a world, from 1
    std::vector<std::int64_t> payments;  // in order of time; at least one
    std::vector<std::string> customers;  // the first is whose account it is about
    Moment from, until;
};
// {"type":"fraud","scenario":"mule_chain","scene":3,"fraud":true,"customer":"…","others":["…"],"payments":["pay_…"],
//  "from":"…","until":"…"}; the type of what is none is "innocent".
std::string json_line(const Movements& movements, const std::function<std::string(std::int64_t)>& public_id);

}  // namespace okpay::demo
