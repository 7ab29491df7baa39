// SPDX-License-Identifier: Apache-2.0
#include "api/http_server.hpp"

#include <spdlog/spdlog.h>

#include <set>

#include "api/problem.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

constexpr Millis goodbye{2'000};
constexpr std::size_t read_octets = 16'384;
// Most clients read no answer before they have sent their body: of one that is too large so much is read and dropped, that
// they learn why it was refused (RFC 9112 section 9.6).
constexpr std::size_t refused_octets_dropped_max = 64UL * 1024 * 1024;

Response body_too_large(std::uint64_t octets_max) {
    return problem({.code = "body_too_large", .detail = fmt::format("A body has at most {} octets.", octets_max)});
}

Response answer_to_bad_head(const net::ErrorCode& error, const HttpLimits& limits) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return problem({.code = "headers_too_large",
                        .detail = fmt::format("The headers have at most {} octets.", limits.header_octets_max)});
    }
    return problem(malformed("This is not an HTTP/1.1 request."));
}

bool is_protocol_error(const net::ErrorCode& error) {
    return error.category() == http::make_error_code(http::error::bad_version).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
}

}  // namespace

struct HttpServer::State {
    net::Listener listener;
    std::shared_ptr<net::ServerTls> tls;
    HttpHandler handler;
    Metrics& metrics;
    HttpLimits limits;
    std::set<Session*> sessions = {};
    std::size_t uploads = 0;  // under way
    bool stopping = false;
    std::unique_ptr<asio::steady_timer> all_gone = nullptr;  // cancelled when the last session ends
};

class HttpServer::Session {
public:
    Session(std::shared_ptr<State> state, net::Connection connection)
        : state_{std::move(state)}, connection_{std::move(connection)}, buffer_{state_->limits.header_octets_max * 2UL} {
        state_->sessions.insert(this);
        state_->metrics.connection_opened();
    }
    ~Session() {
        state_->sessions.erase(this);
        state_->metrics.connection_closed();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    awaitable<void> run() {
        const auto& limits = state_->limits;
        if (state_->tls) {
            connection_.expire_after(limits.request);
            const auto secured = co_await connection_.accept_tls(state_->tls->context());
            if (!secured) co_return;
        }
        if (state_->sessions.size() > limits.connections_max) {
            const Response busy = problem(unavailable());
            co_await send(busy, false, true);
            co_return;
        }
        while (co_await serve_one()) {}
        if (cut_off_) co_return;
        if (body_refused_) co_return co_await connection_.close_gently(limits.request, refused_octets_dropped_max);
        co_await connection_.close_gently(goodbye);
    }

    void stop_if_idle() {
        if (idle_) cut_off();
        if (stream_) stream_->close();
    }
    void cut_off() {
        cut_off_ = true;
        connection_.close();
    }

private:
    // True where another request may follow.
    awaitable<bool> serve_one() {
        if (buffer_.size() == 0) {
            if (state_->stopping) co_return false;
            idle_ = true;
            connection_.expire_after(state_->limits.idle);
            const auto none = co_await read_some();
            idle_ = false;
            if (none) co_return false;
        }
        connection_.expire_after(state_->limits.request);
        http::request_parser<http::string_body> parser;
        parser.header_limit(state_->limits.header_octets_max);
        // The parser would refuse by the head alone, before anybody has seen its target: it is told the larger limit, and
        // the one that counts is held below.
        const auto& uploads = state_->limits.uploads;
        const std::uint64_t larger = uploads.takes_one ? uploads.body_octets_max : 0;
        parser.body_limit(std::max(state_->limits.body_octets_max, larger));
        parser.eager(true);
        bool told_to_go_on = false;
        std::uint64_t body_octets_max = state_->limits.body_octets_max;
        std::shared_ptr<void> upload;  // counted until the request is answered
        bool head_seen = false;
        // A small request came whole with the first octets: it is taken apart without another wait.
        while (true) {
            net::ErrorCode error;
            buffer_.consume(parser.put(buffer_.data(), error));
            if (error == http::error::body_limit) {
                const bool takes_one = uploads.takes_one && uploads.takes_one(text_of(parser.get().target()));
                co_return co_await refuse_body(takes_one ? uploads.body_octets_max : state_->limits.body_octets_max);
            }
            if (error && error != http::error::need_more) co_return co_await refuse(error);
            if (parser.is_header_done() && parser.get().version() != 11 && parser.get().version() != 10)
                co_return co_await refuse(http::error::bad_version);
            if (parser.is_header_done() && !std::exchange(head_seen, true)) {
                const std::uint64_t length = parser.content_length().value_or(body_octets_max + 1);
                const bool plain = parser.content_length() ? length <= body_octets_max : !parser.chunked();
                if (!plain && uploads.takes_one && uploads.takes_one(text_of(parser.get().target()))) {
                    if (state_->uploads >= uploads.at_once_max) {
                        const Response busy = problem(unavailable());
                        co_await send(busy, false, true);
                        co_return false;
                    }
                    ++state_->uploads;
                    upload = std::shared_ptr<void>{nullptr, [state = state_](void*) { --state->uploads; }};
                    body_octets_max = uploads.body_octets_max;
                    connection_.expire_after(uploads.request);
                }
                if (parser.content_length().value_or(0) > body_octets_max) co_return co_await refuse_body(body_octets_max);
            }
            if (head_seen && parser.get().body().size() > body_octets_max) co_return co_await refuse_body(body_octets_max);
            if (parser.is_done()) break;
            if (parser.is_header_done() && !std::exchange(told_to_go_on, true) &&
                equal_ignoring_ascii_case(text_of(parser.get()[http::field::expect]), "100-continue")) {
                const auto went_on = co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
                if (!went_on) co_return false;
            }
            if (const auto ended = co_await read_some()) co_return co_await refuse(*ended);
        }
        co_return co_await answer(parser.release());
    }

    // More octets in the buffer, or why there are none.
    awaitable<std::optional<net::ErrorCode>> read_some() {
        const std::size_t room = buffer_.max_size() - buffer_.size();
        if (room == 0) co_return net::ErrorCode{http::error::buffer_overflow};
        const auto space = buffer_.prepare(std::min<std::size_t>(read_octets, room));
        auto [error, octets] = co_await connection_.async_read_some(space, net::quietly);
        if (error) co_return error;
        buffer_.commit(octets);
        co_return std::nullopt;
    }

    awaitable<bool> refuse_body(std::uint64_t octets_max) {
        body_refused_ = true;
        const Response bad = body_too_large(octets_max);
        co_await send(bad, false, true);
        co_return false;
    }

    awaitable<bool> refuse(net::ErrorCode error) {
        if (!is_protocol_error(error)) co_return false;
        const Response bad = answer_to_bad_head(error, state_->limits);
        co_await send(bad, false, true);
        co_return false;
    }

    awaitable<bool> answer(http::request<http::string_body> message) {
        const auto start = std::chrono::steady_clock::now();
        const auto verb = message.method();
        const std::string target{text_of(message.target())};
        const std::string method{text_of(message.method_string())};
        bool keep_alive = message.keep_alive();
        const bool has_host = message.version() == 10 || message.count(http::field::host) == 1;  // RFC 9112 section 3.2
        const std::string client = client_of(message);
        Request request{.method = verb == http::verb::post ? Method::post : Method::get,
                        .message = std::move(message),
                        .path = "",
                        .query = "",
                        .params = {},
                        .peer = client};
        Response response;
        if (verb != http::verb::get && verb != http::verb::head && verb != http::verb::post) {
            response = problem({.code = "method_not_allowed", .detail = "Only GET, HEAD and POST are understood."});
            response.with("Allow", "GET, HEAD, POST");
        } else if (!has_host) {
            response = problem(malformed("Host: must stand there once."));
        } else if (!set_target(request, target)) {
            response = problem(malformed("The request target must be a path."));
        } else {
            response = co_await handled(std::move(request));
        }
        // Without the query: it may hold what a person searched for.
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
        spdlog::info("{} {} {} {} us {}", method, std::string_view{target}.substr(0, target.find('?')), response.status,
                     took.count(), client);
        keep_alive = keep_alive && !state_->stopping && response.stream == nullptr;
        const bool with_body = verb != http::verb::head;
        if (!co_await send(response, keep_alive, with_body)) co_return false;
        if (response.stream && with_body) co_await send_stream(response.stream);
        co_return keep_alive;
    }

    std::string client_of(const http::request<http::string_body>& message) const {
        std::string forwarded_for;
        const auto [begin, end] = message.equal_range("X-Forwarded-For");
        for (auto field = begin; field != end; ++field) {
            if (!forwarded_for.empty()) forwarded_for += ',';
            forwarded_for += text_of(field->value());
        }
        return state_->limits.trusted_proxies.client(connection_.peer().host(), forwarded_for);
    }

    awaitable<Response> handled(Request request) {
        try {
            co_return co_await state_->handler(std::move(request));
        } catch (const std::exception& failure) {  // other people's libraries: ours say so in their types
            spdlog::error("a request could not be answered: {}", failure.what());
        }
        co_return problem(unavailable());
    }

    awaitable<bool> send(const Response& response, bool keep_alive, bool with_body) {
        state_->metrics.count_response(response.status);
        const std::string octets = octets_of(response, keep_alive, with_body, state_->limits.security_headers);
        connection_.expire_after(state_->limits.write);
        const auto written = co_await connection_.write(octets);
        co_return written.has_value();
    }

    awaitable<void> send_stream(std::shared_ptr<BodyStream> stream) {
        stream_ = stream;
        if (state_->stopping) stream->close();
        while (true) {
            const auto part = co_await stream->next();
            if (!part) break;
            connection_.expire_after(state_->limits.write);
            const auto written = co_await connection_.write(*part);
            if (!written) break;
        }
        stream_.reset();
    }

    static std::string_view text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

    std::shared_ptr<State> state_;
    net::Connection connection_;
    boost::beast::flat_buffer buffer_;
    std::shared_ptr<BodyStream> stream_;
    bool idle_ = false;
    bool cut_off_ = false;
    bool body_refused_ = false;
};

HttpServer::HttpServer(net::Listener listener, std::shared_ptr<net::ServerTls> tls, HttpHandler handler, Metrics& metrics,
                       HttpLimits limits)
    : state_{std::make_shared<State>(State{.listener = std::move(listener),
                                           .tls = std::move(tls),
                                           .handler = std::move(handler),
                                           .metrics = metrics,
                                           .limits = std::move(limits)})} {
    if (state_->limits.https_alone) state_->limits.security_headers += strict_transport_header;
}

HttpServer::~HttpServer() { state_->listener.close(); }

const net::Endpoint& HttpServer::bound() const { return state_->listener.bound(); }

std::size_t HttpServer::connections() const { return state_->sessions.size(); }

awaitable<void> HttpServer::run() {
    const auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    while (true) {
        auto connection = co_await state->listener.accept();
        if (!connection) co_return;
        auto session = [](std::unique_ptr<Session> owned, std::shared_ptr<State> shared) -> awaitable<void> {
            co_await owned->run();
            owned.reset();
            if (shared->sessions.empty() && shared->all_gone) shared->all_gone->cancel();
        };
        auto owned = std::make_unique<Session>(state, *std::move(connection));
        asio::co_spawn(executor, session(std::move(owned), state), asio::detached);
    }
}

awaitable<void> HttpServer::stop(Millis grace) {
    const auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    state->stopping = true;
    state->listener.close();
    const auto all = [&state] { return std::vector<Session*>(state->sessions.begin(), state->sessions.end()); };
    for (Session* session : all()) session->stop_if_idle();
    state->all_gone = std::make_unique<asio::steady_timer>(executor, grace);
    if (!state->sessions.empty()) co_await state->all_gone->async_wait(net::quietly);
    for (Session* session : all()) session->cut_off();
    state->all_gone->expires_after(goodbye);
    if (!state->sessions.empty()) co_await state->all_gone->async_wait(net::quietly);
}

}  // namespace okpay::api
