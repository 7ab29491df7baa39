// SPDX-License-Identifier: Apache-2.0
// Where to listen or connect, as an operator writes it: "127.0.0.1:2525", "[::1]:25", "localhost:0", "unix:/run/x.sock".
//   Port 0    any free one; Listener::bound() tells which it became.
//   Limits    host 255 octets, path 107 octets (sockaddr_un).
//   Refused   an empty host: listening on all addresses is written out, "0.0.0.0:25" or "[::]:25".
// A host is not looked up here; a name is resolved when it is listened on or connected to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace okpay::net {

enum class EndpointError { no_host, no_port, bad_host, bad_port, bad_path, path_too_long };
std::string_view explain(EndpointError error);  // one plain sentence, with what to write instead

class Endpoint {
public:
    static Result<Endpoint, EndpointError> parse(std::string_view text);
    static Endpoint tcp(std::string host, std::uint16_t port) { return Endpoint{std::move(host), port, {}}; }
    static Endpoint unix_socket(std::string path) { return Endpoint{{}, 0, std::move(path)}; }

    [[nodiscard]] bool is_unix() const { return !path_.empty(); }
    [[nodiscard]] const std::string& host() const { return host_; }  // without brackets; empty for a unix socket
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string text() const;       // what parse() reads
    [[nodiscard]] bool is_local_only() const;     // a unix socket, a loopback address or "localhost"
    friend bool operator==(const Endpoint&, const Endpoint&) = default;

private:
    Endpoint(std::string host, std::uint16_t port, std::string path)
        : host_{std::move(host)}, port_{port}, path_{std::move(path)} {}
    std::string host_;
    std::uint16_t port_;
    std::string path_;  // Invariant: either host or path is empty, never both.
};

}  // namespace okpay::net
