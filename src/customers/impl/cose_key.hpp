// SPDX-License-Identifier: Apache-2.0
// Inside customers: a public key as COSE has it (RFC 9052 section 7, RFC 9053), and what it signed.
#pragma once

#include <optional>

#include "customers/impl/cbor_reader.hpp"
#include "customers/impl/public_key.hpp"
#include "customers/webauthn.hpp"

namespace okpay::customers::impl {

struct CoseKey {
    KeyAlgorithm algorithm;
    KeyPtr key;
};

// Reads one key from the front; what follows it stays in the reader. Nothing where it is of no kind that we take.
std::optional<CoseKey> read_cose_key(CborReader& reader);
bool verify_signature(const CoseKey& key, ByteView message, ByteView signature);

}  // namespace okpay::customers::impl
