// SPDX-License-Identifier: Apache-2.0
// Who really sent a mail: one evaluation, which identity, display and threading share.
//
//   Proven    The domain of the one From address signed the mail itself (DKIM), or is aligned with what did by DMARC, or
//             sends from this address by SPF and says by DMARC that this counts; or a host that the operator trusts says
//             so: the topmost Authentication-Results (RFC 8601), or the seal of a trusted forwarder (ARC).
//   Forged    The domain asks by DMARC that mails like this one are refused or held.
//   For now   The DNS did not answer where the answer could have made it proven. Never a pass.
//   Unproven  All else, a mail with no From, with several, or with one that can be read in two ways before all.
// Pure: the DNS is asked by whoever calls, see dns_view.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/moment.hpp"
#include "mail/dns_view.hpp"
#include "mail/message.hpp"
#include "mail/outcome.hpp"
#include "mail/signed_claims.hpp"
#include "mail/spf.hpp"

namespace okpay::mail {

enum class Verdict : std::uint8_t { unproven = 1, unproven_for_now = 2, forged = 3, proven = 4 };
std::string_view name_of(Verdict verdict);

enum class Mechanism : std::uint8_t { spf = 1, dkim = 2, arc = 3, dmarc = 4, upstream = 5 };
std::string_view name_of(Mechanism mechanism);

struct Evidence {
    Mechanism mechanism;
    Outcome outcome;
    std::string domain;    // that it speaks for; may be empty
    std::string selector;  // of DKIM and ARC
    bool aligned = false;  // with the From domain
    std::string why;       // code; may be empty
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Authentication {
    Verdict verdict = Verdict::unproven;
    std::string from_domain;           // empty where there is no one From address
    std::optional<Mechanism> proven_by;
    std::string proven_domain;
    // Code, where not proven: "no_single_from", "not_checked", "dns", "not_aligned", "nothing_signed", "rejected_by_policy".
    std::string why;
    bool date_is_signed = false;  // by the signature that proved it: the mail is as old as it says
    std::vector<Evidence> evidence;
    friend bool operator==(const Authentication&, const Authentication&) = default;
};

struct ClientSession {  // of the SMTP session that brought it, where its client was the sender's own
    IpAddress client;
    std::string helo, mail_from;
};

struct AuthenticationPolicy {
    std::string trusted_authserv_id;  // empty: no Authentication-Results is believed
    std::vector<std::string> trusted_arc_sealers;  // domains, lower case
    bool asks_dns = false;  // without it nothing but the trusted host is heard
};

struct AuthenticationInput {
    const ParsedMail& mail;
    const SignedClaims& claims;
    std::optional<ClientSession> session;
    Moment received;
};

// Either the verdict, or what must be asked before: at least one question that is not among the facts.
using AuthenticationStep = std::variant<Authentication, std::vector<DnsQuestion>>;
AuthenticationStep authenticate(const AuthenticationInput& input, const AuthenticationPolicy& policy, const DnsFacts& facts);

inline constexpr std::size_t questions_of_mail_max = 100;  // beyond it a mail is judged as if the DNS were silent

}  // namespace okpay::mail
