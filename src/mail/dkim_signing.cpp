// SPDX-License-Identifier: Apache-2.0
#include "mail/dkim_signing.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/text.hpp"
#include "mail/impl/canonical.hpp"
#include "mail/signed_claims.hpp"

namespace okpay::mail {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t line_octets_wanted = 76;
constexpr std::size_t selector_octets_max = 63;

const unsigned char* octets_of(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* octets_of(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Key private_key_of(const DkimKey& key) {
    const ByteView octets = key.private_key.reveal();
    switch (key.algorithm) {
    case DkimAlgorithm::rsa_sha256: {
        const unsigned char* at = octets_of(octets);
        Key read{d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(octets.size())), EVP_PKEY_free};
        if (read != nullptr && EVP_PKEY_get_base_id(read.get()) != EVP_PKEY_RSA) read.reset();
        return read;
    }
    case DkimAlgorithm::ed25519_sha256:
        return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets_of(octets), octets.size()), EVP_PKEY_free};
    }
    std::abort();
}

std::optional<Bytes> rsa_signature(EVP_PKEY* key, const Hash256& digest) {
    const KeyContext context{EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free};
    std::size_t size = 0;
    const bool ready = context != nullptr && EVP_PKEY_sign_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
                       EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest.size()) == 1;
    if (!ready) return std::nullopt;
    Bytes signature(size, '\0');
    if (EVP_PKEY_sign(context.get(), octets_of(signature), &size, digest.data(), digest.size()) != 1) return std::nullopt;
    signature.resize(size);
    return signature;
}

std::optional<Bytes> ed25519_signature(EVP_PKEY* key, const Hash256& digest) {  // RFC 8463 3: of the digest, as a message
    const DigestContext context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    Bytes signature(64, '\0');
    std::size_t size = signature.size();
    const bool good = context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
                      EVP_DigestSign(context.get(), octets_of(signature), &size, digest.data(), digest.size()) == 1;
    if (!good || size != signature.size()) return std::nullopt;
    return signature;
}

std::string_view algorithm_tag(DkimAlgorithm algorithm) {
    switch (algorithm) {
    case DkimAlgorithm::rsa_sha256: return "rsa-sha256";
    case DkimAlgorithm::ed25519_sha256: return "ed25519-sha256";
    }
    std::abort();
}

// Words of a field, with a fold before each that would pass the width; the space of the fold stands between them.
class Folded {
public:
    explicit Folded(std::string_view begin) : text_{begin}, column_{begin.size()} {}
    void word(std::string_view word, bool space = true) {
        if (column_ + 1 + word.size() > line_octets_wanted) {
            text_ += "\r\n\t";
            column_ = 1;
        } else if (space) {
            text_ += ' ';
            ++column_;
        }
        text_ += word;
        column_ += word.size();
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    std::size_t column_;
};

// Up to and with "b=".
std::string unsigned_field(const WholeHeader& header, std::string_view domain, const DkimKey& key, Moment signed_at) {
    Folded field{"DKIM-Signature:"};
    field.word("v=1;");
    field.word(fmt::format("a={};", algorithm_tag(key.algorithm)));
    field.word("c=relaxed/relaxed;");
    field.word(fmt::format("d={};", domain));
    field.word(fmt::format("s={};", key.selector));
    field.word(fmt::format("t={};", ms_of(signed_at) / 1'000));
    std::string before = "h=";
    for (std::size_t i = 0; i < dkim_signed_fields.size(); ++i) {
        const std::string_view name = dkim_signed_fields[i];
        const auto present = std::ranges::count_if(header.fields, [&](const WholeField& one) {
            return equal_ignoring_ascii_case(one.name, name);
        });
        for (std::ptrdiff_t times = 0; times <= present; ++times) {
            const bool last = i + 1 == dkim_signed_fields.size() && times == present;
            field.word(before + std::string{name} + (last ? ";" : ":"), !before.empty());
            before.clear();
        }
    }
    field.word(fmt::format("bh={};", base64_of(view_of(canonical_body_hash(header.body, Canonical::relaxed)))));
    field.word("b=");
    return field.text();
}

}  // namespace

std::optional<std::string> dkim_signature_value(ByteView mail, std::string_view field, const DkimKey& key) {
    // Read back as whoever receives it will: the digest is the one that they hold against the key.
    Bytes whole{field};
    whole += "AA==\r\n";
    whole += mail;
    const SignedClaims claims = signed_claims_of(whole);
    if (claims.dkim.empty() || !claims.dkim.front().fault.empty() || !claims.dkim.front().body_matches) return std::nullopt;
    const Key opened = private_key_of(key);
    if (opened == nullptr) return std::nullopt;
    const Hash256& digest = claims.dkim.front().digest;
    const auto signature = key.algorithm == DkimAlgorithm::rsa_sha256 ? rsa_signature(opened.get(), digest)
                                                                      : ed25519_signature(opened.get(), digest);
    if (!signature) return std::nullopt;
    return base64_of(*signature);
}

std::optional<Bytes> dkim_fields(ByteView mail, std::string_view domain, std::span<const DkimKey> keys, Moment signed_at) {
    const WholeHeader header = whole_header_of(mail);
    if (header.too_large) return std::nullopt;
    Bytes fields;
    for (const DkimKey& key : keys) {
        const std::string field = unsigned_field(header, domain, key, signed_at);
        const auto value = dkim_signature_value(mail, field, key);
        if (!value) return std::nullopt;
        fields += field;
        for (std::size_t at = 0; at < value->size(); at += line_octets_wanted - 2) {
            fields.append("\r\n\t").append(*value, at, line_octets_wanted - 2);
        }
        fields += "\r\n";
    }
    return fields;
}

bool is_dkim_signed(ByteView mail) { return mail.starts_with("DKIM-Signature:"); }

std::optional<Bytes> dkim_public_key(const DkimKey& key) {
    const Key opened = private_key_of(key);
    if (opened == nullptr) return std::nullopt;
    switch (key.algorithm) {
    case DkimAlgorithm::rsa_sha256: {
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(opened.get(), &der);
        if (size <= 0) return std::nullopt;
        Bytes octets{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
        OPENSSL_free(der);
        return octets;
    }
    case DkimAlgorithm::ed25519_sha256: {
        Bytes octets(32, '\0');
        std::size_t size = octets.size();
        if (EVP_PKEY_get_raw_public_key(opened.get(), octets_of(octets), &size) != 1 || size != octets.size())
            return std::nullopt;
        return octets;
    }
    }
    std::abort();
}

int dkim_key_bits(DkimAlgorithm algorithm, ByteView public_key) {
    switch (algorithm) {
    case DkimAlgorithm::rsa_sha256: {
        const unsigned char* at = octets_of(public_key);
        const Key key{d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())), EVP_PKEY_free};
        if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return 0;
        return EVP_PKEY_get_bits(key.get());
    }
    case DkimAlgorithm::ed25519_sha256: return public_key.size() == 32 ? 256 : 0;
    }
    std::abort();
}

std::string dkim_record_name(std::string_view selector, std::string_view domain) {
    return fmt::format("{}._domainkey.{}", selector, domain);
}

std::string dkim_record(DkimAlgorithm algorithm, ByteView public_key) {
    return fmt::format("v=DKIM1; k={}; p={}", name_of(algorithm), base64_of(public_key));
}

std::string_view name_of(DkimAlgorithm algorithm) {
    switch (algorithm) {
    case DkimAlgorithm::rsa_sha256: return "rsa";
    case DkimAlgorithm::ed25519_sha256: return "ed25519";
    }
    std::abort();
}

std::optional<DkimAlgorithm> dkim_algorithm_of(std::string_view name) {
    if (name == "rsa") return DkimAlgorithm::rsa_sha256;
    if (name == "ed25519") return DkimAlgorithm::ed25519_sha256;
    return std::nullopt;
}

bool is_dkim_selector(std::string_view text) {
    return !text.empty() && text.size() <= selector_octets_max && !text.starts_with('-') && !text.ends_with('-') &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace okpay::mail
