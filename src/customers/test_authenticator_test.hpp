// SPDX-License-Identifier: Apache-2.0
// A security key in software, for tests: makes keys with OpenSSL, answers challenges as a browser and an authenticator
// would together (W3C Web Authentication level 2), and lies where a test asks it to.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "customers/webauthn.hpp"

namespace okpay::customers::test {

// CBOR's heads, as CTAP2 writes them.
inline Bytes cbor_head(unsigned major, std::uint64_t value) {
    const auto octet = [](std::uint64_t v) { return static_cast<char>(v & 0xFFU); };
    const unsigned kind = major << 5U;
    if (value < 24) return Bytes{octet(kind | value)};
    if (value < 256) return Bytes{octet(kind | 24U), octet(value)};
    return Bytes{octet(kind | 25U), octet(value >> 8U), octet(value)};
}
inline Bytes cbor(std::int64_t number) {
    return number >= 0 ? cbor_head(0, static_cast<std::uint64_t>(number))
                       : cbor_head(1, static_cast<std::uint64_t>(-1 - number));
}
inline Bytes cbor_octets(ByteView bytes) { return cbor_head(2, bytes.size()) + Bytes{bytes}; }
inline Bytes cbor_text(std::string_view text) { return cbor_head(3, text.size()) + Bytes{text}; }

// What it says; each may be changed before it answers.
struct Saying {
    std::string origin = "http://localhost:8080";
    std::string party = "localhost";
    std::string type = {};       // empty: the right one
    unsigned flags = 0x05;       // user present and verified
    std::string client_extra{};  // more members of clientDataJSON, ",\"crossOrigin\":true"
    Bytes extensions{};          // CBOR after all else; its flag is set
    Bytes statement = cbor_head(5, 0);
    std::string format = "none";
};

struct Registered {
    std::string client_data;
    Bytes attestation;
    [[nodiscard]] Registration said() const { return {.client_data = client_data, .attestation = attestation}; }
};
struct Answered {
    std::string client_data;
    Bytes authenticator_data, signature;
    [[nodiscard]] Assertion said() const {
        return {.client_data = client_data, .authenticator_data = authenticator_data, .signature = signature};
    }
};

class TestAuthenticator {
public:
    explicit TestAuthenticator(KeyAlgorithm algorithm = KeyAlgorithm::es256, Bytes credential_id = Bytes(32, 'c'))
        : algorithm_{algorithm}, credential_id_{std::move(credential_id)}, key_{made(algorithm)} {}

    [[nodiscard]] const Bytes& credential_id() const { return credential_id_; }
    std::uint32_t sign_count = 0;  // counted up at each answer where `counts`
    bool counts = true;

    [[nodiscard]] Bytes cose_key() const {
        switch (algorithm_) {
        case KeyAlgorithm::es256: {
            const Bytes point = octets(OSSL_PKEY_PARAM_PUB_KEY);
            return cbor_head(5, 5) + cbor(1) + cbor(2) + cbor(3) + cbor(-7) + cbor(-1) + cbor(1) + cbor(-2) +
                   cbor_octets(ByteView{point}.substr(1, 32)) + cbor(-3) + cbor_octets(ByteView{point}.substr(33, 32));
        }
        case KeyAlgorithm::eddsa:
            return cbor_head(5, 4) + cbor(1) + cbor(1) + cbor(3) + cbor(-8) + cbor(-1) + cbor(6) + cbor(-2) +
                   cbor_octets(octets(OSSL_PKEY_PARAM_PUB_KEY));
        case KeyAlgorithm::rs256:
            return cbor_head(5, 4) + cbor(1) + cbor(3) + cbor(3) + cbor(-257) + cbor(-1) +
                   cbor_octets(number(OSSL_PKEY_PARAM_RSA_N)) + cbor(-2) + cbor_octets(number(OSSL_PKEY_PARAM_RSA_E));
        }
        std::abort();
    }

    [[nodiscard]] Registered create(ByteView challenge, const Saying& saying = {}) const {
        const Bytes length{static_cast<char>(credential_id_.size() >> 8U), static_cast<char>(credential_id_.size() & 0xFFU)};
        const Bytes data = head(saying, 0x40) + Bytes(16, '\0') + length + credential_id_ + cose_key() + saying.extensions;
        return {.client_data = client_data(saying, "webauthn.create", challenge),
                .attestation = cbor_head(5, 3) + cbor_text("fmt") + cbor_text(saying.format) + cbor_text("attStmt") +
                               saying.statement + cbor_text("authData") + cbor_octets(data)};
    }

    [[nodiscard]] Answered get(ByteView challenge, const Saying& saying = {}) {
        if (counts) ++sign_count;
        Answered answered{.client_data = client_data(saying, "webauthn.get", challenge),
                          .authenticator_data = head(saying, 0) + saying.extensions,
                          .signature = {}};
        answered.signature = sign(answered.authenticator_data + Bytes{view_of(sha256(answered.client_data))});
        return answered;
    }

private:
    struct Release {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
        void operator()(BIGNUM* number) const { BN_free(number); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Release>;

    static Key made(KeyAlgorithm algorithm) {
        switch (algorithm) {
        case KeyAlgorithm::es256: {
            std::string curve = "P-256";
            return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data())};
        }
        case KeyAlgorithm::eddsa: return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
        case KeyAlgorithm::rs256: return Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2'048})};
        }
        std::abort();
    }
    [[nodiscard]] Bytes octets(const char* name) const {
        Bytes found(256, '\0');
        std::size_t size = 0;
        ensure(EVP_PKEY_get_octet_string_param(key_.get(), name, reinterpret_cast<unsigned char*>(found.data()),
                                               found.size(), &size) == 1);
        found.resize(size);
        return found;
    }
    [[nodiscard]] Bytes number(const char* name) const {
        BIGNUM* raw = nullptr;
        ensure(EVP_PKEY_get_bn_param(key_.get(), name, &raw) == 1);
        const std::unique_ptr<BIGNUM, Release> value{raw};
        Bytes found(static_cast<std::size_t>(BN_num_bytes(value.get())), '\0');
        BN_bn2bin(value.get(), reinterpret_cast<unsigned char*>(found.data()));
        return found;
    }
    [[nodiscard]] Bytes head(const Saying& saying, unsigned more_flags) const {
        const unsigned flags = saying.flags | more_flags | (saying.extensions.empty() ? 0U : 0x80U);
        Bytes data{view_of(sha256(saying.party))};
        data += static_cast<char>(flags);
        append_u32(data, sign_count);
        return data;
    }
    static std::string client_data(const Saying& saying, std::string_view type, ByteView challenge) {
        const std::string said_type = saying.type.empty() ? std::string{type} : saying.type;
        return "{\"type\":\"" + said_type + "\",\"challenge\":\"" + base64url_of(challenge) + "\",\"origin\":\"" +
               saying.origin + "\"" + saying.client_extra + "}";
    }
    [[nodiscard]] Bytes sign(ByteView message) const {
        const std::unique_ptr<EVP_MD_CTX, Release> context{EVP_MD_CTX_new()};
        const EVP_MD* digest = algorithm_ == KeyAlgorithm::eddsa ? nullptr : EVP_sha256();
        const auto* data = reinterpret_cast<const unsigned char*>(message.data());
        std::size_t size = 0;
        ensure(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1);
        ensure(EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) == 1);
        Bytes signature(size, '\0');
        ensure(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                              message.size()) == 1);
        signature.resize(size);
        return signature;
    }

    KeyAlgorithm algorithm_;
    Bytes credential_id_;
    Key key_;
};

}  // namespace okpay::customers::test
