// SPDX-License-Identifier: Apache-2.0
#include "net/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/text.hpp"
#include "net/asio.hpp"

namespace okpay::net {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t host_octets_max = 255;
constexpr std::size_t path_octets_max = 107;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_v6_address(std::string_view text) {
    ErrorCode error;
    asio::ip::make_address_v6(std::string{text}, error);
    return !error;
}

}  // namespace

std::string_view explain(EndpointError error) {
    switch (error) {
    case EndpointError::no_host: return "The address has no host; write HOST:PORT, for all interfaces 0.0.0.0:PORT.";
    case EndpointError::no_port: return "The address has no port; write HOST:PORT, or HOST:0 for any free port.";
    case EndpointError::bad_host: return "The host is no name or address; write NAME:PORT, 127.0.0.1:PORT or [::1]:PORT.";
    case EndpointError::bad_port: return "The port is no number from 0 to 65535.";
    case EndpointError::bad_path: return "The socket path is empty or holds a NUL; write unix:/path/to/socket.";
    case EndpointError::path_too_long: return "The socket path is longer than 107 octets; use a shorter one.";
    }
    std::abort();
}

Result<Endpoint, EndpointError> Endpoint::parse(std::string_view text) {
    if (text.starts_with(unix_prefix)) {
        const auto path = text.substr(unix_prefix.size());
        if (path.empty() || path.contains('\0')) return fail(EndpointError::bad_path);
        if (path.size() > path_octets_max) return fail(EndpointError::path_too_long);
        return unix_socket(std::string{path});
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || text.ends_with(']')) return fail(EndpointError::no_port);
    auto host = text.substr(0, colon);
    const auto port_text = text.substr(colon + 1);
    if (host.empty()) return fail(EndpointError::no_host);
    if (port_text.empty()) return fail(EndpointError::no_port);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        if (!is_v6_address(host)) return fail(EndpointError::bad_host);
    } else if (host.size() > host_octets_max || !std::ranges::all_of(host, is_host_character)) {
        return fail(EndpointError::bad_host);
    }
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (problem != std::errc{} || end != port_text.data() + port_text.size()) return fail(EndpointError::bad_port);
    return tcp(std::string{host}, port);
}

std::string Endpoint::text() const {
    if (is_unix()) return std::string{unix_prefix} + path_;
    const bool bracketed = host_.contains(':');
    return (bracketed ? "[" + host_ + "]" : host_) + ":" + std::to_string(port_);
}

bool Endpoint::is_local_only() const {
    if (is_unix() || equal_ignoring_ascii_case(host_, "localhost")) return true;
    ErrorCode error;
    const auto address = asio::ip::make_address(host_, error);
    return !error && address.is_loopback();
}

}  // namespace okpay::net
