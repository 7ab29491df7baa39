// SPDX-License-Identifier: Apache-2.0
// Sending to an address that somebody else has typed (web hooks), without becoming their way into the house.
//
//   Addresses  a name is looked up once and connected to as it was found, so that it cannot mean another machine a moment
//              later. Only public addresses: where one of a name's is not, none is used.
//   Answer     its status is read and nothing of its body is kept; no redirect is followed.
//   Threads    one strand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/dns_resolver.hpp"
#include "net/http_client.hpp"

namespace okpay::net {

// Reachable through the internet: not private, loopback, link-local (which has the metadata services of clouds), shared
// (RFC 6598), reserved, multicast or for documentation, also not where IPv6 carries such an IPv4 address (mapped, 6to4,
// NAT64, Teredo).
bool is_public_address(const asio::ip::address& address);

enum class StrangerError : std::uint8_t {
    no_address,       // the name means nothing, or the DNS does not tell
    address_refused,  // it means a machine that nobody outside reaches
    not_reached,      // nothing was sent: no connection, or its certificate is not good
    no_answer,        // no answer in time, or none of HTTP
};
std::string_view explain(StrangerError error);

struct StrangerPost {
    std::string host;       // a name or an address, without brackets; the certificate bears it
    std::uint16_t port = 443;
    std::string authority;  // the Host field
    TlsContext tls;         // null: plain
    std::string target;     // path and query
    HttpHeaders headers;
    Bytes body;
    bool loopback_allowed = false;  // tests
    Millis deadline{10'000};        // for all of it
};

// The status of the answer.
awaitable<Result<unsigned, StrangerError>> post_to_stranger(DnsResolver& resolver, StrangerPost post);

}  // namespace okpay::net
