// SPDX-License-Identifier: Apache-2.0
// What an OpenID provider says about who signed in there: an ID token (OpenID Connect Core 1.0, section 2), a JWT (RFC 7519)
// signed by a key of the provider's set (RFC 7517), taken as RFC 8725 asks. Pure: what was fetched, and the moment, are
// arguments.
//
//   Algorithms  RS256, PS256, ES256, EdDSA (Ed25519). What a token calls its algorithm chooses nothing: it must be one that
//   its
//               key is for. "none" and the symmetric ones do not exist here.
//   Keys        named by `kid`, or the only one for the algorithm where neither side names it; RSA of 2,048 bits or more.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "base/result.hpp"

namespace okpay::customers {

inline constexpr std::size_t id_token_octets_max = 16'384;
inline constexpr std::size_t web_keys_octets_max = 262'144;
inline constexpr std::size_t web_keys_max = 64;
inline constexpr std::chrono::minutes clocks_differ_max{2};
inline constexpr std::size_t subject_octets_max = 255;  // section 2: "sub"

// The keys with which a provider signs. Those for something else, or of a kind that we do not take, are left out.
class WebKeys {
public:
    WebKeys();  // none
    ~WebKeys();
    WebKeys(WebKeys&&) noexcept;
    WebKeys& operator=(WebKeys&&) noexcept;

    // The error is one plain sentence.
    static Result<WebKeys, std::string> parse(std::string_view json);

    struct Key;
    [[nodiscard]] const std::vector<Key>& all() const { return keys_; }

private:
    std::vector<Key> keys_;
};

struct ExpectedToken {
    std::string issuer, client_id, nonce;
    Moment now;
};

struct IdToken {
    std::string subject;  // who, for ever, at this issuer
    std::string email;  // lower case; empty where none is said
    bool email_verified = false;
};

enum class IdTokenFault : std::uint8_t {
    malformed,
    algorithm_refused,
    unknown_key,  // the provider may have a new one: its set is worth another look
    wrong_signature,
    wrong_issuer,
    wrong_audience,
    wrong_nonce,
    expired,
    not_yet_valid,
};
std::string_view explain(IdTokenFault fault);

Result<IdToken, IdTokenFault> read_id_token(std::string_view token, const WebKeys& keys, const ExpectedToken& expected);

}  // namespace okpay::customers
