// SPDX-License-Identifier: Apache-2.0
// A transfer between two people that is made later, once or again and again. Pure: which day, which moment, and what is to
// be done about an occurrence now.
//
//   Days      are days of the schedule's zone, each at `schedule_hour`. Where summer time skips or repeats that hour, the
//             moment is customers/local_time.hpp's. A month that has no such day has its last one instead, and the next
//             month has the day again: 31 January, 28 February, 31 March.
//   Once      occurrence n is made by its schedule and n alone, in order; what came before it is made or skipped.
//   Missed    after a pause (the house was closed, money was short) at most `missed_made_max` occurrences that are due are
//             made, the latest ones; those before them are skipped, and the customer is told.
//   Refused   for want of money: tried again on the next two days, then skipped. For what can never be mended (an account
//             is closed): the schedule ends. For anything else (locked, frozen, a limit): skipped.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "customers/customer.hpp"
#include "money/money.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

enum class Every : std::uint8_t { once = 1, day = 2, week = 3, month = 4 };  // stored, append only
std::string_view name_of(Every every);
std::optional<Every> every_of_name(std::string_view name);
std::optional<Every> every_of_number(std::int64_t number);

enum class ScheduleState : std::uint8_t {  // stored, append only
    active = 1,
    finished = 2,  // all its times are behind it
    ended = 3,     // by the customer
    stopped = 4,   // by a refusal that can never be mended
};
std::string_view name_of(ScheduleState state);
std::optional<ScheduleState> schedule_state_of_number(std::int64_t number);

enum class RunOutcome : std::uint8_t {  // stored, append only
    made = 1,
    to_be_tried_again = 2,
    skipped = 3,  // refused
    missed = 4,   // skipped without a try: too many were due
    stopped = 5,  // refused, and the schedule with it
};
std::optional<RunOutcome> run_outcome_of_number(std::int64_t number);
constexpr bool ends_occurrence(RunOutcome outcome) { return outcome != RunOutcome::to_be_tried_again; }

inline constexpr std::chrono::hours schedule_hour{8};  // on the customer's clock
inline constexpr std::int64_t missed_made_max = 3;
inline constexpr std::int64_t schedule_tries_max = 3;  // of one occurrence, a day apart
inline constexpr std::int64_t schedules_active_max = 50;  // of one customer
inline constexpr std::int64_t schedule_times_max = 1'000;
inline constexpr std::chrono::days schedule_first_within{366};

struct TransferSchedule {
    std::int64_t no;
    ScheduleId id;
    Hash256 key;  // SHA-256 of principal and idempotency key: for ever unique
    std::int64_t body_fingerprint = 0;
    customers::CustomerNo payer, payee;
    money::Money amount;
    std::string memo;
    std::chrono::year_month_day first_on;
    Every every = Every::once;
    std::int64_t times = 1;  // 0: until it is ended
    std::string zone;
    ScheduleState state = ScheduleState::active;
    PaymentRefusal reason = PaymentRefusal::none;  // why it stopped
    std::int64_t behind = 0;  // occurrences that were made or skipped
    std::int64_t tries = 0;   // of the next one
    std::optional<Moment> next_at;  // while active
    Moment created, updated;
};

// A row of what a run did about one occurrence; never changed.
struct ScheduleRun {
    std::int64_t no;
    std::int64_t schedule;
    std::int64_t number;   // of the occurrence, from 1
    std::int64_t attempt;  // from 1; 0 where it was missed
    RunOutcome outcome;
    std::int64_t payment = 0;  // made or refused
    std::int64_t mail = 0;     // row of the outbox; 0 for none
    Moment at;
};

std::optional<std::chrono::year_month_day> day_of_text(std::string_view text);  // "2026-12-04", a day that exists
std::string text_of(std::chrono::year_month_day day);
// The day in the zone at this moment.
std::chrono::year_month_day local_day(std::string_view zone, Moment at);

// Of occurrence `number`, from 1.
std::chrono::year_month_day day_of_occurrence(std::chrono::year_month_day first_on, Every every, std::int64_t number);
Moment moment_on(std::string_view zone, std::chrono::year_month_day day);
Moment due_at(const TransferSchedule& schedule, std::int64_t number);
// When an occurrence that failed at `at` is tried again: at the hour of the next day there.
Moment next_try_at(const TransferSchedule& schedule, Moment at);

// How many occurrences are due and neither made nor skipped; counts no further than `most`.
std::int64_t due_count(const TransferSchedule& schedule, Moment at, std::int64_t most);

RunOutcome outcome_of(PaymentRefusal refusal, std::int64_t attempt);
// The schedule after this outcome of its next occurrence at `at`.
TransferSchedule after(TransferSchedule schedule, RunOutcome outcome, PaymentRefusal refusal, Moment at);

}  // namespace okpay::payments
