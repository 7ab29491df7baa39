// SPDX-License-Identifier: Apache-2.0
// A signature claim held against the key that its domain publishes (RFC 6376 3.6.1, RFC 8301, RFC 8463), with our policy
// on top: no SHA-1, no partial bodies, no RSA key below 1024 bits.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/moment.hpp"
#include "mail/dkim_signing.hpp"
#include "mail/dns_view.hpp"
#include "mail/outcome.hpp"
#include "mail/signed_claims.hpp"

namespace okpay::mail {

inline constexpr int rsa_bits_min = 1'024;
inline constexpr int rsa_bits_good = 2'048;  // below it a pass says "weak_key"
inline constexpr int rsa_bits_max = 4'096;
inline constexpr std::chrono::seconds signing_clock_skew{300};

struct SignatureVerdict {
    Outcome outcome;
    std::string why;  // code: "weak_key", "body_changed", "key_revoked", …; may be empty at a pass
};
// None while the key is not among the facts.
std::optional<SignatureVerdict> judge_signature(const SignatureClaim& claim, DnsView& dns, Moment received);

// Whether a TXT record publishes this key (as mail::dkim_public_key gives it), so that mail signed with it passes: not
// revoked, not in testing, not for other uses.
bool publishes_key(std::string_view record, DkimAlgorithm algorithm, ByteView public_key);

}  // namespace okpay::mail
