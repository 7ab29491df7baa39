// SPDX-License-Identifier: Apache-2.0
// What of the mail that comes in is ours: the addresses, and the field that we write on it; how it is judged and read before
// it is filed; and where mail leaves.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/smtp_client.hpp"
#include "net/dns_resolver.hpp"
#include "server/options.hpp"
#include "service/mail_intake.hpp"
#include "service/mail_screens.hpp"

namespace okpay::server {

mailroom::OurAddresses our_addresses(const Options& options);
// Our own Received field stands first; what it says differs each time the same mail is sent.
std::size_t own_trace_octets(ByteView raw);
// `resolver` null: the DNS is not asked. `screens` outlives whoever files.
service::FilingSettings filing_settings(const Options& options, std::shared_ptr<net::DnsResolver> resolver,
                                        service::ScreenReader& screens, std::shared_ptr<const triage::Model> model);
// What --triage-model names; null where it names none. Throws UsageError.
std::shared_ptr<const triage::Model> triage_model_of(const Options& options);
// The smart host; nothing where none is configured. Throws UsageError.
std::optional<mailroom::Relay> relay_of(const Options& options);

}  // namespace okpay::server
