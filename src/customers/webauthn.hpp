// SPDX-License-Identifier: Apache-2.0
// Passkeys: what a browser says after navigator.credentials.create() and get(), verified (W3C Web Authentication level 2,
// sections 7.1 and 7.2). Pure: the challenge, the house's name and the stored key are arguments.
//
//   Sure of       type, challenge, origin, no foreign frame, rpIdHash, user present and user verified (PIN or body), the
//                 signature over what the authenticator and the browser said. A passkey therefore is two factors at once.
//   Keys          ES256, EdDSA (Ed25519) and RS256, read from COSE (RFC 9053) and checked by OpenSSL.
//   Attestation   is read past and proves nothing to us: no maker is trusted or refused (decision 19).
//   Counters      one that does not grow, where one was ever counted, is a copy of the key: refused.
//   Limits        named below; beyond them it is malformed, before anything is parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace okpay::customers {

inline constexpr std::size_t client_data_octets_max = 4'096;
inline constexpr std::size_t attestation_octets_max = 16'384;
inline constexpr std::size_t authenticator_data_octets_max = 4'096;
inline constexpr std::size_t signature_octets_max = 1'024;
inline constexpr std::size_t credential_id_octets_max = 1'023;  // section 4, credential id
inline constexpr std::size_t public_key_octets_max = 2'048;

// Algorithms of COSE that we take, in the order in which we ask for them.
enum class KeyAlgorithm : std::int16_t { es256 = -7, eddsa = -8, rs256 = -257 };
inline constexpr KeyAlgorithm key_algorithms[] = {KeyAlgorithm::es256, KeyAlgorithm::eddsa, KeyAlgorithm::rs256};

// Who asks: "pay.example", and the origins from which pages of ours may speak.
struct RelyingParty {
    std::string id;
    std::vector<std::string> origins;  // "https://pay.example"
};

enum class PasskeyFault : std::uint8_t {
    malformed,
    wrong_type,
    wrong_challenge,
    wrong_origin,
    wrong_party,
    user_absent,
    user_unverified,
    unsupported_key,
    wrong_signature,
    counter_went_back,
};
std::string_view name_of(PasskeyFault fault);  // "wrong_origin", for the audit

struct NewPasskey {
    Bytes credential_id;
    Bytes public_key;  // COSE, as it came: what verify_assertion takes
    std::uint32_t sign_count = 0;
    bool backed_up = false;  // the key is kept by the maker's cloud too (level 3; else false)
    Bytes aaguid;            // 16 octets, of the model; all zero where it is not told
};
struct Registration {
    ByteView client_data;  // clientDataJSON
    ByteView attestation;  // attestationObject
};
Result<NewPasskey, PasskeyFault> verify_registration(const Registration& said, ByteView challenge,
                                                     const RelyingParty& party);

struct Assertion {
    ByteView client_data;         // clientDataJSON
    ByteView authenticator_data;  // authenticatorData
    ByteView signature;
};
struct Asserted {
    std::uint32_t sign_count;
    bool backed_up;
};
// `public_key` and `sign_count` are those of the stored passkey.
Result<Asserted, PasskeyFault> verify_assertion(const Assertion& said, ByteView challenge, const RelyingParty& party,
                                                ByteView public_key, std::uint32_t sign_count);

// The challenge that the browser says it answered, unchecked: to look up what was asked.
std::optional<Bytes> challenge_in(ByteView client_data);

}  // namespace okpay::customers
