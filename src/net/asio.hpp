// SPDX-License-Identifier: Apache-2.0
// Asio as this program uses it: coroutines, and errors as values instead of exceptions.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>

namespace okpay {

namespace asio = boost::asio;

namespace net {

using asio::awaitable;
using ErrorCode = boost::system::error_code;

// co_await thing.async_x(..., quietly) gives a tuple whose first member is the error code.
inline constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

}  // namespace net
}  // namespace okpay
