// SPDX-License-Identifier: Apache-2.0
// The child's side. Call it first thing in main, before threads, configuration and logs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/bytes.hpp"

namespace okpay::sandbox {

struct ServeLimits {
    std::size_t memory_octets_max = 1U << 30U;  // address space; not applied under a sanitizer, which reserves terabytes
    std::uint32_t call_cpu_seconds_max = 10;    // processor time of one request; over it the kernel kills the child
    std::size_t request_octets_max = 64U << 20U;
    std::size_t answer_octets_max = 64U << 20U;
};

using Work = std::function<Bytes(ByteView request)>;

// Runs `warm_up` (whatever loads files or modules lazily), locks the process in, says "ready" on `fd` and answers
// requests until the other end closes. Where the process cannot lock itself in it says nothing and ends: no work is
// ever done outside. An exception of `work` is answered as "refused". Ends the process with status 0, or 1 where the
// lock-down or the wire failed, without running destructors: under the lock-down there is nothing they could save.
[[noreturn]] void serve_child(int fd, const Work& work, const std::function<void()>& warm_up = {},
                              const ServeLimits& limits = {});

}  // namespace okpay::sandbox
