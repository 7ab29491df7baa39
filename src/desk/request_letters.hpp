// SPDX-License-Identifier: Apache-2.0
// Letters about requests for money and about transfers that were to be made later. A name and a note of another customer
// stand there as that person's words: one line, in quotation marks, said to be theirs. A note that looks like a link or an
// address is left out, so that no mail of ours carries somebody's trap.
#pragma once

#include <optional>
#include <string_view>

#include "desk/acknowledgement.hpp"
#include "desk/figures.hpp"

namespace okpay::desk {

struct LetterTo {
    Language language;
    std::string_view name;  // may be empty
    std::string_view zone;
    std::string_view house = "OKPay";
};

// Whether a mail program might turn a part of it into something to tap.
bool looks_like_link(std::string_view text);

struct MoneyRequestFacts {
    std::string_view other;  // the other person's name
    BoundFigure amount;      // asked for, or paid
    std::string_view memo;   // of who asked
};
MailText letter_money_asked(const LetterTo& to, const MoneyRequestFacts& facts, Moment expires);
MailText letter_request_paid(const LetterTo& to, const MoneyRequestFacts& facts);
MailText letter_request_declined(const LetterTo& to, const MoneyRequestFacts& facts);

enum class ScheduleTrouble : std::uint8_t { no_money, locked, frozen, limit, payee_limit, closed, other };

struct ScheduleFacts {
    std::string_view payee;
    BoundFigure amount;
    Moment due;  // when the occurrence was to be made
    std::optional<Moment> next;  // the next try, or the next occurrence
};
// Refused, and tried again at `next`.
MailText letter_transfer_tried_again(const LetterTo& to, const ScheduleFacts& facts);
// Refused and not tried again; the schedule goes on where there is a `next`.
MailText letter_transfer_skipped(const LetterTo& to, const ScheduleFacts& facts, ScheduleTrouble trouble);
// So many were due at once that the earliest were not made.
MailText letter_transfers_missed(const LetterTo& to, const ScheduleFacts& facts, std::int64_t missed);
MailText letter_schedule_stopped(const LetterTo& to, const ScheduleFacts& facts, ScheduleTrouble trouble);

}  // namespace okpay::desk
