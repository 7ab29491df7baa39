// SPDX-License-Identifier: Apache-2.0
#include "server/content_door.hpp"

#include <fmt/format.h>

#include "server/website.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t view_children = 1;  // people wait for it one after another; mail is read by others

std::string scheme(bool serves_tls) { return serves_tls ? "https" : "http"; }

}  // namespace

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos) return std::string{url};
    return std::string{url.substr(0, url.find_first_of("/?#", host + 3))};
}

std::string content_http_of(const Options& options, const net::Endpoint& website) {
    if (!options.content_http.empty()) return options.content_http;
    return net::Endpoint::tcp(website.is_unix() ? "127.0.0.1" : website.host(), 0).text();
}

std::string content_url_of(const Options& options, const net::Endpoint& bound, bool serves_tls) {
    if (!options.content_url.empty()) return origin_of(options.content_url);
    if (options.public_url.empty()) return local_origin(bound, serves_tls);
    std::string website = origin_of(options.public_url);
    const auto host = website.find("://") + 3;
    const auto port = website.find(':', website.find(']', host) == std::string::npos ? host : website.find(']', host));
    return fmt::format("{}://{}:{}", scheme(serves_tls), website.substr(host, port - host), bound.port());
}

std::string website_origins(const Options& options, const net::Endpoint& website, bool serves_tls) {
    if (!options.public_url.empty()) return origin_of(options.public_url);
    if (!website.is_local_only() || website.is_unix()) return local_origin(website, serves_tls);
    return fmt::format("{0}://localhost:{1} {0}://127.0.0.1:{1}", scheme(serves_tls), website.port());
}

ContentDoor::ContentDoor(net::Listener listener, asio::io_context& io, const net::Endpoint& website, House house)
    : origin_{house.queries,
              std::make_shared<service::MailViews>(house.keyring, std::move(house.blobs),
                                                   service::ask_children(service::mail_view_child(), view_children,
                                                                         service::mail_view_deadline)),
              house.keyring.derived(api::content_key_label),
              content_url_of(house.options, listener.bound(), house.tls != nullptr)} {
    const bool serves_tls = house.tls != nullptr;
    api::HttpLimits limits = http_limits_of(house.options, serves_tls);
    limits.uploads = {};
    limits.security_headers = api::content_security_headers(website_origins(house.options, website, serves_tls));
    api::HttpHandler handler = [this](api::Request request) { return origin_.handle(std::move(request)); };
    server_ = std::make_unique<api::HttpServer>(std::move(listener), std::move(house.tls), std::move(handler), house.metrics,
                                                std::move(limits));
    asio::co_spawn(io, server_->run(), asio::detached);
}

}  // namespace okpay::server
