// SPDX-License-Identifier: Apache-2.0
// The serving role of PostgreSQL, at a real server: what it cannot do is refused by the server and not by us.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_store.hpp"
#include "store/roles.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

using ::testing::HasSubstr;

class ServingRole : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        data_.emplace(Engine::postgres);
        owner_ = open(data_->database(), Access::writer);
        migrate(*owner_);
        // A role is the whole server's: each test has one of its own.
        role_ = "serving_\"" + std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()};
        std::string quoted;
        owner_->query("SELECT quote_ident($1::text)::text", {std::string_view{role_}},
                      [&](const Row& row) { quoted = row.string(0); });
        owner_->run_script("CREATE ROLE " + quoted + " LOGIN");
        grant_serving_role(*owner_, role_);
        serving_ = open(data_->database(), Access::writer);
        serving_->run_script("SET SESSION AUTHORIZATION " + quoted);
        serving_->execute(
            "INSERT INTO audit (seq, at, actor, action, object, detail, ledger_seq, ledger_hash, hash) VALUES (1, 0, "
            "'staff:1', "
            "'sign_in', 'staff:1', '{}', 0, $1, $1)",
            {Octets{std::string_view{"0123456789abcdef0123456789abcdef"}}});
    }
    std::string refusal(const std::string& sql) {
        try {
            serving_->run_script(sql);
        } catch (const StorageFailure& failure) { return failure.what(); }
        return "done";
    }
    std::optional<okpay::testing::TemporaryDatabase> data_;
    std::unique_ptr<Connection> owner_, serving_;
    std::string role_;
};

TEST_F(ServingRole, adds_to_the_audit_log_and_cannot_change_it) {
    EXPECT_EQ(role_of(*serving_), role_);
    EXPECT_EQ(serving_->integer("SELECT count(*) FROM audit"), 1);
    for (const char* sql : {"UPDATE audit SET actor = 'staff:2'", "DELETE FROM audit", "TRUNCATE audit",
                            "UPDATE transfer SET amount = 1", "DELETE FROM lock_event", "TRUNCATE identity_view"})
        EXPECT_THAT(refusal(sql), HasSubstr("permission denied")) << sql;
    // Nor take away what stands in the way.
    for (const char* sql : {"DROP TRIGGER audit_UPDATE_refused ON audit", "ALTER TABLE audit DISABLE TRIGGER ALL",
                            "ALTER TABLE audit DROP COLUMN detail", "DROP TABLE audit"})
        EXPECT_THAT(refusal(sql), HasSubstr("must be owner")) << sql;
    for (const char* sql : {"CREATE TABLE other (a BIGINT)", "SET session_replication_role = replica",
                            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                            "$$ BEGIN RETURN NEW; END $$"})
        EXPECT_THAT(refusal(sql), ::testing::AnyOf(HasSubstr("permission denied"), HasSubstr("must be owner"))) << sql;
    EXPECT_EQ(serving_->integer("SELECT count(*) FROM audit WHERE actor = 'staff:1'"), 1);
}

TEST_F(ServingRole, does_what_serving_needs) {
    EXPECT_FALSE(may_change_history(*serving_));
    EXPECT_TRUE(may_change_history(*owner_));
    EXPECT_EQ(serving_->execute("UPDATE epoch SET epoch = epoch + 1 WHERE id = 1"), 1);
    set_cursor(*serving_, "balances", 5);
    EXPECT_EQ(serving_->execute("DELETE FROM cursor_position"), 1);
    EXPECT_EQ(schema_version_of(*serving_), schema_version);
}

TEST_F(ServingRole, loses_rights_that_somebody_gave_by_hand_at_the_next_migration) {
    owner_->run_script("GRANT UPDATE ON audit TO PUBLIC");
    EXPECT_TRUE(may_change_history(*serving_));
    grant_serving_role(*owner_, role_);
    EXPECT_FALSE(may_change_history(*serving_));
}

}  // namespace
}  // namespace okpay::store
