// SPDX-License-Identifier: Apache-2.0
// Who stands behind a reverse proxy. A proxy appends the address that it saw to X-Forwarded-For, so the field is read from
// its end: as long as the one who wrote an entry is trusted, the entry is believed. What a client wrote itself stands
// further left and is never reached. (RFC 7239 names the same idea `Forwarded`; proxies in use write X-Forwarded-For.)
//   Limits    entries_max entries are looked at; what is no address ends the look, and the last believed one stands.
//   Threads   immutable after reading.
#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace okpay::net {

class TrustedProxies {
public:
    static constexpr int entries_max = 16;

    TrustedProxies() = default;  // nobody is trusted
    // Each "10.0.0.7", "10.0.0.0/8", "2001:db8::1" or "2001:db8::/32"; a unix socket's peer is trusted with "unix".
    // The error is the text that is none of these.
    static Result<TrustedProxies, std::string> parse(const std::vector<std::string>& texts);

    [[nodiscard]] bool trusts(std::string_view address) const;  // "" is the peer of a unix socket
    // The client's address: `peer` where it is not a trusted proxy. `forwarded_for`: the fields' values in their order,
    // joined by commas (RFC 9110 section 5.3).
    [[nodiscard]] std::string client(std::string_view peer, std::string_view forwarded_for) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
    bool unix_ = false;
};

}  // namespace okpay::net
