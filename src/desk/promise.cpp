// SPDX-License-Identifier: Apache-2.0
#include "desk/promise.hpp"

#include <algorithm>

namespace okpay::desk {

std::string_view name_of(PromiseState state) {
    switch (state) {
    case PromiseState::open: return "open";
    case PromiseState::kept: return "kept";
    case PromiseState::broken: return "broken";
    case PromiseState::withdrawn: return "withdrawn";
    }
    std::abort();
}

Moment promise_told_at(const Promise& promise, PromiseAlarm alarm) {
    switch (alarm) {
    case PromiseAlarm::none: return promise.made;
    case PromiseAlarm::runs_out:
        return promise.due - std::min(Millis{promise_told_before}, (promise.due - promise.made) / 2);
    case PromiseAlarm::ran_out: return promise.due;
    case PromiseAlarm::escalated: return promise.due + promise_escalated_after;
    }
    std::abort();
}

std::optional<PromiseAlarm> alarm_of(const Promise& promise, Moment now) {
    if (promise.ended) return std::nullopt;
    for (const PromiseAlarm alarm : {PromiseAlarm::escalated, PromiseAlarm::ran_out, PromiseAlarm::runs_out}) {
        if (promise_told_at(promise, alarm) <= now) return promise.told < alarm ? std::optional{alarm} : std::nullopt;
    }
    return std::nullopt;
}

bool note_time(Promise& promise, Moment now) {
    if (promise.state != PromiseState::open || now < promise.due) return false;
    promise.state = PromiseState::broken;
    return true;
}

bool note_done(Promise& promise, Moment at) {
    if (promise.ended) return false;
    (void)note_time(promise, at);
    if (promise.state == PromiseState::open) promise.state = PromiseState::kept;
    promise.ended = at;
    return true;
}

bool note_withdrawn(Promise& promise, Moment at) {
    (void)note_time(promise, at);
    if (promise.state != PromiseState::open) return false;
    promise.state = PromiseState::withdrawn;
    promise.ended = at;
    return true;
}

}  // namespace okpay::desk
