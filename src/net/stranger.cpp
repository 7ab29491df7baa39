// SPDX-License-Identifier: Apache-2.0
#include "net/stranger.hpp"

#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/ensure.hpp"
#include "net/deadline.hpp"

namespace okpay::net {
namespace {

namespace http = boost::beast::http;
using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

constexpr unsigned header_octets_max = 16U << 10U;
constexpr std::size_t body_octets_dropped_max = 4'096;
constexpr Millis goodbye_lasts{500};

struct Range4 {
    std::uint32_t first;
    int bits;
};
// IANA's registry of special-purpose addresses (RFC 6890), and multicast and what is above it.
constexpr std::array closed4{
    Range4{0x00000000, 8},   // this network
    Range4{0x0a000000, 8},   // private
    Range4{0x64400000, 10},  // shared
    Range4{0x7f000000, 8},   // loopback
    Range4{0xa9fe0000, 16},  // link-local
    Range4{0xac100000, 12},  // private
    Range4{0xc0000000, 24},  // protocol assignments
    Range4{0xc0000200, 24},  // documentation
    Range4{0xc0586300, 24},  // 6to4 relays
    Range4{0xc0a80000, 16},  // private
    Range4{0xc6120000, 15},  // benchmarks
    Range4{0xc6336400, 24},  // documentation
    Range4{0xcb007100, 24},  // documentation
    Range4{0xe0000000, 3},   // multicast, reserved, broadcast
};

bool is_public4(std::uint32_t octets) {
    return std::ranges::none_of(closed4, [octets](const Range4& range) {
        const int shift = 32 - range.bits;
        return octets >> shift == range.first >> shift;
    });
}

bool begins_with(const address_v6::bytes_type& bytes, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

std::uint32_t word4(const address_v6::bytes_type& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24U | std::uint32_t{bytes[at + 1]} << 16U | std::uint32_t{bytes[at + 2]} << 8U |
           std::uint32_t{bytes[at + 3]};
}

bool is_public6(const address_v6& address) {
    const auto bytes = address.to_bytes();
    if (address.is_v4_mapped()) return is_public4(word4(bytes, 12));
    if (begins_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public4(word4(bytes, 12));  // NAT64
    if ((bytes[0] & 0xe0U) != 0x20U) return false;  // only 2000::/3 is given out
    if (begins_with(bytes, {0x20, 0x01}) && bytes[2] < 0x02) return false;  // 2001::/23: Teredo and other protocols
    if (begins_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return false;  // documentation
    if (begins_with(bytes, {0x3f, 0xff}) && bytes[2] < 0x10) return false;  // documentation, RFC 9637
    if (begins_with(bytes, {0x20, 0x02})) return is_public4(word4(bytes, 2));  // 6to4
    return true;
}

Millis time_left(std::chrono::steady_clock::time_point until) {
    return std::max(std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now()), Millis{1});
}

awaitable<std::vector<DnsAnswer>> asked(DnsResolver& resolver, std::string name, Millis within) {
    const auto executor = co_await asio::this_coro::executor;
    std::vector<DnsQuestion> questions{{name, DnsType::a}, {name, DnsType::aaaa}};
    auto ask = [&resolver, executor, questions = std::move(questions), within](auto resume) {
        const auto waiting = std::make_shared<decltype(resume)>(std::move(resume));
        const auto busy = asio::make_work_guard(executor);
        resolver.ask(questions, within, [executor, waiting, busy](std::vector<DnsAnswer> answers) {
            asio::post(executor,
                       [waiting, answers = std::move(answers)]() mutable { std::move (*waiting)(std::move(answers)); });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::vector<DnsAnswer>)>(
        std::move(ask), asio::use_awaitable);
}

std::optional<address> address_of(ByteView record) {
    if (record.size() == 4) {
        address_v4::bytes_type bytes{};
        std::ranges::copy(record, bytes.begin());
        return address_v4{bytes};
    }
    if (record.size() != 16) return std::nullopt;
    address_v6::bytes_type bytes{};
    std::ranges::copy(record, bytes.begin());
    return address_v6{bytes};
}

awaitable<std::vector<address>> addresses_of(DnsResolver& resolver, std::string host, Millis within) {
    std::vector<address> found;
    ErrorCode not_numeric;
    const auto numeric = asio::ip::make_address(host, not_numeric);
    if (!not_numeric) found.push_back(numeric);
    else if (host == "localhost") found.emplace_back(address_v4::loopback());
    if (!found.empty()) co_return found;
    if (host.ends_with('.')) host.pop_back();
    for (const DnsAnswer& answer : co_await asked(resolver, std::move(host), within)) {
        for (const Bytes& record : answer.records) {
            if (const auto one = address_of(record)) found.push_back(*one);
        }
    }
    co_return found;
}

http::request<http::string_body> wire_form(StrangerPost& post) {
    http::request<http::string_body> wire{http::verb::post, post.target, 11};
    wire.set(http::field::host, post.authority);
    for (const auto& [name, value] : post.headers) {
        ensure(value.find_first_of("\r\n") == std::string::npos);
        wire.insert(name, value);
    }
    wire.keep_alive(false);
    wire.body() = std::move(post.body);
    wire.prepare_payload();
    return wire;
}

}  // namespace

bool is_public_address(const address& address) {
    return address.is_v4() ? is_public4(address.to_v4().to_uint()) : is_public6(address.to_v6());
}

std::string_view explain(StrangerError error) {
    switch (error) {
    case StrangerError::no_address: return "the name of the host is not found in the DNS";
    case StrangerError::address_refused: return "the host is not a machine of the public internet";
    case StrangerError::not_reached: return "no connection, or no certificate that is good for the host";
    case StrangerError::no_answer: return "no answer of HTTP in time";
    }
    std::abort();
}

awaitable<Result<unsigned, StrangerError>> post_to_stranger(DnsResolver& resolver, StrangerPost post) {
    const auto until = std::chrono::steady_clock::now() + post.deadline;
    const auto addresses = co_await addresses_of(resolver, post.host, post.deadline / 2);
    if (addresses.empty()) co_return fail(StrangerError::no_address);
    const bool good = std::ranges::all_of(addresses, [&post](const address& one) {
        return is_public_address(one) || (post.loopback_allowed && one.is_loopback());
    });
    if (!good) co_return fail(StrangerError::address_refused);

    std::optional<Connection> connection;
    for (const address& one : addresses) {
        // Half of what is left, so that one that is silent leaves time for another.
        auto reached = co_await connect(Endpoint::tcp(one.to_string(), post.port), time_left(until) / 2);
        if (!reached) continue;
        connection.emplace(*std::move(reached));
        break;
    }
    if (!connection) co_return fail(StrangerError::not_reached);
    connection->expire_after(time_left(until));
    if (post.tls) {
        const auto safe = co_await connection->start_tls(post.tls, post.host);
        if (!safe) co_return fail(StrangerError::not_reached);
    }
    const auto wire = wire_form(post);
    connection->expire_after(time_left(until));
    const auto [write_error, written] = co_await http::async_write(*connection, wire, quietly);
    if (write_error) co_return fail(StrangerError::no_answer);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::empty_body> parser;
    parser.header_limit(header_octets_max);
    parser.body_limit(boost::none);  // how long the body says to be does not matter: it is not read
    const auto [read_error, count] = co_await http::async_read_header(*connection, buffer, parser, quietly);
    if (read_error) co_return fail(StrangerError::no_answer);
    const unsigned status = parser.get().result_int();
    co_await connection->close_gently(std::min(goodbye_lasts, time_left(until)), body_octets_dropped_max);
    co_return status;
}

}  // namespace okpay::net
