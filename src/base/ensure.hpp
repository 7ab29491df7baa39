// SPDX-License-Identifier: Apache-2.0
// For what only a bug can break, never for input: prints where, and stops the process, in release builds too.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace okpay {

inline void ensure(bool holds, std::source_location at = std::source_location::current()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%u: invariant broken\n", at.file_name(), unsigned{at.line()});
    std::abort();
}

}  // namespace okpay
