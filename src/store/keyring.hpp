// SPDX-License-Identifier: Apache-2.0
// The master key and what hangs on it. The key lives in a file outside the data directory (one line of 64 hex digits, mode
// 0600); without it the sealed mails are lost, so it is backed up apart.
//
//   Roots     The master key seals the roots of the ring (store/key_ring.hpp), one a generation: 1, 2, …. Changing the
//             master key seals the same roots anew and adds one, so that nothing else depends on which master key it is.
//   Sealing   XChaCha20-Poly1305 (libsodium). An object has a key of its own, wrapped under the newest root: erasing the
//             wrapped key erases the object.
//             sealed = format || 24 nonce || ciphertext and tag; the associated data is `purpose`. The format is the octet 1
//             under the first root (and under an object's own key), or the octet 2 and 4 octets of the generation.
//   Derived   HMAC-SHA-256(first root, label): tokens, request numbers, hashes, cluster forwarding. They are of the first
//             root for ever: links that were sent, and hashes that are compared, outlive a change of keys.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace okpay::store {

enum class KeyError : std::uint8_t { cannot_read, malformed, cannot_create, of_other_data };
std::string_view explain(KeyError error);

// The master key in its file.
Result<Secret, KeyError> load_master_key(const std::filesystem::path& key_file);
// Makes the file where there is none; `created` tells, so that the operator is told to back it up.
Result<Secret, KeyError> load_or_create_master_key(const std::filesystem::path& key_file, bool& created);
Secret fresh_key();

// Under a key itself, for the ring.
[[nodiscard]] Bytes seal_under(const Secret& key, ByteView plain, std::string_view purpose);
[[nodiscard]] std::optional<Bytes> unseal_under(const Secret& key, ByteView sealed, std::string_view purpose);

class Keyring {
public:
    explicit Keyring(Secret roots);  // 32 octets each, those of generation 1 first

    [[nodiscard]] std::uint32_t newest() const;
    // The generation under which this was wrapped or sealed; 0 where it has no format of ours.
    [[nodiscard]] static std::uint32_t generation_of(ByteView sealed);

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

    // The same under the newest root; none where it does not open.
    [[nodiscard]] std::optional<Bytes> wrap_again(ByteView wrapped_key, std::string_view purpose) const;
    [[nodiscard]] std::optional<Bytes> seal_again(ByteView sealed, std::string_view purpose) const;

private:
    [[nodiscard]] Bytes seal_labelled(ByteView plain, std::string_view label, std::string_view purpose) const;
    [[nodiscard]] std::optional<Bytes> unseal_labelled(ByteView sealed, std::string_view label,
                                                       std::string_view purpose) const;
    [[nodiscard]] ByteView root(std::uint32_t generation) const;
    Secret roots_;
};

}  // namespace okpay::store
