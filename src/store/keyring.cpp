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
constexpr char format_with_generation = 2;
constexpr std::size_t generation_octets = 4;
constexpr std::string_view object_key_label = "object keys";

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

std::string_view explain(KeyError error) {
    switch (error) {
    case KeyError::cannot_read: return "the key file cannot be read";
    case KeyError::malformed: return "the key file is not one line of 64 hex digits";
    case KeyError::cannot_create: return "the key file cannot be made: check the rights of its directory";
    case KeyError::of_other_data: return "the key file is not the one of this data: put the right one in its place";
    }
    std::abort();
}

Result<Secret, KeyError> load_master_key(const std::filesystem::path& key_file) {
    std::ifstream file{key_file};
    std::string line;
    if (!file || !std::getline(file, line)) return fail(KeyError::cannot_read);
    const auto master = bytes_of_hex(trimmed(line));
    if (!master || master->size() != key_octets) return fail(KeyError::malformed);
    return Secret{*master};
}

Result<Secret, KeyError> load_or_create_master_key(const std::filesystem::path& key_file, bool& created) {
    created = false;
    if (std::filesystem::exists(key_file)) return load_master_key(key_file);
    Secret master = fresh_key();
    if (!write_file_durably(key_file, hex_of(master.reveal()) + "\n", 0600)) return fail(KeyError::cannot_create);
    created = true;
    return master;
}

Secret fresh_key() { return Secret{random_octets(key_octets)}; }

Bytes seal_under(const Secret& key, ByteView plain, std::string_view purpose) {
    return seal_with(key.reveal(), plain, purpose);
}

std::optional<Bytes> unseal_under(const Secret& key, ByteView sealed, std::string_view purpose) {
    return unseal_with(key.reveal(), sealed, purpose);
}

Keyring::Keyring(Secret roots) : roots_{std::move(roots)} {
    ensure(sodium_init() >= 0);
    ensure(!roots_.empty() && roots_.reveal().size() % key_octets == 0);
}

std::uint32_t Keyring::newest() const { return static_cast<std::uint32_t>(roots_.reveal().size() / key_octets); }

ByteView Keyring::root(std::uint32_t generation) const {
    return ByteView{roots_.reveal()}.substr((generation - 1) * key_octets, key_octets);
}

std::uint32_t Keyring::generation_of(ByteView sealed) {
    if (sealed.empty()) return 0;
    if (sealed[0] == format) return 1;
    if (sealed[0] != format_with_generation || sealed.size() < 1 + generation_octets) return 0;
    std::uint32_t generation = 0;
    for (std::size_t i = 1; i <= generation_octets; ++i)
        generation = (generation << 8U) | static_cast<std::uint8_t>(sealed[i]);
    return generation >= 2 ? generation : 0;
}

Secret Keyring::derived(std::string_view label) const { return Secret{std::string{view_of(hmac_sha256(root(1), label))}}; }

Bytes Keyring::seal_labelled(ByteView plain, std::string_view label, std::string_view purpose) const {
    const auto key = hmac_sha256(root(newest()), label);
    Bytes sealed = seal_with(view_of(key), plain, purpose);
    if (newest() == 1) return sealed;
    Bytes head(1, format_with_generation);
    for (std::size_t i = generation_octets; i-- > 0;) head += static_cast<char>((newest() >> (8 * i)) & 0xFFU);
    return head + sealed.substr(1);
}

std::optional<Bytes> Keyring::unseal_labelled(ByteView sealed, std::string_view label, std::string_view purpose) const {
    const std::uint32_t generation = generation_of(sealed);
    if (generation == 0 || generation > newest()) return std::nullopt;
    const auto key = hmac_sha256(root(generation), label);
    if (generation == 1) return unseal_with(view_of(key), sealed, purpose);
    return unseal_with(view_of(key), std::string(1, format) + Bytes{sealed.substr(1 + generation_octets)}, purpose);
}

Keyring::SealedObject Keyring::seal_object(ByteView plain, std::string_view purpose) const {
    const Bytes key = random_octets(key_octets);
    return {seal_with(key, plain, purpose), seal_labelled(key, object_key_label, purpose)};
}

std::optional<Bytes> Keyring::unseal_object(ByteView sealed, ByteView wrapped_key, std::string_view purpose) const {
    const auto key = unseal_labelled(wrapped_key, object_key_label, purpose);
    if (!key) return std::nullopt;
    return unseal_with(*key, sealed, purpose);
}

Bytes Keyring::seal(ByteView plain, std::string_view purpose) const { return seal_labelled(plain, purpose, purpose); }

std::optional<Bytes> Keyring::unseal(ByteView sealed, std::string_view purpose) const {
    return unseal_labelled(sealed, purpose, purpose);
}

std::optional<Bytes> Keyring::wrap_again(ByteView wrapped_key, std::string_view purpose) const {
    const auto key = unseal_labelled(wrapped_key, object_key_label, purpose);
    if (!key) return std::nullopt;
    return seal_labelled(*key, object_key_label, purpose);
}

std::optional<Bytes> Keyring::seal_again(ByteView sealed, std::string_view purpose) const {
    const auto plain = unseal(sealed, purpose);
    if (!plain) return std::nullopt;
    return seal(*plain, purpose);
}

}  // namespace okpay::store
