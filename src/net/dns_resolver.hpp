// SPDX-License-Identifier: Apache-2.0
// Asks one DNS server, without waiting, on a thread of its own (c-ares). Which server is trusted is the operator's
// choice: what it says is taken as the DNS.
//
//   Cache     what was found for its TTL within bounds, what is not there for a minute, a failure for seconds, so that a
//             server in trouble is not asked by every mail. At most `cache_max` answers.
//   Bounds    `in_flight_max` questions at once; beyond it an answer is `failed`. A question that several wait for is
//             asked once. Answers of 64 KiB at most, over TCP where they are too large for a datagram.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/dns.hpp"
#include "base/moment.hpp"
#include "base/result.hpp"

namespace okpay::net {

struct DnsSettings {
    std::string server;  // "127.0.0.1:53", "[::1]:53"; "system": those of this machine
    Millis try_lasts{2'000};
    int tries = 2;
    std::size_t cache_max = 10'000;
    std::size_t in_flight_max = 1'000;
    Millis ttl_min{5'000}, ttl_max{3'600'000}, absent_lasts{60'000}, failure_lasts{5'000};
};

class DnsResolver {
public:
    // The error is one plain sentence.
    static Result<std::unique_ptr<DnsResolver>, std::string> start(const DnsSettings& settings);
    ~DnsResolver();  // what is still asked is answered as failed
    DnsResolver(const DnsResolver&) = delete;
    DnsResolver& operator=(const DnsResolver&) = delete;

    // `then` gets one answer for each question in their order, within the time and once, on the resolver's thread; it must
    // not throw and not take long. Thread-safe.
    void ask(std::vector<DnsQuestion> questions, Millis within, std::function<void(std::vector<DnsAnswer>)> then);

    // Questions that left this machine since the start; those out of the cache do not count.
    [[nodiscard]] std::uint64_t sent() const;

private:
    class Loop;
    explicit DnsResolver(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace okpay::net
