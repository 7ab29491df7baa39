// SPDX-License-Identifier: Apache-2.0
#include "customers/impl/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace okpay::customers::impl {
namespace {

constexpr std::size_t coordinate_octets = 32;
constexpr std::size_t modulus_octets_min = 256, modulus_octets_max = 512;  // 2,048 to 4,096 bits
constexpr std::size_t exponent_octets_max = 4;

template <class T, void (*release)(T*)>
struct Releaser {
    void operator()(T* it) const { release(it); }
};
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

}  // namespace

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

bool verify_signature(EVP_PKEY& key, Digest digest, RsaPadding padding, ByteView message, ByteView signature) {
    const DigestContextPtr context{EVP_MD_CTX_new()};
    const EVP_MD* hash = digest == Digest::sha256 ? EVP_sha256() : nullptr;
    EVP_PKEY_CTX* how = nullptr;  // the context's own
    if (context == nullptr || EVP_DigestVerifyInit(context.get(), &how, hash, nullptr, &key) != 1) return false;
    if (padding == RsaPadding::pss && (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
                                       EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) != 1)) {
        return false;
    }
    return EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(message), message.size()) == 1;
}

Bytes der_of_p256_signature(ByteView numbers) {
    if (numbers.size() != 2 * coordinate_octets) return {};
    const std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG, ECDSA_SIG_free>> signature{ECDSA_SIG_new()};
    BIGNUM* r = BN_bin2bn(octets_of(numbers), coordinate_octets, nullptr);
    BIGNUM* s = BN_bin2bn(octets_of(numbers.substr(coordinate_octets)), coordinate_octets, nullptr);
    if (signature == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    Bytes octets{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return octets;
}

}  // namespace okpay::customers::impl
