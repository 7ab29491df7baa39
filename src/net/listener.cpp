// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

namespace okpay::net {
namespace {

constexpr Millis pause_when_exhausted{100};
constexpr mode_t unix_socket_mode = 0660;

using RawEndpoint = asio::generic::stream_protocol::endpoint;

ListenError listen_error_of(const ErrorCode& code) {
    if (code == asio::error::address_in_use) return ListenError::in_use;
    if (code == asio::error::access_denied || code == boost::system::errc::operation_not_permitted)
        return ListenError::forbidden;
    return ListenError::failed;
}

Result<RawEndpoint, ListenError> address_of(const asio::any_io_executor& executor, const Endpoint& at) {
    if (at.is_unix()) return asio::local::stream_protocol::endpoint{at.path()};
    ErrorCode error;
    const auto address = asio::ip::make_address(at.host(), error);
    if (!error) return asio::ip::tcp::endpoint{address, at.port()};
    asio::ip::tcp::resolver resolver{executor};
    const auto found = resolver.resolve(at.host(), std::to_string(at.port()), asio::ip::tcp::resolver::passive, error);
    if (error || found.empty()) return fail(ListenError::unknown_host);
    for (const auto& entry : found) {  // "localhost" is 127.0.0.1 for whoever reads the address we print
        if (entry.endpoint().address().is_v4()) return entry.endpoint();
    }
    return found.begin()->endpoint();
}

// A socket file left by a process that was killed refuses connections; that one may go.
void remove_if_stale(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_socket(path, ignored)) return;
    asio::io_context probe;
    asio::local::stream_protocol::socket socket{probe};
    ErrorCode error;
    socket.connect(asio::local::stream_protocol::endpoint{path}, error);
    if (error == asio::error::connection_refused) std::filesystem::remove(path, ignored);
}

bool ran_out(const ErrorCode& code) {
    return code == asio::error::no_descriptors || code == asio::error::no_memory || code == asio::error::no_buffer_space ||
           code == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

std::string_view explain(ListenError error) {
    switch (error) {
    case ListenError::unknown_host: return "The host to listen on is not known to this machine.";
    case ListenError::in_use: return "Another program listens there already; choose another port or stop it.";
    case ListenError::forbidden: return "Listening there is not permitted; ports below 1024 need the capability for it.";
    case ListenError::failed: return "The address cannot be listened on; it may not belong to this machine.";
    }
    std::abort();
}

Result<Listener, ListenError> Listener::open(asio::any_io_executor executor, const Endpoint& at) {
    const auto address = address_of(executor, at);
    if (!address) return fail(address.error());
    if (at.is_unix()) remove_if_stale(at.path());
    Acceptor acceptor{executor};
    ErrorCode error;
    acceptor.open(address->protocol(), error);
    if (error) return fail(listen_error_of(error));
    if (!at.is_unix()) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(*address, error);
    if (error) return fail(listen_error_of(error));
    if (at.is_unix() && ::chmod(at.path().c_str(), unix_socket_mode) != 0) return fail(ListenError::forbidden);
    acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(listen_error_of(error));
    const auto raw = acceptor.local_endpoint(error);
    if (error) return fail(ListenError::failed);
    return Listener{std::move(acceptor), at.is_unix() ? at : endpoint_of(raw)};
}

Listener::~Listener() { close(); }

void Listener::close() {
    if (!acceptor_.is_open()) return;  // closed before, or moved from
    ErrorCode ignored;
    acceptor_.close(ignored);
    std::error_code gone_already;
    if (bound_.is_unix()) std::filesystem::remove(bound_.path(), gone_already);
}

awaitable<Result<Connection, IoError>> Listener::accept() {
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(quietly);
        if (!error) co_return Connection{std::move(socket)};
        if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
        if (!ran_out(error)) continue;  // the peer was gone before we took it
        asio::steady_timer pause{acceptor_.get_executor(), pause_when_exhausted};
        co_await pause.async_wait(quietly);
    }
    co_return fail(IoError::cancelled);
}

}  // namespace okpay::net
