// SPDX-License-Identifier: Apache-2.0
// Full payments over HTTP keep-alive to a serving process of its own; client, server and writer share this machine.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <iostream>

#include "base/clock.hpp"
#include "server/bench_client.hpp"
#include "service/writer.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;
std::string payment_request(std::int64_t number, Dealer& dealer, const std::vector<std::string>& customers) {
    const std::int64_t minor = 1 + dealer.below(10'000);
    const std::string body = fmt::format(
        R"({{"customer":"{}","amount":{{"amount":"{}.{:02}","currency":"EUR"}},"order_ref":"o-{}","memo":"bench"}})",
        customers[static_cast<std::size_t>(dealer.customer() - 1)], minor / 100, minor % 100, number);
    return fmt::format(
        "POST /api/v1/payments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nIdempotency-Key: bench-{}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        bench_api_key(dealer.merchant()), number, body.size(), body);
}

}  // namespace

int bench_http(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    const auto data = temporary.path() / "data";
    const store::Database database =
        make_directory(data, options, [&bench](const store::Database& made, store::Keyring keyring) {
            service::Writer writer{made, service::Context{std::move(keyring), {}}, {}};
            make_bench_world(writer, bench);
            writer.stop();
        });
    MeasuredServer process{data, options};
    std::vector<std::string> customers;
    for (std::int64_t i = 1; i <= bench.customers; ++i) customers.push_back(bench_customer_id(i).text());
    Dealer dealer{bench};
    std::int64_t number = 0;
    for (const std::int64_t in_flight : bench.in_flight) {
        asio::io_context io{1};
        Measured measured;
        const auto start = Clock::now();
        const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
        const auto client = [&]() -> net::awaitable<void> {
            auto paying = co_await BenchClient::connect(process.http());
            if (!paying) {
                ++measured.refused;
                co_return;
            }
            while (Clock::now() < end) {
                std::string request = payment_request(++number, dealer, customers);
                const auto since = Clock::now();
                const auto status = co_await paying->ask(std::move(request));
                if (status != 201) {
                    ++measured.refused;
                    if (!status) co_return;
                    continue;
                }
                measured.microseconds.push_back(
                    std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count());
            }
        };
        for (std::int64_t i = 0; i < in_flight; ++i) asio::co_spawn(io, client(), asio::detached);
        io.run();
        measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        print_measured("http", bench, in_flight, std::move(measured),
                       {{"engine", engine_name(database)},
                        {"durable", true},
                        {"keep_alive", true},
                        {"customers", bench.customers},
                        {"customers_by", bench.zipf ? "zipf" : "uniform"},
                        {"merchants", bench.merchants},
                        {"server_resident_kib", resident_kib(process.pid())}});
    }
    process.stop();
    return verified(database) ? 0 : 1;
}

}  // namespace okpay::server
