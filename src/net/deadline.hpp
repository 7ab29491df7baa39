// SPDX-License-Identifier: Apache-2.0
// Await a thing for so long and no longer. For sockets prefer Connection::expire_after, which costs no extra coroutine.
//   Late      the work is cancelled and its end awaited; work that ignores cancellation is waited for.
//   Throwing  what the work throws comes out at once (a bare `work || timer` would wait for the timer first).
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <exception>
#include <optional>
#include <utility>

#include "base/moment.hpp"
#include "base/result.hpp"
#include "net/asio.hpp"

namespace okpay::net {
namespace deadline_detail {

template <class T>
awaitable<Result<T, std::exception_ptr>> caught(awaitable<T> work) {
    try {
        co_return co_await std::move(work);
    } catch (...) { co_return fail(std::current_exception()); }
}

}  // namespace deadline_detail

// Nothing where the deadline came first.
template <class T>
awaitable<std::optional<T>> within(Millis limit, awaitable<T> work) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer{co_await asio::this_coro::executor, limit};
    auto first = co_await (deadline_detail::caught(std::move(work)) || timer.async_wait(asio::use_awaitable));
    if (first.index() == 1) co_return std::nullopt;
    auto& done = std::get<0>(first);
    if (!done) std::rethrow_exception(done.error());
    co_return *std::move(done);
}

}  // namespace okpay::net
