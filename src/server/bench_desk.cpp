// SPDX-License-Identifier: Apache-2.0
// What an agent waits for, over HTTP to a serving process of its own, at a desk of some years (bench_tickets.hpp) whose
// customers have wallets and payments: the inbox, a request, its ledger, all that the workspace asks for when one is
// opened, and the search. `in_flight` agents ask at once and think nothing between, as none does.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <iostream>

#include "base/clock.hpp"
#include "server/bench_client.hpp"
#include "server/bench_tickets.hpp"
#include "service/search.hpp"
#include "service/writer.hpp"
#include "store/people_store.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t payments_of_a_customer = 5;
constexpr std::int64_t agents = 8;

std::string session_of(std::int64_t agent) { return std::string{view_of(sha256(fmt::format("bench agent {}", agent)))}; }
std::string cookie_of(std::int64_t agent) { return "okpay_staff=" + base64url_of(session_of(1 + agent % agents)); }

void make_agents(store::Connection& connection) {
    store::Transaction transaction{connection};
    const Moment at = now();
    for (std::int64_t no = 1; no <= agents; ++no) {
        store::insert_staff(connection, {.no = customers::StaffNo{no},
                                         .id = fresh_id<StaffId>(),
                                         .email = fmt::format("agent{}@pay.example", no),
                                         .name = fmt::format("Agent {}", no),
                                         .role = customers::Role::agent,
                                         .password_phc = "never asked for",
                                         .totp_secret_sealed = {},
                                         .created = at,
                                         .enrolled = at,
                                         .enrol_token_hash = std::nullopt,
                                         .enrol_expires = std::nullopt,
                                         .blocked_until = {}});
        store::insert_session(connection, view_of(sha256(session_of(no))), customers::StaffNo{no}, at,
                              at + std::chrono::hours{12});
    }
    if (!transaction.commit()) throw std::runtime_error{"the bench's world could not be made"};
}

void make_world(const store::Database& database, store::Keyring keyring, const BenchOptions& bench) {
    {
        service::Writer writer{database, service::Context{std::move(keyring), {}}, {}};
        make_bench_world(writer, bench);
        Dealer dealer{bench};
        std::int64_t number = 0;
        const std::int64_t payments = bench.customers * payments_of_a_customer;
        const auto next = [&] { return bench_payment(dealer, ++number); };
        drive(writer, 4'096, [&] { return number < payments; }, next);
        writer.stop();
    }
    const auto connection = store::open(database, store::Access::writer);
    make_agents(*connection);
    BenchWords words{bench.seed};
    make_bench_tickets(*connection, bench, words);
    if (database.engine == store::Engine::postgres) connection->run_script("ANALYZE");
    service::SearchIndexer{database, service::search_database(database)}.catch_up([] { return false; });
}

// One wait of an agent: paths that are asked for one after another. A path that ends with "cursor=" goes on where the
// agent's list before ended, and begins anew after its last page.
struct Wait {
    std::string_view name;
    std::function<std::vector<std::string>()> paths;
};

std::string next_cursor_in(std::string_view body) {
    constexpr std::string_view member = "\"next_cursor\":\"";
    const auto at = body.find(member);
    if (at == std::string_view::npos) return "";
    const std::string_view rest = body.substr(at + member.size());
    return std::string{rest.substr(0, rest.find('"'))};
}

net::awaitable<void> ask_as(std::int64_t agent, std::string server, const Wait& wait, Clock::time_point end,
                            Measured& measured) {
    auto client = co_await BenchClient::connect(std::move(server));
    std::string cursor;
    while (client && Clock::now() < end) {
        const auto since = Clock::now();
        bool all = true;
        for (std::string path : wait.paths()) {
            if (path.ends_with("cursor=")) path = cursor.empty() ? path.substr(0, path.size() - 8) : path + cursor;
            const auto status = co_await client->ask(
                fmt::format("GET /api/v1{} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\r\n", path, cookie_of(agent)));
            if (!status) {
                ++measured.refused;
                co_return;
            }
            all = all && status == 200;
        }
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count();
        if (all) {
            measured.microseconds.push_back(took);
        } else {
            ++measured.refused;
        }
        cursor = next_cursor_in(client->body());
    }
    if (!client) ++measured.refused;
}

std::vector<Wait> waits_of(const BenchOptions& bench, BenchWords& words) {
    const auto ticket = [&words, &bench](std::int64_t newest) {
        const auto back =
            static_cast<std::int64_t>(words.below(static_cast<std::size_t>(std::max<std::int64_t>(1, newest))));
        return "/tickets/" + bench_request_number(bench.tickets - back);
    };
    const auto recent = [ticket, &bench] { return ticket(bench.tickets / 50); };
    return {
        {"inbox", [] { return std::vector<std::string>{"/tickets?view=open&limit=50"}; }},
        {"inbox, page after page", [] { return std::vector<std::string>{"/tickets?view=open&limit=50&cursor="}; }},
        {"all, page after page", [] { return std::vector<std::string>{"/tickets?view=all&limit=50&cursor="}; }},
        {"request", [recent] { return std::vector{recent()}; }},
        {"request of any age", [ticket, &bench] { return std::vector{ticket(bench.tickets)}; }},
        {"its ledger", [recent] { return std::vector{recent() + "/ledger"}; }},
        {"request opened",
         [recent] {
             const std::string path = recent();
             return std::vector{path, path + "/ledger", path + "/drafts", path + "/changes"};
         }},
        {"search, one word", [&words] { return std::vector{"/search?q=" + BenchWords::latin(20 + words.below(5'000))}; }},
        {"search, two words",
         [&words] {
             return std::vector{"/search?q=" + BenchWords::latin(words.below(200)) + "+" +
                                BenchWords::latin(20 + words.below(200))};
         }},
        {"search, Chinese", [] { return std::vector<std::string>{"/search?q=%E9%80%80%E6%AC%BE"}; }},
    };
}

}  // namespace

int bench_desk(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    const auto data = temporary.path() / "data";
    const auto fill = [&bench](const store::Database& made, store::Keyring keyring) {
        make_world(made, std::move(keyring), bench);
    };
    const store::Database database = make_directory(data, options, fill);
    MeasuredServer process{data, options};
    BenchWords words{bench.seed};
    bool refused = false;
    for (const Wait& wait : waits_of(bench, words)) {
        for (const std::int64_t in_flight : bench.in_flight) {
            asio::io_context io{1};
            Measured measured;
            const auto start = Clock::now();
            const auto end =
                start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
            for (std::int64_t agent = 0; agent < in_flight; ++agent)
                asio::co_spawn(io, ask_as(agent, process.http(), wait, end, measured), asio::detached);
            io.run();
            measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
            refused = refused || measured.refused > 0;
            print_measured("desk", bench, in_flight, std::move(measured),
                           {{"class", wait.name},
                            {"engine", engine_name(database)},
                            {"tickets", bench.tickets},
                            {"messages", bench.tickets * bench_messages_of_a_ticket},
                            {"open", bench.tickets / 100},
                            {"server_resident_kib", resident_kib(process.pid())}});
        }
    }
    process.stop();
    return refused ? 1 : 0;
}

}  // namespace okpay::server
