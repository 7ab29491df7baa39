// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). The algorithm is fetched once a thread: OpenSSL 3 looks it up on
// each one-call digest, which costs more than hashing a ledger row.
#pragma once

#include <array>
#include <initializer_list>

#include "base/bytes.hpp"

namespace okpay {

using Hash256 = std::array<std::uint8_t, 32>;

Hash256 sha256(ByteView bytes);
Hash256 sha256(std::initializer_list<ByteView> parts);  // of the parts end to end
Hash256 hmac_sha256(ByteView key, ByteView bytes);

inline ByteView view_of(const Hash256& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
std::optional<Hash256> hash_of(ByteView bytes);  // exactly 32 octets

}  // namespace okpay
