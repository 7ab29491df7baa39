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
    pending,             // what was handed in has no answer yet
    count_,
};
using Cues = std::bitset<static_cast<std::size_t>(Cue::count_)>;

struct CueLine {
    Cue cue;
    std::string_view patterns;
};

// English: a payment that somebody did not make or allow. Told by what was not allowed, never by a list of who did not allow
// it: "my wife", "the account holder" and nobody named are all under attack. That a bank's refusal, told so, is taken for an
// attack costs a look; a terminal that knows no phone, and what "was not authorised by the bank", are none.
inline constexpr std::string_view payments_disowned =
    "(did not|didn't|didnt|do not|don't|dont|does not|doesn't|doesnt|have not|haven't|havent|has not|hasn't|hasnt|had "
    "not|hadn't|hadnt|never|cannot|can not|can't|cant|could not|couldn't|couldnt) (authori*|approve*|initiate*|recogni*)"
    "..(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*); "
    "(did not|didn't|didnt|have not|haven't|havent|has not|hasn't|hasnt|had not|hadn't|hadnt|never) (authori*|approve*|"
    "initiate*) (this|that|it|these|those|them|any|either); "
    "(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*)..(did "
    "not|didn't|didnt|have not|haven't|havent|has not|hasn't|hasnt|had not|hadn't|hadnt|never) "
    "(authori*|approve*|initiate*); "
    "(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*) (that |which |)(i|we|he|"
    "she|they|my|our|his|her|the account|the card|the owner)..(did not|didn't|didnt|do not|don't|dont|does "
    "not|doesn't|doesnt|have not|haven't|havent|has not|hasn't|hasnt|had not|never|cannot|can't|cant) "
    "(recogni*|make|made|do|order*|request*); "
    "(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*) (that |which "
    "|)(nobody|no one|none of us|neither of us)..(authori*|approve*|initiate*|recogni*|made|ordered); "
    "(nobody|no one|none of us|neither of us)..(authori*|approved|initiate*|recogni*|made)"
    "..(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*); "
    "(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*)..not "
    "(recogni*|authori*|approved|made|initiate*) by (me|us|him|her|them|my|our|his|the account|the card|the owner|any|"
    "either); "
    "(charge*|payment*|transaction*|transfer*|purchase*|debit*|withdrawal*|deduction*|payout*) not (recogni*|mine|ours); "
    "without (my|our|her|his|their|the owner's|the holder's) (permission|consent|knowledge|authori*|approval)";

std::span<const CategoryLine> chinese_categories();
std::span<const CategoryLine> english_categories();
std::span<const CueLine> chinese_cues();
std::span<const CueLine> english_cues();

}  // namespace okpay::triage
