// SPDX-License-Identifier: Apache-2.0
// Measures on the schema and the code that `serve` uses, in a temporary directory (or a PostgreSQL database given), and
// prints a JSON line a setting: rate, p50, p99, the longest, and what it was run with.
#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <iostream>
#include <random>

#include "base/clock.hpp"
#include "mail/compose.hpp"
#include "mailroom/smtp_client.hpp"
#include "server/verbs.hpp"
#include "service/writer.hpp"
#include "store/files.hpp"
#include "store/schema.hpp"

extern char** environ;

namespace okpay::server {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "okpay-bench-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
        path_ = name;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Measured {
    std::vector<std::int64_t> microseconds;
    std::int64_t refused = 0;
    double seconds = 0;
};

void print(std::string_view what, const BenchOptions& bench, std::int64_t in_flight, Measured measured,
           json::object settings) {
    std::ranges::sort(measured.microseconds);
    const auto at = [&](double share) {
        if (measured.microseconds.empty()) return 0.0;
        const auto last = static_cast<double>(measured.microseconds.size() - 1);
        return static_cast<double>(measured.microseconds[static_cast<std::size_t>(last * share)]) / 1'000.0;
    };
    const auto done = static_cast<double>(measured.microseconds.size());
    settings["seed"] = static_cast<std::int64_t>(bench.seed);
    std::cout << json::serialize(json::object{{"bench", what},
                                              {"in_flight", in_flight},
                                              {"rate_per_s", std::round(done / measured.seconds)},
                                              {"p50_ms", at(0.5)},
                                              {"p99_ms", at(0.99)},
                                              {"max_ms", at(1.0)},
                                              {"done", measured.microseconds.size()},
                                              {"refused", measured.refused},
                                              {"seconds", measured.seconds},
                                              {"settings", std::move(settings)}})
              << std::endl;
}

// Keeps `in_flight` commands under way for the time given, each made by `next`.
Measured drive(service::Service& service, std::int64_t in_flight, double seconds,
               const std::function<service::Command()>& next) {
    Measured measured;
    std::mutex mutex;
    std::condition_variable freed;
    std::int64_t under_way = 0;
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
    while (Clock::now() < end) {
        {
            std::unique_lock lock{mutex};
            freed.wait(lock, [&] { return under_way < in_flight; });
            ++under_way;
        }
        const auto since = Clock::now();
        service.submit(next(), [&, since](service::Answer answer) {
            const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count();
            const std::lock_guard lock{mutex};
            if (answer.done()) {
                measured.microseconds.push_back(took);
            } else {
                ++measured.refused;
            }
            --under_way;
            freed.notify_one();
        });
    }
    std::unique_lock lock{mutex};
    freed.wait(lock, [&] { return under_way == 0; });
    measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return measured;
}

void ask_all(service::Service& service, const std::vector<service::Command>& commands) {
    std::vector<std::promise<service::Answer>> promises(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        service.submit(commands[i], [&promises, i](service::Answer answer) { promises[i].set_value(std::move(answer)); });
    }
    for (auto& promise : promises) {
        const service::Answer answer = promise.get_future().get();
        if (!answer.done()) throw std::runtime_error{"the bench's world could not be made: " + answer.code};
    }
}

int bench_ledger(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite) database.location = (temporary.path() / "okpay.db").string();
    {
        const auto connection = store::open(database, store::Access::writer);
        if (database.engine == store::Engine::postgres && store::schema_version_of(*connection) != 0) {
            std::cerr << "okpay: bench needs an empty PostgreSQL database\n";
            return 1;
        }
        store::migrate(*connection);
    }
    service::Writer writer{database, service::Context{store::Keyring{Secret{random_octets(32)}}, {}}, {}};
    std::mt19937_64 random{bench.seed};
    const auto below = [&random](std::int64_t n) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
    };
    std::vector<service::Command> world;
    for (std::int64_t i = 1; i <= bench.merchants; ++i) {
        world.push_back(service::Service::command({}, service::RegisterMerchant{fresh_id<MerchantId>().text(),
                                                                                fmt::format("Shop {}", i),
                                                                                hex_of(view_of(sha256(std::to_string(i)))),
                                                                                {"EUR"}}));
    }
    for (std::int64_t i = 1; i <= bench.customers; ++i) {
        world.push_back(service::Service::command(
            {}, service::RegisterCustomer{
                    fresh_id<CustomerId>().text(), fmt::format("c{}@example.org", i), "C", "en", "Europe/Berlin", {"EUR"}}));
        if (world.size() >= 4'000) ask_all(writer, std::exchange(world, {}));
    }
    ask_all(writer, std::exchange(world, {}));
    for (std::int64_t i = 1; i <= bench.customers; ++i) {
        world.push_back(service::Service::command({}, service::TopUp{fmt::format("bench top up {}", i), i, 100'000'000'000,
                                                                     "EUR", "", ""}));
        if (world.size() >= 4'000) ask_all(writer, std::exchange(world, {}));
    }
    ask_all(writer, std::exchange(world, {}));
    std::int64_t number = 0;
    for (const std::int64_t in_flight : bench.in_flight) {
        const std::int64_t commits_before = writer.commits();
        Measured measured = drive(writer, in_flight, bench.seconds, [&] {
            const std::int64_t merchant = 1 + std::min(below(bench.merchants), below(bench.merchants));
            service::Pay pay{.key = fmt::format("bench {}", ++number),
                             .customer = 1 + below(bench.customers),
                             .merchant = merchant,
                             .amount_minor = 1 + below(10'000),
                             .currency = "EUR",
                             .order_ref = fmt::format("o-{}", number),
                             .memo = "bench",
                             .instrument = "",
                             .device = ""};
            return service::Service::command({service::ActorKind::merchant, merchant}, std::move(pay));
        });
        const auto commits = static_cast<double>(writer.commits() - commits_before);
        const double batch = commits > 0 ? static_cast<double>(measured.microseconds.size()) / commits : 0;
        print("ledger", bench, in_flight, std::move(measured),
              {{"engine", database.engine == store::Engine::sqlite ? "sqlite" : "postgresql"},
               {"durable", true},
               {"customers", bench.customers},
               {"merchants", bench.merchants},
               {"transfers_per_payment", 2},
               {"payments_per_commit", batch},
               {"stored_before", number - static_cast<std::int64_t>(batch * commits)}});
    }
    writer.stop();
    return 0;
}

// A serving process of its own, on free loopback ports.
class ServingProcess {
public:
    ServingProcess(const std::filesystem::path& data, const Options& options) {
        int pipe_ends[2];
        if (pipe(pipe_ends) != 0) throw std::runtime_error{"no pipe"};
        std::vector<std::string> words{"okpay",       "serve",  "--data",      data.string(),   "--http",
                                       "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--domain",      "bench.example",
                                       "--log-level", "warn",   "--database",  options.database};
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
        posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
        const int error = posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(pipe_ends[1]);
        if (error != 0) throw std::runtime_error{"cannot start the serving process"};
        std::string line;
        for (char c = 0; read(pipe_ends[0], &c, 1) == 1 && c != '\n';) line += c;
        close(pipe_ends[0]);
        const json::value ready = line.empty() ? json::value{} : json::parse(line);
        if (!ready.is_object()) throw std::runtime_error{"the serving process did not start"};
        smtp_ = std::string{ready.at("smtp").as_string()};
    }
    ~ServingProcess() {
        kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
    }
    ServingProcess(const ServingProcess&) = delete;
    ServingProcess& operator=(const ServingProcess&) = delete;
    [[nodiscard]] const std::string& smtp() const { return smtp_; }

private:
    pid_t pid_ = 0;
    std::string smtp_;
};

Bytes bench_mail(std::int64_t number) {
    const std::string from = fmt::format("c{}@example.org", number);
    std::string text =
        fmt::format("Hello,\n\nI was charged twice yesterday: 12.{:02} EUR at Shop {}. My order was A-{}.\n\n", number % 100,
                    number % 50, number);
    while (text.size() < 2'500)
        text += "Please look into this as soon as you can; I have attached all that I know about it.\n";
    const auto mail = mail::compose({.from = {"Customer", *mail::EmailAddress::parse(from)},
                                     .to = {{"", *mail::EmailAddress::parse("support@bench.example")}},
                                     .subject = fmt::format("Charged twice ({})", number),
                                     .text = text,
                                     .message_id = fmt::format("{}.bench@example.org", number),
                                     .date = now()});
    return *mail;
}

int bench_mail_way(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    const auto data = temporary.path() / "data";
    const ServingProcess process{data, options};
    store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite) database.location = (data / "okpay.db").string();
    const auto reader = store::open(database, store::Access::reader);
    const auto waiting = [&reader] {
        return reader->integer("SELECT count(*) FROM inbound_mail WHERE state = 1").value_or(0);
    };
    std::int64_t number = 0;
    for (const std::int64_t in_flight : bench.in_flight) {
        asio::io_context io{1};
        Measured measured;
        const auto start = Clock::now();
        const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
        const auto client = [&]() -> net::awaitable<void> {
            while (Clock::now() < end) {
                const std::int64_t mine = ++number;
                mailroom::Relay relay{.at = *net::Endpoint::parse(process.smtp()),
                                      .our_name = "bench.example",
                                      .tls = mailroom::TlsUse::none,
                                      .trust = nullptr};
                mailroom::OutgoingMail mail{.envelope_from = fmt::format("c{}@example.org", mine),
                                            .recipients = {"support@bench.example"},
                                            .bytes = bench_mail(mine)};
                const auto since = Clock::now();
                const mailroom::DeliveryReport report = co_await mailroom::deliver(std::move(relay), std::move(mail));
                if (report.outcome == mailroom::DeliveryOutcome::sent) {
                    measured.microseconds.push_back(
                        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count());
                } else {
                    ++measured.refused;
                }
            }
        };
        for (std::int64_t i = 0; i < in_flight; ++i) asio::co_spawn(io, client(), asio::detached);
        io.run();
        measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        const auto accepted = measured.microseconds.size();
        while (waiting() > 0) std::this_thread::yield();
        const double filed_seconds = std::chrono::duration<double>(Clock::now() - start).count();
        print("mail", bench, in_flight, std::move(measured),
              {{"engine", database.engine == store::Engine::sqlite ? "sqlite" : "postgresql"},
               {"octets", bench_mail(1).size()},
               {"connection_per_mail", true},
               {"filed_per_s", std::round(static_cast<double>(accepted) / filed_seconds)}});
    }
    return 0;
}

}  // namespace

int bench(const Options& options, const BenchOptions& bench) {
    return bench.what == "ledger" ? bench_ledger(options, bench) : bench_mail_way(options, bench);
}

}  // namespace okpay::server
