// SPDX-License-Identifier: Apache-2.0
#include "base/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>
#include <memory>

#include "base/ensure.hpp"

namespace okpay {
namespace {

struct Sha256 {
    std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256& kept() {
    thread_local Sha256 hasher;
    return hasher;
}

}  // namespace

Hash256 sha256(ByteView bytes) { return sha256({bytes}); }

Hash256 sha256(std::initializer_list<ByteView> parts) {
    Sha256& hasher = kept();
    Hash256 hash{};
    ensure(EVP_DigestInit_ex2(hasher.context.get(), hasher.algorithm.get(), nullptr) == 1);
    for (const ByteView part : parts) ensure(EVP_DigestUpdate(hasher.context.get(), part.data(), part.size()) == 1);
    ensure(EVP_DigestFinal_ex(hasher.context.get(), hash.data(), nullptr) == 1);
    return hash;
}

Hash256 hmac_sha256(ByteView key, ByteView bytes) {
    Hash256 hash{};
    unsigned int length = 0;
    ensure(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
                bytes.size(), hash.data(), &length) != nullptr);
    return hash;
}

std::optional<Hash256> hash_of(ByteView bytes) {
    Hash256 hash{};
    if (bytes.size() != hash.size()) return std::nullopt;
    std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

}  // namespace okpay
