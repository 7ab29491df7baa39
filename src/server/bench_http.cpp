// SPDX-License-Identifier: Apache-2.0
// Full payments over HTTP keep-alive to a serving process of its own; client, server and writer share this machine.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "base/clock.hpp"
#include "net/connection.hpp"
#include "server/bench_parts.hpp"
#include "service/writer.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Millis answer_within{30'000};

// As little client as can be: the server is measured.
class PayingClient {
public:
    explicit PayingClient(net::Connection connection) : connection_{std::move(connection)} {}

    net::awaitable<std::optional<int>> post(std::string request) {  // the status; nothing where the connection ended
        connection_.expire_after(answer_within);
        if (!co_await connection_.write(request)) co_return std::nullopt;
        std::size_t whole = 0;
        while (whole == 0 || read_.size() < whole) {
            std::array<char, 4'096> part;
            const auto octets = co_await connection_.read_some(part);
            if (!octets) co_return std::nullopt;
            read_.append(part.data(), *octets);
            if (whole == 0) whole = whole_size();
        }
        int status = 0;
        std::from_chars(read_.data() + 9, read_.data() + 12, status);
        read_.erase(0, whole);
        co_return status;
    }

private:
    // Head and body; 0 while the head is not there.
    [[nodiscard]] std::size_t whole_size() const {
        constexpr std::string_view length = "Content-Length: ";
        const auto end = read_.find("\r\n\r\n");
        const auto at = read_.find(length);
        if (end == std::string::npos || at == std::string::npos) return 0;
        std::size_t octets = 0;
        std::from_chars(read_.data() + at + length.size(), read_.data() + read_.size(), octets);
        return end + 4 + octets;
    }

    net::Connection connection_;
    std::string read_;
};

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
    store::Database database = options.store_database();
    {
        // The world is made by a writer of our own, before the server takes the directory.
        auto directory = store::DataDirectory::own(data);
        if (!directory) {
            std::cerr << "okpay: " << data.string() << " cannot be made\n";
            return 1;
        }
        if (database.engine == store::Engine::sqlite) database.location = directory->database().string();
        const auto connection = store::open(database, store::Access::writer);
        if (store::schema_version_of(*connection) != 0) {
            std::cerr << "okpay: bench needs an empty PostgreSQL database\n";
            return 1;
        }
        store::migrate(*connection);
        bool key_is_new = false;
        auto keyring = store::open_or_create_keyring(*connection, data.string() + ".key", key_is_new);
        if (!keyring) {
            std::cerr << "okpay: " << store::explain(keyring.error()) << "\n";
            return 1;
        }
        service::Writer writer{database, service::Context{*std::move(keyring), {}}, {}};
        make_bench_world(writer, bench);
        writer.stop();
    }
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
            auto connected = co_await net::connect(*net::Endpoint::parse(process.http()), answer_within);
            if (!connected) {
                ++measured.refused;
                co_return;
            }
            PayingClient paying{*std::move(connected)};
            while (Clock::now() < end) {
                std::string request = payment_request(++number, dealer, customers);
                const auto since = Clock::now();
                const auto status = co_await paying.post(std::move(request));
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
