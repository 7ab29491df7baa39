// SPDX-License-Identifier: Apache-2.0
// What the signatures of a mail claim (DKIM, RFC 6376 and 8463; ARC, RFC 8617), read out of its octets where hostile
// octets are read. All that is left to do elsewhere is to fetch a key and to hold it against one digest, so the mail
// itself need not leave the sandbox again. A claim proves nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace okpay::mail {

inline constexpr std::size_t signatures_evaluated_max = 10;
inline constexpr std::size_t arc_sets_max = 50;  // RFC 8617 4.2.1

enum class SignatureAlgorithm : std::uint8_t { rsa_sha256 = 1, ed25519_sha256 = 2, rsa_sha1 = 3, other = 4 };

struct SignatureClaim {
    std::string domain, selector;  // d= and s=, lower case
    std::string identity;          // i=, lower case; "@domain" where it is not given
    SignatureAlgorithm algorithm = SignatureAlgorithm::other;
    Bytes signature;        // b=
    Hash256 digest{};       // SHA-256 of what was signed
    bool body_matches = false;  // bh= is the hash of this body
    bool partial_body = false;  // l=: whatever follows could be anybody's
    bool signs_from = false, signs_date = false;
    std::optional<std::int64_t> signed_at, expires_at;  // t= and x=, seconds
    std::string fault;  // why it cannot be evaluated; empty where it can. A code: "malformed", "identity_outside_domain"
    friend bool operator==(const SignatureClaim&, const SignatureClaim&) = default;
};

struct ArcSet {  // of one instance, 1 upwards
    SignatureClaim message, seal;
    std::string results;  // value of ARC-Authentication-Results, unfolded, behind its i=
    bool says_chain_passed = false;  // cv=pass; at the first instance cv=none
    friend bool operator==(const ArcSet&, const ArcSet&) = default;
};

struct SignedClaims {
    std::vector<SignatureClaim> dkim;  // from the top, at most signatures_evaluated_max
    std::uint64_t dkim_found = 0;      // however many there are
    std::vector<ArcSet> arc;           // by instance; empty where there is none, or the chain is broken
    std::string arc_fault;             // code; empty where the chain hangs together
    // One From field with one mailbox and nothing else in it: what every judgement is about.
    bool one_from = false;
    friend bool operator==(const SignedClaims&, const SignedClaims&) = default;
};

// Never throws on input. Time linear in the octets for each signature that is evaluated, the body is hashed once for
// each of its two canonical forms, as a stream. Thread-safe.
SignedClaims signed_claims_of(ByteView raw);

}  // namespace okpay::mail
