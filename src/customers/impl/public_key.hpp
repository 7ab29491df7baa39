// SPDX-License-Identifier: Apache-2.0
// Inside customers: public keys out of their numbers, and what they signed. OpenSSL does the mathematics; what is no key, or
// weaker than we take, is null.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"

namespace okpay::customers::impl {

struct KeyRelease {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyRelease>;

// All numbers big-endian.
KeyPtr p256_key(ByteView x, ByteView y);
KeyPtr rsa_key(ByteView modulus, ByteView exponent);  // 2,048 to 4,096 bits
KeyPtr ed25519_key(ByteView x);

enum class Digest : std::uint8_t { none, sha256 };  // none: Ed25519, which hashes by itself
enum class RsaPadding : std::uint8_t { pkcs1, pss };  // of RSA alone; pss with a salt as long as the digest
// ECDSA signatures in DER.
bool verify_signature(EVP_PKEY& key, Digest digest, RsaPadding padding, ByteView message, ByteView signature);
// The two numbers of an ECDSA signature on P-256, end to end as JWS has them (RFC 7518 3.4), in DER; empty where they are
// no such numbers.
Bytes der_of_p256_signature(ByteView numbers);

}  // namespace okpay::customers::impl
