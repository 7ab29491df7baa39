// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

#include <spdlog/spdlog.h>

#include "base/clock.hpp"

namespace okpay::jobs {

Jobs::Jobs(asio::any_io_executor executor, service::Service& service, std::function<Moment()> clock, Millis period)
    : service_{service}, clock_{std::move(clock)}, period_{period}, alarm_{std::move(executor)} {}

net::awaitable<void> Jobs::run() {
    while (!stopping_) {
        expire_holds([](bool) {});
        alarm_.expires_after(period_);
        co_await alarm_.async_wait(net::quietly);
    }
}

void Jobs::stop() {
    stopping_ = true;
    alarm_.cancel();
}

net::awaitable<void> Jobs::catch_up() {
    const auto executor = co_await asio::this_coro::executor;
    bool more = true;
    while (more) {
        auto ask = [this, executor](auto resume) {
            const auto waiting = std::make_shared<decltype(resume)>(std::move(resume));
            const auto busy = asio::make_work_guard(executor);
            expire_holds([executor, waiting, busy](bool again) {
                asio::post(executor, [waiting, again] { std::move (*waiting)(again); });
            });
        };
        more = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(std::move(ask), asio::use_awaitable);
    }
}

void Jobs::expire_holds(std::function<void(bool more)> then) {
    service::Command command{fresh_id<CommandId>(),
                             clock_(),
                             {},
                             service::ExpireHolds{.holds_max = holds_expired_at_once_max}};
    service_.submit(std::move(command), [then = std::move(then)](const service::Answer& answer) {
        if (!answer.done()) {
            spdlog::warn("holds could not be expired ({}); tried again in a moment", answer.code);
        } else if (!answer.numbers.empty()) {
            spdlog::info("{} holds have expired and were released", answer.numbers.size());
        }
        then(answer.done() && std::ssize(answer.numbers) == holds_expired_at_once_max);
    });
}

}  // namespace okpay::jobs
