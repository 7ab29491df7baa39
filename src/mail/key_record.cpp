// SPDX-License-Identifier: Apache-2.0
#include "mail/key_record.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/text.hpp"
#include "mail/impl/tag_list.hpp"

namespace okpay::mail {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* octets_of(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

bool lists(std::string_view colon_list, std::string_view wanted) {
    return std::ranges::any_of(split(colon_list, ':'), [&](std::string_view item) { return trimmed(item) == wanted; });
}

struct Published {
    Bytes key;
    bool is_rsa = true, sha256 = true, mail = true, testing = false, whole_domain_only = false;
};

std::optional<Published> read_record(std::string_view text) {
    const auto tags = TagList::parse(text);
    if (!tags || tags->find("p") == nullptr) return std::nullopt;
    if (tags->find("v") != nullptr && (tags->tags().front().name != "v" || *tags->find("v") != "DKIM1")) return std::nullopt;
    const auto key = bytes_of_base64(without_white_space(*tags->find("p")));
    const std::string_view type = tags->value_or("k", "rsa");
    if (!key || (type != "rsa" && type != "ed25519")) return std::nullopt;
    const std::string_view services = tags->value_or("s", "*");
    const std::string_view flags = tags->value_or("t", "");
    return Published{.key = *key,
                     .is_rsa = type == "rsa",
                     .sha256 = tags->find("h") == nullptr || lists(*tags->find("h"), "sha256"),
                     .mail = lists(services, "*") || lists(services, "email"),
                     .testing = lists(flags, "y"),
                     .whole_domain_only = lists(flags, "s")};
}

Key rsa_key_of(ByteView der) {
    const unsigned char* at = octets_of(der);
    if (EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())); key != nullptr) return {key, EVP_PKEY_free};
    at = octets_of(der);  // RFC 6376 says SubjectPublicKeyInfo in its example and RSAPublicKey in its words
    return {d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())), EVP_PKEY_free};
}

SignatureVerdict rsa_verdict(const SignatureClaim& claim, ByteView der) {
    const Key key = rsa_key_of(der);
    if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return {Outcome::permerror, "key_unreadable"};
    const int bits = EVP_PKEY_get_bits(key.get());
    if (bits < rsa_bits_min) return {Outcome::policy, "key_too_short"};
    if (bits > rsa_bits_max) return {Outcome::policy, "key_too_long"};
    const KeyContext context{EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free};
    const bool ready = context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1;
    const bool good = ready && EVP_PKEY_verify(context.get(), octets_of(claim.signature), claim.signature.size(),
                                               claim.digest.data(), claim.digest.size()) == 1;
    if (!good) return {Outcome::fail, "signature_wrong"};
    return {Outcome::pass, bits < rsa_bits_good ? "weak_key" : ""};
}

SignatureVerdict ed25519_verdict(const SignatureClaim& claim, ByteView octets) {
    const Key key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(octets), octets.size()), EVP_PKEY_free};
    const DigestContext context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    if (key == nullptr || context == nullptr) return {Outcome::permerror, "key_unreadable"};
    const bool good = EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                      EVP_DigestVerify(context.get(), octets_of(claim.signature), claim.signature.size(),
                                       claim.digest.data(), claim.digest.size()) == 1;
    return good ? SignatureVerdict{Outcome::pass, ""} : SignatureVerdict{Outcome::fail, "signature_wrong"};
}

// What is refused whatever the key is, so that no key is asked for.
std::optional<SignatureVerdict> refused_without_key(const SignatureClaim& claim, Moment received) {
    if (!claim.fault.empty()) return SignatureVerdict{Outcome::permerror, claim.fault};
    switch (claim.algorithm) {
    case SignatureAlgorithm::rsa_sha1: return SignatureVerdict{Outcome::policy, "sha1"};
    case SignatureAlgorithm::other: return SignatureVerdict{Outcome::permerror, "unknown_algorithm"};
    case SignatureAlgorithm::rsa_sha256:
    case SignatureAlgorithm::ed25519_sha256: break;
    }
    const std::int64_t now = ms_of(received) / 1'000;
    if (claim.partial_body) return SignatureVerdict{Outcome::policy, "partial_body"};
    if (!claim.signs_from) return SignatureVerdict{Outcome::permerror, "from_not_signed"};
    if (claim.expires_at && *claim.expires_at < now) return SignatureVerdict{Outcome::policy, "expired"};
    if (claim.signed_at && *claim.signed_at > now + signing_clock_skew.count()) {
        return SignatureVerdict{Outcome::policy, "signed_in_future"};
    }
    if (!claim.body_matches) return SignatureVerdict{Outcome::fail, "body_changed"};
    return std::nullopt;
}

SignatureVerdict by_key(const SignatureClaim& claim, const Published& published) {
    if (published.key.empty()) return {Outcome::policy, "key_revoked"};
    if (published.is_rsa != (claim.algorithm == SignatureAlgorithm::rsa_sha256))
        return {Outcome::permerror, "key_of_other_kind"};
    if (!published.sha256 || !published.mail) return {Outcome::permerror, "key_of_other_use"};
    if (published.whole_domain_only && claim.identity.substr(claim.identity.rfind('@') + 1) != claim.domain) {
        return {Outcome::permerror, "identity_outside_domain"};
    }
    SignatureVerdict verdict = published.is_rsa ? rsa_verdict(claim, published.key) : ed25519_verdict(claim, published.key);
    // RFC 6376 3.6.1: as if it were not signed.
    if (published.testing && verdict.outcome == Outcome::pass) return {Outcome::neutral, "key_in_testing"};
    return verdict;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::none: return "none";
    case Outcome::pass: return "pass";
    case Outcome::fail: return "fail";
    case Outcome::softfail: return "softfail";
    case Outcome::neutral: return "neutral";
    case Outcome::policy: return "policy";
    case Outcome::temperror: return "temperror";
    case Outcome::permerror: return "permerror";
    }
    std::abort();
}

std::optional<SignatureVerdict> judge_signature(const SignatureClaim& claim, DnsView& dns, Moment received) {
    if (auto refused = refused_without_key(claim, received)) return refused;
    const DnsAnswer* answer = dns.ask(claim.selector + "._domainkey." + claim.domain, DnsType::txt);
    if (answer == nullptr) return std::nullopt;
    if (is_temporary(answer->status)) return SignatureVerdict{Outcome::temperror, "dns"};
    std::optional<Published> published;
    for (const Bytes& record : answer->records) {
        auto found = read_record(record);
        if (found && published) return SignatureVerdict{Outcome::permerror, "several_keys"};  // 3.6.2.2: undefined
        if (found) published = std::move(found);
    }
    if (!published) return SignatureVerdict{Outcome::permerror, answer->records.empty() ? "no_key" : "key_unreadable"};
    return by_key(claim, *published);
}

bool publishes_key(std::string_view record, DkimAlgorithm algorithm, ByteView public_key) {
    const auto published = read_record(record);
    return published && published->key == public_key && published->is_rsa == (algorithm == DkimAlgorithm::rsa_sha256) &&
           published->sha256 && published->mail && !published->testing;
}

}  // namespace okpay::mail
