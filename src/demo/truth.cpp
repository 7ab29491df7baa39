// SPDX-License-Identifier: Apache-2.0
#include "demo/truth.hpp"

#include <boost/json.hpp>

#include <cstdlib>

namespace okpay::demo {

std::string_view name_of(Happening happening) {
    switch (happening) {
    case Happening::merchant_retry: return "merchant_retry";
    case Happening::pos_double_tap: return "pos_double_tap";
    case Happening::retry_new_order: return "retry_new_order";
    case Happening::late_resubmission: return "late_resubmission";
    case Happening::two_coffees: return "two_coffees";
    case Happening::two_metro_rides: return "two_metro_rides";
    case Happening::two_vending: return "two_vending";
    case Happening::two_cinema_tickets: return "two_cinema_tickets";
    case Happening::two_donations: return "two_donations";
    case Happening::hold_and_capture: return "hold_and_capture";
    case Happening::hold_and_cancel: return "hold_and_cancel";
    case Happening::failed_then_succeeded: return "failed_then_succeeded";
    case Happening::tip_added_later: return "tip_added_later";
    case Happening::split_bill: return "split_bill";
    case Happening::monthly_fee: return "monthly_fee";
    case Happening::reorder_after_cancel: return "reorder_after_cancel";
    case Happening::reorder_after_refund: return "reorder_after_refund";
    case Happening::top_up_of_equal_amount: return "top_up_of_equal_amount";
    case Happening::family_two_devices: return "family_two_devices";
    }
    std::abort();  // no other value is ever made
}

bool is_doubled(Happening happening) {
    switch (happening) {
    case Happening::merchant_retry:
    case Happening::pos_double_tap:
    case Happening::retry_new_order:
    case Happening::late_resubmission: return true;
    case Happening::two_coffees:
    case Happening::two_metro_rides:
    case Happening::two_vending:
    case Happening::two_cinema_tickets:
    case Happening::two_donations:
    case Happening::hold_and_capture:
    case Happening::hold_and_cancel:
    case Happening::failed_then_succeeded:
    case Happening::tip_added_later:
    case Happening::split_bill:
    case Happening::monthly_fee:
    case Happening::reorder_after_cancel:
    case Happening::reorder_after_refund:
    case Happening::top_up_of_equal_amount:
    case Happening::family_two_devices: return false;
    }
    std::abort();
}

std::string json_line(const Truth& truth, const std::function<std::string(std::int64_t)>& public_id) {
    boost::json::object line;
    line["type"] = "duplicate";
    line["class"] = name_of(truth.kind);
    line["doubled"] = is_doubled(truth.kind);
    line["first"] = public_id(truth.first_payment);
    line["second"] = nullptr;
    if (truth.second_payment != 0) line["second"] = public_id(truth.second_payment);
    line["customer"] = truth.customer_email;
    line["merchant"] = truth.merchant_name;
    line["amount"] =
        boost::json::object{{"amount", truth.amount.decimal()}, {"currency", money::code_of(truth.amount.currency())}};
    line["refunded"] = truth.refunded;
    return boost::json::serialize(line);
}

}  // namespace okpay::demo
