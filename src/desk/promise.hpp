// SPDX-License-Identifier: Apache-2.0
// The life of a promise that an answer made: one table, and when staff are told. It never pauses, whoever's turn it is: the
// customer was told a moment.
#pragma once

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/moment.hpp"

namespace okpay::desk {

enum class PromiseState : std::uint8_t { open = 1, kept = 2, broken = 3, withdrawn = 4 };  // stored, append only
std::string_view name_of(PromiseState state);

// Broken stays broken: that it was done late does not make it kept.
constexpr bool may_become(PromiseState from, PromiseState to) {
    switch (from) {
    case PromiseState::open: return to != PromiseState::open;
    case PromiseState::kept:
    case PromiseState::broken:
    case PromiseState::withdrawn: return false;
    }
    std::abort();
}
static_assert(!may_become(PromiseState::broken, PromiseState::kept));

enum class PromiseAlarm : std::uint8_t { none = 0, runs_out = 1, ran_out = 2, escalated = 3 };  // stored, append only

struct Promise {
    Moment made, due;  // due after made
    PromiseState state = PromiseState::open;
    std::optional<Moment> ended = {};           // kept, withdrawn, or done although broken: nobody is told any more
    PromiseAlarm told = PromiseAlarm::none;     // the last
};

inline constexpr std::chrono::hours promise_told_before{4};       // or halfway, where it is shorter than twice that
inline constexpr std::chrono::hours promise_escalated_after{1};  // its end

Moment promise_told_at(const Promise& promise, PromiseAlarm alarm);  // of `none`: when it was made
// What staff are to be told now: the last that is due, once. Where two are due at once, after a pause of the machine, the
// earlier is left out. runs_out and ran_out go to whoever has the request, escalated to the supervisors as well.
std::optional<PromiseAlarm> alarm_of(const Promise& promise, Moment now);

bool note_time(Promise& promise, Moment now);      // true where it is broken by now and was not before
bool note_done(Promise& promise, Moment at);       // marked, or the request was solved; false where it has ended already
bool note_withdrawn(Promise& promise, Moment at);  // false where it has ended already, or its end has come

}  // namespace okpay::desk
