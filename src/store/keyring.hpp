// SPDX-License-Identifier: Apache-2.0
// The master key and what is made from it. The key lives in a file outside the data directory (one line of 64 hex
// digits, mode 0600); without it the sealed mails are lost, so it is backed up apart.
//
//   Sealing   XChaCha20-Poly1305 (libsodium). An object has a key of its own, wrapped by the master key: erasing the
//             wrapped key erases the object.
//             sealed = 1 octet of format (1) || 24 nonce || ciphertext and tag; the associated data is `purpose`.
//   Derived   HMAC-SHA-256(master, label): tokens, request numbers, cluster forwarding.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace okpay::store {

enum class KeyError : std::uint8_t { cannot_read, malformed, cannot_create };

class Keyring {
public:
    static Result<Keyring, KeyError> load(const std::filesystem::path& key_file);
    // Makes the file where there is none; `created` tells, so that the operator is told to back it up.
    static Result<Keyring, KeyError> load_or_create(const std::filesystem::path& key_file, bool& created);
    explicit Keyring(Secret master);  // 32 octets

    [[nodiscard]] Secret derived(std::string_view label) const;

    // An object sealed under a fresh key, and that key wrapped.
    struct SealedObject {
        Bytes sealed;
        Bytes wrapped_key;
    };
    [[nodiscard]] SealedObject seal_object(ByteView plain, std::string_view purpose) const;
    [[nodiscard]] std::optional<Bytes> unseal_object(ByteView sealed, ByteView wrapped_key, std::string_view purpose) const;

    // A small secret (a TOTP secret) directly under a key derived for the purpose.
    [[nodiscard]] Bytes seal(ByteView plain, std::string_view purpose) const;
    [[nodiscard]] std::optional<Bytes> unseal(ByteView sealed, std::string_view purpose) const;

private:
    Secret master_;
};

}  // namespace okpay::store
