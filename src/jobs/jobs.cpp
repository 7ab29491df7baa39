// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

#include <spdlog/spdlog.h>

#include "base/clock.hpp"

namespace okpay::jobs {

Jobs::Jobs(asio::any_io_executor executor, service::Service& service, std::function<Moment()> clock, Millis period)
    : service_{service}, clock_{std::move(clock)}, period_{period}, alarm_{std::move(executor)} {}

net::awaitable<void> Jobs::run() {
    while (!stopping_) {
        expire_holds();
        expire_money_requests();
        run_schedules();
        alarm_.expires_after(period_);
        co_await alarm_.async_wait(net::quietly);
    }
}

void Jobs::stop() {
    stopping_ = true;
    alarm_.cancel();
}

void Jobs::expire_holds() {
    submit(service::ExpireHolds{.holds_max = holds_expired_at_once_max}, "holds could not be expired",
           "holds have expired and were released");
}

void Jobs::expire_money_requests() {
    submit(service::ExpireMoneyRequests{.requests_max = requests_expired_at_once_max, .seed = fresh_id<CommandId>().text()},
           "requests for money could not be expired", "requests for money have expired");
}

void Jobs::run_schedules() {
    submit(service::RunSchedules{.occurrences_max = occurrences_made_at_once_max, .seed = fresh_id<CommandId>().text()},
           "scheduled transfers could not be made", "scheduled transfers were made or refused");
}

// `could_not` and `done` are literals: they outlive the answer.
void Jobs::submit(service::CommandBody body, std::string_view could_not, std::string_view done) {
    service::Command command{fresh_id<CommandId>(), clock_(), {}, std::move(body)};
    service_.submit(std::move(command), [could_not, done](const service::Answer& answer) {
        if (!answer.done()) {
            spdlog::warn("{} ({}); tried again in a moment", could_not, answer.code);
        } else if (!answer.numbers.empty()) {
            spdlog::info("{} {}", answer.numbers.size(), done);
        }
    });
}

}  // namespace okpay::jobs
