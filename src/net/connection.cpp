// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace okpay::net {
namespace {

using RawEndpoint = asio::generic::stream_protocol::endpoint;

Endpoint peer_of(Socket& socket) {
    ErrorCode error;
    const auto raw = socket.remote_endpoint(error);
    return error ? Endpoint::unix_socket("?") : endpoint_of(raw);
}

bool is_tcp(const RawEndpoint& raw) { return raw.protocol().family() == AF_INET || raw.protocol().family() == AF_INET6; }

awaitable<std::vector<RawEndpoint>> addresses_of(Endpoint to) {
    std::vector<RawEndpoint> addresses;
    if (to.is_unix()) {
        addresses.emplace_back(asio::local::stream_protocol::endpoint{to.path()});
        co_return addresses;
    }
    ErrorCode not_numeric;
    const auto address = asio::ip::make_address(to.host(), not_numeric);
    if (!not_numeric) {
        addresses.emplace_back(asio::ip::tcp::endpoint{address, to.port()});
        co_return addresses;
    }
    asio::ip::tcp::resolver resolver{co_await asio::this_coro::executor};
    const std::string port = std::to_string(to.port());
    const auto [error, found] = co_await resolver.async_resolve(to.host(), port, quietly);
    if (error) co_return addresses;
    for (const auto& entry : found) addresses.emplace_back(entry.endpoint());
    co_return addresses;
}

}  // namespace

std::string_view explain(IoError error) {
    switch (error) {
    case IoError::closed: return "the connection was closed";
    case IoError::timed_out: return "the time ran out";
    case IoError::cancelled: return "cancelled";
    case IoError::failed: return "the connection failed";
    }
    std::abort();
}

IoError io_error_of(const ErrorCode& code) {
    if (code == boost::beast::error::timeout) return IoError::timed_out;
    if (code == asio::error::operation_aborted) return IoError::cancelled;
    const bool ended = code == asio::error::eof || code == asio::error::connection_reset ||
                       code == asio::error::broken_pipe || code == asio::ssl::error::stream_truncated ||
                       code == asio::error::not_connected;
    return ended ? IoError::closed : IoError::failed;
}

Endpoint endpoint_of(const RawEndpoint& raw) {
    if (is_tcp(raw)) {
        asio::ip::tcp::endpoint tcp;
        tcp.resize(raw.size());
        std::memcpy(tcp.data(), raw.data(), raw.size());
        return Endpoint::tcp(tcp.address().to_string(), tcp.port());
    }
    sockaddr_un address{};
    std::memcpy(&address, raw.data(), std::min(raw.size(), sizeof address));
    const std::string path{address.sun_path, strnlen(address.sun_path, sizeof address.sun_path)};
    return Endpoint::unix_socket(path.empty() ? "?" : path);
}

Connection::Connection(Socket socket) : peer_{peer_of(socket)} {
    if (!peer_.is_unix()) {
        ErrorCode ignored;  // Small replies must not wait for the peer's acknowledgement.
        socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
    }
    plain_ = std::make_unique<Plain>(std::move(socket));
}

awaitable<Result<std::size_t, IoError>> Connection::read_some(std::span<char> into) {
    const auto buffer = asio::buffer(into.data(), into.size());
    const auto [error, count] = co_await async_read_some(buffer, quietly);
    if (error) co_return fail(io_error_of(error));
    co_return count;
}

awaitable<Result<void, IoError>> Connection::write(std::string_view bytes) {
    // Most answers fit the kernel's buffer: then nothing has to be waited for, and no operation set up. What an error
    // means is left to the way below.
    if (!tls_) {
        const auto sent = ::send(plain_->socket().native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (bytes.empty()) co_return Result<void, IoError>{};
    }
    const auto buffer = asio::buffer(bytes);
    const auto [error, count] = co_await asio::async_write(*this, buffer, quietly);
    if (error) co_return fail(io_error_of(error));
    co_return Result<void, IoError>{};
}

awaitable<Result<void, IoError>> Connection::accept_tls(TlsContext context) {
    context_ = std::move(context);
    tls_ = std::make_unique<Encrypted>(*plain_, *context_);
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, quietly);
    if (error) co_return fail(io_error_of(error));
    co_return Result<void, IoError>{};
}

awaitable<Result<void, IoError>> Connection::start_tls(TlsContext context, std::string host) {
    context_ = std::move(context);
    tls_ = std::make_unique<Encrypted>(*plain_, *context_);
    ErrorCode not_numeric;
    asio::ip::make_address(host, not_numeric);
    if (not_numeric) SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());  // RFC 6066: names only
    ErrorCode refused;
    tls_->set_verify_callback(asio::ssl::host_name_verification{host}, refused);
    if (refused) co_return fail(IoError::failed);
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, quietly);
    if (error) co_return fail(io_error_of(error));
    co_return Result<void, IoError>{};
}

awaitable<void> Connection::close_gently(Millis limit, std::size_t drop_octets_max) {
    expire_after(limit);
    if (tls_) co_await tls_->async_shutdown(quietly);
    ErrorCode ignored;
    plain_->socket().shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<char, 4096> dropped;
    for (std::size_t total = 0; total < drop_octets_max;) {
        const auto buffer = asio::buffer(dropped);
        const auto [error, count] = co_await plain_->async_read_some(buffer, quietly);
        if (error) break;
        total += count;
    }
    close();
}

std::string Connection::encryption() const {
    if (!tls_) return {};
    return std::string{SSL_get_version(tls_->native_handle())} + " " + SSL_get_cipher_name(tls_->native_handle());
}

bool Connection::has_unread_or_ended() {
    char octet = 0;
    const auto got = ::recv(plain_->socket().native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

awaitable<Result<Connection, IoError>> connect(Endpoint to, Millis limit) {
    const auto addresses = co_await addresses_of(std::move(to));
    const auto executor = co_await asio::this_coro::executor;
    IoError last = IoError::failed;
    const auto until = std::chrono::steady_clock::now() + limit;
    for (const RawEndpoint& address : addresses) {
        Connection::Plain stream{executor};
        stream.expires_at(until);
        const auto [error] = co_await stream.async_connect(address, quietly);
        if (!error) co_return Connection{stream.release_socket()};
        last = io_error_of(error);
        if (last == IoError::timed_out || last == IoError::cancelled) break;
    }
    co_return fail(last);
}

}  // namespace okpay::net
