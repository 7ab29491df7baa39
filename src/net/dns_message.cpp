// SPDX-License-Identifier: Apache-2.0
#include "net/dns_message.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace okpay::net {
namespace {

constexpr std::size_t header_octets = 12;
constexpr std::size_t name_octets_max = 255;
constexpr int pointers_max = 64;
constexpr std::size_t records_max = 1'000;

std::size_t octet(ByteView message, std::size_t at) { return static_cast<unsigned char>(message[at]); }
std::size_t two_octets(ByteView message, std::size_t at) { return octet(message, at) << 8U | octet(message, at + 1); }

// A name, its compression undone (RFC 1035 4.1.4); `at` moves behind it. A label with a dot or a control in it makes no
// host name that is used here: told as unreadable.
std::optional<std::string> take_name(ByteView message, std::size_t& at) {
    std::string name;
    std::optional<std::size_t> behind;
    int pointers = 0;
    for (std::size_t i = at; i < message.size();) {
        const std::size_t length = octet(message, i);
        if (length >= 0xC0) {
            if (i + 2 > message.size() || ++pointers > pointers_max) return std::nullopt;
            if (!behind) behind = i + 2;
            i = two_octets(message, i) & 0x3FFFU;
            continue;
        }
        if (length > 63) return std::nullopt;
        if (length == 0) {
            at = behind.value_or(i + 1);
            return ascii_lower(name);
        }
        if (i + 1 + length > message.size() || name.size() + length + 1 > name_octets_max) return std::nullopt;
        const ByteView label = message.substr(i + 1, length);
        if (std::ranges::any_of(label, [](char c) { return c <= ' ' || c == '.' || c == '\x7F'; })) return std::nullopt;
        if (!name.empty()) name += '.';
        name += label;
        i += 1 + length;
    }
    return std::nullopt;
}

std::optional<Bytes> joined_strings(ByteView data) {
    Bytes text;
    for (std::size_t i = 0; i < data.size();) {
        const std::size_t length = octet(data, i);
        if (i + 1 + length > data.size()) return std::nullopt;
        text += data.substr(i + 1, length);
        i += 1 + length;
    }
    return text;
}

struct Exchange {
    std::size_t preference;
    std::string host;
};

}  // namespace

DnsReply read_dns_message(ByteView message, DnsType type) {
    const DnsReply unreadable{{DnsStatus::failed, {}}, 0};
    if (message.size() < header_octets) return unreadable;
    std::size_t at = header_octets;
    for (std::size_t left = two_octets(message, 4); left > 0; --left) {
        if (!take_name(message, at) || at + 4 > message.size()) return unreadable;
        at += 4;
    }
    DnsReply reply{{DnsStatus::no_data, {}}, UINT32_MAX};
    std::vector<Exchange> exchanges;
    for (std::size_t left = std::min(two_octets(message, 6), records_max); left > 0; --left) {
        if (!take_name(message, at) || at + 10 > message.size()) return unreadable;
        const std::size_t record_type = two_octets(message, at);
        const bool is_internet = two_octets(message, at + 2) == 1;
        const std::uint32_t ttl = read_u32(message.substr(at + 4, 4));
        const std::size_t length = two_octets(message, at + 8);
        at += 10;
        if (at + length > message.size()) return unreadable;
        const ByteView data = message.substr(at, length);
        if (is_internet) reply.ttl_seconds = std::min(reply.ttl_seconds, ttl > INT32_MAX ? 0 : ttl);  // RFC 2181 8
        if (is_internet && record_type == static_cast<std::size_t>(type)) {
            switch (type) {
            case DnsType::a:
            case DnsType::aaaa:
                if (length != (type == DnsType::a ? 4U : 16U)) return unreadable;
                reply.answer.records.emplace_back(data);
                break;
            case DnsType::ptr: {
                std::size_t name_at = at;
                auto host = take_name(message.substr(0, at + length), name_at);
                if (!host) return unreadable;
                reply.answer.records.push_back(*std::move(host));
                break;
            }
            case DnsType::txt: {
                auto text = joined_strings(data);
                if (!text) return unreadable;
                reply.answer.records.push_back(*std::move(text));
                break;
            }
            case DnsType::mx: {
                std::size_t name_at = at + 2;
                auto host = length < 3 ? std::nullopt : take_name(message.substr(0, at + length), name_at);
                if (!host) return unreadable;
                exchanges.push_back({two_octets(message, at), *std::move(host)});
                break;
            }
            }
        }
        at += length;
    }
    std::ranges::sort(exchanges, {}, [](const Exchange& one) { return std::tie(one.preference, one.host); });
    for (Exchange& exchange : exchanges) reply.answer.records.push_back(std::move(exchange.host));
    if (!reply.answer.records.empty()) reply.answer.status = DnsStatus::found;
    return reply;
}

}  // namespace okpay::net
