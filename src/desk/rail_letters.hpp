// SPDX-License-Identifier: Apache-2.0
// Letters about a top-up or a withdrawal whose outcome a bank has not told us: written before the customer has to write,
// and again when it is known. What happened, where the money is, what not to do, what happens next and when.
#pragma once

#include <optional>
#include <string_view>

#include "desk/acknowledgement.hpp"
#include "desk/figures.hpp"

namespace okpay::desk {

struct RailLetterTo {
    RequestNumber number;
    Language language;
    std::string_view name;  // may be empty
    std::string_view zone;
    std::string_view house = "OKPay";
};

struct RailLetterFacts {
    bool withdrawal = false;  // else a top-up
    BoundFigure amount;
    std::string_view instrument;  // masked, as stored
    Moment asked_for;             // when the customer made it
};

enum class RailOutcome : std::uint8_t {
    done,
    refused,        // the bank said no
    never_arrived,  // the bank has no such order
    came_back,      // a withdrawal that was paid out and returned
};

// The outcome is not known; the next letter comes by `next_word` at the latest.
MailText letter_outcome_unknown(const RailLetterTo& to, const RailLetterFacts& facts, Moment next_word);
MailText letter_outcome(const RailLetterTo& to, const RailLetterFacts& facts, RailOutcome outcome);

}  // namespace okpay::desk
