// SPDX-License-Identifier: Apache-2.0
// A desk of some years for the benches: requests with four messages each, Chinese, English and mixed, words by Zipf's law.
// Most are closed; of the newest fiftieth every second is open, the others wait for the customer.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "server/bench_parts.hpp"
#include "store/connection.hpp"

namespace okpay::server {

inline constexpr std::int64_t bench_messages_of_a_ticket = 4;

class BenchWords {
public:
    explicit BenchWords(std::uint64_t seed);
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    std::string text(std::size_t words, bool in_chinese);
    static std::string latin(std::size_t rank);  // from 0, the most frequent
    static std::string chinese(std::size_t rank);

private:
    std::size_t rank();

    std::mt19937_64 random_;
    std::vector<double> cumulative_;
};

// Customers whom nobody registered: without wallets.
void make_bench_customers(store::Connection& connection, const BenchOptions& bench);
// For customers that are there, numbered from 1; bench.tickets of them, under the numbers of bench_request_number().
void make_bench_tickets(store::Connection& connection, const BenchOptions& bench, BenchWords& words);
std::string bench_request_number(std::int64_t ticket);  // "OK-…"

}  // namespace okpay::server
