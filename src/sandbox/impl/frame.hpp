// SPDX-License-Identifier: Apache-2.0
// The wire: a request is a u32 length and its octets; an answer a u32 length, one octet of status and its octets. The
// length counts the octets alone. The child opens with an empty answer of status `ready`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace okpay::sandbox {

enum class AnswerStatus : std::uint8_t { ready = 1, done = 2, refused = 3, too_large = 4 };

using Deadline = std::chrono::steady_clock::time_point;

enum class WireState : std::uint8_t { done, closed, late };

// Without a deadline they block. Interrupted system calls are taken up again.
WireState send_all(int fd, ByteView octets, std::optional<Deadline> deadline);
WireState receive_exactly(int fd, std::size_t count, Bytes& to, std::optional<Deadline> deadline);

}  // namespace okpay::sandbox
