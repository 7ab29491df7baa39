// SPDX-License-Identifier: Apache-2.0
// Questions to the DNS and what came back, as values: `net` asks, `mail` judges, and neither knows the other.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace okpay {

enum class DnsType : std::uint16_t { a = 1, ptr = 12, mx = 15, txt = 16, aaaa = 28 };  // RFC 1035 3.2.2, RFC 3596

struct DnsQuestion {
    std::string name;  // lower case, without the last dot
    DnsType type;
    friend auto operator<=>(const DnsQuestion&, const DnsQuestion&) = default;
};

enum class DnsStatus : std::uint8_t {
    found,
    no_data,    // the name exists, with records of other types alone
    no_name,    // NXDOMAIN
    failed,     // SERVFAIL, REFUSED, nobody listens, an answer that cannot be read: may be otherwise later
    timed_out,  // likewise
};
constexpr bool is_temporary(DnsStatus status) { return status == DnsStatus::failed || status == DnsStatus::timed_out; }

struct DnsAnswer {
    DnsStatus status = DnsStatus::failed;
    // a: 4 octets; aaaa: 16 octets; ptr: host names in lower case; txt: the strings of a record end to end; mx: host names
    // in lower case, the preferred first. Empty unless found.
    std::vector<Bytes> records;
    friend bool operator==(const DnsAnswer&, const DnsAnswer&) = default;
};

}  // namespace okpay
