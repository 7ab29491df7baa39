// SPDX-License-Identifier: Apache-2.0
// What breaks under the writer, breaks only what it must: memory never holds what the disk does not, nothing that was
// acknowledged is lost, nothing is done twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <spdlog/spdlog.h>

#include <latch>

#include "service/applier.hpp"
#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using okpay::testing::submit;
using store::Engine;
using ::testing::IsEmpty;

std::string text_of(const std::vector<AccountView>& accounts) {
    std::string text;
    for (const AccountView& a : accounts)
        text += fmt::format("{} {} {} {}\n", a.no, a.posted_minor, a.available_minor, a.entries);
    return text;
}

// Hands in what it collects as one batch: the writer waits in an answer until all is queued.
std::vector<Answer> ask_at_once(ServiceFixture& fixture, const std::vector<Command>& commands) {
    std::latch writer_waits{1};
    std::latch all_in{1};
    fixture.writer().submit(fixture.command(ReadAccounts{}), [&](const Answer&) {
        writer_waits.count_down();
        all_in.wait();
    });
    writer_waits.wait();  // else the first of them may share the batch of the read
    std::vector<std::future<Answer>> futures;
    for (const Command& command : commands) futures.push_back(submit(fixture.writer(), command));
    all_in.count_down();
    std::vector<Answer> answers;
    for (auto& future : futures) answers.push_back(future.get());
    return answers;
}

// What is planted here is logged by the hundred.
struct QuietLog {
    QuietLog() { spdlog::set_level(spdlog::level::off); }
    ~QuietLog() { spdlog::set_level(spdlog::level::info); }
};

class Failure : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
    }
    QuietLog quiet_;
};

TEST_P(Failure, a_command_that_the_storage_refuses_does_not_stop_its_neighbours) {
    constexpr std::int64_t ahead = 32;
    FixtureOptions options;
    options.writer.books.append_ahead_payments = ahead;
    ServiceFixture f{GetParam(), options};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    const std::int64_t merchant = f.merchant("Shop");
    f.top_up(customer, 100'000);
    f.run(GetParam() == Engine::sqlite
              ? "CREATE TRIGGER planted BEFORE INSERT ON payment WHEN NEW.memo = 'planted fault' BEGIN SELECT RAISE(ABORT, "
                "'planted'); END"
              : "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$; "
                "CREATE TRIGGER planted BEFORE INSERT ON payment FOR EACH ROW WHEN (NEW.memo = 'planted fault') EXECUTE "
                "FUNCTION planted()");
    // More than are appended at once, and the bad one among those that are appended while the rest is decided.
    constexpr std::int64_t count = 3 * ahead;
    constexpr std::size_t bad = 17;
    std::vector<Command> commands;
    for (std::size_t i = 0; i < count; ++i) {
        Pay body = f.payment(customer, merchant, 100 + static_cast<std::int64_t>(i), fmt::format("k{}", i));
        if (i == bad) body.memo = "planted fault";
        commands.push_back(f.command(body));
    }
    commands.push_back(f.command(RegisterCustomer{.customer = f.fresh<CustomerId>().text(),
                                                  .email = "zoe@example.org",
                                                  .name = "Zoe",
                                                  .language = "en",
                                                  .zone = "UTC",
                                                  .currencies = {"CNY"}}));
    const std::int64_t commits = f.writer().commits();
    const std::vector<Answer> answers = ask_at_once(f, commands);
    EXPECT_EQ(f.writer().commits(), commits + count) << "the batch was not tried one by one: the test shows nothing";
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i].code, i == bad ? codes::unavailable : "") << i << ": " << answers[i].detail;
        EXPECT_FALSE(answers[i].replayed) << i;
    }
    const std::string in_memory = text_of(f.accounts());
    f.restart();
    EXPECT_EQ(text_of(f.accounts()), in_memory);
    EXPECT_EQ(f.integer("SELECT count(*) FROM payment WHERE kind = 2"), count - 1);
    EXPECT_THAT(f.faults(), IsEmpty());

    f.run(GetParam() == Engine::sqlite ? "DROP TRIGGER planted" : "DROP TRIGGER planted ON payment");
    EXPECT_TRUE(f.ask(commands[bad]).done()) << "the same may be sent again";
    for (const Command& command : commands) EXPECT_TRUE(f.ask(command).replayed);
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 100'000 - (count * 100 + (count - 1) * count / 2));
    EXPECT_THAT(f.faults(), IsEmpty());
}

// The database went away in the middle of a batch: it is looked for once for all that wait, not once a command.
TEST_P(Failure, what_cannot_be_reached_is_looked_for_once_a_batch) {
    ServiceFixture f{GetParam()};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.stop();
    int opened = 0;
    bool gone = false;
    store::Connection* used = nullptr;
    Applier applier{[&] {
                        ++opened;
                        if (gone) throw store::StorageFailure{store::StorageFault::unavailable, "planted"};
                        auto connection = store::open(f.database(), store::Access::writer);
                        used = connection.get();
                        return connection;
                    },
                    Context{store::Keyring{Secret{std::string(32, 'k')}}, {}},
                    {}};
    const auto serve = [&](const std::string& key, std::size_t count) {
        std::vector<std::string> codes;
        std::vector<Applier::Waiting> batch;
        for (std::size_t i = 0; i < count; ++i) {
            batch.push_back({f.command(TopUp{.key = fmt::format("{} {}", key, i),
                                             .customer = customer,
                                             .amount_minor = 5,
                                             .currency = "CNY",
                                             .memo = "",
                                             .instrument = "bank"}),
                             [&codes](const Answer& answer) { codes.push_back(answer.code); }});
        }
        applier.process(batch);
        return codes;
    };
    EXPECT_EQ(serve("before", 2), std::vector<std::string>(2));
    // From here on this connection writes nothing, and there is no other.
    used->run_script(GetParam() == Engine::sqlite ? "PRAGMA query_only = ON" : "SET default_transaction_read_only = on");
    gone = true;
    opened = 0;
    EXPECT_EQ(serve("lost", 20), std::vector<std::string>(20, std::string{codes::unavailable}));
    EXPECT_EQ(opened, 1);
    gone = false;
    EXPECT_EQ(serve("lost", 20), std::vector<std::string>(20)) << "the same commands, once it is back";
    applier.write_back();
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Failure, a_fault_in_the_middle_of_a_command_leaves_none_of_it) {
    ServiceFixture f{GetParam()};
    f.run(GetParam() == Engine::sqlite
              ? "CREATE TRIGGER planted BEFORE INSERT ON command BEGIN SELECT RAISE(ABORT, 'planted'); END"
              : "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$; "
                "CREATE TRIGGER planted BEFORE INSERT ON command FOR EACH ROW EXECUTE FUNCTION planted()");
    const Command command = f.command(RegisterCustomer{.customer = f.fresh<CustomerId>().text(),
                                                       .email = "zoe@example.org",
                                                       .name = "Zoe",
                                                       .language = "en",
                                                       .zone = "UTC",
                                                       .currencies = {"CNY", "USD"}});
    EXPECT_EQ(f.ask(command).code, codes::unavailable);  // customer, accounts and audit were written before the fault
    EXPECT_EQ(f.integer(
                  "SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM account) + (SELECT count(*) FROM audit)"),
              0);
    f.run(GetParam() == Engine::sqlite ? "DROP TRIGGER planted" : "DROP TRIGGER planted ON command");
    const Answer done = f.ask(command);
    EXPECT_TRUE(done.done());
    EXPECT_EQ(done.number, 1) << "numbers were not given away to what failed";
    EXPECT_EQ(f.integer("SELECT max(no) FROM account"), 2);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Failure, a_full_queue_says_so_and_loses_nothing_that_it_took) {
    FixtureOptions options;
    options.writer.queue_commands_max = 3;
    ServiceFixture f{GetParam(), options};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    std::latch in_answer{1};
    std::latch all_in{1};
    f.writer().submit(f.command(ReadAccounts{}), [&](const Answer&) {
        in_answer.count_down();
        all_in.wait();
    });
    in_answer.wait();
    std::vector<std::future<Answer>> futures;
    for (int i = 0; i < 5; ++i) {
        futures.push_back(submit(f.writer(), f.command(TopUp{.key = std::to_string(i),
                                                             .customer = customer,
                                                             .amount_minor = 10,
                                                             .currency = "CNY",
                                                             .memo = "",
                                                             .instrument = ""})));
    }
    EXPECT_EQ(f.writer().waiting(), 3U);
    all_in.count_down();
    std::vector<std::string> codes_seen;
    for (auto& future : futures) codes_seen.push_back(future.get().code);
    EXPECT_THAT(codes_seen, ::testing::ElementsAre("", "", "", codes::overloaded, codes::overloaded));
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 30);
    f.writer().stop();
    EXPECT_EQ(f.ask(ReadAccounts{}).code, codes::stopping);
}

TEST_P(Failure, what_waits_at_a_stop_is_finished) {
    ServiceFixture f{GetParam()};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    std::vector<std::future<Answer>> futures;
    for (int i = 0; i < 200; ++i) {
        futures.push_back(submit(f.writer(), f.command(TopUp{.key = std::to_string(i),
                                                             .customer = customer,
                                                             .amount_minor = 10,
                                                             .currency = "CNY",
                                                             .memo = "",
                                                             .instrument = ""})));
    }
    f.writer().stop();
    for (auto& future : futures) EXPECT_TRUE(future.get().done());
    f.restart();
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 2'000);
    EXPECT_EQ(f.integer("SELECT seq FROM cursor_position WHERE name = 'balances'"), 200) << "balances were not written back";
    EXPECT_THAT(f.faults(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Failure, ::testing::Values(Engine::sqlite, Engine::postgres),
                         [](const auto& given) { return given.param == Engine::sqlite ? "sqlite" : "postgres"; });

class PostgresFailure : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
    }
    QuietLog quiet_;
};

TEST_F(PostgresFailure, connections_that_are_cut_lose_nothing_and_double_nothing) {
    ServiceFixture f{Engine::postgres};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    const std::int64_t merchant = f.merchant("Shop");
    f.top_up(customer, 10'000'000);
    const auto killer = f.connect(store::Access::writer);
    const std::int64_t reader_pid = f.integer("SELECT pg_backend_pid()");
    const auto cut = [&] {
        killer->query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid() AND pid <> $1 AND backend_type = 'client backend'",
            {reader_pid}, [](const store::Row&) {});
    };
    constexpr int waves = 40;
    constexpr int wave_commands = 25;
    std::int64_t paid = 0;
    std::int64_t mails = 0;
    int not_at_once = 0;
    for (int wave = 0; wave < waves; ++wave) {
        std::vector<Command> commands;
        for (int i = 0; i < wave_commands; ++i) {
            if (i % 5 == 4) {
                commands.push_back(f.command(*seal_mail(f.context().keyring(), &f.blobs(),
                                                        {.channel = "smtp", .peer = "", .mail_from = "", .recipients = {}},
                                                        fmt::format("mail {} {}", wave, i), 0)));
                ++mails;
            } else {
                commands.push_back(f.command(f.payment(customer, merchant, 100 + i, fmt::format("k{}-{}", wave, i))));
                paid += 100 + i;
            }
        }
        std::vector<std::future<Answer>> futures;
        for (std::size_t i = 0; i < commands.size(); ++i) {
            futures.push_back(submit(f.writer(), commands[i]));
            // Before, among and behind the commands, so that statements and commits are met in all their phases.
            if (i == static_cast<std::size_t>(wave) % commands.size()) cut();
        }
        if (wave % 3 == 0) cut();
        for (std::size_t i = 0; i < commands.size(); ++i) {
            Answer answer = futures[i].get();
            for (int attempt = 0; !answer.done() && attempt < 20; ++attempt) {
                ++not_at_once;
                ASSERT_TRUE(answer.code == codes::unavailable || answer.code == codes::outcome_unknown) << answer.code;
                answer = f.ask(commands[i]);
            }
            ASSERT_TRUE(answer.done()) << answer.code << ": " << answer.detail;
        }
    }
    RecordProperty("not_at_once", not_at_once);
    EXPECT_EQ(f.integer("SELECT count(*) FROM payment WHERE kind = 2 AND state = 1"), waves * wave_commands - mails);
    EXPECT_EQ(f.integer("SELECT count(DISTINCT once_key) FROM payment WHERE kind = 2"), waves * wave_commands - mails);
    EXPECT_EQ(f.integer("SELECT count(*) FROM inbound_mail"), mails);
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 10'000'000 - paid);
    const std::string in_memory = text_of(f.accounts());
    f.restart();
    EXPECT_EQ(text_of(f.accounts()), in_memory);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_F(PostgresFailure, a_commit_that_never_arrived_is_made_again) {
    ServiceFixture f{Engine::postgres};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.top_up(customer, 1'000);
    // The backend ends itself in the first COMMIT that checks the constraint; a sequence is not rolled back.
    f.run(
        "CREATE SEQUENCE cuts; CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('cuts') = 1 "
        "THEN "
        "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); END IF; RETURN NULL; END $$; CREATE "
        "CONSTRAINT "
        "TRIGGER cut AFTER INSERT ON payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()");
    const Command command = f.command(
        TopUp{.key = "cut", .customer = customer, .amount_minor = 5, .currency = "CNY", .memo = "", .instrument = ""});
    const Answer answer = f.ask(command);
    EXPECT_TRUE(answer.done() && !answer.replayed) << answer.code;
    EXPECT_EQ(f.integer("SELECT last_value FROM cuts"), 2) << "the commit was not cut: the test shows nothing";
    EXPECT_TRUE(f.ask(command).replayed);
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 1'005);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_F(PostgresFailure, a_commit_whose_answer_was_lost_is_found) {
    ServiceFixture f{Engine::postgres};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.top_up(customer, 1'000);
    // A commit waits for a standby that does not exist, after it was made durable here; whoever is cut then never hears.
    const auto other = f.connect(store::Access::writer);
    const auto waiting = [&other] {
        return other->integer(
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()");
    };
    other->run_script("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    other->run_script("SELECT pg_reload_conf()");
    std::vector<std::pair<Command, std::future<Answer>>> asked;
    bool was_cut = false;
    for (int i = 0; i < 10'000 && !was_cut; ++i) {  // the server takes the setting in its own time
        const bool money = i % 2 == 0;
        Command command = money ? f.command(TopUp{.key = std::to_string(i),
                                                  .customer = customer,
                                                  .amount_minor = 1,
                                                  .currency = "CNY",
                                                  .memo = "",
                                                  .instrument = ""})
                                : f.command(*seal_mail(f.context().keyring(), nullptr,
                                                       {.channel = "smtp", .peer = "", .mail_from = "", .recipients = {}},
                                                       fmt::format("mail {}", i), 0));
        auto future = submit(f.writer(), command);
        std::optional<std::int64_t> pid;
        while (!(pid = waiting()) && future.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {}
        asked.emplace_back(std::move(command), std::move(future));
        if (!pid) continue;
        was_cut = true;
        other->integer("SELECT CAST(pg_terminate_backend(CAST($1 AS INTEGER)) AS INTEGER)", {*pid});
    }
    EXPECT_TRUE(was_cut) << "no commit was caught: the test shows nothing";
    const Answer last = asked.back().second.get();
    other->run_script("ALTER SYSTEM RESET synchronous_standby_names");
    other->run_script("SELECT pg_reload_conf()");
    EXPECT_TRUE(last.done()) << last.code;
    EXPECT_TRUE(last.replayed) << "it was there already";
    std::int64_t top_ups = 0;
    for (const auto& [command, future] : asked) {
        EXPECT_TRUE(f.ask(command).replayed);
        top_ups += command.body.is<TopUp>() ? 1 : 0;
    }
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 1'000 + top_ups);
    EXPECT_EQ(f.integer("SELECT count(*) FROM inbound_mail"), std::ssize(asked) - top_ups);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_F(PostgresFailure, a_writer_whose_epoch_has_ended_writes_nothing_more) {
    std::atomic<int> fenced = 0;
    FixtureOptions options;
    options.writer.epoch = 0;
    options.writer.on_fenced = [&fenced] { ++fenced; };
    ServiceFixture f{Engine::postgres, options};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.top_up(customer, 1'000);
    EXPECT_EQ(fenced, 0);
    const auto rows = [&f] {
        return f.integer(
            "SELECT (SELECT count(*) FROM payment) + (SELECT count(*) FROM transfer) + (SELECT count(*) FROM command) + "
            "(SELECT count(*) FROM customer) + (SELECT coalesce(sum(seq), 0) FROM cursor_position)");
    };
    f.run("UPDATE epoch SET epoch = 1, node = 'other'");
    const std::int64_t before = rows();
    const Command top_up = f.command(
        TopUp{.key = "late", .customer = customer, .amount_minor = 5, .currency = "CNY", .memo = "", .instrument = ""});
    EXPECT_EQ(f.ask(top_up).code, codes::unavailable);
    EXPECT_EQ(fenced, 1);
    EXPECT_EQ(f.ask(RegisterCustomer{.customer = f.fresh<CustomerId>().text(),
                                     .email = "zoe@example.org",
                                     .name = "Zoe",
                                     .language = "en",
                                     .zone = "UTC",
                                     .currencies = {"CNY"}})
                  .code,
              codes::unavailable);
    EXPECT_EQ(f.ask(ReadAccounts{{1}}).code, codes::unavailable) << "its balances may be old";
    EXPECT_EQ(fenced, 1);
    f.stop();
    EXPECT_EQ(rows(), before);

    Writer next{f.database(), f.context(), {.epoch = 1}};
    EXPECT_TRUE(submit(next, top_up).get().done());
    next.stop();
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST(Books, notice_that_the_ledger_moved_behind_their_back) {
    ServiceFixture f{Engine::sqlite};
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.top_up(customer, 1'000);
    f.stop();
    const auto connection = f.connect(store::Access::writer);
    const store::Transaction transaction{*connection};
    Books books{*connection};
    EXPECT_EQ(books.broken_invariant(), std::nullopt);
    const auto wallet = *books.wallet_of(customers::CustomerNo{customer}, money::Currency::cny);
    const money::Posting posting{.kind = money::TransferKind::single,
                                 .code = money::TransferCode::top_up,
                                 .debit = books.house_account(money::AccountKind::settlement_bank, money::Currency::cny),
                                 .credit = wallet,
                                 .amount = *money::Money::of_minor(5, money::Currency::cny),
                                 .pending_seq = 0,
                                 .expires_at = std::nullopt};
    ASSERT_TRUE(books.ledger().apply(std::span{&posting, 1}, 2, f.at()));
    EXPECT_NE(books.broken_invariant(), std::nullopt);
}

}  // namespace
}  // namespace okpay::service
