// SPDX-License-Identifier: Apache-2.0
#include "customers/impl/cose_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <map>

namespace okpay::customers::impl {
namespace {

constexpr std::int64_t label_kty = 1, label_alg = 3, label_crv = -1, label_x = -2, label_y = -3;
constexpr std::int64_t label_n = -1, label_e = -2;  // of RSA
constexpr std::int64_t kty_okp = 1, kty_ec2 = 2, kty_rsa = 3;
constexpr std::int64_t crv_p256 = 1, crv_ed25519 = 6;
constexpr std::size_t coordinate_octets = 32;
constexpr std::size_t modulus_octets_min = 256, modulus_octets_max = 512;  // 2,048 to 4,096 bits
constexpr std::size_t exponent_octets_max = 4;
constexpr std::size_t members_max = 8;

template <class T, void (*release)(T*)>
struct Releaser {
    void operator()(T* it) const { release(it); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyRelease>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX, EVP_MD_CTX_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM, OSSL_PARAM_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Releaser<BIGNUM, BN_free>>;

const unsigned char* octets_of(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// OpenSSL checks that a point lies on its curve.
KeyPtr key_of(const char* kind, OSSL_PARAM_BLD* builder) {
    const ParametersPtr parameters{OSSL_PARAM_BLD_to_param(builder)};
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr)};
    if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) return nullptr;
    return KeyPtr{key};
}

KeyPtr p256_key(ByteView x, ByteView y) {
    if (x.size() != coordinate_octets || y.size() != coordinate_octets) return nullptr;
    const Bytes point = "\x04" + Bytes{x} + Bytes{y};
    const BuilderPtr builder{OSSL_PARAM_BLD_new()};
    if (builder == nullptr ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
        return nullptr;
    }
    return key_of("EC", builder.get());
}

KeyPtr rsa_key(ByteView modulus, ByteView exponent) {
    const bool sizes_fit = modulus.size() >= modulus_octets_min && modulus.size() <= modulus_octets_max &&
                           !exponent.empty() && exponent.size() <= exponent_octets_max;
    if (!sizes_fit || modulus.front() == '\0') return nullptr;
    const NumberPtr n{BN_bin2bn(octets_of(modulus), static_cast<int>(modulus.size()), nullptr)};
    const NumberPtr e{BN_bin2bn(octets_of(exponent), static_cast<int>(exponent.size()), nullptr)};
    if (n == nullptr || e == nullptr || BN_is_odd(n.get()) == 0 || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) {
        return nullptr;
    }
    const BuilderPtr builder{OSSL_PARAM_BLD_new()};
    if (builder == nullptr || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return nullptr;
    }
    return key_of("RSA", builder.get());
}

KeyPtr ed25519_key(ByteView x) {
    if (x.size() != coordinate_octets) return nullptr;
    return KeyPtr{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(x), x.size())};
}

// The members by label; nothing where one stands twice or is neither a number nor octets.
std::optional<std::map<std::int64_t, CborItem>> members_of(CborReader& reader) {
    const auto map = reader.next();
    if (!map || map->kind != CborItem::Kind::map || map->count > members_max) return std::nullopt;
    std::map<std::int64_t, CborItem> members;
    for (std::size_t i = 0; i < map->count; ++i) {
        const auto label = reader.next();
        const auto value = reader.next();
        if (!label || !value || label->kind != CborItem::Kind::integer) return std::nullopt;
        if (value->kind != CborItem::Kind::integer && value->kind != CborItem::Kind::octets) return std::nullopt;
        if (!members.emplace(label->number, *value).second) return std::nullopt;
    }
    return members;
}

}  // namespace

std::optional<CoseKey> read_cose_key(CborReader& reader) {
    const auto members = members_of(reader);
    if (!members) return std::nullopt;
    const auto number = [&](std::int64_t label) {
        const auto found = members->find(label);
        return found != members->end() && found->second.kind == CborItem::Kind::integer ? found->second.number : 0;
    };
    const auto octets = [&](std::int64_t label) {
        const auto found = members->find(label);
        return found != members->end() ? found->second.content : ByteView{};
    };
    const std::int64_t kty = number(label_kty), algorithm = number(label_alg), curve = number(label_crv);
    std::optional<CoseKey> made;
    if (kty == kty_ec2 && algorithm == static_cast<std::int64_t>(KeyAlgorithm::es256) && curve == crv_p256) {
        made = CoseKey{KeyAlgorithm::es256, p256_key(octets(label_x), octets(label_y))};
    } else if (kty == kty_okp && algorithm == static_cast<std::int64_t>(KeyAlgorithm::eddsa) && curve == crv_ed25519) {
        made = CoseKey{KeyAlgorithm::eddsa, ed25519_key(octets(label_x))};
    } else if (kty == kty_rsa && algorithm == static_cast<std::int64_t>(KeyAlgorithm::rs256)) {
        made = CoseKey{KeyAlgorithm::rs256, rsa_key(octets(label_n), octets(label_e))};
    }
    if (!made || made->key == nullptr) return std::nullopt;
    return made;
}

bool verify_signature(const CoseKey& key, ByteView message, ByteView signature) {
    const DigestContextPtr context{EVP_MD_CTX_new()};
    const EVP_MD* digest = key.algorithm == KeyAlgorithm::eddsa ? nullptr : EVP_sha256();  // Ed25519 hashes by itself
    return context != nullptr &&
           EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&  // RSA: PKCS #1 v1.5
           EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(message), message.size()) == 1;
}

}  // namespace okpay::customers::impl
