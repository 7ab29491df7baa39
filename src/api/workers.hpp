// SPDX-License-Identifier: Apache-2.0
// Blocking and heavy work off the thread of the sockets: reads of the database, password hashes. Bounded: what does not
// fit is refused at once, and the client is told to come back.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <vector>

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
        struct Task {
            Work work;
            std::optional<std::invoke_result_t<Work&>> result = std::nullopt;
        };
        const auto task = std::make_shared<Task>(std::move(work));
        std::function<void()> job = [task] { task->result = task->work(); };
        const bool ran = co_await finished(std::move(job));
        if (!ran) co_return std::nullopt;
        co_return std::move(task->result);
    }
    [[nodiscard]] std::int64_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

private:
    awaitable<bool> finished(std::function<void()> job);  // false where it was refused

    const std::int64_t waiting_max_;
    std::atomic<std::int64_t> waiting_{0};  // running ones too
    asio::thread_pool pool_;
};

// The command's answer, on the caller's executor.
awaitable<service::Answer> submitted(service::Service& service, service::Command command);

// The same for many: the answers of one commit come home with one task on the executor instead of one each.
class Answers {
public:
    explicit Answers(asio::any_io_executor executor) : home_{std::make_shared<Home>(std::move(executor))} {}
    awaitable<service::Answer> of(service::Service& service, service::Command command);

private:
    struct Home : std::enable_shared_from_this<Home> {
        explicit Home(asio::any_io_executor given) : executor{std::move(given)} {}
        void bring(std::function<void()> resume);  // from any thread

        asio::any_io_executor executor;
        std::mutex mutex;
        std::vector<std::function<void()>> arrived;  // under mutex
    };
    std::shared_ptr<Home> home_;
};

}  // namespace okpay::api
