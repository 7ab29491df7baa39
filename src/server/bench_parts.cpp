// SPDX-License-Identifier: Apache-2.0
#include "server/bench_parts.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <iostream>

#include "base/clock.hpp"
#include "store/files.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"

extern char** environ;

namespace okpay::server {
namespace {

namespace json = boost::json;

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

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "okpay-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void print_measured(std::string_view what, const BenchOptions& bench, std::int64_t in_flight, Measured measured,
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

std::string_view engine_name(const store::Database& database) {
    return database.engine == store::Engine::sqlite ? "sqlite" : "postgresql";
}

Dealer::Zipf::Zipf(std::int64_t n) {
    double sum = 0;
    for (std::int64_t rank = 1; rank <= n; ++rank) cumulative_.push_back(sum += 1 / static_cast<double>(rank));
}

std::int64_t Dealer::Zipf::at(double share) const {
    const auto found = std::ranges::upper_bound(cumulative_, share * cumulative_.back());
    return std::min<std::int64_t>(found - cumulative_.begin(), std::ssize(cumulative_) - 1) + 1;
}

Dealer::Dealer(const BenchOptions& bench) : random_{bench.seed}, customers_{bench.customers}, merchants_{bench.merchants} {
    if (bench.zipf) customers_zipf_.emplace(bench.customers);
}

std::int64_t Dealer::customer() { return customers_zipf_ ? customers_zipf_->at(share()) : 1 + below(customers_); }

std::int64_t Dealer::merchant() { return merchants_.at(share()); }

std::string bench_api_key(std::int64_t merchant) { return fmt::format("sk_bench_{}", merchant); }

CustomerId bench_customer_id(std::int64_t customer) {
    const Hash256 hash = sha256(fmt::format("bench customer {}", customer));
    return CustomerId::of(moment_of_ms(1'700'000'000'000), view_of(hash).substr(0, 10));
}

void make_bench_world(service::Service& service, const BenchOptions& bench) {
    std::vector<service::Command> world;
    const auto add = [&](service::CommandBody body) {
        world.push_back(service::Service::command({}, std::move(body)));
        if (world.size() >= 4'000) ask_all(service, std::exchange(world, {}));
    };
    for (std::int64_t i = 1; i <= bench.merchants; ++i) {
        add(service::RegisterMerchant{
            fresh_id<MerchantId>().text(), fmt::format("Shop {}", i), hex_of(view_of(sha256(bench_api_key(i)))), {"EUR"}});
    }
    for (std::int64_t i = 1; i <= bench.customers; ++i) {
        add(service::RegisterCustomer{
            bench_customer_id(i).text(), fmt::format("c{}@example.org", i), "C", "en", "Europe/Berlin", {"EUR"}});
    }
    ask_all(service, std::exchange(world, {}));
    // Enough for everybody, and together no more than one account holds.
    const std::int64_t first_minor =
        std::min<std::int64_t>(100'000'000'000, money::Money::limit_minor / 2 / bench.customers);
    for (std::int64_t i = 1; i <= bench.customers; ++i) {
        add(service::TopUp{fmt::format("bench top up {}", i), i, first_minor, "EUR", "", ""});
    }
    ask_all(service, std::exchange(world, {}));
}

service::Command bench_payment(Dealer& dealer, std::int64_t number) {
    const std::int64_t merchant = dealer.merchant();
    service::Pay pay{.key = fmt::format("bench {}", number),
                     .customer = dealer.customer(),
                     .merchant = merchant,
                     .amount_minor = 1 + dealer.below(10'000),
                     .currency = "EUR",
                     .order_ref = fmt::format("o-{}", number),
                     .memo = "bench",
                     .instrument = "",
                     .device = ""};
    return service::Service::command({service::ActorKind::merchant, merchant}, std::move(pay));
}

Measured drive(service::Service& service, std::int64_t in_flight, const std::function<bool()>& more,
               const std::function<service::Command()>& next) {
    Measured measured;
    // A commit frees many places one after another, on the writer's thread: it is not to wake us for each of them.
    using Clock = std::chrono::steady_clock;
    const std::int64_t woken_at = in_flight - std::max<std::int64_t>(1, in_flight / 8);
    std::mutex mutex;
    std::condition_variable freed;
    std::int64_t under_way = 0;
    const auto start = Clock::now();
    while (more()) {
        {
            std::unique_lock lock{mutex};
            if (under_way == in_flight) freed.wait(lock, [&] { return under_way <= woken_at; });
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
            if (--under_way == woken_at || under_way == 0) freed.notify_one();
        });
    }
    std::unique_lock lock{mutex};
    freed.wait(lock, [&] { return under_way == 0; });
    measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return measured;
}

store::Database make_directory(const std::filesystem::path& data, const Options& options,
                               const std::function<void(const store::Database& made, store::Keyring keyring)>& fill) {
    auto directory = store::DataDirectory::own(data);
    if (!directory) throw std::runtime_error{data.string() + " cannot be made"};
    store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite) database.location = directory->database().string();
    const auto connection = store::open(database, store::Access::writer);
    if (store::schema_version_of(*connection) != 0) throw std::runtime_error{"bench needs an empty PostgreSQL database"};
    store::migrate(*connection);
    bool key_is_new = false;
    auto keyring = store::open_or_create_keyring(*connection, data.string() + ".key", key_is_new);
    if (!keyring) throw std::runtime_error{std::string{store::explain(keyring.error())}};
    fill(database, *std::move(keyring));
    return database;
}

MeasuredServer::MeasuredServer(const std::filesystem::path& data, const Options& options) {
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
    const std::string url{ready.at("http").as_string()};
    http_ = "127.0.0.1" + url.substr(url.rfind(':'));
}

void MeasuredServer::stop() {
    if (pid_ == 0) return;
    kill(pid_, SIGTERM);
    waitpid(std::exchange(pid_, 0), nullptr, 0);
}

std::int64_t resident_kib(pid_t pid) {
    std::FILE* file = std::fopen(fmt::format("/proc/{}/statm", pid).c_str(), "r");
    if (file == nullptr) return 0;
    long long all = 0, resident = 0;
    const int read = std::fscanf(file, "%lld %lld", &all, &resident);
    std::fclose(file);
    return read == 2 ? resident * (sysconf(_SC_PAGESIZE) / 1'024) : 0;
}

bool verified(const store::Database& database) {
    const auto connection = store::open(database, store::Access::reader);
    const auto start = std::chrono::steady_clock::now();
    std::int64_t looked_at = 0;
    std::vector<std::string> faults;
    for (const store::CheckReport& report : store::verify(*connection, {})) {
        looked_at += report.looked_at;
        faults.insert(faults.end(), report.faults.begin(), report.faults.end());
    }
    std::cout << json::serialize(
                     json::object{{"bench", "verify"},
                                  {"looked_at", looked_at},
                                  {"seconds",
                                   std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()},
                                  {"faults", json::value_from(faults)}})
              << std::endl;
    return faults.empty();
}

int bench(const Options& options, const BenchOptions& bench) {
    if (bench.what == "ledger") return bench_ledger(options, bench);
    if (bench.what == "duplicates") return bench_duplicates(bench);
    if (bench.what == "triage") return bench_triage(bench);
    if (bench.what == "search") return bench_search(options, bench);
    if (bench.what == "desk") return bench_desk(options, bench);
    return bench.what == "http" ? bench_http(options, bench) : bench_mail(options, bench);
}

}  // namespace okpay::server
