// SPDX-License-Identifier: Apache-2.0
#include "payments/schedule.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "customers/local_time.hpp"

namespace okpay::payments {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::weeks;
using std::chrono::year_month_day;

std::string_view name_of(Every every) {
    switch (every) {
    case Every::once: return "once";
    case Every::day: return "day";
    case Every::week: return "week";
    case Every::month: return "month";
    }
    std::abort();
}

std::optional<Every> every_of_number(std::int64_t number) {
    if (number < 1 || number > static_cast<std::int64_t>(Every::month)) return std::nullopt;
    return static_cast<Every>(number);
}

std::optional<Every> every_of_name(std::string_view name) {
    for (const Every every : {Every::once, Every::day, Every::week, Every::month}) {
        if (name_of(every) == name) return every;
    }
    return std::nullopt;
}

std::string_view name_of(ScheduleState state) {
    switch (state) {
    case ScheduleState::active: return "active";
    case ScheduleState::finished: return "finished";
    case ScheduleState::ended: return "ended";
    case ScheduleState::stopped: return "stopped";
    }
    std::abort();
}

std::optional<ScheduleState> schedule_state_of_number(std::int64_t number) {
    if (number < 1 || number > static_cast<std::int64_t>(ScheduleState::stopped)) return std::nullopt;
    return static_cast<ScheduleState>(number);
}

std::optional<RunOutcome> run_outcome_of_number(std::int64_t number) {
    if (number < 1 || number > static_cast<std::int64_t>(RunOutcome::stopped)) return std::nullopt;
    return static_cast<RunOutcome>(number);
}

std::optional<year_month_day> day_of_text(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00";
    if (text.size() != shape.size()) return std::nullopt;
    int parts[3] = {0, 0, 0};
    std::size_t part = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (shape[i] == '-') {
            if (text[i] != '-') return std::nullopt;
            ++part;
        } else if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        } else {
            parts[part] = parts[part] * 10 + (text[i] - '0');
        }
    }
    const year_month_day day{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                             std::chrono::day{static_cast<unsigned>(parts[2])}};
    return day.ok() ? std::optional{day} : std::nullopt;
}

std::string text_of(year_month_day day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

year_month_day local_day(std::string_view zone, Moment at) {
    return day_of_text(customers::local_day_text(zone, at)).value();
}

year_month_day day_of_occurrence(year_month_day first_on, Every every, std::int64_t number) {
    ensure(first_on.ok() && number >= 1);
    const auto later = static_cast<int>(number - 1);
    switch (every) {
    case Every::once: return first_on;
    case Every::day: return sys_days{first_on} + days{later};
    case Every::week: return sys_days{first_on} + weeks{later};
    case Every::month: {
        // From the first day each time, not from the one before: what February cut off comes back in March.
        const year_month_day there = first_on + months{later};
        return there.ok() ? there : year_month_day{there.year() / there.month() / std::chrono::last};
    }
    }
    std::abort();
}

Moment moment_on(std::string_view zone, year_month_day day) {
    const auto span = customers::local_span(zone, fmt::format("{} {:02}:00", text_of(day), schedule_hour.count()));
    ensure(span.has_value());  // a day that exists, an hour below 24
    return span->from;
}

Moment due_at(const TransferSchedule& schedule, std::int64_t number) {
    return moment_on(schedule.zone, day_of_occurrence(schedule.first_on, schedule.every, number));
}

Moment next_try_at(const TransferSchedule& schedule, Moment at) {
    return moment_on(schedule.zone, sys_days{local_day(schedule.zone, at)} + days{1});
}

std::int64_t due_count(const TransferSchedule& schedule, Moment at, std::int64_t most) {
    std::int64_t count = 0;
    while (count < most) {
        const std::int64_t number = schedule.behind + count + 1;
        if (schedule.times != 0 && number > schedule.times) break;
        if (due_at(schedule, number) > at) break;
        ++count;
    }
    return count;
}

RunOutcome outcome_of(PaymentRefusal refusal, std::int64_t attempt) {
    switch (refusal) {
    case PaymentRefusal::none: return RunOutcome::made;
    case PaymentRefusal::insufficient_funds:
    case PaymentRefusal::nothing_available:
        return attempt < schedule_tries_max ? RunOutcome::to_be_tried_again : RunOutcome::skipped;
    case PaymentRefusal::account_closed:
    case PaymentRefusal::account_not_found:
    case PaymentRefusal::wrong_currency:
    case PaymentRefusal::same_account:
    case PaymentRefusal::not_positive:
    case PaymentRefusal::payee_cannot_receive: return RunOutcome::stopped;
    case PaymentRefusal::payer_locked:
    case PaymentRefusal::payer_frozen:
    case PaymentRefusal::payee_frozen:
    case PaymentRefusal::limit_per_item:  // a level may be raised
    case PaymentRefusal::limit_per_day:
    case PaymentRefusal::limit_per_week:
    case PaymentRefusal::limit_per_month:
    case PaymentRefusal::limit_per_year:
    case PaymentRefusal::limit_balance:
    case PaymentRefusal::payee_limit:
    case PaymentRefusal::possible_duplicate:
    case PaymentRefusal::amount_out_of_range: return RunOutcome::skipped;
    case PaymentRefusal::order_already_paid:
    case PaymentRefusal::payment_not_found:
    case PaymentRefusal::exceeds_refundable:
    case PaymentRefusal::refundable_changed:
    case PaymentRefusal::not_refundable:
    case PaymentRefusal::duplicate_refund:
    case PaymentRefusal::declined_by_issuer:
    case PaymentRefusal::not_capturable:
    case PaymentRefusal::exceeds_hold:
    case PaymentRefusal::not_cancelable:
    case PaymentRefusal::attempt_unresolved:
    case PaymentRefusal::never_arrived:
    case PaymentRefusal::destination_refused:
    case PaymentRefusal::no_rate:
    case PaymentRefusal::rate_changed:
    case PaymentRefusal::request_not_open:
    case PaymentRefusal::disputed:
    case PaymentRefusal::no_payout_account: break;  // of other kinds of payment
    }
    return RunOutcome::skipped;
}

TransferSchedule after(TransferSchedule schedule, RunOutcome outcome, PaymentRefusal refusal, Moment at) {
    ensure(schedule.state == ScheduleState::active);
    schedule.updated = std::max(schedule.updated, at);
    if (outcome == RunOutcome::to_be_tried_again) {
        schedule.tries += 1;
        schedule.next_at = next_try_at(schedule, at);
        return schedule;
    }
    schedule.behind += 1;
    schedule.tries = 0;
    schedule.next_at.reset();
    if (outcome == RunOutcome::stopped) {
        schedule.state = ScheduleState::stopped;
        schedule.reason = refusal;
    } else if (schedule.times != 0 && schedule.behind >= schedule.times) {
        schedule.state = ScheduleState::finished;
    } else {
        schedule.next_at = due_at(schedule, schedule.behind + 1);
    }
    return schedule;
}

}  // namespace okpay::payments
