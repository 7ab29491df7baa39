// SPDX-License-Identifier: Apache-2.0
#include "server/mail_edge.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "store/files.hpp"
#include "triage/shipped.hpp"

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

std::shared_ptr<const triage::Model> triage_model_of(const Options& options) {
    if (options.triage_model.empty()) return nullptr;
    const auto bytes = store::read_file(options.triage_model);
    auto model = bytes ? triage::model_of_categories(*bytes) : std::nullopt;
    if (!model) {
        throw UsageError{"--triage-model " + options.triage_model +
                         ": no model of the categories of this version; make one with `okpay triage train`"};
    }
    return std::make_shared<const triage::Model>(*std::move(model));
}

service::FilingSettings filing_settings(const Options& options, std::shared_ptr<net::DnsResolver> resolver,
                                        service::ScreenReader& screens, std::shared_ptr<const triage::Model> model) {
    service::FilingSettings settings{.senders = {.trusted_authserv_id = options.trusted_authserv_id,
                                                 .trusted_arc_sealers = {},
                                                 .asks_dns = resolver != nullptr}};
    for (const std::string& sealer : options.trusted_arc_sealers)
        settings.senders.trusted_arc_sealers.push_back(ascii_lower(sealer));
    if (resolver != nullptr) {
        settings.ask_dns = [resolver = std::move(resolver)](std::vector<DnsQuestion> questions, Millis within,
                                                            std::function<void(std::vector<DnsAnswer>)> then) {
            resolver->ask(std::move(questions), within, std::move(then));
        };
    }
    settings.model = std::move(model);
    settings.read_screens = [&screens](Bytes raw, service::ScreenReader::Then then) {
        screens.read(std::move(raw), std::move(then));
    };
    return settings;
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
