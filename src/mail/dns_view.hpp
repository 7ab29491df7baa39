// SPDX-License-Identifier: Apache-2.0
// How a pure judgement asks the DNS: it reads facts it was given, and what it misses becomes a question. Whoever called
// brings the answers and calls again with more facts; the same facts give the same verdict, whenever it is replayed.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "base/dns.hpp"

namespace okpay::mail {

using DnsFacts = std::map<DnsQuestion, DnsAnswer>;

class DnsView {
public:
    explicit DnsView(const DnsFacts& facts) : facts_{facts} {}
    explicit DnsView(DnsFacts&&) = delete;  // only looked at

    // Null: not known yet, and noted in `wanted`. A name that cannot stand in the DNS does not exist, without a question.
    const DnsAnswer* ask(std::string_view name, DnsType type);
    [[nodiscard]] const std::vector<DnsQuestion>& wanted() const { return wanted_; }

private:
    const DnsFacts& facts_;
    std::vector<DnsQuestion> wanted_;
};

// A name as the DNS takes it: labels of 1 to 63 printable octets, 253 together.
bool fits_dns(std::string_view name);

}  // namespace okpay::mail
