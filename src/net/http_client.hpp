// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 client (RFC 9112) for one peer: commands forwarded inside a cluster, web hooks, policies of mail.
// Connections are kept and used again. It follows no redirect and sends nothing twice: where the outcome is unknown the
// caller decides.
//   Threads   one strand; requests may overlap, each has a connection of its own.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/connection.hpp"

namespace okpay::net {

enum class HttpError {
    not_sent,            // nothing left this machine: the peer was not reached, or its certificate was not good
    outcome_unknown,     // octets were sent and no whole answer came: the peer may have acted or not
    response_too_large,  // the answer began and passed the limit; the peer has acted
};
std::string_view explain(HttpError error);

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpPost {
    std::string target;  // path and query, "/v1/commands"
    HttpHeaders headers;  // names and values without CR or LF; Host and Content-Length are ours
    Bytes body;
};
struct HttpResponse {
    unsigned status = 0;
    HttpHeaders headers;
    Bytes body;
};

struct HttpClientSettings {
    Endpoint peer;
    std::string host;              // the name the certificate must bear, and the Host header without `authority`
    TlsContext tls;                // null: plain
    Millis deadline{10'000};       // for one request from connecting to the last octet of the answer
    std::size_t response_octets_max = 1U << 20U;
    std::size_t idle_connections_max = 8;  // 0: each request has a fresh one, which no peer has closed meanwhile
    std::string authority = {};    // the Host header where the port belongs to it (RFC 9112 3.2)
};

class HttpClient {
public:
    explicit HttpClient(HttpClientSettings settings) : settings_{std::move(settings)} {}
    awaitable<Result<HttpResponse, HttpError>> post(HttpPost request);
    awaitable<Result<HttpResponse, HttpError>> get(std::string target);

private:
    enum class Method : bool { get, post };
    awaitable<Result<HttpResponse, HttpError>> exchange(Method method, HttpPost request);
    awaitable<std::optional<Connection>> fresh_connection(std::chrono::steady_clock::time_point until);
    std::optional<Connection> idle_connection();

    HttpClientSettings settings_;
    std::vector<Connection> idle_;
};

}  // namespace okpay::net
