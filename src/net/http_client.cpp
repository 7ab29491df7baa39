// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <boost/beast/http.hpp>

#include <algorithm>
#include <cstdlib>

#include "base/ensure.hpp"

namespace okpay::net {
namespace {

namespace http = boost::beast::http;

constexpr unsigned response_header_octets_max = 16U << 10U;

bool is_one_line(std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

http::request<http::string_body> wire_form(HttpPost request, const std::string& host) {
    http::request<http::string_body> wire{http::verb::post, request.target, 11};
    ensure(is_one_line(request.target));
    wire.set(http::field::host, host);
    for (const auto& [name, value] : request.headers) {
        ensure(is_one_line(name) && is_one_line(value));
        wire.insert(name, value);
    }
    wire.body() = std::move(request.body);
    wire.prepare_payload();
    return wire;
}

Millis time_left(std::chrono::steady_clock::time_point until) {
    return std::max(std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now()), Millis{1});
}

HttpResponse read_form(http::response<http::string_body> wire) {
    HttpResponse response{.status = wire.result_int(), .headers = {}, .body = std::move(wire.body())};
    for (const auto& field : wire.base()) response.headers.emplace_back(field.name_string(), field.value());
    return response;
}

}  // namespace

std::string_view explain(HttpError error) {
    switch (error) {
    case HttpError::not_sent: return "the peer was not reached; nothing was sent";
    case HttpError::outcome_unknown: return "no whole answer came; the peer may have acted or not";
    case HttpError::response_too_large: return "the answer was larger than its limit";
    }
    std::abort();
}

std::optional<Connection> HttpClient::idle_connection() {
    while (!idle_.empty()) {
        std::optional<Connection> connection{std::move(idle_.back())};
        idle_.pop_back();
        if (!connection->has_unread_or_ended()) return connection;
    }
    return std::nullopt;
}

awaitable<std::optional<Connection>> HttpClient::fresh_connection(std::chrono::steady_clock::time_point until) {
    auto connection = co_await connect(settings_.peer, time_left(until));
    if (!connection) co_return std::nullopt;
    if (settings_.tls) {
        connection->expire_after(time_left(until));
        const auto safe = co_await connection->start_tls(settings_.tls, settings_.host);
        if (!safe) co_return std::nullopt;
    }
    co_return *std::move(connection);
}

awaitable<Result<HttpResponse, HttpError>> HttpClient::post(HttpPost request) {
    co_return co_await exchange(Method::post, std::move(request));
}

awaitable<Result<HttpResponse, HttpError>> HttpClient::get(std::string target) {
    co_return co_await exchange(Method::get, {.target = std::move(target), .headers = {}, .body = {}});
}

awaitable<Result<HttpResponse, HttpError>> HttpClient::exchange(Method method, HttpPost request) {
    const auto until = std::chrono::steady_clock::now() + settings_.deadline;
    auto wire = wire_form(std::move(request), settings_.authority.empty() ? settings_.host : settings_.authority);
    if (method == Method::get) wire.method(http::verb::get);
    auto connection = idle_connection();
    if (!connection) {
        auto fresh = co_await fresh_connection(until);
        if (!fresh) co_return fail(HttpError::not_sent);
        connection.emplace(*std::move(fresh));
    }

    connection->expire_after(time_left(until));
    const auto [write_error, written] = co_await http::async_write(*connection, wire, quietly);
    if (write_error) co_return fail(written == 0 ? HttpError::not_sent : HttpError::outcome_unknown);

    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.header_limit(response_header_octets_max);
    parser.body_limit(settings_.response_octets_max);
    const auto [read_error, count] = co_await http::async_read(*connection, buffer, parser, quietly);
    if (read_error == http::error::body_limit || read_error == http::error::header_limit) {
        co_return fail(HttpError::response_too_large);
    }
    if (read_error) co_return fail(HttpError::outcome_unknown);
    const bool reusable = parser.get().keep_alive() && buffer.size() == 0;
    if (reusable && idle_.size() < settings_.idle_connections_max) idle_.push_back(*std::move(connection));
    co_return read_form(parser.release());
}

}  // namespace okpay::net
