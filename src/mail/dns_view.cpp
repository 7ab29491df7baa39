// SPDX-License-Identifier: Apache-2.0
#include "mail/dns_view.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::mail {

bool fits_dns(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    for (const std::string_view label : split(name, '.')) {
        if (label.empty() || label.size() > 63) return false;
    }
    return std::ranges::all_of(name, [](char c) { return c >= ' ' && c < '\x7F' && c != '\\'; });
}

const DnsAnswer* DnsView::ask(std::string_view name, DnsType type) {
    static const DnsAnswer no_such_name{DnsStatus::no_name, {}};
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!fits_dns(name)) return &no_such_name;
    DnsQuestion question{ascii_lower(name), type};
    const auto known = facts_.find(question);
    if (known != facts_.end()) return &known->second;
    if (std::ranges::find(wanted_, question) == wanted_.end()) wanted_.push_back(std::move(question));
    return nullptr;
}

}  // namespace okpay::mail
