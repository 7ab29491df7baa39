// SPDX-License-Identifier: Apache-2.0
#include "net/trusted_proxies.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace okpay::net {
namespace {

namespace ip = boost::asio::ip;

// An IPv4 client of a socket that listens on both is the IPv4 client.
std::optional<ip::address> address_of(std::string_view text) {
    boost::system::error_code error;
    const ip::address address = ip::make_address(std::string{text}, error);
    if (error) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

// "203.0.113.7", "203.0.113.7:4711" and "[2001:db8::1]:4711": some proxies write the port too.
std::optional<ip::address> address_of_entry(std::string_view entry) {
    if (entry.starts_with('[')) {
        const std::size_t end = entry.find(']');
        return end == std::string_view::npos ? std::nullopt : address_of(entry.substr(1, end - 1));
    }
    if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
    return address_of(entry);
}

template <class Network>
bool holds(const Network& network, const Network& one) {
    return one.prefix_length() >= network.prefix_length() &&
           Network{one.address(), network.prefix_length()}.canonical() == network;
}

}  // namespace

Result<TrustedProxies, std::string> TrustedProxies::parse(const std::vector<std::string>& texts) {
    TrustedProxies all;
    for (const std::string& text : texts) {
        if (text == "unix") {
            all.unix_ = true;
            continue;
        }
        boost::system::error_code error;
        const bool is_network = text.contains('/');
        if (text.contains(':')) {
            const auto network = ip::make_network_v6(is_network ? text : text + "/128", error);
            if (!error) all.v6_.push_back(network.canonical());
        } else {
            const auto network = ip::make_network_v4(is_network ? text : text + "/32", error);
            if (!error) all.v4_.push_back(network.canonical());
        }
        if (error) return fail(text);
    }
    return all;
}

bool TrustedProxies::trusts(std::string_view text) const {
    if (text.empty()) return unix_;
    const auto address = address_of(text);
    if (!address) return false;
    if (address->is_v4()) {
        const ip::network_v4 one{address->to_v4(), 32};
        return std::ranges::any_of(v4_, [&one](const auto& network) { return holds(network, one); });
    }
    const ip::network_v6 one{address->to_v6(), 128};
    return std::ranges::any_of(v6_, [&one](const auto& network) { return holds(network, one); });
}

std::string TrustedProxies::client(std::string_view peer, std::string_view forwarded_for) const {
    std::string believed{peer};
    for (int entries = 0; entries < entries_max && !forwarded_for.empty() && trusts(believed); ++entries) {
        const std::size_t comma = forwarded_for.rfind(',');
        const bool is_first = comma == std::string_view::npos;
        const auto address = address_of_entry(trimmed(is_first ? forwarded_for : forwarded_for.substr(comma + 1)));
        if (!address) break;
        believed = address->to_string();
        forwarded_for = is_first ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return believed;
}

}  // namespace okpay::net
