// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 (RFC 9112) on one listener: keep-alive, pipelined requests one after another, HEAD, Expect: 100-continue.
//
//   Limits    each has an answer: headers too long 431, body too long 413, too many connections 503, a request that
//             does not come in time is closed, an idle connection too.
//   Threads   one thread runs the executor; the handler is called there.
//   Stop      stop() lets what is in flight finish, its answers say `Connection: close`; idle connections close at once.
#pragma once

#include <functional>
#include <memory>

#include "api/http.hpp"
#include "api/metrics.hpp"
#include "net/listener.hpp"
#include "net/trusted_proxies.hpp"

namespace okpay::api {

// What a request to `target` may carry beyond the limit of all others: pictures. Few at once, because each is held whole.
struct UploadLimits {
    std::function<bool(std::string_view target)> takes_one;  // empty: none does
    std::uint64_t body_octets_max = 12UL * 1024 * 1024;
    std::size_t at_once_max = 16;  // further ones are told to come again
    Millis request{120'000};       // a phone in a train
};

struct HttpLimits {
    std::uint32_t header_octets_max = 16U * 1024;
    std::uint64_t body_octets_max = 1024UL * 1024;
    std::size_t connections_max = 4'096;
    Millis idle{60'000};     // between requests
    Millis request{20'000};  // from its first octet to its last
    Millis write{30'000};    // each write
    UploadLimits uploads = {};
    bool https_alone = false;  // people come by https: browsers are told to use nothing else, for a year
    std::string security_headers = website_security_headers();  // on every answer, whole lines with CRLF
    net::TrustedProxies trusted_proxies = {};
};

using HttpHandler = std::function<awaitable<Response>(Request)>;

class HttpServer {
public:
    // Takes no connections before run(). `tls` null: plain. `metrics` outlives all connections.
    HttpServer(net::Listener listener, std::shared_ptr<net::ServerTls> tls, HttpHandler handler, Metrics& metrics,
               HttpLimits limits = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] const net::Endpoint& bound() const;
    awaitable<void> run();                // accepts until stop()
    awaitable<void> stop(Millis grace);   // what is not finished by then is cut off
    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    class Session;
    std::shared_ptr<State> state_;
};

}  // namespace okpay::api
