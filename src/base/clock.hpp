// SPDX-License-Identifier: Apache-2.0
// The world's clock and dice, for the edges (levels 6 and above, and tests). Pure rooms must not include this.
#pragma once

#include <array>
#include <atomic>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay {

Moment now();                              // the system's clock

// The clock by which a program lives: the system's, or, where tests bring about what time brings, one that runs ahead of it
// by what it was moved. Never back. Thread-safe.
class Clock {
public:
    [[nodiscard]] Moment now() const { return okpay::now() + ahead(); }
    [[nodiscard]] Millis ahead() const { return Millis{ahead_ms_.load(std::memory_order_relaxed)}; }
    void set_ahead(Millis by) { ahead_ms_.store(by.count(), std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> ahead_ms_{0};
};

Bytes random_octets(std::size_t count);    // from the operating system; thread-safe
// As random, drawn ahead by the thousand: for what must be unique and not secret.
std::array<char, 10> id_octets();

template <class AnyId>
AnyId fresh_id() {
    const auto octets = id_octets();
    return AnyId::of(now(), ByteView{octets.data(), octets.size()});
}

}  // namespace okpay
