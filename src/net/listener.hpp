// SPDX-License-Identifier: Apache-2.0
// Listens on TCP (SO_REUSEADDR) or a unix socket (mode 0660; a stale file that nobody answers on is replaced, a live
// one is an error; the file goes when the listener goes). A host name is resolved by the system, blocking: at start.
#pragma once

#include <string>

#include "net/connection.hpp"

namespace okpay::net {

enum class ListenError { unknown_host, in_use, forbidden, failed };
std::string_view explain(ListenError error);

class Listener {
public:
    static Result<Listener, ListenError> open(asio::any_io_executor executor, const Endpoint& at);
    Listener(Listener&&) noexcept = default;
    Listener& operator=(Listener&&) = delete;
    ~Listener();

    [[nodiscard]] const Endpoint& bound() const { return bound_; }  // with the real port
    [[nodiscard]] asio::any_io_executor executor() { return acceptor_.get_executor(); }

    // The next connection; cancelled once close() was called. Where descriptors or memory have run out it waits a
    // moment and tries again by itself, without spinning.
    awaitable<Result<Connection, IoError>> accept();
    void close();

private:
    using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;
    Listener(Acceptor acceptor, Endpoint bound) : acceptor_{std::move(acceptor)}, bound_{std::move(bound)} {}
    Acceptor acceptor_;
    Endpoint bound_;
};

}  // namespace okpay::net
