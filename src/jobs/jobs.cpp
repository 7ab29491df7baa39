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
        alarm_.expires_after(period_);
        co_await alarm_.async_wait(net::quietly);
    }
}

void Jobs::stop() {
    stopping_ = true;
    alarm_.cancel();
}

void Jobs::expire_holds() {
    service::Command command{fresh_id<CommandId>(),
                             clock_(),
                             {},
                             service::ExpireHolds{.holds_max = holds_expired_at_once_max}};
    service_.submit(std::move(command), [](const service::Answer& answer) {
        if (!answer.done()) {
            spdlog::warn("holds could not be expired ({}); tried again in a moment", answer.code);
        } else if (!answer.numbers.empty()) {
            spdlog::info("{} holds have expired and were released", answer.numbers.size());
        }
    });
}

}  // namespace okpay::jobs
