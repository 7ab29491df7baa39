// SPDX-License-Identifier: Apache-2.0
// Full-text search over a desk of some years (bench_tickets.hpp). First how fast the index follows, then what each
// kind of query takes: one reader, pages of 25, as the workspace asks.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <iostream>

#include "server/bench_tickets.hpp"
#include "service/search.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::int64_t octets_of_index(const store::Database& index) {
    if (index.engine == store::Engine::sqlite) {
        std::error_code error;
        const auto size = std::filesystem::file_size(index.location, error);
        return error ? 0 : static_cast<std::int64_t>(size);
    }
    return store::open(index, store::Access::reader)
        ->integer(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "c.relnamespace WHERE n.nspname = 'okpay_search' AND c.relkind = 'r'")
        .value_or(0);
}

}  // namespace

int bench_search(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    store::Database database = options.store_database();
    const bool embedded = database.engine == store::Engine::sqlite;
    if (embedded) {
        database.location = (temporary.path() / "okpay.db").string();
        database.sqlite.flush_each_commit = false;
    }
    BenchWords words{bench.seed};
    {
        const auto connection = store::open(database, store::Access::writer);
        if (!embedded && store::schema_version_of(*connection) != 0) {
            std::cerr << "okpay: bench needs an empty PostgreSQL database\n";
            return 1;
        }
        store::migrate(*connection);
        make_bench_customers(*connection, bench);
        make_bench_tickets(*connection, bench, words);
        if (!embedded) connection->run_script("ANALYZE");
    }
    const store::Database index = service::search_database(database);
    service::SearchIndexer indexer{database, index};
    const auto begin = SteadyClock::now();
    const std::int64_t documents = indexer.catch_up([] { return false; });
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    std::cout << boost::json::serialize(
                     boost::json::object{{"bench", "search"},
                                         {"class", "indexing"},
                                         {"rate_per_s", std::round(static_cast<double>(documents) / seconds)},
                                         {"done", documents},
                                         {"seconds", seconds},
                                         {"index_octets", octets_of_index(index)},
                                         {"settings", {{"engine", engine_name(database)}, {"tickets", bench.tickets}}}})
              << std::endl;
    service::Search search{database, index, 1};
    const auto ticket = [&] { return 1 + static_cast<std::int64_t>(words.below(static_cast<std::size_t>(bench.tickets))); };
    const std::array<std::pair<std::string_view, std::function<std::string()>>, 10> classes{{
        {"rare word", [&] { return BenchWords::latin(15'000 + words.below(5'000)); }},
        {"common word", [&] { return BenchWords::latin(words.below(20)); }},
        {"two words",
         [&] { return BenchWords::latin(20 + words.below(200)) + " " + BenchWords::latin(20 + words.below(200)); }},
        {"two common words", [&] { return BenchWords::latin(words.below(20)) + " " + BenchWords::latin(words.below(20)); }},
        {"chinese pair", [&] { return BenchWords::chinese(words.below(24)); }},
        {"phrase", [&] { return std::string{words.below(2) == 0 ? "\"charged twice\"" : "扣了两次"}; }},
        {"filter and word", [&] { return "state:open category:refund " + BenchWords::latin(words.below(300)); }},
        {"nothing found", [&] { return fmt::format("zzq{}x card", words.below(1'000'000)); }},
        {"request number", [&] { return bench_request_number(ticket()); }},
        {"beginning", [&] { return BenchWords::latin(30 + words.below(2'000)).substr(0, 3); }},
    }};
    for (const auto& [name, query] : classes) {
        Measured measured;
        std::int64_t found = 0;
        const auto start = SteadyClock::now();
        while (measured.seconds < bench.seconds) {
            const service::SearchRequest request{
                .words = query(), .kind = {}, .below = {}, .limit = 25, .me = customers::StaffNo{1}, .kept_from = {}};
            const auto since = SteadyClock::now();
            const auto page = search.ask(request);
            const auto until = SteadyClock::now();
            if (!page) return 1;
            found += std::ssize(page->items);
            measured.microseconds.push_back(std::chrono::duration_cast<std::chrono::microseconds>(until - since).count());
            measured.seconds = std::chrono::duration<double>(until - start).count();
        }
        const auto asked = std::ssize(measured.microseconds);
        print_measured("search", bench, 1, std::move(measured),
                       {{"class", name},
                        {"engine", engine_name(database)},
                        {"tickets", bench.tickets},
                        {"found_a_page", std::round(10.0 * static_cast<double>(found) / static_cast<double>(asked)) / 10}});
    }
    return 0;
}

}  // namespace okpay::server
