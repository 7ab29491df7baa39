// SPDX-License-Identifier: Apache-2.0
#include "server/mail_policy.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::server {
namespace {

constexpr std::int64_t week = 7 * 24 * 3'600;  // RFC 8461 10.2: weeks protect, and a mistake is over some day

bool is_host(std::string_view text) {
    if (text.starts_with("*.")) text.remove_prefix(2);
    return text.find('.') != std::string_view::npos && !text.starts_with('.') && !text.ends_with('.') &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

}  // namespace

mail::StsPolicy sts_policy_of(const Options& options) {
    mail::StsPolicy policy{.mode = mail::sts_mode_of_name(options.mta_sts).value(), .hosts = {}, .max_age = week};
    for (const std::string& host : options.mta_sts_hosts) {
        policy.hosts.push_back(ascii_lower(host));
        if (!is_host(policy.hosts.back()))
            throw UsageError{"--mta-sts-hosts " + host +
                             ": give the names of the MX records, as mx1.example.com or *.example.com"};
    }
    if (policy.mode != mail::StsMode::none && policy.hosts.empty())
        throw UsageError{"--mta-sts " + options.mta_sts + " needs --mta-sts-hosts: the hosts of the domain's MX records"};
    return policy;
}

std::string mail_policy_of(const Options& options) {
    const mail::StsPolicy policy = sts_policy_of(options);
    const bool shown = policy.mode != mail::StsMode::none || !policy.hosts.empty();  // none takes back what was said before
    return shown ? mail::text_of(policy) : "";
}

}  // namespace okpay::server
