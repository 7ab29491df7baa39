// SPDX-License-Identifier: Apache-2.0
#include "server/website.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

#include "api/api.hpp"

namespace okpay::server {
namespace {

std::string local_url(std::string_view http) {
    const auto colon = http.rfind(':');
    return fmt::format("http://localhost{}", colon == std::string_view::npos ? "" : http.substr(colon));
}

}  // namespace

std::filesystem::path web_root_of(const Options& options) {
    if (!options.web_root.empty()) return options.web_root;
    std::error_code ignored;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const std::filesystem::path built = program.parent_path() / "../../web/dist";
    if (std::filesystem::exists(built, ignored)) return std::filesystem::weakly_canonical(built, ignored);
    return "/usr/share/okpay/web";
}

api::HttpLimits http_limits_of(const Options& options, bool serves_tls) {
    auto proxies = net::TrustedProxies::parse(options.trusted_proxies);
    if (!proxies) {
        throw UsageError{
            fmt::format("--trusted-proxies {}: write an address, a network like 10.0.0.0/8, or unix", proxies.error())};
    }
    return {.uploads = {.takes_one = api::takes_picture},
            .https_alone = serves_tls || options.public_url.starts_with("https://"),
            .trusted_proxies = *std::move(proxies)};
}

std::string local_origin(const net::Endpoint& bound, bool serves_tls) {
    const bool loopback = bound.host() == "127.0.0.1" || bound.host() == "::1";
    const bool bare = bound.host().contains(':');
    return fmt::format("{}://{}{}{}:{}", serves_tls ? "https" : "http", bare && !loopback ? "[" : "",
                       loopback ? "localhost" : bound.host(), bare && !loopback ? "]" : "", bound.port());
}

std::string public_url_of(const Options& options) {
    return options.public_url.empty() ? local_url(options.http) : options.public_url;
}

}  // namespace okpay::server
