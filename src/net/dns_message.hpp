// SPDX-License-Identifier: Apache-2.0
// The answers of one type out of a DNS message (RFC 1035 4). It came from outside: whatever the octets are, nothing is read
// beyond them.
#pragma once

#include <cstdint>

#include "base/dns.hpp"

namespace okpay::net {

struct DnsReply {
    DnsAnswer answer;
    std::uint32_t ttl_seconds = 0;  // the smallest of what was used
};
// `failed` where the message cannot be read to its last answer; `no_data` where it holds none of the type.
DnsReply read_dns_message(ByteView message, DnsType type);

}  // namespace okpay::net
