// SPDX-License-Identifier: Apache-2.0
#include "telephony/gateway_way_out.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace okpay::telephony {
namespace {

constexpr std::size_t url_octets_max = 2'048;
constexpr std::uint16_t https_port = 443, http_port = 80;
constexpr std::size_t answer_octets_max = 64UL * 1024;

WayOutAnswer answer_of(unsigned status) {
    std::string said = fmt::format("HTTP {}", status);
    if (status >= 200 && status < 300) return {.word = WayOutWord::sent, .detail = std::move(said)};
    if (status == 408 || status == 425 || status == 429 || status == 503) {
        return {.word = WayOutWord::later, .detail = std::move(said)};
    }
    if (status >= 400 && status < 500) return {.word = WayOutWord::refused, .detail = std::move(said)};
    return {.word = WayOutWord::uncertain, .detail = std::move(said)};
}

WayOutAnswer answer_of(net::HttpError error) {
    std::string said{explain(error)};
    switch (error) {
    case net::HttpError::not_sent: return {.word = WayOutWord::later, .detail = std::move(said)};
    case net::HttpError::outcome_unknown:
    case net::HttpError::response_too_large: break;
    }
    return {.word = WayOutWord::uncertain, .detail = std::move(said)};
}

}  // namespace

Result<GatewayUrl, std::string> GatewayUrl::parse(std::string_view text) {
    const auto wrong = [](std::string_view why) { return fail(fmt::format("{}: write https://HOST[:PORT]/PATH", why)); };
    GatewayUrl url;
    if (text.size() > url_octets_max) return wrong("it is too long");
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
        url.tls = false;
        url.port = http_port;
    } else {
        return wrong("it is no URL of HTTP");
    }
    const bool plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '#' && c != '@'; });
    if (!plain) return wrong("it has blanks, a name and password, or a fragment");
    const auto slash = text.find_first_of("/?");
    const std::string_view authority = text.substr(0, slash);
    if (slash != std::string_view::npos) {
        url.target = std::string{text.substr(slash)};
        if (url.target.front() == '?') url.target.insert(url.target.begin(), '/');
    }
    const bool with_port = authority.rfind(':') != std::string_view::npos && !authority.ends_with(']');
    const std::string complete = with_port ? std::string{authority} : fmt::format("{}:{}", authority, url.port);
    const auto endpoint = net::Endpoint::parse(complete);
    if (!endpoint || endpoint->is_unix() || endpoint->port() == 0) return wrong("its host or port cannot be read");
    url.host = endpoint->host();
    url.port = endpoint->port();
    if (!url.tls && !endpoint->is_local_only()) return wrong("codes leave this machine by https alone");
    return url;
}

std::string GatewayUrl::authority() const {
    const std::string shown = host.contains(':') ? fmt::format("[{}]", host) : host;
    return port == (tls ? https_port : http_port) ? shown : fmt::format("{}:{}", shown, port);
}

GatewayWayOut::GatewayWayOut(GatewayUrl url, std::optional<Secret> token, net::TlsContext tls, Millis answer_within)
    : url_{std::move(url)},
      token_{std::move(token)},
      client_{{.peer = net::Endpoint::tcp(url_.host, url_.port),
               .host = url_.host,
               .tls = url_.tls ? std::move(tls) : nullptr,
               .deadline = answer_within,
               .response_octets_max = answer_octets_max,
               .idle_connections_max = 0,  // one that the gateway closes meanwhile would make a message uncertain
               .authority = url_.authority()}} {}

net::awaitable<WayOutAnswer> GatewayWayOut::send(OutgoingText text) {
    const boost::json::object body{{"key", text.key}, {"to", text.number}, {"text", text.text}};
    net::HttpPost post{.target = url_.target,
                       .headers = {{"Content-Type", "application/json"},
                                   {"User-Agent", "OKPay-Messages/1"},
                                   {"Idempotency-Key", std::move(text.key)}},
                       .body = boost::json::serialize(body)};
    if (token_) post.headers.emplace_back("Authorization", fmt::format("Bearer {}", token_->reveal()));
    const auto response = co_await client_.post(std::move(post));
    co_return response ? answer_of(response->status) : answer_of(response.error());
}

}  // namespace okpay::telephony
