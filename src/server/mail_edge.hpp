// SPDX-License-Identifier: Apache-2.0
// What of the mail that comes in is ours: the addresses, and the field that we write on it; and where mail leaves.
#pragma once

#include "base/bytes.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/smtp_client.hpp"
#include "server/options.hpp"

namespace okpay::server {

mailroom::OurAddresses our_addresses(const Options& options);
// Our own Received field stands first; what it says differs each time the same mail is sent.
std::size_t own_trace_octets(ByteView raw);
// The smart host; nothing where none is configured. Throws UsageError.
std::optional<mailroom::Relay> relay_of(const Options& options);

}  // namespace okpay::server
