// SPDX-License-Identifier: Apache-2.0
#include "payments/rail_call.hpp"

#include <array>
#include <chrono>

namespace okpay::payments {
namespace {

using money::TransferCode;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Millis, 8> inquiry_waits{seconds{30}, minutes{5}, hours{1}, days{1},
                                              days{1},     days{1},    days{1},  days{1}};
static_assert(inquiry_waits.size() == static_cast<std::size_t>(rail_inquiries_max));

constexpr std::array all_words{RailWord::done,      RailWord::declined,  RailWord::pending,
                               RailWord::no_answer, RailWord::not_known, RailWord::returned};

RailStep became(RailCall call, RailCallState state, RailEffect effect, Moment at) {
    call.state = state;
    call.updated = at;
    call.next_at.reset();
    call.inquiring = false;
    return {std::move(call), effect};
}

RailStep not_told(RailCall call, Moment at) {
    const bool first = call.state != RailCallState::unknown;
    if (!first && call.inquiring) call.inquiries += 1;
    const bool asked = !first && call.inquiring;
    call.inquiring = false;
    call.state = RailCallState::unknown;
    call.updated = at;
    if (first || asked) call.next_at = next_inquiry(call.inquiries, at);
    const RailEffect effect = first           ? RailEffect::became_unknown
                              : !asked        ? RailEffect::none
                              : !call.next_at ? RailEffect::needs_person
                                              : RailEffect::still_unknown;
    return {std::move(call), effect};
}

RailStep hear_while_live(const RailCall& call, RailWord word, Moment at) {
    switch (word) {
    case RailWord::done: return became(call, RailCallState::succeeded, RailEffect::completed, at);
    case RailWord::declined:
    case RailWord::returned: return became(call, RailCallState::failed, RailEffect::refused, at);
    case RailWord::not_known: {
        // What counts is when it was asked, not when we hear of it: an answer may have waited for the storage. `updated` is
        // that moment while an inquiry is under way; else it answers the call itself, or an inquiry given up since.
        const bool answers_inquiry = call.state == RailCallState::unknown && call.inquiring && call.sent_at;
        if (!answers_inquiry || call.updated - *call.sent_at < rail_arrival_grace) return not_told(call, at);
        return became(call, RailCallState::failed, RailEffect::never_arrived, at);
    }
    case RailWord::pending:
    case RailWord::no_answer: return not_told(call, at);
    }
    std::abort();
}

money::Posting posting(TransferCode code, money::AccountNo debit, money::AccountNo credit, money::Money amount) {
    return {.code = code, .debit = debit, .credit = credit, .amount = amount, .expires_at = std::nullopt};
}

}  // namespace

std::string_view name_of(RailCallState state) {
    switch (state) {
    case RailCallState::created: return "created";
    case RailCallState::sent: return "sent";
    case RailCallState::unknown: return "unknown";
    case RailCallState::succeeded: return "succeeded";
    case RailCallState::failed: return "failed";
    case RailCallState::returned: return "returned";
    case RailCallState::contradicted: return "contradicted";
    }
    std::abort();
}

std::string_view name_of(RailWord word) {
    switch (word) {
    case RailWord::done: return "done";
    case RailWord::declined: return "declined";
    case RailWord::pending: return "pending";
    case RailWord::no_answer: return "no_answer";
    case RailWord::not_known: return "not_known";
    case RailWord::returned: return "returned";
    }
    std::abort();
}

std::optional<RailWord> rail_word_of_name(std::string_view name) {
    for (const RailWord word : all_words) {
        if (name_of(word) == name) return word;
    }
    return std::nullopt;
}

std::optional<RailCallState> rail_call_state_of_number(std::int64_t number) {
    if (number < 1 || number > 7) return std::nullopt;
    return static_cast<RailCallState>(number);
}

std::optional<RailDirection> rail_direction_of_number(std::int64_t number) {
    if (number < 1 || number > 2) return std::nullopt;
    return static_cast<RailDirection>(number);
}

std::optional<Moment> next_inquiry(std::int64_t made, Moment now) {
    if (made >= rail_inquiries_max) return std::nullopt;
    return now + inquiry_waits[static_cast<std::size_t>(made)];
}

std::optional<RailStep> take(const RailCall& call, Moment at) {
    if (!is_live(call.state) || !call.next_at || *call.next_at > at) return std::nullopt;
    RailCall taken = call;
    taken.updated = at;
    taken.next_at = at + rail_answer_timeout;
    switch (call.state) {
    case RailCallState::created:
        taken.state = RailCallState::sent;
        taken.sent_at = at;
        return RailStep{std::move(taken), RailEffect::none};
    case RailCallState::sent: return not_told(call, at);
    case RailCallState::unknown:
        // Asked before and not answered in time: that inquiry brought nothing.
        if (call.inquiring) return not_told(call, at);
        taken.inquiring = true;
        return RailStep{std::move(taken), RailEffect::none};
    case RailCallState::succeeded:
    case RailCallState::failed:
    case RailCallState::returned:
    case RailCallState::contradicted: break;
    }
    return std::nullopt;
}

RailStep hear(const RailCall& call, RailWord word, Moment at) {
    switch (call.state) {
    case RailCallState::created:  // told by a notice, or of a call that we do not remember sending
    case RailCallState::sent:
    case RailCallState::unknown: return hear_while_live(call, word, at);
    case RailCallState::succeeded:
        if (word == RailWord::returned && call.direction == RailDirection::pay_out) {
            return became(call, RailCallState::returned, RailEffect::came_back, at);
        }
        return {call, RailEffect::none};
    case RailCallState::failed:
        if (word == RailWord::done) return became(call, RailCallState::contradicted, RailEffect::contradicted, at);
        return {call, RailEffect::none};
    case RailCallState::returned:
    case RailCallState::contradicted: return {call, RailEffect::none};
    }
    std::abort();
}

RailStep interrupted(const RailCall& call, Moment at) {
    if (call.state == RailCallState::sent) {
        RailStep step = not_told(call, at);
        step.after.next_at = at;
        return step;
    }
    if (call.state == RailCallState::unknown && call.inquiring) {
        RailStep step{call, RailEffect::none};
        step.after.inquiring = false;
        step.after.next_at = at;
        return step;
    }
    return {call, RailEffect::none};
}

std::optional<money::Posting> posting_of(RailEffect effect, const RailCall& before, const RailAccounts& accounts,
                                         bool wallet_shut) {
    const bool out = before.direction == RailDirection::pay_out;
    const money::AccountNo home = wallet_shut ? accounts.suspense : accounts.wallet;
    switch (effect) {
    case RailEffect::none:
    case RailEffect::became_unknown:
    case RailEffect::still_unknown:
    case RailEffect::needs_person: return std::nullopt;
    case RailEffect::completed:
        return out ? posting(TransferCode::withdrawal_settled, accounts.in_transit, accounts.outside, before.amount)
                   : posting(accounts.arrives, accounts.outside, home, before.amount);
    case RailEffect::refused:
    case RailEffect::never_arrived:
        if (!out) return std::nullopt;  // nothing was taken
        return posting(TransferCode::withdrawal_returned, accounts.in_transit, home, before.amount);
    case RailEffect::came_back: return posting(TransferCode::withdrawal_returned, accounts.outside, home, before.amount);
    case RailEffect::contradicted:
        return out ? posting(TransferCode::unexplained, accounts.suspense, accounts.outside, before.amount)
                   : posting(TransferCode::unexplained, accounts.outside, accounts.suspense, before.amount);
    }
    std::abort();
}

PaymentState payment_state_of(RailCallState state) {
    switch (state) {
    case RailCallState::created:
    case RailCallState::sent: return PaymentState::processing;
    case RailCallState::unknown: return PaymentState::unknown;
    case RailCallState::succeeded: return PaymentState::succeeded;
    case RailCallState::failed:
    case RailCallState::contradicted: return PaymentState::failed;
    case RailCallState::returned: return PaymentState::returned;
    }
    std::abort();
}

}  // namespace okpay::payments
