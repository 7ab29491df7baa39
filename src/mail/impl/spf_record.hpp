// SPDX-License-Identifier: Apache-2.0
// The terms of an SPF record (RFC 7208 12) and its macros (7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/outcome.hpp"
#include "mail/spf.hpp"

namespace okpay::mail {

enum class SpfMechanism : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists };

struct SpfTerm {
    SpfMechanism mechanism;
    Outcome outcome;         // of a match
    std::string domain;      // domain-spec; empty: the domain at hand
    IpAddress network{};     // of ip4 and ip6
    int prefix4 = 32, prefix6 = 128;
};
struct SpfRecord {
    std::vector<SpfTerm> terms;
    std::optional<std::string> redirect;
};
std::optional<SpfRecord> read_spf_record(std::string_view text);  // none: a syntax error somewhere in it

struct SpfMacros {
    std::string sender, local_part, sender_domain, helo;
    IpAddress client;
};
// The spec is one that was accepted. Shortened from the left to what the DNS takes.
std::string expand_spf(std::string_view spec, const SpfMacros& macros, std::string_view domain);

}  // namespace okpay::mail
