// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <openssl/rand.h>

#include "base/ensure.hpp"

namespace okpay {

Moment now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

Bytes random_octets(std::size_t count) {
    Bytes octets(count, '\0');
    ensure(RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) == 1);
    return octets;
}

std::array<char, 10> id_octets() {
    thread_local Bytes drawn;
    thread_local std::size_t used = 0;
    std::array<char, 10> octets;
    if (used + octets.size() > drawn.size()) {
        drawn = random_octets(1'000 * octets.size());
        used = 0;
    }
    drawn.copy(octets.data(), octets.size(), used);
    used += octets.size();
    return octets;
}

}  // namespace okpay
