// SPDX-License-Identifier: Apache-2.0
// The world's clock and dice, for the edges (levels 6 and above, and tests). Pure rooms must not include this.
#pragma once

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay {

Moment now();                              // the system's clock
Bytes random_octets(std::size_t count);    // from the operating system; thread-safe

template <class AnyId>
AnyId fresh_id() {
    return AnyId::of(now(), random_octets(10));
}

}  // namespace okpay
