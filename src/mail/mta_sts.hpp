// SPDX-License-Identifier: Apache-2.0
// MTA-STS (RFC 8461): a domain says, at an address that only its owner can serve, which hosts take its mail, and that others
// deliver to them over TLS with a good certificate or not at all. Nobody between can then lead mail elsewhere or have it
// come in clear.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::mail {

enum class StsMode : std::uint8_t { none, testing, enforce };
std::string_view name_of(StsMode mode);
std::optional<StsMode> sts_mode_of_name(std::string_view name);

inline constexpr std::int64_t sts_max_age_max = 31'557'600;  // seconds; RFC 8461 3.2
inline constexpr std::size_t sts_policy_octets_max = 64U << 10U;

struct StsPolicy {
    StsMode mode = StsMode::none;
    std::vector<std::string> hosts;  // lower case; "*.mail.example" stands for one label in front
    std::int64_t max_age = 0;  // seconds for which others keep it
    bool operator==(const StsPolicy&) const = default;
};

std::string text_of(const StsPolicy& policy);  // as it is served, lines end with CRLF
std::optional<StsPolicy> parse_sts_policy(std::string_view text);  // none for what others would not take for one
bool takes_mail(const StsPolicy& policy, std::string_view host);  // RFC 8461 4.1

// The TXT record at _mta-sts.DOMAIN. Its id changes with the policy: others fetch again where it is another.
std::string sts_record_name(std::string_view domain);
std::string sts_record(const StsPolicy& policy);
// The id of the one record among those of the name; none where there is none, two, or one without a good id.
std::optional<std::string> sts_id_of(std::span<const std::string> records);

// Where the policy is served.
std::string sts_policy_host(std::string_view domain);
inline constexpr std::string_view sts_policy_path = "/.well-known/mta-sts.txt";

}  // namespace okpay::mail
