// SPDX-License-Identifier: Apache-2.0
// Whether an address may send for a domain (RFC 7208).
//
//   Limits    10 terms that ask the DNS, 2 answers that are empty, 10 hosts of one mx, 25 questions in all: beyond any of
//             them permerror.
//   ptr       never matches and is never asked (5.5: it should not be used); it counts. %{p} is "unknown" (7.3).
//   exp       is checked and not fetched: nobody reads it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/dns_view.hpp"
#include "mail/outcome.hpp"

namespace okpay::mail {

struct IpAddress {
    std::array<std::uint8_t, 16> octets{};  // of which IPv4 takes four
    bool is_v6 = false;
    static std::optional<IpAddress> parse(std::string_view text);  // an IPv4 address mapped into IPv6 is IPv4
};

struct SpfInput {
    IpAddress client;
    std::string helo;       // as said
    std::string mail_from;  // empty for "<>": then the host that said HELO is asked about
};
struct SpfVerdict {
    Outcome outcome;
    std::string domain;  // that was asked about, lower case; may be empty where there is none
    std::string why;     // code: "too_many_lookups", "several_records", "syntax", "dns", …; may be empty
};
// None while facts are missing.
std::optional<SpfVerdict> judge_spf(const SpfInput& input, DnsView& dns);

}  // namespace okpay::mail
