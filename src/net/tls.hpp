// SPDX-License-Identifier: Apache-2.0
// TLS contexts: version 1.2 or newer, no compression, no renegotiation.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/asio.hpp"

namespace okpay::net {

using TlsContext = std::shared_ptr<asio::ssl::context>;  // a connection keeps the one it started with

enum class TlsError { certificate_unreadable, key_unreadable, key_does_not_match, trust_unreadable };
std::string_view explain(TlsError error);

// What a server shows. Thread-safe. reload() reads the files again (after SIGHUP); where that fails the old
// certificate stays in use.
class ServerTls {
public:
    static Result<std::shared_ptr<ServerTls>, TlsError> of_files(std::filesystem::path certificate,
                                                                 std::filesystem::path key);
    static Result<std::shared_ptr<ServerTls>, TlsError> of_pem(ByteView certificate_pem, ByteView key_pem);

    Result<void, TlsError> reload();  // nothing to do for one made of_pem
    [[nodiscard]] TlsContext context() const;

private:
    ServerTls(TlsContext context, std::filesystem::path certificate, std::filesystem::path key);
    mutable std::mutex mutex_;
    TlsContext context_;  // under mutex_
    const std::filesystem::path certificate_, key_;  // Empty for one made of_pem.
};

// What a client believes.
enum class PeerCheck { certificate_and_name, none };  // none: opportunistic encryption, no proof of who it is
Result<TlsContext, TlsError> client_tls(PeerCheck check);                       // trusts what the system trusts
Result<TlsContext, TlsError> client_tls_trusting(ByteView certificates_pem);    // only these, always checked

}  // namespace okpay::net
