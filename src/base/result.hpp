// SPDX-License-Identifier: Apache-2.0
// The two kinds of failure: an expected one is a Result with a closed enum of its room; a broken assumption of the
// code is `ensure` (ensure.hpp) and stops the process.
#pragma once

#include <expected>
#include <utility>

namespace okpay {

template <class T, class E>
using Result = std::expected<T, E>;

template <class E>
[[nodiscard]] constexpr auto fail(E error) {
    return std::unexpected<E>{std::move(error)};
}

}  // namespace okpay
