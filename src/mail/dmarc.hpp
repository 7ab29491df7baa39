// SPDX-License-Identifier: Apache-2.0
// What the domain of a From field says of mails that carry its name (DMARC, RFC 9989): its record, found by walking the
// tree of the DNS, the organizational domain found the same way, and which domains are aligned with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/dns_view.hpp"

namespace okpay::mail {

enum class DmarcPolicy : std::uint8_t { none = 1, quarantine = 2, reject = 3 };
std::string_view name_of(DmarcPolicy policy);

struct DmarcRecord {
    DmarcPolicy policy = DmarcPolicy::none;
    std::optional<DmarcPolicy> subdomain, non_existent;  // sp=, np=
    bool strict_dkim = false, strict_spf = false;
    enum class PublicSuffix : std::uint8_t { unsaid, yes, no } public_suffix = PublicSuffix::unsaid;
    bool testing = false;  // t=y: the policy is meant one step milder
};
std::optional<DmarcRecord> read_dmarc_record(std::string_view text);  // none: not one, or not to be read

struct DmarcFinding {
    bool temporary = false;  // the DNS did not answer: what follows is not known
    std::string record_domain;  // where the record stands; empty: none is published
    DmarcPolicy policy = DmarcPolicy::none;  // for this domain: p, sp or np, milder by a step in testing
    bool strict_dkim = false, strict_spf = false;
    std::string organizational_domain;
};
// None while facts are missing.
std::optional<DmarcFinding> find_dmarc(const std::string& from_domain, DnsView& dns);

enum class Aligned : std::uint8_t { yes, no, unknown };  // unknown: the DNS did not answer
// Whether what was proven for `domain` speaks for `from_domain`. None while facts are missing.
std::optional<Aligned> find_alignment(const std::string& from_domain, const std::string& domain, bool strict, DnsView& dns);

}  // namespace okpay::mail
