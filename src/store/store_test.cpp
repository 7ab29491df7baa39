// SPDX-License-Identifier: Apache-2.0
// The contract of the store, run on both engines: what one does the other does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "base/clock.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"
#include "store/ledger_store.hpp"
#include "store/once_index.hpp"
#include "store/people_store.hpp"
#include "store/rail_store.hpp"
#include "store/row_appender.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

class StoreContract : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        temporary_.emplace(GetParam());
        connection_ = open(temporary_->database(), Access::writer);
        migrate(*connection_);
    }
    std::optional<okpay::testing::TemporaryDatabase> temporary_;
    std::unique_ptr<Connection> connection_;
    const OnceIndex::ConnectionWhenNeeded here = [this]() -> Connection& { return *connection_; };
};

TEST_P(StoreContract, gives_back_every_kind_of_value) {
    connection_->run_script(GetParam() == Engine::sqlite ? "CREATE TABLE probe (a BIGINT, b TEXT, c BLOB)"
                                                         : "CREATE TABLE probe (a BIGINT, b TEXT, c BYTEA)");
    const Bytes octets{"\0\1\377'\\", 5};
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    connection_->execute("INSERT INTO probe (a, b, c) VALUES ($1, $2, $3)",
                         {least, std::string_view{"退款 '\\"}, Octets{octets}});
    connection_->execute("INSERT INTO probe (a, b, c) VALUES ($1, $2, $3)", {nullptr, std::string_view{}, nullptr});
    constexpr std::array<std::string_view, 3> columns{"a", "b", "c"};
    const std::array<std::array<Value, 3>, 2> rows{
        {{std::int64_t{7}, std::string_view{"x"}, Octets{octets}}, {nullptr, nullptr, nullptr}}};
    connection_->append(
        {.table = "probe",
         .columns = columns,
         .count = rows.size(),
         .fill = [&rows](std::size_t row, std::span<Value> into) { std::ranges::copy(rows[row], into.begin()); }});
    std::vector<std::string> seen;
    connection_->query("SELECT a, b, c FROM probe", {}, [&](const Row& row) {
        seen.push_back((row.is_null(0) ? "null" : std::to_string(row.integer(0))) + "|" +
                       (row.is_null(1) ? "null" : row.string(1)) + "|" + (row.is_null(2) ? "null" : hex_of(row.text(2))));
    });
    EXPECT_THAT(seen, ::testing::ElementsAre(std::to_string(least) + "|退款 '\\|0001ff275c", "null||null", "7|x|0001ff275c",
                                             "null|null|null"));
    EXPECT_EQ(connection_->execute("UPDATE probe SET a = 1 WHERE a IS NULL"), 2);
}

TEST_P(StoreContract, forgets_what_was_not_committed) {
    {
        Transaction transaction{*connection_};
        set_cursor(*connection_, "balances", 5);
    }
    EXPECT_EQ(cursor(*connection_, "balances"), 0);
    {
        Transaction transaction{*connection_};
        set_cursor(*connection_, "balances", 6);
        ASSERT_TRUE(transaction.commit());
    }
    EXPECT_EQ(cursor(*connection_, "balances"), 6);
}

TEST_P(StoreContract, a_failed_statement_names_itself_and_leaves_the_connection_usable) {
    {
        Transaction transaction{*connection_};
        EXPECT_THROW(connection_->execute("INSERT INTO nowhere (a) VALUES (1)"), StorageFailure);
    }
    EXPECT_EQ(connection_->integer("SELECT count(*) FROM payment"), 0);
}

TEST_P(StoreContract, a_reader_cannot_write) {
    const auto reader = open(temporary_->database(), Access::reader);
    EXPECT_THROW(reader->execute("DELETE FROM payment"), StorageFailure);
}

TEST_P(StoreContract, refuses_a_database_of_a_newer_program) {
    connection_->run_script("UPDATE meta SET value = '999' WHERE name = 'schema_version'");
    EXPECT_THROW(migrate(*connection_), StorageFailure);
}

// What a program before payouts left: calls of customers alone, in a table that could name nobody else.
TEST_P(StoreContract, calls_of_an_older_program_stay_what_they_were) {
    okpay::testing::TemporaryDatabase older{GetParam()};
    const auto connection = open(older.database(), Access::writer);
    constexpr std::int64_t before_payouts = 6;
    migrate(*connection, before_payouts);
    EXPECT_EQ(schema_version_of(*connection), before_payouts);
    insert_customer(*connection, {.no = customers::CustomerNo{1},
                                  .id = {},
                                  .email = "li@example.org",
                                  .name = "Li",
                                  .language = "en",
                                  .zone = "UTC",
                                  .created = {}});
    connection->execute(
        "INSERT INTO rail_call (payment, customer, direction, state, amount, currency, instrument, sealed_instrument, "
        "rail_reference, detail, inquiries, inquiring, next_at, sent_at, ticket, created, updated) "
        "VALUES (7, 1, 2, 3, 1250, 156, 'bank', $1, 'R1', 'silent', 4, 1, 900, 100, 0, 50, 800)",
        {Octets{"sealed"}});
    migrate(*connection);
    EXPECT_EQ(schema_version_of(*connection), schema_version);
    const auto call = find_rail_call(*connection, 7);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->customer, customers::CustomerNo{1});
    EXPECT_EQ(call->merchant, std::nullopt);
    EXPECT_EQ(call->direction, payments::RailDirection::pay_out);
    EXPECT_EQ(call->state, payments::RailCallState::unknown);
    EXPECT_EQ(call->amount, money::Money::of_minor(1'250, money::Currency::cny).value());
    EXPECT_EQ(call->sealed_instrument, "sealed");
    EXPECT_EQ(call->inquiries, 4);
    EXPECT_TRUE(call->inquiring);
    EXPECT_EQ(call->next_at, moment_of_ms(900));
    EXPECT_EQ(live_rail_calls_of(*connection, customers::CustomerNo{1}).size(), 1U);
    EXPECT_EQ(due_rail_calls(*connection, moment_of_ms(900), 10).size(), 1U);
    EXPECT_THROW(connection->execute("INSERT INTO rail_call SELECT * FROM rail_call"), StorageFailure) << "one a payment";
}

TEST_P(StoreContract, transfers_and_audit_rows_are_never_changed) {
    const money::Transfer transfer{.seq = 1,
                                   .payment = 1,
                                   .kind = money::TransferKind::single,
                                   .code = money::TransferCode::top_up,
                                   .debit = money::AccountNo{1},
                                   .credit = money::AccountNo{2},
                                   .currency = money::Currency::eur,
                                   .amount = 5,
                                   .at = moment_of_ms(1),
                                   .debit_after = -5,
                                   .credit_after = 5,
                                   .debit_prev = 0,
                                   .credit_prev = 0,
                                   .hash = sha256("x")};
    append_transfers(*connection_, std::span{&transfer, 1});
    EXPECT_EQ(find_transfer(*connection_, 1), transfer);
    EXPECT_THROW(connection_->execute("UPDATE transfer SET amount = 6 WHERE seq = 1"), StorageFailure);
    EXPECT_THROW(connection_->execute("DELETE FROM transfer WHERE seq = 1"), StorageFailure);
}

// Some of these go together in one statement and the rest one by one.
TEST_P(StoreContract, appends_and_overwrites_any_number_of_rows) {
    for (const std::int64_t count : {0, 1, 31, 32, 33, 64, 100}) {
        SCOPED_TRACE(count);
        connection_->execute("DELETE FROM account", {});
        const auto balances = [&] {
            std::vector<std::int64_t> seen;
            connection_->query("SELECT no, debits_posted FROM account ORDER BY no", {}, [&seen](const Row& row) {
                EXPECT_EQ(row.integer(0), std::ssize(seen) + 1);
                seen.push_back(row.integer(1));
            });
            return seen;
        };
        std::vector<money::Account> accounts(static_cast<std::size_t>(count));
        for (std::int64_t no = 1; no <= count; ++no) {
            accounts[static_cast<std::size_t>(no - 1)] = {.no = money::AccountNo{no},
                                                          .currency = *money::currency_of_code("CNY"),
                                                          .kind = money::AccountKind::customer_wallet,
                                                          .debits_posted = no * 3};
        }
        std::vector<std::int64_t> expected;
        for (std::int64_t no = 1; no <= count; ++no) expected.push_back(no * 3);
        write_accounts(*connection_, accounts);
        EXPECT_EQ(balances(), expected);
        for (money::Account& account : accounts) account.debits_posted += 1'000;
        for (std::int64_t& balance : expected) balance += 1'000;
        write_accounts(*connection_, accounts);
        EXPECT_EQ(balances(), expected);
    }
}

std::vector<payments::Payment> payments_from(std::int64_t first, std::int64_t count) {
    std::vector<payments::Payment> made;
    for (std::int64_t seq = first; seq < first + count; ++seq) {
        made.push_back({.seq = seq,
                        .kind = payments::PaymentKind::merchant_payment,
                        .state = payments::PaymentState::succeeded,
                        .amount = money::Money::of_minor(seq, *money::currency_of_code("CNY")).value(),
                        .memo = "memo " + std::to_string(seq)});
    }
    return made;
}

TEST_P(StoreContract, rows_are_appended_on_a_thread_of_their_own) {
    RowAppender appender{*connection_};
    EXPECT_TRUE(appender.is_idle());
    appender.finish();  // of nothing
    std::vector<money::Transfer> none;
    for (int round = 0; round < 20; ++round) {
        Transaction transaction{*connection_};
        auto rows = payments_from(round * 100 + 1, 100);
        appender.start(rows, none);
        EXPECT_TRUE(rows.empty());
        appender.finish();
        EXPECT_TRUE(appender.is_idle());
        EXPECT_EQ(connection_->integer("SELECT count(*) FROM payment"), (round + 1) * 100);
        ASSERT_TRUE(transaction.commit());
    }
    EXPECT_EQ(find_payment(*connection_, 1'234)->memo, "memo 1234");
}

TEST_P(StoreContract, what_rows_failed_of_is_told_once_to_who_waits) {
    std::vector<money::Transfer> none;
    {
        Transaction transaction{*connection_};
        append_payments(*connection_, payments_from(150, 1));
        ASSERT_TRUE(transaction.commit());
    }
    {
        RowAppender appender{*connection_};
        Transaction transaction{*connection_};
        auto rows = payments_from(100, 100);  // the fifty-first is there
        appender.start(rows, none);
        EXPECT_THROW(appender.finish(), StorageFailure);
        EXPECT_NO_THROW(appender.finish());
    }
    {
        RowAppender appender{*connection_};
        Transaction transaction{*connection_};
        auto rows = payments_from(100, 100);
        appender.start(rows, none);
        appender.wait_quietly();
        EXPECT_FALSE(appender.is_idle()) << "nothing is taken until the failure was told";
        EXPECT_THROW(appender.finish(), StorageFailure);
    }
    {
        const RowAppender unused{*connection_};
        RowAppender dropped{*connection_};
        auto rows = payments_from(1, 1);
        dropped.start(rows, none);
    }
    EXPECT_EQ(connection_->integer("SELECT count(*) FROM payment"), 2);
}

TEST_P(StoreContract, the_once_index_forgets_what_is_taken_out_and_nothing_else) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    OnceIndex index;
    index.load(*connection_);
    std::vector<std::pair<std::uint64_t, std::int64_t>> there;
    for (std::int64_t payment = 1; payment < 6'000; ++payment) {
        // Neighbours in the array, so that gaps are closed over them: also around its end.
        const std::uint64_t high = random() % 3 == 0 ? 63 : random() % 64;
        there.emplace_back(high << 58U | random() % 4, payment);
        index.insert(there.back().first, payment);
        if (random() % 3 != 0) continue;
        const std::size_t out = random() % there.size();
        index.erase(there[out].first, there[out].second);
        there.erase(there.begin() + static_cast<std::ptrdiff_t>(out));
    }
    std::map<std::uint64_t, std::set<std::int64_t>> expected;
    for (const auto& [key, payment] : there) expected[key].insert(payment);
    for (std::uint64_t high = 0; high < 64; ++high) {
        for (std::uint64_t low = 0; low < 4; ++low) {
            const auto found = index.candidates(high << 58U | low, here);
            ASSERT_EQ(std::set(found.begin(), found.end()), expected[high << 58U | low]);
        }
    }
}

TEST_P(StoreContract, the_once_index_finds_every_key_after_sealing_and_a_restart) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    OnceIndex index{300};
    EXPECT_EQ(index.load(*connection_), 0);
    std::vector<std::pair<std::uint64_t, std::int64_t>> keys;
    std::int64_t payment = 0;
    const auto add_payments = [&](OnceIndex& to, int count) {
        for (int i = 0; i < count; ++i) {
            ++payment;
            // Few distinct keys here and there, so that equal ones straddle a block's edge.
            keys.emplace_back(random() % 10 == 0 ? random() % 3 : random(), payment);
            to.insert(keys.back().first, payment);
        }
        to.complete(payment);
        to.wait_until_sorted();
        Transaction transaction{*connection_};
        to.write_slice(*connection_, 100);
        ASSERT_TRUE(transaction.commit());
    };
    const auto check_all = [&](const OnceIndex& in) {
        for (const auto& [key, seq] : keys) {
            const auto found = in.candidates(key, here);
            ASSERT_NE(std::ranges::find(found, seq), found.end()) << "payment " << seq;
        }
        for (int i = 0; i < 2'000; ++i) {
            const std::uint64_t key = random() | (1ULL << 63U) | 1U;
            const bool known = std::ranges::any_of(keys, [key](const auto& k) { return k.first == key; });
            ASSERT_EQ(in.candidates(key, here).empty(), !known);
        }
    };
    for (int round = 0; round < 60; ++round) add_payments(index, 25);
    check_all(index);
    EXPECT_GT(index.sealed_blocks(), 2U);
    for (int restart = 0; restart < 3; ++restart) {
        OnceIndex again{300};
        const std::int64_t sealed = again.load(*connection_);
        EXPECT_GT(sealed, 0);
        for (const auto& [key, seq] : keys) {
            if (seq > sealed) again.insert(key, seq);
        }
        again.complete(payment);
        check_all(again);
        add_payments(again, 40);
        check_all(again);
    }
}

TEST_P(StoreContract, a_damaged_once_index_is_refused_with_a_word) {
    OnceIndex index{300};
    index.load(*connection_);
    for (std::int64_t payment = 1; payment <= 300; ++payment) {
        index.insert(read_u64(view_of(sha256(std::to_string(payment)))), payment);
    }
    index.complete(300);
    index.wait_until_sorted();
    for (int slice = 0; slice < 2; ++slice) {
        Transaction transaction{*connection_};
        index.write_slice(*connection_, OnceIndex::block_keys);
        ASSERT_TRUE(transaction.commit());
    }
    ASSERT_EQ(index.sealed_blocks(), 2U);
    const bool sqlite = GetParam() == Engine::sqlite;
    const std::string_view zeros = sqlite ? "zeroblob(32)" : "decode(repeat('00', 32), 'hex')";
    struct Case {
        std::string_view name;
        std::string sql;
    };
    const std::vector<Case> cases{
        {"an empty block", sqlite ? "UPDATE once_block SET keys = x'' WHERE id = 1" : "UPDATE once_block SET keys = ''"},
        {"half an entry", "UPDATE once_block SET keys = substr(keys, 1, 24) WHERE id = 1"},
        {"more than a block holds", "UPDATE once_block SET keys = keys || keys WHERE id = 1"},
        {"zeros where entries were",
         "UPDATE once_block SET keys = substr(keys, 1, 32) || " + std::string{zeros} + " || substr(keys, 65) WHERE id = 2"},
        {"a payment that is not sealed yet", "UPDATE cursor_position SET seq = 299 WHERE name = 'once_payments'"},
        {"the first block missing", "DELETE FROM once_block WHERE id = 1; UPDATE once_block SET run = 2"},
        {"blocks of another run", "UPDATE once_block SET run = 0"},
        {"a block moved away", "UPDATE once_block SET id = 9 WHERE id = 2"},
        {"all blocks missing", "DELETE FROM once_block"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const Transaction undone{*connection_};
        connection_->run_script(c.sql);
        OnceIndex damaged{300};
        try {
            damaged.load(*connection_);
            ADD_FAILURE() << "was loaded";
        } catch (const StorageFailure& failure) {
            EXPECT_EQ(failure.fault(), StorageFault::corrupt);
            EXPECT_THAT(failure.what(), ::testing::HasSubstr("index of idempotency keys is damaged"));
        }
    }
    OnceIndex again{300};
    EXPECT_EQ(again.load(*connection_), 300);
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreContract, ::testing::Values(Engine::sqlite, Engine::postgres),
                         [](const auto& given) { return given.param == Engine::sqlite ? "sqlite" : "postgres"; });

TEST(Keyring, unseals_what_it_sealed_and_nothing_else) {
    const Keyring keyring{Secret{random_octets(32)}};
    auto object = keyring.seal_object("raw mail", "mail");
    EXPECT_EQ(keyring.unseal_object(object.sealed, object.wrapped_key, "mail"), "raw mail");
    EXPECT_EQ(keyring.unseal_object(object.sealed, object.wrapped_key, "other purpose"), std::nullopt);
    const Keyring other{Secret{random_octets(32)}};
    EXPECT_EQ(other.unseal_object(object.sealed, object.wrapped_key, "mail"), std::nullopt);
    object.sealed[40] = static_cast<char>(object.sealed[40] ^ 1);
    EXPECT_EQ(keyring.unseal_object(object.sealed, object.wrapped_key, "mail"), std::nullopt);
}

TEST(Keyring, a_new_root_opens_what_older_ones_sealed_and_an_older_ring_nothing_of_the_new_one) {
    const Secret first = fresh_key(), second = fresh_key();
    const Keyring old{first}, both{Secret{first.reveal() + second.reveal()}};
    const auto object = old.seal_object("raw mail", "mail");
    const Bytes small = old.seal("code", "totp");
    EXPECT_EQ(both.unseal_object(object.sealed, object.wrapped_key, "mail"), "raw mail");
    EXPECT_EQ(both.unseal(small, "totp"), "code");
    const auto wrapped = both.wrap_again(object.wrapped_key, "mail");
    const auto sealed = both.seal_again(small, "totp");
    ASSERT_TRUE(wrapped && sealed);
    EXPECT_EQ(Keyring::generation_of(object.wrapped_key), 1U);
    EXPECT_EQ(Keyring::generation_of(*wrapped), 2U);
    EXPECT_EQ(both.unseal_object(object.sealed, *wrapped, "mail"), "raw mail");
    EXPECT_EQ(both.unseal(*sealed, "totp"), "code");
    EXPECT_EQ(old.unseal_object(object.sealed, *wrapped, "mail"), std::nullopt);
    EXPECT_EQ(old.unseal(*sealed, "totp"), std::nullopt);
    EXPECT_EQ((Keyring{Secret{fresh_key().reveal() + second.reveal()}}.unseal(*sealed, "totp")),
              "code");  // no older root is needed for it
    EXPECT_EQ(both.wrap_again(object.wrapped_key, "other purpose"), std::nullopt);
    EXPECT_EQ(both.derived("x"), old.derived("x"));
    for (const std::string_view strange : {"", "\3xxxx", "\2", "\2\0\0"})
        EXPECT_EQ(Keyring::generation_of(strange), 0U) << hex_of(strange);
}

TEST(Keyring, makes_its_file_once_and_only_for_its_owner) {
    const okpay::testing::TemporaryDirectory directory;
    const auto file = directory.path() / "data.key";
    bool created = false;
    const auto first = load_or_create_master_key(file, created);
    ASSERT_TRUE(first && created);
    const auto second = load_or_create_master_key(file, created);
    ASSERT_TRUE(second && !created);
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(std::filesystem::status(file).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Files, a_data_directory_has_one_owner) {
    const okpay::testing::TemporaryDirectory directory;
    auto first = DataDirectory::own(directory.path() / "data");
    ASSERT_TRUE(first);
    EXPECT_EQ(DataDirectory::own(directory.path() / "data").error(), DirectoryError::owned_by_another_process);
    { const DataDirectory moved = *std::move(first); }
    EXPECT_TRUE(DataDirectory::own(directory.path() / "data"));
}

TEST(Files, a_blob_that_was_changed_is_not_given_out) {
    const okpay::testing::TemporaryDirectory directory;
    const BlobStore blobs{directory.path()};
    const auto name = blobs.put("sealed octets");
    ASSERT_TRUE(name);
    EXPECT_EQ(blobs.get(*name), "sealed octets");
    ASSERT_TRUE(write_file_durably(blobs.path_of(*name), "other octets!", 0600));
    EXPECT_EQ(blobs.get(*name), std::nullopt);
    EXPECT_EQ(blobs.get(std::string(64, '0')), std::nullopt);
}

}  // namespace
}  // namespace okpay::store
