// SPDX-License-Identifier: Apache-2.0
#include "desk/promise_claim.hpp"

#include <cstdlib>
#include <set>

#include "base/text.hpp"
#include "desk/promises.hpp"

namespace okpay::desk {

std::string_view code_of(PromiseRefusal refusal) {
    switch (refusal) {
    case PromiseRefusal::too_many: return "promises_too_many";
    case PromiseRefusal::words_missing:
    case PromiseRefusal::not_in_answer: return "promise_not_in_answer";
    case PromiseRefusal::not_ahead:
    case PromiseRefusal::too_far:
    case PromiseRefusal::twice: return "promise_due_refused";
    case PromiseRefusal::solves: return "promise_left_open";
    }
    std::abort();
}

std::string_view sentence_en(PromiseRefusal refusal) {
    switch (refusal) {
    case PromiseRefusal::too_many: return "One answer promises ten things at most. Take some of them back.";
    case PromiseRefusal::words_missing:
        return "A promise needs the words of its deadline as the answer says them, at most 500 octets.";
    case PromiseRefusal::not_in_answer:
        return "A promise names words that do not stand in the answer. Look at the answer again, then at its promises.";
    case PromiseRefusal::not_ahead: return "A promise is due before the answer leaves. Write a later time.";
    case PromiseRefusal::too_far: return "A promise is due later than in a year. Write an earlier time.";
    case PromiseRefusal::twice: return "Two promises are due at the same time. Take one of them back.";
    case PromiseRefusal::solves:
        return "A request with a promise stays open until the promise is kept. Leave it open, or take the promise back.";
    }
    std::abort();
}

std::optional<PromiseRefusal> refusal_of(std::span<const PromiseClaim> claims, std::string_view answer, TicketState after,
                                         Moment now) {
    if (claims.empty()) return std::nullopt;
    if (claims.size() > promises_max) return PromiseRefusal::too_many;
    std::set<Moment> taken;
    for (const PromiseClaim& claim : claims) {
        if (trimmed(claim.words).empty() || claim.words.size() > promise_words_octets_max)
            return PromiseRefusal::words_missing;
        if (!answer.contains(claim.words)) return PromiseRefusal::not_in_answer;
        if (claim.due <= now) return PromiseRefusal::not_ahead;
        if (claim.due - now > deadline_ahead_max) return PromiseRefusal::too_far;
        if (!taken.insert(claim.due).second) return PromiseRefusal::twice;
    }
    const bool solves = after == TicketState::solved || after == TicketState::closed;
    return solves ? std::optional{PromiseRefusal::solves} : std::nullopt;
}

}  // namespace okpay::desk
