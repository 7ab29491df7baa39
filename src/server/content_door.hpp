// SPDX-License-Identifier: Apache-2.0
// Where the other origin listens, and how browsers reach it.
#pragma once

#include <memory>
#include <string>

#include "api/content_origin.hpp"
#include "api/http_server.hpp"
#include "server/options.hpp"

namespace okpay::server {

// As said; else any free port of the website's host, so that there always is one.
std::string content_http_of(const Options& options, const net::Endpoint& website);
// As said; else the website's host with the port that was bound.
std::string content_url_of(const Options& options, const net::Endpoint& bound, bool serves_tls);
// The origins at which the workspace is read, apart by blanks, as frame-ancestors takes them.
std::string website_origins(const Options& options, const net::Endpoint& website, bool serves_tls);
// "https://pay.example:8443" of "https://pay.example:8443/console?x"; as it is where it is none.
std::string origin_of(std::string_view url);

class ContentDoor {
public:
    struct House {  // all outlive the door
        const Options& options;
        const store::Keyring& keyring;
        std::optional<store::BlobStore> blobs;
        service::Queries& queries;
        api::Metrics& metrics;
        std::shared_ptr<net::ServerTls> tls;  // null: plain
    };
    // Listens from now on, once the executor of `listener` runs. `website`: where that is bound.
    ContentDoor(net::Listener listener, asio::io_context& io, const net::Endpoint& website, House house);

    [[nodiscard]] api::ContentOrigin& origin() { return origin_; }
    [[nodiscard]] const net::Endpoint& bound() const { return server_->bound(); }
    net::awaitable<void> stop(Millis grace) { return server_->stop(grace); }

private:
    api::ContentOrigin origin_;
    std::unique_ptr<api::HttpServer> server_;
};

}  // namespace okpay::server
