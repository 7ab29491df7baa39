// SPDX-License-Identifier: Apache-2.0
#include "customers/id_token.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "customers/foreign_json.hpp"
#include "customers/impl/public_key.hpp"

namespace okpay::customers {
namespace {

namespace json = boost::json;
using impl::KeyPtr;

enum class Algorithm : std::uint8_t { rs256, ps256, es256, eddsa };
constexpr std::array<std::pair<std::string_view, Algorithm>, 4> algorithms{
    {{"RS256", Algorithm::rs256}, {"PS256", Algorithm::ps256}, {"ES256", Algorithm::es256}, {"EdDSA", Algorithm::eddsa}}};
constexpr std::size_t json_depth_max = 8;

std::optional<Algorithm> algorithm_of(std::string_view name) {
    for (const auto& [known, algorithm] : algorithms) {
        if (known == name) return algorithm;
    }
    return std::nullopt;
}

Bytes octets_at(const json::object& object, std::string_view name) {
    return bytes_of_base64url(text_at(object, name)).value_or(Bytes{});
}

// Seconds since 1970, also with a fraction (RFC 7519 section 2).
std::optional<Moment> moment_at(const json::object& object, std::string_view name) {
    constexpr double seconds_max = 253'402'300'800;  // the year 10,000
    const json::value* found = object.if_contains(name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    const double seconds = found->to_number<double>();
    if (!(seconds >= 0 && seconds < seconds_max)) return std::nullopt;
    return moment_of_ms(static_cast<std::int64_t>(seconds * 1'000));
}

bool is_true_at(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    if (found == nullptr) return false;
    return found->is_bool() ? found->get_bool() : text_at(object, name) == "true";  // some providers write it as text
}

// One audience or several; where several, or where it is said who asked, we must be who asked (section 3.1.3.7).
bool is_for(const json::object& claims, const std::string& client_id) {
    const json::value* audience = claims.if_contains("aud");
    if (audience == nullptr) return false;
    if (const json::array* all = audience->if_array()) {
        const bool among = std::ranges::any_of(*all, [&](const json::value& one) {
            return one.is_string() && std::string_view{one.get_string()} == client_id;
        });
        if (!among || (all->size() > 1 && !claims.contains("azp"))) return false;
    } else if (text_at(claims, "aud") != client_id) {
        return false;
    }
    return !claims.contains("azp") || text_at(claims, "azp") == client_id;
}

}  // namespace

struct WebKeys::Key {
    std::string name;  // kid; empty where it has none
    std::string family;  // kty
    std::string only_for;  // alg; empty: whatever its family does
    KeyPtr key;
};

WebKeys::WebKeys() = default;
WebKeys::~WebKeys() = default;
WebKeys::WebKeys(WebKeys&&) noexcept = default;
WebKeys& WebKeys::operator=(WebKeys&&) noexcept = default;

Result<WebKeys, std::string> WebKeys::parse(std::string_view text) {
    if (text.size() > web_keys_octets_max) return fail(std::string{"its key set is too large"});
    const auto set = foreign_object(text, json_depth_max);
    const json::value* listed = set ? set->if_contains("keys") : nullptr;
    const json::array* keys = listed != nullptr ? listed->if_array() : nullptr;
    if (keys == nullptr) return fail(std::string{"its key set is no JSON Web Key Set"});
    if (keys->size() > web_keys_max) return fail(std::string{"its key set has too many keys"});
    WebKeys read;
    for (const json::value& one : *keys) {
        const json::object* key = one.if_object();
        if (key == nullptr) continue;
        const std::string use = text_at(*key, "use");
        if (!use.empty() && use != "sig") continue;
        const std::string family = text_at(*key, "kty"), curve = text_at(*key, "crv");
        KeyPtr made;
        if (family == "RSA") made = impl::rsa_key(octets_at(*key, "n"), octets_at(*key, "e"));
        else if (family == "EC" && curve == "P-256") made = impl::p256_key(octets_at(*key, "x"), octets_at(*key, "y"));
        else if (family == "OKP" && curve == "Ed25519") made = impl::ed25519_key(octets_at(*key, "x"));
        if (made != nullptr)
            read.keys_.push_back(
                {.name = text_at(*key, "kid"), .family = family, .only_for = text_at(*key, "alg"), .key = std::move(made)});
    }
    if (read.keys_.empty()) return fail(std::string{"its key set has no key to check a signature with"});
    return read;
}

namespace {

std::string_view family_of(Algorithm algorithm) {
    switch (algorithm) {
    case Algorithm::rs256:
    case Algorithm::ps256: return "RSA";
    case Algorithm::es256: return "EC";
    case Algorithm::eddsa: return "OKP";
    }
    std::abort();
}

// The key that the header names; without a name the only one that could be meant.
const WebKeys::Key* key_for(const WebKeys& keys, std::string_view kid, std::string_view name, Algorithm algorithm) {
    const WebKeys::Key* found = nullptr;
    for (const WebKeys::Key& key : keys.all()) {
        const bool fits = key.family == family_of(algorithm) && (key.only_for.empty() || key.only_for == name) &&
                          (kid.empty() || key.name == kid);
        if (!fits) continue;
        if (found != nullptr) return nullptr;
        found = &key;
    }
    return found;
}

bool is_signed(const WebKeys::Key& key, Algorithm algorithm, ByteView message, ByteView signature) {
    switch (algorithm) {
    case Algorithm::rs256:
        return verify_signature(*key.key, impl::Digest::sha256, impl::RsaPadding::pkcs1, message, signature);
    case Algorithm::ps256:
        return verify_signature(*key.key, impl::Digest::sha256, impl::RsaPadding::pss, message, signature);
    case Algorithm::es256: {
        const Bytes der = impl::der_of_p256_signature(signature);
        return !der.empty() && verify_signature(*key.key, impl::Digest::sha256, impl::RsaPadding::pkcs1, message, der);
    }
    case Algorithm::eddsa:
        return verify_signature(*key.key, impl::Digest::none, impl::RsaPadding::pkcs1, message, signature);
    }
    std::abort();
}

}  // namespace

std::string_view explain(IdTokenFault fault) {
    switch (fault) {
    case IdTokenFault::malformed: return "its ID token is none";
    case IdTokenFault::algorithm_refused: return "its ID token is signed in a way that is not taken";
    case IdTokenFault::unknown_key: return "its ID token names a key that is not in its set";
    case IdTokenFault::wrong_signature: return "the signature of its ID token is wrong";
    case IdTokenFault::wrong_issuer: return "its ID token is of another issuer";
    case IdTokenFault::wrong_audience: return "its ID token is for somebody else";
    case IdTokenFault::wrong_nonce: return "its ID token answers another sign-in";
    case IdTokenFault::expired: return "its ID token has expired";
    case IdTokenFault::not_yet_valid: return "its ID token is not valid yet: one of the clocks is wrong";
    }
    std::abort();
}

Result<IdToken, IdTokenFault> read_id_token(std::string_view token, const WebKeys& keys, const ExpectedToken& expected) {
    if (token.size() > id_token_octets_max) return fail(IdTokenFault::malformed);
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return fail(IdTokenFault::malformed);
    const auto head = bytes_of_base64url(token.substr(0, first));
    const auto payload = bytes_of_base64url(token.substr(first + 1, second - first - 1));
    const auto signature = bytes_of_base64url(token.substr(second + 1));
    const auto header = head ? foreign_object(*head, json_depth_max) : std::nullopt;
    const auto claims = payload ? foreign_object(*payload, json_depth_max) : std::nullopt;
    if (!header || !claims || !signature) return fail(IdTokenFault::malformed);

    const std::string name = text_at(*header, "alg");
    const auto algorithm = algorithm_of(name);
    // An extension that must be understood, and is not (RFC 7515 section 4.1.11).
    if (!algorithm || header->contains("crit")) return fail(IdTokenFault::algorithm_refused);
    const WebKeys::Key* key = key_for(keys, text_at(*header, "kid"), name, *algorithm);
    if (key == nullptr) return fail(IdTokenFault::unknown_key);
    if (!is_signed(*key, *algorithm, token.substr(0, second), *signature)) return fail(IdTokenFault::wrong_signature);

    if (text_at(*claims, "iss") != expected.issuer) return fail(IdTokenFault::wrong_issuer);
    if (!is_for(*claims, expected.client_id)) return fail(IdTokenFault::wrong_audience);
    if (expected.nonce.empty() || text_at(*claims, "nonce") != expected.nonce) return fail(IdTokenFault::wrong_nonce);
    const auto expires = moment_at(*claims, "exp"), issued = moment_at(*claims, "iat"), from = moment_at(*claims, "nbf");
    if (!expires || !issued) return fail(IdTokenFault::malformed);
    if (*expires + clocks_differ_max <= expected.now) return fail(IdTokenFault::expired);
    if (std::max(*issued, from.value_or(*issued)) > expected.now + clocks_differ_max)
        return fail(IdTokenFault::not_yet_valid);
    std::string subject = text_at(*claims, "sub");
    if (subject.empty() || subject.size() > subject_octets_max) return fail(IdTokenFault::malformed);
    return IdToken{.subject = std::move(subject),
                   .email = ascii_lower(text_at(*claims, "email")),
                   .email_verified = is_true_at(*claims, "email_verified")};
}

}  // namespace okpay::customers
