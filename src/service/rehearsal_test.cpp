// SPDX-License-Identifier: Apache-2.0
// A dry run answers as the real thing would, and leaves nothing: no row, no octet, no key, no balance, whatever stands
// beside it in the batch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <random>

#include "service/codec.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using ::testing::IsEmpty;

constexpr std::int64_t customers_count = 5;
constexpr std::int64_t merchants_count = 2;
constexpr int steps_count = 700;
constexpr int steps_one_by_one = 250;

// What people do, at random but for the seed. Payments are named by the rows that there may be by then.
class Life {
public:
    explicit Life(std::uint64_t seed) : random_{seed} {
        for (std::int64_t i = 1; i <= customers_count; ++i) {
            begin(RegisterCustomer{.customer = id<CustomerId>().text(),
                                   .email = fmt::format("c{}@example.org", i),
                                   .name = fmt::format("Customer {}", i),
                                   .language = "en",
                                   .zone = "UTC",
                                   .currencies =
                                       i == 1 ? std::vector<std::string>{"CNY"} : std::vector<std::string>{"CNY", "USD"}});
        }
        for (std::int64_t i = 1; i <= merchants_count; ++i) {
            begin(RegisterMerchant{.merchant = id<MerchantId>().text(),
                                   .name = fmt::format("Merchant {}", i),
                                   .api_key_hash = hex_of(std::string(32, static_cast<char>(i))),
                                   .currencies = {"CNY", "USD"}});
        }
    }
    [[nodiscard]] const std::vector<Command>& beginning() const { return beginning_; }

    std::int64_t below(std::int64_t count) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
    }

    Command step() {
        at_ += Millis{below(4'000'000)};
        const std::int64_t customer = 1 + below(customers_count);
        const Actor merchant{ActorKind::merchant, 1 + below(merchants_count)};
        const Actor self{ActorKind::customer, customer};
        const std::string currency = below(4) == 0 ? "USD" : "CNY";
        const std::int64_t amount = below(30) == 0 ? 0 : below(9'000);
        switch (below(12)) {
        case 0: return command(TopUp{key(), customer, amount * 4, currency, "top-up", "bank"}, {});
        case 1: return command(SendMoney{key(), customer, 1 + below(customers_count), amount, currency, "lunch"}, self);
        case 2:
            return command(ExchangeMoney{key(), customer, amount, currency, currency == "USD" ? "CNY" : "USD", amount},
                           self);
        case 3: return command(CapturePayment{key(), payment(), amount}, merchant);
        case 4: return command(CancelPayment{key(), payment()}, merchant);
        case 5:
        case 6:
            return command(
                Refund{.key = key(), .payment = payment(), .amount_minor = amount, .reason = "requested_by_customer"},
                merchant);
        case 7: return command(CollectTopUp{rail_request(customer, amount, currency)}, self);
        case 8: return command(Withdraw{rail_request(customer, amount, currency)}, self);
        case 9: return command(ExpireHolds{3}, {});
        default:
            return command(Pay{.key = key(),
                               .customer = customer,
                               .merchant = merchant.no,
                               .amount_minor = amount,
                               .currency = currency,
                               .order_ref = below(3) == 0 ? fmt::format("o{}", below(60)) : "",
                               .memo = "shop",
                               .instrument = "wallet",
                               .device = "phone",
                               .manual_capture = below(3) == 0,
                               .hold_ms = 1'000 + below(40'000'000)},
                           merchant);
        }
    }

private:
    template <class AnyId>
    AnyId id() {
        Bytes octets;
        append_u64(octets, random_());
        append_u64(octets, random_());
        return AnyId::of(at_, octets.substr(0, 10));
    }
    Command command(CommandBody body, Actor actor) { return {id<CommandId>(), at_, actor, std::move(body)}; }
    void begin(CommandBody body) { beginning_.push_back(command(std::move(body), {})); }
    // Now and then a key that was used.
    std::string key() { return fmt::format("k{}", below(12) == 0 ? below(keys_ + 1) : ++keys_); }
    std::int64_t payment() { return 1 + below(keys_ + 1); }
    RailRequest rail_request(std::int64_t customer, std::int64_t amount, const std::string& currency) {
        return {.key = key(),
                .customer = customer,
                .amount_minor = amount,
                .currency = currency,
                .instrument = "bank ····6819",
                .sealed_instrument = base64_of("sealed"),
                .instrument_hash = hex_of(std::string(32, 'h'))};
    }

    std::mt19937_64 random_;
    std::vector<Command> beginning_;
    Moment at_ = moment_of_ms(1'793'869'200'000);
    std::int64_t keys_ = 0;
};

payments::Tariff tight_tariff() {
    payments::Tariff tariff = payments::flat_tariff(60);
    tariff.limits.push_back(
        {payments::Operation::pay, payments::LimitWindow::day, std::nullopt, money::Currency::cny, 20'000, std::nullopt});
    return tariff;
}

Command rehearsed(Command command) {
    command.dry_run = true;
    return command;
}

// Every row of every table, in an order of its own.
std::vector<std::string> rows_of(store::Connection& connection) {
    const bool sqlite = connection.engine() == store::Engine::sqlite;
    std::vector<std::string> tables;
    connection.query(sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
                            : "SELECT CAST(table_name AS TEXT) FROM information_schema.tables "
                              "WHERE table_schema = current_schema() ORDER BY table_name",
                     {}, [&](const store::Row& row) { tables.push_back(row.string(0)); });
    std::vector<std::string> rows;
    for (const std::string& table : tables) {
        if (table == "epoch") continue;  // renewed by the clock
        const auto columns = connection
                                 .integer(sqlite ? "SELECT count(*) FROM pragma_table_info($1)"
                                                 : "SELECT count(*) FROM information_schema.columns "
                                                   "WHERE table_schema = current_schema() AND table_name = $1",
                                          {std::string_view{table}})
                                 .value();
        std::vector<std::string> of_table;
        connection.query("SELECT * FROM " + table, {}, [&](const store::Row& row) {
            std::string text = table;
            for (int i = 0; i < columns; ++i) text += row.is_null(i) ? "|-" : "|" + hex_of(row.text(i));
            of_table.push_back(std::move(text));
        });
        std::ranges::sort(of_table);
        rows.insert(rows.end(), of_table.begin(), of_table.end());
    }
    return rows;
}

std::string octets_of(const std::filesystem::path& directory) {
    std::string all;
    for (const char* name : {"okpay.db", "okpay.db-wal"}) {
        Bytes octets(std::filesystem::file_size(directory / name), '\0');
        std::ifstream{directory / name, std::ios::binary}.read(octets.data(), static_cast<std::streamsize>(octets.size()));
        all += view_of(sha256(octets));
    }
    return all;
}

std::string text_of(const Answer& answer) {
    std::string text = encode(answer);
    if (const auto& payment = answer.payment) {
        text += fmt::format(" {} {} {} {} {} {} {}", payment->seq, payment->id.text(), static_cast<int>(payment->state),
                            static_cast<int>(payment->refusal), payment->captured_minor, payment->fee_minor, payment->hold);
    }
    return text;
}

// The same life with dry runs in between and without them: nobody can tell the two apart afterwards.
void expect_undisturbed(store::Engine engine, std::uint64_t seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Life life{seed};
    std::vector<Command> real = life.beginning();
    std::vector<Command> mixed = real;
    std::vector<bool> is_real(mixed.size(), true);
    for (int i = 0; i < steps_count; ++i) {
        for (std::int64_t dry = life.below(3); dry > 0; --dry) {
            mixed.push_back(rehearsed(life.step()));
            is_real.push_back(false);
        }
        real.push_back(life.step());
        if (life.below(2) == 0) {  // and the same thing first tried, then done
            mixed.push_back(rehearsed(real.back()));
            is_real.push_back(false);
        }
        mixed.push_back(real.back());
        is_real.push_back(true);
    }
    FixtureOptions options;
    options.tariff = tight_tariff();
    options.writer.batch_commands_max = 37;
    const auto run = [&](const std::vector<Command>& commands, std::vector<std::string>& answers,
                         std::vector<std::string>& rows) {
        ServiceFixture fixture{engine, options};
        std::latch all_in{1};
        std::vector<std::future<Answer>> futures;
        fixture.writer().submit(fixture.command(ReadAccounts{}), [&all_in](const Answer&) { all_in.wait(); });
        for (const Command& command : commands) futures.push_back(okpay::testing::submit(fixture.writer(), command));
        all_in.count_down();
        for (auto& future : futures) answers.push_back(text_of(future.get()));
        fixture.stop();
        rows = rows_of(*fixture.connect());
        EXPECT_THAT(fixture.faults(), IsEmpty());
    };
    std::vector<std::string> answers_alone, answers_mixed, rows_alone, rows_mixed;
    run(real, answers_alone, rows_alone);
    run(mixed, answers_mixed, rows_mixed);
    std::size_t next = 0;
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        if (!is_real[i]) continue;
        ASSERT_EQ(answers_mixed[i], answers_alone[next]) << encode(mixed[i]);
        ++next;
    }
    EXPECT_EQ(rows_mixed, rows_alone);
}

TEST(Rehearsal, leaves_nothing_beside_real_commands_on_sqlite) {
    for (const std::uint64_t seed : {1ULL, 20'261'128ULL}) expect_undisturbed(store::Engine::sqlite, seed);
}

TEST(Rehearsal, leaves_nothing_beside_real_commands_on_postgres) {
    if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
    expect_undisturbed(store::Engine::postgres, 2);
}

TEST(Rehearsal, says_what_then_happens_and_writes_no_octet) {
    FixtureOptions options;
    options.tariff = tight_tariff();
    ServiceFixture fixture{store::Engine::sqlite, options};
    Life life{3};
    for (const Command& command : life.beginning()) ASSERT_TRUE(fixture.ask(command).done());
    std::map<std::string, int> seen;
    const auto reader = fixture.connect();
    for (int i = 0; i < steps_one_by_one; ++i) {
        const Command command = life.step();
        const std::string before = octets_of(fixture.directory());
        const Answer tried = fixture.ask(rehearsed(command));
        const bool silent = octets_of(fixture.directory()) == before;
        ASSERT_TRUE(silent) << encode(command);
        const std::int64_t head = reader->integer("SELECT coalesce(max(seq), 0) FROM transfer").value();
        const Answer made = fixture.ask(command);
        if (tried.code == codes::dry_run_not_possible) {
            ++seen["not possible"];
            continue;
        }
        ++seen[std::string{kind_of(command.body)} + " " + (made.replayed ? "replayed" : made.done() ? "done" : made.code)];
        ASSERT_EQ(tried.code, made.code) << encode(command);
        ASSERT_EQ(tried.detail, made.detail);
        ASSERT_EQ(tried.replayed, made.replayed);
        ASSERT_EQ(tried.payment == nullptr, made.payment == nullptr);
        if (made.payment != nullptr) ASSERT_EQ(text_of({.payment = tried.payment}), text_of({.payment = made.payment}));
        ASSERT_EQ(tried.rehearsal != nullptr, made.payment != nullptr && !made.replayed) << encode(command);
        ASSERT_EQ(made.rehearsal, nullptr);
        if (tried.rehearsal == nullptr) continue;
        std::vector<std::string> said, moved;
        for (const Rehearsal::Posting& posting : tried.rehearsal->postings) {
            said.push_back(fmt::format("{} {} {} {}", number_of(posting.account), posting.debit, posting.amount.minor(),
                                       posting.after_minor));
        }
        const std::int64_t last = reader->integer("SELECT coalesce(max(seq), 0) FROM transfer").value();
        for (std::int64_t seq = head + 1; seq <= last; ++seq) {
            const auto transfer = store::find_transfer(*reader, seq).value();
            moved.push_back(fmt::format("{} true {} {}", number_of(transfer.debit), transfer.amount, transfer.debit_after));
            moved.push_back(
                fmt::format("{} false {} {}", number_of(transfer.credit), transfer.amount, transfer.credit_after));
        }
        ASSERT_EQ(said, moved) << encode(command);
        if (!made.done()) continue;
        // What crosses to another node is what was said.
        const auto crossed = decode_answer(encode(tried));
        ASSERT_TRUE(crossed && crossed->rehearsal && crossed->payment);
        ASSERT_EQ(text_of(*crossed), text_of(tried));
        ASSERT_EQ(crossed->rehearsal->postings.size(), said.size());
    }
    // The life is worth its name.
    std::string summary;
    for (const auto& [what, count] : seen) summary += fmt::format("{} {}\n", what, count);
    for (const char* what :
         {"TopUp done", "Pay done", "Pay insufficient_funds", "SendMoney done", "SendMoney insufficient_funds",
          "CollectTopUp done", "CollectTopUp idempotency_key_reused", "Refund done", "Withdraw done", "not possible"}) {
        EXPECT_GT(seen[what], 0) << what << " in\n" << summary;
    }
}

TEST(Rehearsal, what_changes_more_than_money_is_not_tried) {
    ServiceFixture fixture{store::Engine::sqlite};
    for (CommandBody body : {CommandBody{ExpireHolds{1}}, CommandBody{TakeRailCalls{1, ""}}, CommandBody{SignOutStaff{""}},
                             CommandBody{ReadAccounts{}}}) {
        EXPECT_EQ(fixture.ask(rehearsed(fixture.command(std::move(body)))).code, codes::dry_run_not_possible);
    }
}

}  // namespace
}  // namespace okpay::service
