// SPDX-License-Identifier: Apache-2.0
// What follows from a category and its facts: what is missing, how urgent it is, where it goes. One function for each, in
// the words of the outer interface ("What triage prints"), whose clauses stand beside the lines.
#pragma once

#include <span>
#include <vector>

#include "triage/impl/lexicon.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

struct Facts {
    Category category = Category::unclear;
    Cues cues;
    bool automatic = false;
    bool sender_known = false;     // the message came from an address
    bool has_transaction = false, has_amount = false, has_past_time = false, has_error_code = false;
    bool has_request_number = false, has_account = false, has_card = false;
    bool has_new_value = false;
    bool deadline_near = false;    // a day named that is at most three days ahead
    bool says_anything = false;    // more than a greeting
    bool tells_much = false;       // more than the name of the matter
    bool sure = true;              // of the category: nobody is answered without a person on a guess
    std::span<const Flag> flags;

    [[nodiscard]] bool is(Cue cue) const { return cues[static_cast<std::size_t>(cue)]; }
    [[nodiscard]] bool has_flag(Flag flag) const;
};

std::vector<Missing> missing_of(const Facts& facts);
Urgency urgency_of(const Facts& facts);
Route route_of(const Facts& facts, Urgency urgency, bool facts_missing);

}  // namespace okpay::triage
