// SPDX-License-Identifier: Apache-2.0
// Whatever becomes of connections, of the server and of the other node: what was acknowledged is there once, with its
// answer; who was told that nothing was done was told the truth; and a writer whose epoch has ended changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <functional>
#include <future>
#include <iostream>
#include <random>

#include "base/clock.hpp"
#include "postgres_crowd.hpp"
#include "postgres_last_error.hpp"
#include "postgres_trial.hpp"
#include "seeds.hpp"
#include "service_fixture.hpp"

namespace okpay::faults {
namespace {

using service::Answer;
using service::Service;
using ::testing::IsEmpty;

constexpr unsigned hangs_after_seconds = 300;  // one test; a client who waits for ever would wait for ctest's hours
constexpr unsigned hangs_after_seconds_soak = 6 * 3'600;

class OnPostgres : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        if (std::getenv("OKPAY_TEST_LOG") == nullptr) spdlog::set_default_logger(remembering_logger());
        spdlog::set_level(spdlog::level::err);
        alarm(soaks() ? hangs_after_seconds_soak : hangs_after_seconds);
    }
    void TearDown() override {
        alarm(0);
        spdlog::set_default_logger(logger_);
        spdlog::set_level(spdlog::level::info);
    }

private:
    const std::shared_ptr<spdlog::logger> logger_ = spdlog::default_logger();
};

// Until somebody waits for a lock in this database: of a writer, the epoch's row that its last transaction still holds.
// Or there is nothing to wait for any more: on a slow machine the server may end the session that holds it.
void wait_until_one_waits(
    const store::Database& database, const PostgresProxy& proxy,
    const std::function<bool()>& or_until = [] { return false; }) {
    const auto watcher = store::open(database, store::Access::reader);
    while (proxy.holds() && !or_until() &&
           watcher->integer("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = "
                            "'Lock'") == 0) {}
}

// --- one client after the other: each statement is met in turn

struct CutCase {
    std::string_view name;
    Cut cut;
};
class Statements : public OnPostgres, public ::testing::WithParamInterface<CutCase> {};

TEST_P(Statements, cut_one_after_another_lose_nothing) {
    for (const std::uint64_t seed : seeds(1, 20)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::cout << "TEST_SEED=" << seed << std::endl;  // also where it hangs
        std::mt19937_64 random{seed};
        PostgresTrial trial{seed, soaks() ? 6 : 3};
        const std::int64_t statements = trial.live({}).counted;
        ASSERT_EQ(trial.judge(), "") << "undisturbed";
        ASSERT_GT(statements, 20);
        const std::int64_t step = soaks() ? 1 : statements / 4;
        int met = 0;
        for (auto at = static_cast<std::int64_t>(1 + random() % static_cast<std::uint64_t>(step)); at <= statements;
             at += step) {
            const PostgresLife life = trial.live(CutPlan{.cut = GetParam().cut, .at = at});
            SCOPED_TRACE(fmt::format("statement {} of {}: {}", at, statements, life.met));
            met += life.met.empty() ? 0 : 1;
            ASSERT_EQ(trial.judge(), "");
        }
        EXPECT_GT(met, 2) << "the test shows nothing";
    }
}

constexpr std::array cut_cases{CutCase{"before", Cut::before}, CutCase{"halfway", Cut::halfway},
                               CutCase{"after", Cut::after}};
INSTANTIATE_TEST_SUITE_P(Cuts, Statements, ::testing::ValuesIn(cut_cases),
                         [](const auto& given) { return std::string{given.param.name}; });

// --- many at once

enum class Trouble : std::uint8_t {
    cut_before,
    cut_halfway,
    cut_after,
    commit_is_lost,  // its answer, that is: it was done
    commit_is_late,
    terminate,
    cancel,
    take_over,        // the old writer works on and does not know
    machine_dies,     // and another takes over
    dies_at_commit,   // which was done
    frozen_at_begin,  // while another takes over; then it wakes up
    frozen_at_rows,
    frozen_at_commit,
    server_stops,
    server_crashes,
};

// Among those who wait for their answers: half of the server's sessions get the signal.
void signal_sessions(const store::Database& database, std::string_view function, std::mt19937_64& random) {
    const auto admin = store::open(database, store::Access::writer);
    std::vector<std::int64_t> sessions;
    admin->query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
        "backend_type = 'client backend'",
        {}, [&](const store::Row& row) { sessions.push_back(row.integer(0)); });
    for (const std::int64_t pid : sessions) {
        if (random() % 2 == 0) continue;
        admin->integer(fmt::format("SELECT CAST({}(CAST($1 AS INTEGER)) AS INTEGER)", function), {pid});
    }
}

void freeze_and_take_over(Crowd& crowd, std::string_view at) {
    const auto old = crowd.newest();
    old->proxy().plan({.cut = Cut::frozen, .at = 1, .only = at});
    old->proxy().wait_until_met();
    // Where the frozen one holds the epoch's row this waits until the server ends its session.
    crowd.take_over();
    EXPECT_FALSE(is_refused_by_storage(crowd.send_one())) << "the next one does not write";
    old->proxy().release();
}

void make(Trouble trouble, Crowd& crowd, std::mt19937_64& random) {
    const auto newest = crowd.newest();
    const auto at = static_cast<std::int64_t>(1 + random() % 25);
    const auto cut = [&newest](const CutPlan& plan) {
        newest->proxy().plan(plan);
        newest->proxy().wait_until_met();
    };
    switch (trouble) {
    case Trouble::cut_before: return cut({.cut = Cut::before, .at = at});
    case Trouble::cut_halfway: return cut({.cut = Cut::halfway, .at = at});
    case Trouble::cut_after: return cut({.cut = Cut::after, .at = at});
    case Trouble::commit_is_lost: return cut({.cut = Cut::after, .at = 1, .only = "COMMIT"});
    case Trouble::commit_is_late:
        cut({.cut = Cut::late, .at = 1, .only = "COMMIT"});
        wait_until_one_waits(crowd.database(), newest->proxy());
        return newest->proxy().release();
    case Trouble::terminate: return signal_sessions(crowd.database(), "pg_terminate_backend", random);
    case Trouble::cancel:
        for (int i = 0; i < 20; ++i) signal_sessions(crowd.database(), "pg_cancel_backend", random);
        return;
    case Trouble::take_over: return crowd.take_over();
    case Trouble::machine_dies: newest->proxy().die(); return crowd.take_over();
    case Trouble::dies_at_commit:
        cut({.cut = Cut::after, .at = 1, .only = "COMMIT", .dies = true});
        return crowd.take_over();
    case Trouble::frozen_at_begin: return freeze_and_take_over(crowd, "BEGIN");
    case Trouble::frozen_at_rows: return freeze_and_take_over(crowd, "COPY transfer");
    case Trouble::frozen_at_commit: return freeze_and_take_over(crowd, "COMMIT");
    case Trouble::server_stops:
    case Trouble::server_crashes:
        crowd.close_doors();
        okpay::testing::stop_postgres(trouble == Trouble::server_stops ? okpay::testing::PostgresStop::fast
                                                                       : okpay::testing::PostgresStop::immediate);
        okpay::testing::start_postgres();
        return crowd.open_doors();
    }
    std::abort();
}

struct CrowdCase {
    std::string_view name;
    std::vector<Trouble> troubles;  // each once in a sample, in any order
    std::size_t sample_max;         // but no more of them
    int rounds_soak;                // each so often in a soak
};
class Crowds : public OnPostgres, public ::testing::WithParamInterface<CrowdCase> {};

TEST_P(Crowds, lose_nothing_and_do_nothing_twice) {
    // A minute each on a quiet machine, most of it waiting until the server ends the sessions of frozen nodes.
    if (!soaks()) GTEST_SKIP() << "crowds run with OKPAY_SOAK=1 alone";
    for (const std::uint64_t seed : seeds(1, 50)) {
        SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
        std::cout << "TEST_SEED=" << seed << std::endl;  // also where it hangs
        std::mt19937_64 random{seed};
        std::vector<Trouble> troubles;
        for (int i = 0; i < (soaks() ? GetParam().rounds_soak : 1); ++i) {
            troubles.insert(troubles.end(), GetParam().troubles.begin(), GetParam().troubles.end());
        }
        std::ranges::shuffle(troubles, random);
        if (!soaks()) troubles.resize(std::min(troubles.size(), GetParam().sample_max));
        Crowd crowd{{.seed = seed}};
        crowd.begin();
        for (const Trouble trouble : troubles) {
            crowd.wait_for_answers(30);
            make(trouble, crowd, random);
        }
        crowd.wait_for_answers(30);
        EXPECT_THAT(crowd.judge(), IsEmpty());
        EXPECT_GT(crowd.sums(), 0);
        RecordProperty("answers", std::to_string(crowd.answers()));
        RecordProperty("refusals", std::to_string(crowd.refusals()));
        RecordProperty("unknown", std::to_string(crowd.unknown()));
        RecordProperty("sums", std::to_string(crowd.sums()));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Troubles, Crowds,
    ::testing::Values(CrowdCase{"connections",
                                {Trouble::cut_before, Trouble::cut_halfway, Trouble::cut_after, Trouble::commit_is_lost,
                                 Trouble::commit_is_late, Trouble::terminate, Trouble::cancel},
                                7,
                                10},
                      CrowdCase{"two_writers",
                                {Trouble::take_over, Trouble::machine_dies, Trouble::dies_at_commit,
                                 Trouble::frozen_at_begin, Trouble::frozen_at_rows, Trouble::frozen_at_commit},
                                4,
                                4},
                      CrowdCase{"server", {Trouble::server_stops, Trouble::server_crashes}, 2, 4},
                      CrowdCase{"everything",
                                {Trouble::cut_before, Trouble::cut_halfway, Trouble::cut_after, Trouble::commit_is_lost,
                                 Trouble::commit_is_late, Trouble::terminate, Trouble::cancel, Trouble::take_over,
                                 Trouble::machine_dies, Trouble::dies_at_commit, Trouble::frozen_at_begin,
                                 Trouble::frozen_at_rows, Trouble::frozen_at_commit, Trouble::server_stops,
                                 Trouble::server_crashes},
                                6,
                                3}),
    [](const auto& given) { return std::string{given.param.name}; });

// --- what such a crowd rarely meets

class Fence : public OnPostgres {
protected:
    static CrowdSetting alone(service::BooksSizes books) {
        return {.seed = 1, .bankers = 0, .twins = 0, .silent = 0, .books = books};
    }
};

// The connection broke while the commit was on its way, and the commit is done only while the writer already reads its
// books again: what it holds then must be what the database has.
TEST_F(Fence, books_are_not_read_while_the_last_commit_is_under_way) {
    Crowd crowd{alone({})};  // no readers either: the total changes here
    const auto node = crowd.newest();
    node->proxy().plan({.cut = Cut::late, .at = 1, .only = "COMMIT"});
    auto registered =
        okpay::testing::submit(node->writer(),
                               Service::command({}, service::RegisterCustomer{.customer = fresh_id<CustomerId>().text(),
                                                                              .email = "late@example.org",
                                                                              .name = "Late",
                                                                              .language = "en",
                                                                              .zone = "UTC",
                                                                              .currencies = {"CNY"}}));
    node->proxy().wait_until_met();
    wait_until_one_waits(crowd.database(), node->proxy(), [&registered] {  // who answers without a look does not wait
        return registered.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    });
    node->proxy().release();
    const Answer customer = registered.get();
    ASSERT_TRUE(customer.done()) << customer.code;
    EXPECT_TRUE(customer.replayed) << "the late commit was not done: the test shows nothing";
    const Answer topped_up =
        okpay::testing::submit(node->writer(), Service::command({}, service::TopUp{.key = "late",
                                                                                   .customer = customer.number,
                                                                                   .amount_minor = 5,
                                                                                   .currency = "CNY",
                                                                                   .memo = "",
                                                                                   .instrument = "bank"}))
            .get();
    EXPECT_TRUE(topped_up.done()) << topped_up.code << ": " << topped_up.detail;
    EXPECT_THAT(crowd.judge(), IsEmpty());
}

// A commit was done, its answer was lost, and now the database is out of reach.
TEST_F(Fence, who_cannot_look_says_that_it_is_not_known) {
    Crowd crowd{alone({})};
    crowd.begin();
    crowd.newest()->proxy().plan({.cut = Cut::after, .at = 1, .only = "COMMIT", .dies = true});
    EXPECT_EQ(crowd.send_one().code, service::codes::outcome_unknown);
    crowd.take_over();
    EXPECT_FALSE(is_refused_by_storage(crowd.send_one()));
    EXPECT_THAT(crowd.judge(), IsEmpty());
}

// Loading removes what an unfinished run of the index of keys left. Of the writer before, that is: never of the next.
TEST_F(Fence, who_lost_the_epoch_removes_nothing_when_it_reads_its_books_again) {
    Crowd crowd{alone({.once_run_payments = 300, .write_back_transfers = 8'192})};
    crowd.begin();
    const auto old = crowd.newest();
    crowd.take_over();
    const auto reader = store::open(crowd.database(), store::Access::reader);
    const auto blocks = [&] { return reader->integer("SELECT count(*) FROM once_block").value_or(0); };
    for (int sent = 0; blocks() == 0; ++sent) {
        ASSERT_LT(sent, 400);
        crowd.send_one();
    }
    ASSERT_EQ(reader->integer("SELECT count(*) FROM cursor_position WHERE name = 'once_runs'"), 0) << "the run is finished";
    const auto read = [&] {
        return okpay::testing::submit(old->writer(), Service::command({}, service::ReadAccounts{{1}})).get().code;
    };
    old->proxy().plan({.cut = Cut::before, .at = 1});
    EXPECT_EQ(read(), service::codes::unavailable);
    EXPECT_FALSE(old->fenced()) << "its connection was not cut: the test shows nothing";
    EXPECT_EQ(read(), service::codes::unavailable);
    EXPECT_TRUE(old->fenced());
    EXPECT_EQ(blocks(), 1);
    while (reader->integer("SELECT count(*) FROM cursor_position WHERE name = 'once_runs'") == 0) crowd.send_one();
    EXPECT_THAT(crowd.judge(), IsEmpty());
}

}  // namespace
}  // namespace okpay::faults
