// SPDX-License-Identifier: Apache-2.0
// ID tokens of a provider that lives here: each algorithm, each thing that a forger tries. The independent check, with a
// provider of others, is tests/story/sign_on_test.py.
#include "customers/id_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "customers/impl/public_key.hpp"

namespace okpay::customers {
namespace {

using impl::KeyPtr;
using ::testing::Values;

constexpr std::int64_t now_s = 1'800'000'000;
const ExpectedToken expected{.issuer = "https://id.example",
                             .client_id = "okpay",
                             .nonce = "n-0S6",
                             .now = moment_of_ms(now_s * 1'000)};

template <class T, void (*release)(T*)>
struct Releaser {
    void operator()(T* it) const { release(it); }
};

class Provider {
public:
    explicit Provider(std::string algorithm) : algorithm_{std::move(algorithm)}, key_{made()} {}

    [[nodiscard]] std::string jwk(std::string_view more = R"(,"kid":"k1")") const {
        if (algorithm_ == "EdDSA") {
            Bytes x(32, '\0');
            std::size_t size = x.size();
            ensure(EVP_PKEY_get_raw_public_key(key_.get(), octets(x), &size) == 1);
            return fmt::format(R"({{"kty":"OKP","crv":"Ed25519","x":"{}"{}}})", base64url_of(x), more);
        }
        if (algorithm_ == "ES256") {
            return fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"{}}})",
                               base64url_of(number(OSSL_PKEY_PARAM_EC_PUB_X, 32)),
                               base64url_of(number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)), more);
        }
        return fmt::format(R"({{"kty":"RSA","n":"{}","e":"{}"{}}})", base64url_of(number(OSSL_PKEY_PARAM_RSA_N, 256)),
                           base64url_of(number(OSSL_PKEY_PARAM_RSA_E, 3)), more);
    }
    [[nodiscard]] WebKeys keys() const { return WebKeys::parse(R"({"keys":[)" + jwk() + "]}").value(); }

    [[nodiscard]] std::string token(const std::string& claims, std::string header = "") const {
        if (header.empty()) header = fmt::format(R"({{"alg":"{}","kid":"k1"}})", algorithm_);
        const std::string said = base64url_of(header) + "." + base64url_of(claims);
        return said + "." + base64url_of(signature_of(said));
    }

private:
    static unsigned char* octets(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
    [[nodiscard]] KeyPtr made() const {
        std::string curve = "P-256";
        if (algorithm_ == "EdDSA") return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
        if (algorithm_ == "ES256") return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data())};
        return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2'048})};
    }
    [[nodiscard]] Bytes number(const char* name, int size) const {
        BIGNUM* raw = nullptr;
        ensure(EVP_PKEY_get_bn_param(key_.get(), name, &raw) == 1);
        const std::unique_ptr<BIGNUM, Releaser<BIGNUM, BN_free>> value{raw};
        Bytes found(static_cast<std::size_t>(size), '\0');
        ensure(BN_bn2binpad(value.get(), octets(found), size) == size);
        return found;
    }
    [[nodiscard]] Bytes signature_of(const std::string& said) const {
        const std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX, EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
        EVP_PKEY_CTX* how = nullptr;
        const EVP_MD* digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
        ensure(EVP_DigestSignInit(context.get(), &how, digest, nullptr, key_.get()) == 1);
        if (algorithm_ == "PS256") {
            ensure(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1);
            ensure(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1);
        }
        const auto* data = reinterpret_cast<const unsigned char*>(said.data());
        Bytes signature(512, '\0');
        std::size_t size = signature.size();
        ensure(EVP_DigestSign(context.get(), octets(signature), &size, data, said.size()) == 1);
        signature.resize(size);
        return algorithm_ == "ES256" ? end_to_end(signature) : signature;
    }
    static Bytes end_to_end(const Bytes& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG, ECDSA_SIG_free>> pair{
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
        Bytes both(64, '\0');
        ensure(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), octets(both), 32) == 32);
        ensure(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), octets(both) + 32, 32) == 32);
        return both;
    }

    std::string algorithm_;
    KeyPtr key_;
};

struct Claims {
    std::string issuer = "https://id.example", audience = R"("okpay")", nonce = "n-0S6";
    std::int64_t expires = now_s + 300, issued = now_s;
    std::string more = R"(,"email":"Ann@Pay.example","email_verified":true)";
    [[nodiscard]] std::string text() const {
        return fmt::format(R"({{"iss":"{}","sub":"u-1","aud":{},"nonce":"{}","exp":{},"iat":{}{}}})", issuer, audience,
                           nonce, expires, issued, more);
    }
};

std::string said(const Result<IdToken, IdTokenFault>& read) {
    return read ? "signed in" : std::string{explain(read.error())};
}

class SignedBy : public ::testing::TestWithParam<const char*> {};

TEST_P(SignedBy, the_provider_it_says_who_it_is) {
    const Provider provider{GetParam()};
    const auto read = read_id_token(provider.token(Claims{}.text()), provider.keys(), expected);
    ASSERT_TRUE(read) << said(read);
    EXPECT_EQ(read->subject, "u-1");
    EXPECT_EQ(read->email, "ann@pay.example");
    EXPECT_TRUE(read->email_verified);
}

TEST_P(SignedBy, somebody_else_or_changed_it_says_nothing) {
    const Provider provider{GetParam()}, other{GetParam()};
    EXPECT_EQ(said(read_id_token(other.token(Claims{}.text()), provider.keys(), expected)),
              "the signature of its ID token is wrong");
    const std::string token = provider.token(Claims{}.text());
    for (std::size_t at = 0; at < token.size(); at += 7) {
        std::string changed = token;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        if (changed != token) EXPECT_FALSE(read_id_token(changed, provider.keys(), expected)) << at;
    }
    for (std::size_t size = 0; size < token.size(); size += 11)
        EXPECT_FALSE(read_id_token(std::string_view{token}.substr(0, size), provider.keys(), expected)) << size;
}

INSTANTIATE_TEST_SUITE_P(Algorithms, SignedBy, Values("RS256", "PS256", "ES256", "EdDSA"),
                         [](const auto& algorithm) { return std::string{algorithm.param}; });

TEST(IdTokens, what_they_call_their_algorithm_chooses_nothing) {
    const Provider provider{"RS256"};
    const WebKeys keys = provider.keys();
    const std::string claims = Claims{}.text();
    for (const char* header :
         {R"({"alg":"none","kid":"k1"})", R"({"alg":"HS256","kid":"k1"})", R"({"alg":"rs256","kid":"k1"})",
          R"({"kid":"k1"})", R"({"alg":"RS256","kid":"k1","crit":["b64"],"b64":false})"}) {
        EXPECT_EQ(said(read_id_token(provider.token(claims, header), keys, expected)),
                  "its ID token is signed in a way that is not taken")
            << header;
    }
    // Of the set, but for keys of another kind.
    EXPECT_EQ(said(read_id_token(provider.token(claims, R"({"alg":"ES256","kid":"k1"})"), keys, expected)),
              explain(IdTokenFault::unknown_key));
    EXPECT_EQ(said(read_id_token(provider.token(claims, R"({"alg":"PS256","kid":"k1"})"), keys, expected)),
              explain(IdTokenFault::wrong_signature));
    const std::string unsigned_one = base64url_of(R"({"alg":"none"})") + "." + base64url_of(claims) + ".";
    EXPECT_FALSE(read_id_token(unsigned_one, keys, expected));
}

TEST(IdTokens, are_for_us_now_and_for_this_sign_in) {
    const Provider provider{"ES256"};
    const WebKeys keys = provider.keys();
    const auto of = [&](const Claims& claims) { return said(read_id_token(provider.token(claims.text()), keys, expected)); };
    EXPECT_EQ(of({}), "signed in");
    EXPECT_EQ(of({.issuer = "https://id.example/"}), explain(IdTokenFault::wrong_issuer));
    EXPECT_EQ(of({.audience = R"("other")"}), explain(IdTokenFault::wrong_audience));
    EXPECT_EQ(of({.audience = "7"}), explain(IdTokenFault::wrong_audience));
    EXPECT_EQ(of({.audience = R"(["okpay"])"}), "signed in");
    EXPECT_EQ(of({.audience = R"(["okpay","other"])"}), explain(IdTokenFault::wrong_audience)) << "nobody says who asked";
    EXPECT_EQ(of({.audience = R"(["okpay","other"])", .more = R"(,"azp":"okpay")"}), "signed in");
    EXPECT_EQ(of({.more = R"(,"azp":"other")"}), explain(IdTokenFault::wrong_audience));
    EXPECT_EQ(of({.nonce = "another"}), explain(IdTokenFault::wrong_nonce));
    EXPECT_EQ(of({.nonce = ""}), explain(IdTokenFault::wrong_nonce));
    // Two minutes between the clocks, not more.
    EXPECT_EQ(of({.expires = now_s - 119}), "signed in");
    EXPECT_EQ(of({.expires = now_s - 120}), explain(IdTokenFault::expired));
    EXPECT_EQ(of({.issued = now_s + 120}), "signed in");
    EXPECT_EQ(of({.issued = now_s + 121}), explain(IdTokenFault::not_yet_valid));
    EXPECT_EQ(of({.more = fmt::format(R"(,"nbf":{})", now_s + 121)}), explain(IdTokenFault::not_yet_valid));
    ExpectedToken without = expected;
    without.nonce.clear();
    EXPECT_FALSE(read_id_token(provider.token(Claims{.nonce = ""}.text()), keys, without)) << "a sign-in has a nonce";
    // An address that the provider did not check is none that proves anything.
    EXPECT_FALSE(read_id_token(provider.token(Claims{.more = R"(,"email":"ann@pay.example")"}.text()), keys, expected)
                     ->email_verified);
}

TEST(IdTokens, malformed_ones_are_refused) {
    const Provider provider{"EdDSA"};
    const WebKeys keys = provider.keys();
    for (const std::string claims : {"", "[]", "7", "{", R"({"iss":"https://id.example"})"})
        EXPECT_FALSE(read_id_token(provider.token(claims), keys, expected)) << claims;
    EXPECT_EQ(said(read_id_token(provider.token(R"({"iss":"https://id.example","sub":"","aud":"okpay","nonce":"n-0S6",)"
                                                R"("exp":1800000300,"iat":1800000000})"),
                                 keys, expected)),
              explain(IdTokenFault::malformed));
    EXPECT_EQ(said(read_id_token(std::string(id_token_octets_max + 1, 'a'), keys, expected)),
              explain(IdTokenFault::malformed));
    for (const char* token : {"", ".", "..", "...", "a.b.c.d", "e30.e30.e30="})
        EXPECT_EQ(said(read_id_token(token, keys, expected)), explain(IdTokenFault::malformed)) << token;
}

TEST(IdTokens, the_key_is_the_one_they_name) {
    const Provider first{"RS256"}, second{"RS256"};
    const auto set = [](const std::string& keys) { return WebKeys::parse(R"({"keys":[)" + keys + "]}"); };
    const WebKeys both = set(first.jwk(R"(,"kid":"a")") + "," + second.jwk(R"(,"kid":"b")")).value();
    const auto of = [&](const Provider& provider, const char* header, const WebKeys& keys) {
        return said(read_id_token(provider.token(Claims{}.text(), header), keys, expected));
    };
    EXPECT_EQ(of(first, R"({"alg":"RS256","kid":"a"})", both), "signed in");
    EXPECT_EQ(of(first, R"({"alg":"RS256","kid":"b"})", both), explain(IdTokenFault::wrong_signature));
    EXPECT_EQ(of(first, R"({"alg":"RS256","kid":"c"})", both), explain(IdTokenFault::unknown_key));
    EXPECT_EQ(of(first, R"({"alg":"RS256"})", both), explain(IdTokenFault::unknown_key)) << "which of the two?";
    EXPECT_EQ(of(first, R"({"alg":"RS256"})", set(first.jwk("")).value()), "signed in");
    // For encryption, or for another algorithm, or weak: no key of ours.
    EXPECT_FALSE(set(first.jwk(R"(,"use":"enc")")));
    EXPECT_EQ(of(first, R"({"alg":"RS256"})", set(first.jwk(R"(,"alg":"PS256")")).value()),
              explain(IdTokenFault::unknown_key));
    EXPECT_FALSE(set(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})"));
    EXPECT_FALSE(set(R"({"kty":"oct","k":"c2VjcmV0"})"));
    EXPECT_FALSE(set(R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})"));
}

TEST(IdTokens, sets_that_are_none_say_so) {
    for (const std::string text : {"", "{}", "[]", R"({"keys":{}})", R"({"keys":[]})", R"({"keys":[7,null]})"})
        EXPECT_FALSE(WebKeys::parse(text)) << text;
    EXPECT_EQ(WebKeys::parse(std::string(web_keys_octets_max + 1, ' ')).error(), "its key set is too large");
    std::string many = R"({"keys":[)";
    for (std::size_t at = 0; at <= web_keys_max; ++at) many += at == 0 ? "{}" : ",{}";
    EXPECT_EQ(WebKeys::parse(many + "]}").error(), "its key set has too many keys");
}

}  // namespace
}  // namespace okpay::customers
