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
    case Happening::over_collected: return "over_collected";
    case Happening::fee_beside: return "fee_beside";
    case Happening::currency_charge: return "currency_charge";
    case Happening::instalments: return "instalments";
    case Happening::incremental_authorisation: return "incremental_authorisation";
    case Happening::authorised_then_charged: return "authorised_then_charged";
    case Happening::split_tender: return "split_tender";
    case Happening::family_two_cards: return "family_two_cards";
    case Happening::sent_back_and_forth: return "sent_back_and_forth";
    case Happening::sent_twice: return "sent_twice";
    case Happening::shown_twice: return "shown_twice";
    case Happening::not_ours: return "not_ours";
    }
    std::abort();  // no other value is ever made
}

bool is_doubled(Happening happening) {
    switch (happening) {
    case Happening::merchant_retry:
    case Happening::pos_double_tap:
    case Happening::retry_new_order:
    case Happening::late_resubmission:
    case Happening::over_collected: return true;
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
    case Happening::family_two_devices:
    case Happening::fee_beside:
    case Happening::currency_charge:
    case Happening::instalments:
    case Happening::incremental_authorisation:
    case Happening::authorised_then_charged:
    case Happening::split_tender:
    case Happening::family_two_cards:
    case Happening::sent_back_and_forth:
    case Happening::sent_twice:
    case Happening::shown_twice:
    case Happening::not_ours: return false;
    }
    std::abort();
}

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::nothing: return "nothing";
    case Outcome::same_attempt_shown_twice: return "same_attempt_shown_twice";
    case Outcome::hold_and_capture: return "hold_and_capture";
    case Outcome::failed_then_succeeded: return "failed_then_succeeded";
    case Outcome::true_duplicate_same_order: return "true_duplicate_same_order";
    case Outcome::over_collection: return "over_collection";
    case Outcome::already_refunded: return "already_refunded";
    case Outcome::separate_purchases: return "separate_purchases";
    case Outcome::subscription_cycle: return "subscription_cycle";
    case Outcome::fee_line: return "fee_line";
    case Outcome::other_person: return "other_person";
    case Outcome::not_ours: return "not_ours";
    case Outcome::unclear: return "unclear";
    }
    std::abort();
}

std::vector<Outcome> outcomes_of(const Truth& truth) {
    using enum Outcome;
    switch (truth.kind) {
    case Happening::merchant_retry:
    case Happening::pos_double_tap:
    case Happening::late_resubmission:
        return truth.refunded ? std::vector{already_refunded} : std::vector{true_duplicate_same_order};
    case Happening::retry_new_order:  // which only the merchant knows to be the same
        return truth.refunded ? std::vector{already_refunded} : std::vector{unclear, true_duplicate_same_order};
    case Happening::over_collected: return truth.refunded ? std::vector{already_refunded} : std::vector{over_collection};
    case Happening::failed_then_succeeded: return {failed_then_succeeded};
    case Happening::monthly_fee: return {subscription_cycle};
    case Happening::reorder_after_cancel: return {hold_and_capture, separate_purchases};
    case Happening::incremental_authorisation: return {hold_and_capture, unclear};
    case Happening::authorised_then_charged: return {hold_and_capture};
    case Happening::family_two_devices: return {separate_purchases, other_person, unclear};
    case Happening::family_two_cards: return {other_person};
    case Happening::fee_beside:
    case Happening::currency_charge: return {fee_line};
    case Happening::instalments: return {separate_purchases, subscription_cycle};
    case Happening::sent_twice: return {unclear, separate_purchases};
    case Happening::shown_twice: return {same_attempt_shown_twice};
    case Happening::hold_and_capture: return {hold_and_capture, same_attempt_shown_twice};
    case Happening::hold_and_cancel: return {hold_and_capture};
    case Happening::not_ours: return {not_ours};
    case Happening::top_up_of_equal_amount:
    case Happening::sent_back_and_forth: return {nothing};
    case Happening::two_coffees:
    case Happening::two_metro_rides:
    case Happening::two_vending:
    case Happening::two_cinema_tickets:
    case Happening::two_donations:
    case Happening::tip_added_later:
    case Happening::split_bill:
    case Happening::split_tender:
    case Happening::reorder_after_refund: return {separate_purchases, unclear};
    }
    std::abort();
}

std::string_view answer_of(const Truth& truth) {
    switch (outcomes_of(truth).front()) {
    case Outcome::true_duplicate_same_order: return "refund";
    case Outcome::over_collection: return "refund_difference";
    case Outcome::already_refunded: return "show_refund";
    case Outcome::same_attempt_shown_twice:
    case Outcome::hold_and_capture:
    case Outcome::failed_then_succeeded:
    case Outcome::subscription_cycle:
    case Outcome::fee_line: return "explain";
    case Outcome::separate_purchases:
    case Outcome::other_person: return "show_both";
    case Outcome::not_ours: return "not_in_this_account";
    case Outcome::unclear: return "agent";
    case Outcome::nothing: return "nothing";
    }
    std::abort();
}

std::string json_line(const Truth& truth, const std::function<std::string(std::int64_t)>& public_id) {
    // Braces would make arrays of one.
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
    };
    const auto id_or_null = [&](std::int64_t seq) { return text_or_null(seq == 0 ? "" : public_id(seq)); };
    boost::json::array payments, also;
    for (const std::int64_t payment : truth.payments) payments.emplace_back(public_id(payment));
    const std::vector<Outcome> outcomes = outcomes_of(truth);
    for (std::size_t i = 1; i < outcomes.size(); ++i) also.emplace_back(name_of(outcomes[i]));
    boost::json::object line;
    line["type"] = "duplicate";
    line["class"] = name_of(truth.kind);
    line["doubled"] = is_doubled(truth.kind);
    line["first"] = id_or_null(truth.first_payment);
    line["second"] = id_or_null(truth.second_payment);
    line["payments"] = std::move(payments);
    line["elsewhere"] = id_or_null(truth.elsewhere);
    line["outcome"] = name_of(outcomes.front());
    line["also"] = std::move(also);
    line["answer"] = answer_of(truth);
    line["give_back"] = id_or_null(is_doubled(truth.kind) && !truth.refunded ? truth.second_payment : 0);
    line["customer"] = truth.customer_email;
    line["other"] = text_or_null(truth.other_email);
    line["merchant"] = text_or_null(truth.merchant_name);
    line["amount"] =
        boost::json::object{{"amount", truth.amount.decimal()}, {"currency", money::code_of(truth.amount.currency())}};
    line["refunded"] = truth.refunded;
    line["first_at"] = rfc3339(truth.first_at);
    line["second_at"] = nullptr;
    if (truth.second_payment != 0) line["second_at"] = rfc3339(truth.second_at);
    return boost::json::serialize(line);
}

std::string_view name_of(Scenario scenario) {
    switch (scenario) {
    case Scenario::account_takeover: return "account_takeover";
    case Scenario::card_testing: return "card_testing";
    case Scenario::mule_chain: return "mule_chain";
    case Scenario::refund_abuse: return "refund_abuse";
    case Scenario::holiday_spending: return "holiday_spending";
    case Scenario::salary_day: return "salary_day";
    case Scenario::moving_house: return "moving_house";
    case Scenario::shared_dinner: return "shared_dinner";
    case Scenario::trying_on: return "trying_on";
    }
    std::abort();
}

bool is_fraud(Scenario scenario) {
    switch (scenario) {
    case Scenario::account_takeover:
    case Scenario::card_testing:
    case Scenario::mule_chain:
    case Scenario::refund_abuse: return true;
    case Scenario::holiday_spending:
    case Scenario::salary_day:
    case Scenario::moving_house:
    case Scenario::shared_dinner:
    case Scenario::trying_on: return false;
    }
    std::abort();
}

std::string json_line(const Movements& movements, const std::function<std::string(std::int64_t)>& public_id) {
    boost::json::array payments, others;
    for (const std::int64_t payment : movements.payments) payments.emplace_back(public_id(payment));
    for (std::size_t i = 1; i < movements.customers.size(); ++i) others.emplace_back(movements.customers[i]);
    const bool fraud = is_fraud(movements.scenario);
    boost::json::object line;
    line["type"] = fraud ? "fraud" : "innocent";
    line["scenario"] = name_of(movements.scenario);
    line["scene"] = movements.number;
    line["fraud"] = fraud;
    line["customer"] = movements.customers.front();
    line["others"] = std::move(others);
    line["payments"] = std::move(payments);
    line["from"] = rfc3339(movements.from);
    line["until"] = rfc3339(movements.until);
    return boost::json::serialize(line);
}

}  // namespace okpay::demo
