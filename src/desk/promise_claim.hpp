// SPDX-License-Identifier: Apache-2.0
// What whoever writes an answer confirms that it promises, before it is sent. A scanner finds candidates (promises.hpp); the
// writer decides, so that any deadline may be a promise that stands in the answer's own words and is one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/moment.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

inline constexpr std::size_t promise_words_octets_max = 500;

struct PromiseClaim {
    std::string words;  // the deadline as it stands in the answer
    Moment due;
};

enum class PromiseRefusal : std::uint8_t { too_many, words_missing, not_in_answer, not_ahead, too_far, twice, solves };
std::string_view code_of(PromiseRefusal refusal);
std::string_view sentence_en(PromiseRefusal refusal);

// Why an answer that is sent at `now` and leaves its request in `after` cannot promise these; nothing where it can.
// At most promises_max, each due after now and within deadline_ahead_max, none twice, each in the answer's text, and none by
// an answer that solves the request: it would count as kept by being made.
std::optional<PromiseRefusal> refusal_of(std::span<const PromiseClaim> claims, std::string_view answer, TicketState after,
                                         Moment now);

}  // namespace okpay::desk
