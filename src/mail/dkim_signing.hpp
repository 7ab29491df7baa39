// SPDX-License-Identifier: Apache-2.0
// Signs what we send (RFC 6376, 8463): relaxed/relaxed, SHA-256, one field for each key.
//
//   Oversigned  Each field of `dkim_signed_fields` is listed once more than it is there, so that nobody adds a second From
//               or a Reply-To that was never written. Never `l=`, never `x=`: a signature is of the whole mail, for good.
//   Repeatable  Both algorithms give the same signature for the same mail, key and moment.
//
// Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/secret.hpp"

namespace okpay::mail {

enum class DkimAlgorithm : std::uint8_t { rsa_sha256 = 1, ed25519_sha256 = 2 };  // stored, append only

struct DkimKey {
    std::string selector;
    DkimAlgorithm algorithm = DkimAlgorithm::rsa_sha256;
    Secret private_key;  // RSA: PKCS#8 in DER; Ed25519: the 32 octets of RFC 8032 5.1.5
};

inline constexpr std::array<std::string_view, 13> dkim_signed_fields{
    "From",          "To",          "Cc",         "Subject",      "Date",         "Message-ID",
    "Reply-To",      "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "Auto-Submitted"};

// The DKIM-Signature fields that are to stand before the mail, in the order of the keys; none where a key cannot be used.
std::optional<Bytes> dkim_fields(ByteView mail, std::string_view domain, std::span<const DkimKey> keys, Moment signed_at);
// Whether the mail begins with such a field: it was made final before, and stays as it is.
bool is_dkim_signed(ByteView mail);

// One field, given up to and with its last tag "b=" without a value: that value, in base64.
std::optional<std::string> dkim_signature_value(ByteView mail, std::string_view field, const DkimKey& key);

// What is published: SubjectPublicKeyInfo of RSA, the 32 octets of Ed25519. None where the key is not of the algorithm.
std::optional<Bytes> dkim_public_key(const DkimKey& key);
int dkim_key_bits(DkimAlgorithm algorithm, ByteView public_key);  // 0 where it cannot be read
std::string dkim_record_name(std::string_view selector, std::string_view domain);
std::string dkim_record(DkimAlgorithm algorithm, ByteView public_key);  // "v=DKIM1; k=rsa; p=…"

std::string_view name_of(DkimAlgorithm algorithm);  // rsa, ed25519
std::optional<DkimAlgorithm> dkim_algorithm_of(std::string_view name);
// A selector as we make them: one label of letters, digits and hyphens.
bool is_dkim_selector(std::string_view text);

}  // namespace okpay::mail
