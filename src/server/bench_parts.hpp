// SPDX-License-Identifier: Apache-2.0
// Shared by the benches: a place to work in, a world to pay in, and how figures are printed.
#pragma once

#include <boost/json/object.hpp>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <random>

#include "server/verbs.hpp"
#include "service/service.hpp"
#include "store/connection.hpp"
#include "store/key_ring.hpp"

namespace okpay::server {

class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Measured {
    std::vector<std::int64_t> microseconds;  // of what was done
    std::int64_t refused = 0;
    double seconds = 0;
};
// One JSON line: rate, p50, p99, the longest, and what it was run with.
void print_measured(std::string_view what, const BenchOptions& bench, std::int64_t in_flight, Measured measured,
                    boost::json::object settings);
std::string_view engine_name(const store::Database& database);

// Who pays whom: merchants by Zipf's law with exponent 1, as shops are; customers uniformly, or by it too.
class Dealer {
public:
    explicit Dealer(const BenchOptions& bench);
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
    std::int64_t customer();  // from 1
    std::int64_t merchant();  // from 1

private:
    class Zipf {
    public:
        explicit Zipf(std::int64_t n);
        std::int64_t at(double share) const;  // 0 <= share < 1; from 1

    private:
        std::vector<double> cumulative_;
    };
    double share() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }

    std::mt19937_64 random_;
    std::int64_t customers_;
    Zipf merchants_;
    std::optional<Zipf> customers_zipf_;
};

std::string bench_api_key(std::int64_t merchant);
CustomerId bench_customer_id(std::int64_t customer);

// Customers with full wallets and merchants, in EUR; on a database that has none.
void make_bench_world(service::Service& service, const BenchOptions& bench);

// A merchant's charge of a wallet, with the keys of that number.
service::Command bench_payment(Dealer& dealer, std::int64_t number);
// Keeps `in_flight` commands under way while there is to be `more`, each made by `next`.
Measured drive(service::Service& service, std::int64_t in_flight, const std::function<bool()>& more,
               const std::function<service::Command()>& next);

// A data directory, its empty database and its key, given to `fill` before a server takes the directory. Throws
// std::runtime_error where it cannot be made or the database (PostgreSQL) is not empty.
store::Database make_directory(const std::filesystem::path& data, const Options& options,
                               const std::function<void(const store::Database& made, store::Keyring keyring)>& fill);

// A serving process of its own, on free loopback ports.
class MeasuredServer {
public:
    MeasuredServer(const std::filesystem::path& data, const Options& options);
    ~MeasuredServer() { stop(); }
    MeasuredServer(const MeasuredServer&) = delete;
    MeasuredServer& operator=(const MeasuredServer&) = delete;
    [[nodiscard]] const std::string& smtp() const { return smtp_; }
    [[nodiscard]] const std::string& http() const { return http_; }  // host:port
    [[nodiscard]] pid_t pid() const { return pid_; }
    void stop();

private:
    pid_t pid_ = 0;
    std::string smtp_, http_;
};

// What the process holds in memory, of /proc/PID/statm; 0 where that cannot be read.
std::int64_t resident_kib(pid_t pid);

// The whole of `okpay verify` over what the bench wrote: a line, and false where there is a fault.
bool verified(const store::Database& database);

int bench_ledger(const Options& options, const BenchOptions& bench);
int bench_http(const Options& options, const BenchOptions& bench);
int bench_mail(const Options& options, const BenchOptions& bench);
int bench_duplicates(const BenchOptions& bench);  // 1 where a floor is not held
int bench_triage(const BenchOptions& bench);
int bench_search(const Options& options, const BenchOptions& bench);
int bench_desk(const Options& options, const BenchOptions& bench);

}  // namespace okpay::server
