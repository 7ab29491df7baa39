// SPDX-License-Identifier: Apache-2.0
// What a request lacks is asked for once, in the confirmation of receipt. It is no reply: the request stays where it is, its
// clocks run, and a person looks at it in time, answered or not. Facts are called as triage prints them: transaction_id,
// amount, transaction_time, error_code_or_message, problem_description, account_identifier, new_value, card_last4. Why:
// docs/decisions/0052.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/acknowledgement.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

inline constexpr std::string_view asking_route = "ask_for_info";
inline constexpr std::chrono::days facts_link_lasts{3};  // works once
inline constexpr std::size_t facts_of_request_max = 8;

bool is_fact(std::string_view name);

// Those that we have words for, each once; nothing where the request goes to somebody anyway.
std::vector<std::string> facts_to_ask(const Ticket& ticket, std::span<const std::string> missing);
// What is not needed any more once these are given: a payment is known by its number, or by amount and time.
std::vector<std::string> still_missing(std::span<const std::string> asked, std::span<const std::string> given);

struct FactsQuestion {
    RequestNumber number;
    Language language;
    std::string_view name;  // of a known sender; empty: nothing is told of whether there is an account
    std::string_view zone;  // of the same
    Moment first_reply_due;
    std::span<const std::string> facts;
    std::string_view link;  // to the page where they are given; empty: by mail alone
    std::string_view house = "OKPay";
};
MailText ask_for_facts(const FactsQuestion& question);

}  // namespace okpay::desk
