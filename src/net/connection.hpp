// SPDX-License-Identifier: Apache-2.0
// One stream: TCP or unix socket, plain until TLS is started on it (STARTTLS) or at once (HTTPS).
//   Errors    are values; closed covers an orderly end and a reset alike, for neither says what the peer has done.
//   Deadline  expire_after() bounds all that follows until it is set anew; when it passes the socket is closed.
//   Threads   none: one strand at a time. At most one read and one write are under way.
//   Beast     a Connection is an AsyncStream, so http::async_read and the like take it as it is.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/moment.hpp"
#include "base/result.hpp"
#include "net/endpoint.hpp"
#include "net/tls.hpp"

namespace okpay::net {

using Socket = asio::generic::stream_protocol::socket;

enum class IoError { closed, timed_out, cancelled, failed };
std::string_view explain(IoError error);
IoError io_error_of(const ErrorCode& code);

class Connection {
public:
    using Plain = boost::beast::basic_stream<asio::generic::stream_protocol>;
    using Encrypted = asio::ssl::stream<Plain&>;
    using executor_type = Plain::executor_type;

    explicit Connection(Socket socket);
    Connection(Connection&&) noexcept = default;
    Connection& operator=(Connection&&) = delete;

    void expire_after(Millis limit) { plain_->expires_after(limit); }
    void expire_never() { plain_->expires_never(); }  // for who keeps the time himself and calls cancel()
    awaitable<Result<std::size_t, IoError>> read_some(std::span<char> into);  // one octet or more
    awaitable<Result<void, IoError>> write(std::string_view bytes);           // all of them
    awaitable<Result<void, IoError>> accept_tls(TlsContext context);
    awaitable<Result<void, IoError>> start_tls(TlsContext context, std::string host);  // host: whose name is checked

    void cancel() { plain_->cancel(); }  // what is under way ends with IoError::cancelled; the socket stays open
    void close() { plain_->close(); }
    // Says goodbye so that what was written last arrives: closes the sending side, then reads and drops what still
    // comes, since closing with unread input makes the kernel reset the connection and the peer lose the last reply.
    awaitable<void> close_gently(Millis limit, std::size_t drop_octets_max = 1U << 20U);

    [[nodiscard]] bool encrypted() const { return tls_ != nullptr; }
    [[nodiscard]] std::string encryption() const;  // "TLSv1.3 TLS_AES_256_GCM_SHA384", empty for a plain one
    [[nodiscard]] const Endpoint& peer() const { return peer_; }  // for a unix socket its path may be "?"
    [[nodiscard]] bool has_unread_or_ended();  // true for an idle connection that cannot be used again

    executor_type get_executor() { return plain_->get_executor(); }
    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        if (tls_) return tls_->async_read_some(buffers, std::forward<Token>(token));
        return plain_->async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        if (tls_) return tls_->async_write_some(buffers, std::forward<Token>(token));
        return plain_->async_write_some(buffers, std::forward<Token>(token));
    }

private:
    std::unique_ptr<Plain> plain_;
    TlsContext context_;
    std::unique_ptr<Encrypted> tls_;  // Refers to *plain_ and *context_; null while plain.
    Endpoint peer_;
};

Endpoint endpoint_of(const asio::generic::stream_protocol::endpoint& raw);

// Connects to the first address of the host that answers within the limit. Looking a name up is the system's and has
// its own time-outs; a numeric address needs none.
awaitable<Result<Connection, IoError>> connect(Endpoint to, Millis limit);

}  // namespace okpay::net
