// SPDX-License-Identifier: Apache-2.0
// Staff sign in at the house's own OpenID provider: the authorization code flow (OpenID Connect Core 1.0, section 3.1) with
// PKCE (RFC 7636), by the rules of RFC 9700. What the provider says replaces the password, never the second factor.
//
//   Attempt    nothing is stored when one begins: `state`, `nonce` and the PKCE verifier are hashes of one random value that
//              the browser keeps in a cookie. Whoever comes back without it, or with another's, is nobody.
//   Provider   found by its discovery document, which must name the configured issuer; document and keys are kept an hour,
//              and the keys are looked at again, once a minute at most, where a token names another. TLS, but on loopback.
//   Threads    those of the API: one.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "customers/id_token.hpp"
#include "net/http_client.hpp"

namespace okpay::api {

using net::awaitable;

struct SignOnSettings {
    std::string issuer;  // "https://login.example.com/realms/house", as its tokens say it
    std::string client_id;
    Secret client_secret;
    std::string name;  // of the provider, on the button
    std::string redirect_uri;  // registered there
    bool only = false;  // passwords sign in administrators alone, so that a provider that is down locks nobody out
    bool trust_email = false;  // an address that the provider does not call verified counts: a directory of one house
    net::TlsContext tls;  // null: an issuer on loopback, by plain http
    Millis deadline{10'000};  // of each request
};

inline constexpr std::size_t sign_on_secret_octets = 32;
inline constexpr std::chrono::minutes sign_on_attempt_lasts{10};
inline constexpr std::chrono::minutes sign_on_proof_lasts{5};  // from the provider's word to the second factor
inline constexpr std::size_t sign_on_code_octets_max = 4'096;

// What is derived from the browser's random value.
struct SignOnAttempt {
    std::string state, nonce, verifier, challenge;
    static SignOnAttempt of(ByteView secret);
};

class SignOn {
public:
    explicit SignOn(SignOnSettings settings) : settings_{std::move(settings)} {}

    [[nodiscard]] const SignOnSettings& settings() const { return settings_; }

    // Errors are one plain sentence for the log.
    // Where the browser goes.
    awaitable<Result<std::string, std::string>> authorization_url(SignOnAttempt attempt);
    // What the provider says of whoever came back with this code. `issuer`: as the answer names it (RFC 9207), or empty.
    awaitable<Result<customers::IdToken, std::string>> redeem(SignOnAttempt attempt, std::string code, std::string issuer);

    // What is wrong with the provider as it answers now: its document, its keys. Nothing where all is well.
    awaitable<std::optional<std::string>> fault();

private:
    struct Provider {
        std::string authorization_endpoint, token_endpoint, keys_url;
        bool secret_in_body = false;  // client_secret_post: it takes no other
        bool names_itself = false;  // in each answer: RFC 9207
    };
    awaitable<Result<Provider, std::string>> provider();
    awaitable<std::optional<std::string>> refresh_keys(const Provider& provider);  // what went wrong
    awaitable<Result<std::string, std::string>> fetch(std::string url);
    awaitable<Result<std::string, std::string>> id_token_for(const Provider& provider, const SignOnAttempt& attempt,
                                                             const std::string& code);
    [[nodiscard]] Result<net::HttpClientSettings, std::string> way_to(const std::string& url, std::string& target) const;

    SignOnSettings settings_;
    std::optional<Provider> provider_;
    std::chrono::steady_clock::time_point provider_read_, keys_read_, keys_looked_at_again_;
    std::optional<customers::WebKeys> keys_;
};

}  // namespace okpay::api
