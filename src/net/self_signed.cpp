// SPDX-License-Identifier: Apache-2.0
#include "net/self_signed.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/ensure.hpp"
#include "net/asio.hpp"

namespace okpay::net {
namespace {

template <class T, void (*release)(T*)>
struct Releaser {
    void operator()(T* it) const { release(it); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Releaser<X509, X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION, X509_EXTENSION_free>>;
using BioPtr = std::unique_ptr<BIO, Releaser<BIO, BIO_free_all>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    ensure(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Bytes content_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

CertificateAndKey self_signed(std::string_view host, Moment now, std::chrono::days valid_for) {
    std::string curve = "P-256";
    const KeyPtr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data())};
    const CertificatePtr certificate{X509_new()};
    ensure(key != nullptr && certificate != nullptr);

    std::uint64_t serial = 0;
    ensure(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
    X509_set_version(certificate.get(), X509_VERSION_3);
    const auto day_before = now - std::chrono::days{1};
    const auto seconds_of = [](auto moment) {
        return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count();
    };
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds_of(day_before));
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds_of(now + valid_for));
    X509_set_pubkey(certificate.get(), key.get());
    const std::string name{host.substr(0, 64)};  // ub-common-name, RFC 5280 appendix A
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), subject);
    ErrorCode no_address;
    asio::ip::make_address(std::string{host}, no_address);
    add_extension(certificate.get(), NID_subject_alt_name, (no_address ? "DNS:" : "IP:") + std::string{host});
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    ensure(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

    const BioPtr certificate_text{BIO_new(BIO_s_mem())};
    const BioPtr key_text{BIO_new(BIO_s_mem())};
    ensure(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
    ensure(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {.certificate_pem = content_of(certificate_text.get()), .key_pem = Secret{content_of(key_text.get())}};
}

}  // namespace okpay::net
