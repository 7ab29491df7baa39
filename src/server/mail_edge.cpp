// SPDX-License-Identifier: Apache-2.0
#include "server/mail_edge.hpp"

#include <fmt/format.h>

namespace okpay::server {

mailroom::OurAddresses our_addresses(const Options& options) {
    mailroom::OurAddresses ours{.domain = options.domain, .reply_domain = options.reply_domain};
    ours.names = {"support", "verify", "phishing", "postmaster"};
    ours.names.insert(ours.names.end(), options.aliases.begin(), options.aliases.end());
    return ours;
}

std::size_t own_trace_octets(ByteView raw) {
    for (auto end = raw.find("\r\n"); end != ByteView::npos; end = raw.find("\r\n", end + 2)) {
        if (end + 2 < raw.size() && raw[end + 2] != ' ' && raw[end + 2] != '\t') return end + 2;
    }
    return 0;
}

std::optional<mailroom::Relay> relay_of(const Options& options) {
    if (options.smtp_relay.empty()) return std::nullopt;
    mailroom::TlsUse tls = mailroom::TlsUse::opportunistic;
    if (options.smtp_relay_tls == "none") {
        tls = mailroom::TlsUse::none;
    } else if (options.smtp_relay_tls == "required") {
        tls = mailroom::TlsUse::required;
    } else if (options.smtp_relay_tls != "opportunistic") {
        throw UsageError{"--smtp-relay-tls: one of none, opportunistic, required"};
    }
    auto at = net::Endpoint::parse(options.smtp_relay);
    if (!at) throw UsageError{fmt::format("--smtp-relay {}: {}", options.smtp_relay, net::explain(at.error()))};
    return mailroom::Relay{.at = *std::move(at), .our_name = options.domain, .tls = tls, .trust = nullptr};
}

}  // namespace okpay::server
