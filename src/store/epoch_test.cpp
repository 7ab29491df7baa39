// SPDX-License-Identifier: Apache-2.0
// The row of the epoch at a real PostgreSQL: who takes over waits for nobody.
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "store/epoch.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

class EpochRow : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        data_.emplace(Engine::postgres, okpay::testing::TemporaryDatabase::Migrated{});
    }
    [[nodiscard]] std::unique_ptr<Connection> connect() const { return open(data_->database(), Access::writer); }
    std::optional<okpay::testing::TemporaryDatabase> data_;
};

TEST_F(EpochRow, is_renewed_by_its_holder_and_by_nobody_else) {
    const auto first = connect();
    const auto second = connect();
    EXPECT_GT(read_epoch(*first).age_ms, 3'000) << "nobody holds it yet";
    ASSERT_TRUE(take_epoch(*first, 0, "first", "127.0.0.1:1"));
    EXPECT_EQ(read_epoch(*second).epoch, 1);
    EXPECT_EQ(read_epoch(*second).address, "127.0.0.1:1");
    EXPECT_LT(read_epoch(*second).age_ms, 60'000);
    EXPECT_FALSE(take_epoch(*second, 0, "second", "127.0.0.1:2")) << "it was raised meanwhile";
    ASSERT_TRUE(take_epoch(*second, 1, "second", "127.0.0.1:2"));
    EXPECT_FALSE(renew_epoch(*first, 1));
    EXPECT_TRUE(renew_epoch(*second, 2));
    give_epoch_back(*first, 1);
    EXPECT_LT(read_epoch(*second).age_ms, 60'000) << "it was not the first's to give";
    give_epoch_back(*second, 2);
    EXPECT_GT(read_epoch(*first).age_ms, 60'000);
}

// As a process that was stopped between two blocks of rows: the server waits for the rest, and no timeout of its own ends
// that.
TEST_F(EpochRow, of_a_writer_that_froze_inside_a_statement_can_be_taken) {
    const auto frozen = connect();
    ASSERT_TRUE(take_epoch(*frozen, 0, "frozen", ""));
    bear_epoch(*frozen, 1);
    std::latch in_copy{1};
    std::latch thaws{1};
    bool failed = false;
    std::thread writes{[&] {
        constexpr std::array<std::string_view, 2> columns{"name", "seq"};
        try {
            frozen->begin();
            ASSERT_TRUE(renew_epoch(*frozen, 1));
            frozen->append({.table = "cursor_position", .columns = columns, .count = 1, .fill = [&](std::size_t, auto into) {
                                into[0] = std::string_view{"frozen"};
                                into[1] = std::int64_t{1};
                                in_copy.count_down();
                                thaws.wait();
                            }});
            (void)frozen->commit();
        } catch (const StorageFailure&) { failed = true; }
    }};
    in_copy.wait();
    const auto next = connect();
    next->run_script("SET lock_timeout = '20s'");  // a fault shows as an error, not as a test that hangs
    bool taken = false;
    EXPECT_NO_THROW(taken = take_epoch(*next, 1, "next", ""));
    EXPECT_TRUE(taken);
    thaws.count_down();
    writes.join();
    EXPECT_TRUE(failed) << "it wrote under an epoch that had ended";
    EXPECT_EQ(next->integer("SELECT count(*) FROM cursor_position WHERE name = 'frozen'"), 0);
}

TEST_F(EpochRow, is_taken_without_ending_whoever_else_is_connected) {
    const auto reader = open(data_->database(), Access::reader);
    const auto other = connect();
    const auto later = connect();
    bear_epoch(*later, 5);
    const auto next = connect();
    ASSERT_TRUE(take_epoch(*next, 0, "next", ""));
    EXPECT_TRUE(reader->is_usable() && other->is_usable() && later->is_usable());
    EXPECT_EQ(reader->integer("SELECT count(*) FROM epoch"), 1);
    EXPECT_EQ(later->integer("SELECT count(*) FROM epoch"), 1);
}

}  // namespace
}  // namespace okpay::store
