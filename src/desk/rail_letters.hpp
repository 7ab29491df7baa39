// SPDX-License-Identifier: Apache-2.0
// Letters about what a bank was asked for (a top-up, a withdrawal, a payment by card, a refund to one) whose outcome a bank
// has not told us: written before the customer has to write, and again when it is known. What happened, where the money is,
// what not to do, what happens next and when.
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

enum class RailThing : std::uint8_t { top_up, withdrawal, card_payment, card_refund };

struct RailLetterFacts {
    RailThing thing = RailThing::top_up;
    BoundFigure amount;
    std::string_view instrument;  // masked, as stored
    Moment asked_for;             // when the customer made it
};

enum class RailOutcome : std::uint8_t {
    done,
    refused,        // the bank said no
    never_arrived,  // the bank has no such order
    came_back,      // a withdrawal or a refund that was paid out and returned
};

// The outcome is not known; the next letter comes by `next_word` at the latest.
MailText letter_outcome_unknown(const RailLetterTo& to, const RailLetterFacts& facts, Moment next_word);
// Of a refund to a card: the bank was asked, and has not said yet that it is done.
MailText letter_refund_on_its_way(const RailLetterTo& to, const RailLetterFacts& facts);
MailText letter_outcome(const RailLetterTo& to, const RailLetterFacts& facts, RailOutcome outcome);

}  // namespace okpay::desk
