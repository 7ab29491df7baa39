// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace okpay::net {
namespace {

void harden(asio::ssl::context& context) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);  // an idle connection costs little
}

std::optional<Bytes> content_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    return Bytes{std::istreambuf_iterator<char>{file}, {}};
}

Result<TlsContext, TlsError> server_context(ByteView certificate_pem, ByteView key_pem) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    harden(*context);
    ErrorCode error;
    context->use_certificate_chain(asio::buffer(certificate_pem), error);
    if (error) return fail(TlsError::certificate_unreadable);
    context->use_private_key(asio::buffer(key_pem), asio::ssl::context::pem, error);
    if (error) {
        const bool mismatch = ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH;
        return fail(mismatch ? TlsError::key_does_not_match : TlsError::key_unreadable);
    }
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) return fail(TlsError::key_does_not_match);
    return context;
}

Result<TlsContext, TlsError> server_context_of_files(const std::filesystem::path& certificate,
                                                     const std::filesystem::path& key) {
    const auto certificate_pem = content_of(certificate);
    if (!certificate_pem) return fail(TlsError::certificate_unreadable);
    const auto key_pem = content_of(key);
    if (!key_pem) return fail(TlsError::key_unreadable);
    return server_context(*certificate_pem, *key_pem);
}

}  // namespace

std::string_view explain(TlsError error) {
    switch (error) {
    case TlsError::certificate_unreadable: return "The certificate file cannot be read or holds no PEM certificate.";
    case TlsError::key_unreadable: return "The key file cannot be read or holds no PEM private key.";
    case TlsError::key_does_not_match: return "The private key does not belong to the certificate.";
    case TlsError::trust_unreadable: return "The trusted certificates cannot be read; install ca-certificates.";
    }
    std::abort();
}

ServerTls::ServerTls(TlsContext context, std::filesystem::path certificate, std::filesystem::path key)
    : context_{std::move(context)}, certificate_{std::move(certificate)}, key_{std::move(key)} {}

Result<std::shared_ptr<ServerTls>, TlsError> ServerTls::of_files(std::filesystem::path certificate,
                                                                 std::filesystem::path key) {
    auto context = server_context_of_files(certificate, key);
    if (!context) return fail(context.error());
    return std::shared_ptr<ServerTls>{new ServerTls{*std::move(context), std::move(certificate), std::move(key)}};
}

Result<std::shared_ptr<ServerTls>, TlsError> ServerTls::of_pem(ByteView certificate_pem, ByteView key_pem) {
    auto context = server_context(certificate_pem, key_pem);
    if (!context) return fail(context.error());
    return std::shared_ptr<ServerTls>{new ServerTls{*std::move(context), {}, {}}};
}

Result<void, TlsError> ServerTls::reload() {
    if (certificate_.empty()) return {};
    auto fresh = server_context_of_files(certificate_, key_);
    if (!fresh) return fail(fresh.error());
    const std::scoped_lock lock{mutex_};
    context_ = *std::move(fresh);
    return {};
}

TlsContext ServerTls::context() const {
    const std::scoped_lock lock{mutex_};
    return context_;
}

Result<TlsContext, TlsError> client_tls(PeerCheck check) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    harden(*context);
    switch (check) {
    case PeerCheck::none: context->set_verify_mode(asio::ssl::verify_none); return context;
    case PeerCheck::certificate_and_name: break;
    }
    context->set_verify_mode(asio::ssl::verify_peer);
    ErrorCode error;
    context->set_default_verify_paths(error);
    if (error) return fail(TlsError::trust_unreadable);
    return context;
}

Result<TlsContext, TlsError> client_tls_trusting(ByteView certificates_pem) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    harden(*context);
    context->set_verify_mode(asio::ssl::verify_peer);
    ErrorCode error;
    context->add_certificate_authority(asio::buffer(certificates_pem), error);
    if (error) return fail(TlsError::trust_unreadable);
    return context;
}

}  // namespace okpay::net
