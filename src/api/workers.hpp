// SPDX-License-Identifier: Apache-2.0
// Blocking and heavy work off the thread of the sockets: reads of the database, password hashes. Bounded: what does not
// fit is refused at once, and the client is told to come back.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "net/asio.hpp"
#include "service/service.hpp"

namespace okpay::api {

using net::awaitable;

class Workers {
public:
    Workers(std::size_t threads, std::size_t waiting_max)
        : waiting_max_{static_cast<std::int64_t>(waiting_max)}, pool_{threads} {}
    ~Workers() { pool_.join(); }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // What the work answers, on the caller's executor; nothing where too much waits. The work owns what it uses.
    template <class Work>
    awaitable<std::optional<std::invoke_result_t<Work&>>> run(Work work) {
        using Result = std::optional<std::invoke_result_t<Work&>>;
        if (waiting_.fetch_add(1, std::memory_order_relaxed) >= waiting_max_) {
            waiting_.fetch_sub(1, std::memory_order_relaxed);
            co_return std::nullopt;
        }
        auto initiate = [this](auto handler, Work task) {
            const auto executor = asio::get_associated_executor(handler);
            asio::post(pool_, [this, task = std::move(task), handler = std::move(handler),
                               guard = asio::make_work_guard(executor)]() mutable {
                Result result = task();
                waiting_.fetch_sub(1, std::memory_order_relaxed);
                asio::post(guard.get_executor(), [handler = std::move(handler), result = std::move(result)]() mutable {
                    std::move(handler)(std::move(result));
                });
            });
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result)>(std::move(initiate),
                                                                                             asio::use_awaitable,
                                                                                             std::move(work));
    }
    [[nodiscard]] std::int64_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

private:
    const std::int64_t waiting_max_;
    std::atomic<std::int64_t> waiting_{0};  // running ones too
    asio::thread_pool pool_;
};

// The command's answer, on the caller's executor.
inline awaitable<service::Answer> submitted(service::Service& service, service::Command command) {
    auto initiate = [&service](auto handler, service::Command given) {
        const auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        // std::function wants to be copied; what it holds cannot be.
        auto waiting = std::make_shared<std::pair<decltype(handler), decltype(guard)>>(std::move(handler), std::move(guard));
        service.submit(std::move(given), [waiting = std::move(waiting)](service::Answer answer) mutable {
            auto [resume, work] = std::move(*waiting);
            asio::post(work.get_executor(), [handler_now = std::move(resume), answer = std::move(answer)]() mutable {
                std::move(handler_now)(std::move(answer));
            });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(service::Answer)>(std::move(initiate),
                                                                                                  asio::use_awaitable,
                                                                                                  std::move(command));
}

}  // namespace okpay::api
