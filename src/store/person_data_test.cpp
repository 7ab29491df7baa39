// SPDX-License-Identifier: Apache-2.0
// Nothing is stored about a person that the list does not know: the real schema of both engines is walked, column by column.
// And what docs/privacy.md tells people is what the list says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "store/person_data.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

using ::testing::IsEmpty;

class PersonData : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgres && okpay::testing::postgres_missing()) {
            GTEST_SKIP() << *okpay::testing::postgres_missing();
        }
        temporary_.emplace(GetParam());
        connection_ = open(temporary_->database(), Access::writer);
        migrate(*connection_);
    }
    struct Found {
        bool may_be_null;
        bool octets;
    };
    // By "table.column", as the engine itself tells it.
    std::map<std::string, Found> schema() {
        std::map<std::string, Found> columns;
        const std::string_view sql =
            GetParam() == Engine::sqlite
                ? "SELECT m.name, c.name, CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN 1 ELSE 0 END, CASE c.type WHEN "
                  "'BLOB' "
                  "THEN 1 ELSE 0 END FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                  "m.name "
                  "NOT LIKE 'sqlite_%'"
                : "SELECT table_name::text, column_name::text, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END::bigint, CASE "
                  "data_type WHEN 'bytea' THEN 1 ELSE 0 END::bigint FROM information_schema.columns WHERE table_schema = "
                  "current_schema()";
        connection_->query(sql, {}, [&columns](const Row& row) {
            columns.emplace(fmt::format("{}.{}", row.text(0), row.text(1)), Found{row.integer(2) != 0, row.integer(3) != 0});
        });
        return columns;
    }

    std::optional<okpay::testing::TemporaryDatabase> temporary_;
    std::unique_ptr<Connection> connection_;
};

std::vector<PersonColumn> all_columns(const PersonTable& table) {
    std::vector<PersonColumn> columns;
    for (const std::string_view list : {table.shown, table.emptied, table.secret, table.inner}) {
        for (PersonColumn& column : columns_of(list)) columns.push_back(std::move(column));
    }
    return columns;
}

TEST_P(PersonData, every_column_of_the_schema_is_in_one_of_the_two_lists) {
    const auto schema = this->schema();
    ASSERT_GT(schema.size(), 300U);
    std::map<std::string, int> listed;
    std::set<std::string, std::less<>> tables;
    for (const PersonTable& table : person_data()) {
        EXPECT_TRUE(tables.emplace(table.table).second) << table.table << " twice";
        for (const PersonColumn& column : all_columns(table)) ++listed[fmt::format("{}.{}", table.table, column.name)];
    }
    for (const OtherTable& table : not_about_a_person()) {
        EXPECT_TRUE(tables.emplace(table.table).second) << table.table << " in both lists";
        EXPECT_FALSE(table.why.empty()) << table.table;
    }
    std::vector<std::string> unknown, twice, gone;
    for (const auto& [name, found] : schema) {
        const std::string table = name.substr(0, name.find('.'));
        const bool other = std::ranges::any_of(not_about_a_person(), [&](const OtherTable& o) { return o.table == table; });
        if (!other && !listed.contains(name)) unknown.push_back(name);
    }
    for (const auto& [name, times] : listed) {
        if (times > 1) twice.push_back(name);
        if (!schema.contains(name)) gone.push_back(name);
    }
    for (const std::string& table : tables) {
        if (schema.lower_bound(table + ".") == schema.end()) gone.push_back(table);
    }
    EXPECT_THAT(unknown, IsEmpty()) << "say in store/person_data.cpp what they are, and what an erasure does with them";
    EXPECT_THAT(twice, IsEmpty());
    EXPECT_THAT(gone, IsEmpty());
}

TEST_P(PersonData, the_forms_are_those_of_the_schema) {
    const auto schema = this->schema();
    for (const PersonTable& table : person_data()) {
        for (const PersonColumn& column : all_columns(table)) {
            const std::string name = fmt::format("{}.{}", table.table, column.name);
            const auto found = schema.find(name);
            ASSERT_TRUE(found != schema.end()) << name;
            EXPECT_EQ(found->second.may_be_null, column.may_be_null) << name;
            EXPECT_EQ(found->second.octets, column.form == "o" || column.form == "i") << name;
        }
    }
}

// Each condition is one that the engine understands, and finds nobody where there is nobody.
TEST_P(PersonData, nobody_is_erased_without_a_fault_and_nothing_is_left_of_nobody) {
    std::vector<std::string> doomed;
    erase_person_rows(*connection_, 1, moment_of_ms(5), [&](const std::string& blob) { doomed.push_back(blob); });
    erase_person_payment(*connection_, 1, 1);
    EXPECT_THAT(doomed, IsEmpty());
    std::vector<std::string> faults;
    each_erasure_fault(*connection_, [&](std::string fault) { faults.push_back(std::move(fault)); });
    EXPECT_THAT(faults, IsEmpty());
}

std::string row_of(const PersonTable& table) {
    const auto names = [](std::string_view list) {
        std::string text;
        for (const PersonColumn& column : columns_of(list)) text += (text.empty() ? "" : ", ") + column.name;
        return text;
    };
    std::string gone = names(table.emptied);
    const std::string secret = names(table.secret);
    if (!secret.empty()) gone += (gone.empty() ? "" : ", ") + secret;
    if (table.table == "customer") gone = "name and address become a number, language and zone what they are for everybody";
    return fmt::format("| `{}` | {} | {} | {} | {} |\n", table.table, table.what, name_of(table.ground),
                       name_of(table.retention),
                       table.removed  ? "the row"
                       : gone.empty() ? "–"
                                      : gone);
}

TEST(PersonDataPage, says_what_the_list_says) {
    std::string want = "| Table | What | Ground | Kept | Erased |\n| --- | --- | --- | --- | --- |\n";
    for (const PersonTable& table : person_data()) want += row_of(table);
    want += "\n| Table | Of no customer, because |\n| --- | --- |\n";
    for (const OtherTable& table : not_about_a_person()) want += fmt::format("| `{}` | {} |\n", table.table, table.why);
    std::ifstream file{OKPAY_SOURCE_DIR "/docs/privacy.md"};
    std::stringstream page;
    page << file.rdbuf();
    if (const char* to = std::getenv("OKPAY_PRIVACY_TABLE")) std::ofstream{to} << want;
    EXPECT_NE(page.str().find(want), std::string::npos)
        << "put this into docs/privacy.md (OKPAY_PRIVACY_TABLE=file writes it):\n"
        << want;
}

INSTANTIATE_TEST_SUITE_P(Engines, PersonData, ::testing::Values(Engine::sqlite, Engine::postgres),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::store
