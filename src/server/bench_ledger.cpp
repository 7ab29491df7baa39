// SPDX-License-Identifier: Apache-2.0
// Full payments, then bare transfers, handed to the ordered writer in this process: idempotency, order reference, history,
// hash chain, invariants, standing and the monitor's rules, on the schema that `serve` uses. Then the writer's restart over
// what was stored, and the proof of all of it.
#include <boost/json.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <iostream>

#include "base/clock.hpp"
#include "risk/rules.hpp"
#include "server/bench_parts.hpp"
#include "service/handlers.hpp"
#include "service/writer.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;

// What all threads of this process have used; beside the rate, because a busy machine changes it little.
double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

std::int64_t octets_in(const std::filesystem::path& directory) {
    std::int64_t sum = 0;
    for (const auto& file : std::filesystem::directory_iterator{directory}) {
        if (file.path().extension() == ".db") sum += static_cast<std::int64_t>(file.file_size());
    }
    return sum;
}

// The rules that serve has where none are given. A bench's customers pay more often than anybody does, so that those of
// frequency are judged and never hold.
std::shared_ptr<const risk::Ruleset> watchful_rules() {
    risk::Ruleset rules = risk::built_in_rules();
    constexpr std::int64_t never = std::numeric_limits<std::int32_t>::max();
    for (risk::Rule& rule : rules.rules) {
        if (rule.in_ten_minutes) rule.in_ten_minutes = never;
        if (rule.in_hour) rule.in_hour = never;
    }
    return std::make_shared<const risk::Ruleset>(std::move(rules));
}

service::Context bench_context() {
    service::DeskSettings settings;
    settings.risk_rules = watchful_rules();
    return {store::Keyring{Secret{random_octets(32)}}, std::move(settings)};
}

// How long until a writer over what is stored answers its first command, and what it then holds in memory.
void measure_restart(const store::Database& database, std::int64_t stored) {
    malloc_trim(0);  // what the writer before has given back
    const std::int64_t resident_before = resident_kib(getpid());
    const auto start = Clock::now();
    service::Writer writer{database, bench_context(), {}};
    std::promise<service::Answer> answered;
    writer.submit(service::Service::command({}, service::ReadAccounts{{1}}),
                  [&answered](service::Answer answer) { answered.set_value(std::move(answer)); });
    const service::Answer answer = answered.get_future().get();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::cout << boost::json::serialize(boost::json::object{{"bench", "restart"},
                                                            {"seconds", seconds},
                                                            {"answered", answer.done()},
                                                            {"stored", stored},
                                                            {"resident_kib", resident_kib(getpid())},
                                                            {"resident_before_kib", resident_before}})
              << std::endl;
}

}  // namespace

int bench_ledger(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    store::Database database = options.store_database();
    const bool embedded = database.engine == store::Engine::sqlite;
    if (embedded) database.location = (temporary.path() / "okpay.db").string();
    {
        const auto connection = store::open(database, store::Access::writer);
        if (!embedded && store::schema_version_of(*connection) != 0) {
            std::cerr << "okpay: bench needs an empty PostgreSQL database\n";
            return 1;
        }
        store::migrate(*connection);
    }
    std::optional<service::Writer> running;
    service::Writer& writer = running.emplace(database, bench_context(), service::WriterOptions{});
    make_bench_world(writer, bench);
    Dealer dealer{bench};
    std::int64_t number = 0;
    const auto next_transfer = [&] {  // one posting between two wallets, no order, no fee
        const std::int64_t payer = dealer.customer();
        const std::int64_t payee = payer % bench.customers + 1;
        service::SendMoney send{.key = fmt::format("bench {}", ++number),
                                .payer = payer,
                                .payee = payee,
                                .amount_minor = 1 + dealer.below(10'000),
                                .currency = "EUR",
                                .memo = ""};
        return service::Service::command({service::ActorKind::customer, payer}, std::move(send));
    };
    const auto next = [&] { return bench_payment(dealer, ++number); };
    if (bench.fill > 0) drive(writer, 4'096, [&] { return number < bench.fill; }, next);
    std::int64_t stored = number;
    const auto measure = [&](std::int64_t in_flight, bool bare) {
        const std::int64_t commits_before = writer.commits();
        const double cpu_before = cpu_seconds();
        const std::int64_t octets_before = embedded ? octets_in(temporary.path()) : 0;
        const auto end =
            Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
        const std::function<service::Command()> make = bare ? std::function<service::Command()>{next_transfer} : next;
        Measured measured = drive(writer, in_flight, [end] { return Clock::now() < end; }, make);
        const auto done = static_cast<double>(measured.microseconds.size());
        const auto commits = static_cast<double>(writer.commits() - commits_before);
        boost::json::object settings{{"what", bare ? "transfers" : "payments"},
                                     {"engine", engine_name(database)},
                                     {"durable", true},
                                     {"customers", bench.customers},
                                     {"customers_by", bench.zipf ? "zipf" : "uniform"},
                                     {"merchants", bench.merchants},
                                     {"transfers_per_payment", bare ? 1 : 2},
                                     {"payments_per_commit", commits > 0 ? done / commits : 0},
                                     {"cpu_us_per_payment", std::round((cpu_seconds() - cpu_before) / done * 1e7) / 10},
                                     {"stored_before", stored}};
        if (embedded)
            settings["octets_per_payment"] =
                std::round(static_cast<double>(octets_in(temporary.path()) - octets_before) / done);
        stored += static_cast<std::int64_t>(done);
        print_measured("ledger", bench, in_flight, std::move(measured), std::move(settings));
    };
    for (const std::int64_t in_flight : bench.in_flight) measure(in_flight, false);
    for (const std::int64_t in_flight : bench.in_flight) measure(in_flight, true);
    running.reset();
    measure_restart(database, stored);
    return verified(database) ? 0 : 1;
}

}  // namespace okpay::server
