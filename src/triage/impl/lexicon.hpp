// SPDX-License-Identifier: Apache-2.0
// The words that speak for a category, and the cues that decide what a category cannot: urgency, route, what is missing.
// Written in folded text (sheet.hpp) in the pattern language of phrases.hpp; Chinese in Simplified characters serves both.
// A learned classifier may take the place of the category lines; the cues are policy and stay.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>

#include "triage/reading.hpp"

namespace okpay::triage {

// Weights: 1 goes along with the category, 2 speaks for it, 3 names it, 4 and more wins over a neighbour's name.
struct CategoryLine {
    Category category;
    double weight;
    std::string_view patterns;
};

enum class Cue : std::uint8_t {
    question_form,     // asks how, whether, where, how much
    trouble,           // something of theirs went wrong
    request_to_us,     // asks us to do something
    denial,            // what follows is not wanted, or is not the case
    unauthorised,      // money moved, or someone came in, without them
    takeover,          // someone else holds the account
    phishing_received,
    fallen_for,
    not_fallen_for,
    outage,            // many payers cannot pay
    cut_off,           // no way to their own money
    deadline,
    threat,
    repeated,
    product_fault,     // a symptom of the product: crash, blank page, endless wait
    other_symptom,     // a symptom beyond "it fails": pending, declined for a reason, money gone
    message_quoted,    // the words of an error or a rejection follow
    instrument_gone,   // card lost or stolen
    several_cards,
    one_of_several,
    several_accounts,
    fee_disputed,
    new_value_given,
    closing,
    refund_wanted,
    injection,           // text that instructs the reader's machine
    social_engineering,  // pressure or rank instead of proof
    count_,
};
using Cues = std::bitset<static_cast<std::size_t>(Cue::count_)>;

struct CueLine {
    Cue cue;
    std::string_view patterns;
};

std::span<const CategoryLine> chinese_categories();
std::span<const CategoryLine> english_categories();
std::span<const CueLine> chinese_cues();
std::span<const CueLine> english_cues();

}  // namespace okpay::triage
