// SPDX-License-Identifier: Apache-2.0
#include "api/workers.hpp"

#include "base/ensure.hpp"

namespace okpay::api {
namespace {

using Wake = std::function<void()>;

// Waits until `start` has its wake called, once, on any thread; goes on on its own executor, which is kept busy
// meanwhile, so that its thread does not leave. std::function wants to be copied and a handler cannot be, hence the
// shared pointer.
awaitable<void> woken(std::function<void(Wake)> start) {
    auto initiate = [](auto handler, std::function<void(Wake)> given) {
        auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
        using Waiting = std::pair<decltype(handler), decltype(guard)>;
        const auto waiting = std::make_shared<Waiting>(std::move(handler), std::move(guard));
        given([waiting] {
            asio::post(waiting->second.get_executor(), std::move(waiting->first));
            waiting->second.reset();
        });
    };
    ensure(start != nullptr);
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate), asio::use_awaitable,
                                                                         std::move(start));
}

}  // namespace

awaitable<bool> Workers::finished(std::function<void()> job) {
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= waiting_max_) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        co_return false;
    }
    std::function<void(Wake)> start = [this, job = std::move(job)](Wake wake) {
        asio::post(pool_, [this, job, wake = std::move(wake)]() mutable {
            job();
            job = nullptr;  // what it holds belongs to the one who waits from now on
            waiting_.fetch_sub(1, std::memory_order_relaxed);
            wake();
        });
    };
    co_await woken(std::move(start));
    co_return true;
}

awaitable<service::Answer> submitted(service::Service& service, service::Command command) {
    const auto answer = std::make_shared<service::Answer>();
    std::function<void(Wake)> start = [&service, command = std::move(command), answer](const Wake& wake) mutable {
        service.submit(std::move(command), [answer, wake](service::Answer given) {
            *answer = std::move(given);
            wake();
        });
    };
    co_await woken(std::move(start));
    co_return std::move(*answer);
}

void Answers::Home::bring(std::function<void()> resume) {
    const std::lock_guard lock{mutex};
    arrived.push_back(std::move(resume));
    if (arrived.size() > 1) return;  // a task is on its way
    asio::post(executor, [self = shared_from_this()] {
        std::vector<std::function<void()>> all;
        {
            const std::lock_guard taking{self->mutex};
            all.swap(self->arrived);
        }
        for (auto& one : all) std::exchange(one, nullptr)();
    });
}

awaitable<service::Answer> Answers::of(service::Service& service, service::Command command) {
    auto initiate = [this, &service](auto handler, service::Command given) {
        auto guard = asio::make_work_guard(asio::get_associated_executor(handler));  // its thread stays meanwhile
        struct Waiting {
            decltype(handler) resume;
            decltype(guard) busy;
            std::shared_ptr<Home> home;
            service::Answer answer = {};
        };
        const auto waiting = std::make_shared<Waiting>(std::move(handler), std::move(guard), home_);
        service.submit(std::move(given), [waiting](service::Answer answer) {
            waiting->answer = std::move(answer);
            waiting->home->bring([waiting] {
                waiting->busy.reset();
                std::move(waiting->resume)(std::move(waiting->answer));
            });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(service::Answer)>(std::move(initiate),
                                                                                                  asio::use_awaitable,
                                                                                                  std::move(command));
}

}  // namespace okpay::api
