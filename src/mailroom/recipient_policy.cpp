// SPDX-License-Identifier: Apache-2.0
#include "mailroom/recipient_policy.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace okpay::mailroom {
namespace {

bool is_tag_octet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-_=."}.contains(c);
}

bool is_name(const OurAddresses& ours, std::string_view text) {
    return std::ranges::any_of(ours.names, [&](const auto& name) { return equal_ignoring_ascii_case(name, text); });
}

}  // namespace

bool is_ours(const OurAddresses& ours, std::string_view address) {
    const auto at = address.rfind('@');
    const auto local = address.substr(0, at);
    if (at == std::string_view::npos) return equal_ignoring_ascii_case(local, "postmaster") && is_name(ours, local);
    const auto domain = address.substr(at + 1);
    const bool our_domain = equal_ignoring_ascii_case(domain, ours.domain) ||
                            (!ours.reply_domain.empty() && equal_ignoring_ascii_case(domain, ours.reply_domain));
    if (!our_domain) return false;
    const auto plus = local.find('+');
    if (!is_name(ours, local.substr(0, plus))) return false;
    if (plus == std::string_view::npos) return true;
    const auto tag = local.substr(plus + 1);
    return !tag.empty() && std::ranges::all_of(tag, is_tag_octet);
}

RecipientPolicy recipient_policy(OurAddresses ours) {
    return [ours = std::move(ours)](std::string_view address) { return is_ours(ours, address); };
}

}  // namespace okpay::mailroom
