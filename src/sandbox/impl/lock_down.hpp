// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sandbox/serve.hpp"

namespace okpay::sandbox {

// Takes from this process everything but computing and the one socket. Cannot be undone. False where any step failed:
// the process must then end.
bool lock_down(int fd, const ServeLimits& limits);

// Allows this much processor time from now on; the kernel kills the process at its end.
bool allow_cpu_seconds(std::uint32_t seconds);

}  // namespace okpay::sandbox
