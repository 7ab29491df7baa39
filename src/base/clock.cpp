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

}  // namespace okpay
