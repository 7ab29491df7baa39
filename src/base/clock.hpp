// SPDX-License-Identifier: Apache-2.0
// The world's clock and dice, for the edges (levels 6 and above, and tests). Pure rooms must not include this.
#pragma once

#include <array>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay {

Moment now();                              // the system's clock
Bytes random_octets(std::size_t count);    // from the operating system; thread-safe
// As random, drawn ahead by the thousand: for what must be unique and not secret.
std::array<char, 10> id_octets();

template <class AnyId>
AnyId fresh_id() {
    const auto octets = id_octets();
    return AnyId::of(now(), ByteView{octets.data(), octets.size()});
}

}  // namespace okpay
