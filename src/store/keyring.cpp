// SPDX-License-Identifier: Apache-2.0
#include "store/keyring.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <fstream>

#include "base/clock.hpp"
#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "store/files.hpp"

namespace okpay::store {
namespace {

constexpr std::size_t key_octets = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t nonce_octets = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_octets = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr char format = 1;

const unsigned char* octets(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

Bytes seal_with(ByteView key, ByteView plain, std::string_view purpose) {
    ensure(key.size() == key_octets);
    const Bytes nonce = random_octets(nonce_octets);
    Bytes sealed(1 + nonce_octets + plain.size() + tag_octets, '\0');
    sealed[0] = format;
    nonce.copy(sealed.data() + 1, nonce_octets);
    unsigned long long length = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()) + 1 + nonce_octets, &length,
                                               octets(plain), plain.size(), octets(purpose), purpose.size(), nullptr,
                                               octets(nonce), octets(key));
    return sealed;
}

std::optional<Bytes> unseal_with(ByteView key, ByteView sealed, std::string_view purpose) {
    if (key.size() != key_octets || sealed.size() < 1 + nonce_octets + tag_octets || sealed[0] != format)
        return std::nullopt;
    Bytes plain(sealed.size() - 1 - nonce_octets - tag_octets, '\0');
    unsigned long long length = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), &length, nullptr,
                                                   octets(sealed) + 1 + nonce_octets, sealed.size() - 1 - nonce_octets,
                                                   octets(purpose), purpose.size(), octets(sealed) + 1, octets(key)) != 0) {
        return std::nullopt;
    }
    return plain;
}

}  // namespace

Keyring::Keyring(Secret master) : master_{std::move(master)} {
    ensure(sodium_init() >= 0);
    ensure(master_.reveal().size() == key_octets);
}

Result<Keyring, KeyError> Keyring::load(const std::filesystem::path& key_file) {
    std::ifstream file{key_file};
    std::string line;
    if (!file || !std::getline(file, line)) return fail(KeyError::cannot_read);
    const auto master = bytes_of_hex(trimmed(line));
    if (!master || master->size() != key_octets) return fail(KeyError::malformed);
    return Keyring{Secret{*master}};
}

Result<Keyring, KeyError> Keyring::load_or_create(const std::filesystem::path& key_file, bool& created) {
    created = false;
    if (std::filesystem::exists(key_file)) return load(key_file);
    const Bytes master = random_octets(key_octets);
    if (!write_file_durably(key_file, hex_of(master) + "\n", 0600)) return fail(KeyError::cannot_create);
    created = true;
    return Keyring{Secret{master}};
}

Secret Keyring::derived(std::string_view label) const {
    return Secret{std::string{view_of(hmac_sha256(master_.reveal(), label))}};
}

Keyring::SealedObject Keyring::seal_object(ByteView plain, std::string_view purpose) const {
    const Bytes key = random_octets(key_octets);
    return {seal_with(key, plain, purpose), seal_with(derived("object keys").reveal(), key, purpose)};
}

std::optional<Bytes> Keyring::unseal_object(ByteView sealed, ByteView wrapped_key, std::string_view purpose) const {
    const auto key = unseal_with(derived("object keys").reveal(), wrapped_key, purpose);
    if (!key) return std::nullopt;
    return unseal_with(*key, sealed, purpose);
}

Bytes Keyring::seal(ByteView plain, std::string_view purpose) const {
    return seal_with(derived(purpose).reveal(), plain, purpose);
}

std::optional<Bytes> Keyring::unseal(ByteView sealed, std::string_view purpose) const {
    return unseal_with(derived(purpose).reveal(), sealed, purpose);
}

}  // namespace okpay::store
