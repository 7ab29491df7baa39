// SPDX-License-Identifier: Apache-2.0
#include "store/person_data.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "store/impl/person_tables.hpp"

namespace okpay::store {
namespace {

// An erased customer's row: a number that still says whose the books' rows are, and nothing that leads to a person.
constexpr std::string_view pseudonym =
    "UPDATE customer SET email = $2, name = $3, language = 'en', zone = 'UTC', erased = $4 WHERE no = $1";
constexpr std::string_view pseudonym_kept =
    "SELECT no FROM customer WHERE erased IS NOT NULL AND (email <> 'erased-' || no || '@erased.invalid' OR name <> 'erased "
    "' "
    "|| no OR language <> 'en' OR zone <> 'UTC')";

std::string joined(std::string_view first, std::string_view second) {
    return fmt::format("{}{}{}", first, first.empty() || second.empty() ? "" : " ", second);
}

std::vector<PersonColumn> emptied_columns(const PersonTable& table) {
    return columns_of(joined(table.emptied, table.secret));
}

std::string emptied_rows(const PersonTable& table) {
    return table.rows_emptied.empty() ? std::string{table.rows} : fmt::format("{} AND {}", table.rows, table.rows_emptied);
}

void empty_columns(Connection& connection, const PersonTable& table, std::initializer_list<Value> key) {
    std::string set;
    std::vector<Value> parameters{key};
    for (const PersonColumn& column : emptied_columns(table)) {
        std::string to;
        if (column.may_be_null) {
            to = "NULL";
        } else if (column.form == "o") {
            parameters.emplace_back(Octets{});
            to = fmt::format("${}", parameters.size());
        } else {
            to = column.form == "j" ? "'{}'" : column.form == "t" ? "''" : "0";
        }
        set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column.name, to);
    }
    if (set.empty()) return;
    connection.execute(fmt::format("UPDATE {} SET {} WHERE {}", table.table, set, emptied_rows(table)), parameters);
}

}  // namespace

std::span<const PersonTable> person_data() { return person_tables; }

std::vector<PersonColumn> columns_of(std::string_view list) {
    std::vector<PersonColumn> columns;
    for (std::string_view word : split(list, ' ')) {
        if (word.empty()) continue;
        const bool may_be_null = word.ends_with('?');
        if (may_be_null) word.remove_suffix(1);
        const auto slash = word.find('/');
        columns.push_back({std::string{word.substr(0, slash)}, std::string{word.substr(slash + 1)}, may_be_null});
    }
    return columns;
}

std::string_view name_of(Ground ground) {
    switch (ground) {
    case Ground::contract: return "contract";
    case Ground::law: return "law";
    case Ground::security: return "security";
    }
    std::abort();
}

std::string_view name_of(Retention retention) {
    switch (retention) {
    case Retention::person: return "person";
    case Retention::brief: return "brief";
    case Retention::decision: return "decision";
    case Retention::books: return "books";
    }
    std::abort();
}

void erase_person_rows(Connection& connection, std::int64_t customer, Moment at,
                       const std::function<void(const std::string& blob)>& doom) {
    // Letters that wait are not sent any more; what is on its way at this moment may still arrive.
    connection.execute("UPDATE outgoing_mail SET state = 4, updated = $2 WHERE state = 1 AND (ticket IN " OKPAY_TICKETS
                       " OR recipient IN " OKPAY_ADDRESSES ")",
                       {customer, ms_of(at)});
    connection.execute("UPDATE case_access SET ended = $2 WHERE customer = $1 AND ended IS NULL", {customer, ms_of(at)});
    for (const PersonTable& table : person_tables) {
        if (table.by != RowsBy::customer) continue;
        if (table.removed) {
            connection.execute(fmt::format("DELETE FROM {} WHERE {}", table.table, table.rows), {customer});
            continue;
        }
        if (table.key) {
            std::vector<std::pair<std::int64_t, std::optional<std::string>>> sealed;
            connection.query(fmt::format("SELECT no, blob FROM {} WHERE {}", table.table, table.rows), {customer},
                             [&sealed](const Row& row) {
                                 sealed.emplace_back(row.integer(0),
                                                     row.is_null(1) ? std::nullopt : std::optional{row.string(1)});
                             });
            for (const auto& [no, blob] : sealed) {
                erase_object_key(connection, *table.key, no, at);
                if (blob) doom(*blob);
            }
        }
        empty_columns(connection, table, {customer});
    }
    const std::string email = fmt::format("erased-{}@erased.invalid", customer);
    const std::string name = fmt::format("erased {}", customer);
    connection.execute(pseudonym, {customer, std::string_view{email}, std::string_view{name}, ms_of(at)});
}

void erase_person_payment(Connection& connection, std::int64_t customer, std::int64_t payment) {
    for (const PersonTable& table : person_tables) {
        if (table.by == RowsBy::payment) empty_columns(connection, table, {customer, payment});
    }
}

void each_erasure_fault(Connection& connection, const std::function<void(std::string)>& tell) {
    std::vector<std::int64_t> erased;
    connection.query("SELECT no FROM customer WHERE erased IS NOT NULL ORDER BY no", {},
                     [&erased](const Row& row) { erased.push_back(row.integer(0)); });
    for (const std::int64_t customer : erased) {
        for (const PersonTable& table : person_tables) {
            if (table.by != RowsBy::customer) continue;
            std::string left;
            for (const PersonColumn& column : emptied_columns(table)) {
                const std::string one = column.may_be_null   ? fmt::format("{} IS NOT NULL", column.name)
                                        : column.form == "o" ? fmt::format("length({}) > 0", column.name)
                                        : column.form == "j" ? fmt::format("{} <> '{{}}'", column.name)
                                        : column.form == "t" ? fmt::format("{} <> ''", column.name)
                                                             : fmt::format("{} <> 0", column.name);
                left += (left.empty() ? "" : " OR ") + one;
            }
            if (table.removed) left = "1 = 1";
            if (left.empty()) continue;
            const auto rows = connection.integer(fmt::format("SELECT count(*) FROM {} WHERE {} AND ({})", table.table,
                                                             emptied_rows(table), left),
                                                 {customer});
            if (rows.value_or(0) != 0)
                tell(fmt::format("customer {} was erased and {} rows of {} still say something", customer, *rows,
                                 table.table));
        }
        if (connection.integer("SELECT 1 FROM person_erasure WHERE customer = $1 AND state = 2", {customer}) != 1)
            tell(fmt::format("customer {} was erased and nobody decided it", customer));
    }
    connection.query(pseudonym_kept, {}, [&](const Row& row) {
        tell(fmt::format("customer {} was erased and the row still says who it was", row.integer(0)));
    });
    connection.query(
        "SELECT e.customer FROM person_erasure e JOIN customer c ON c.no = e.customer WHERE e.state = 2 AND "
        "c.erased IS NULL",
        {},
        [&](const Row& row) { tell(fmt::format("the erasure of customer {} counts as done and was not", row.integer(0))); });
}

#undef OKPAY_ADDRESSES
#undef OKPAY_TICKETS
#undef OKPAY_LETTERS
#undef OKPAY_SIDES
#undef OKPAY_MAILS
#undef OKPAY_NOT_SIDE_MAIL
#undef OKPAY_NOT_SIDE_LETTER
#undef OKPAY_ACCOUNTS
#undef OKPAY_VERIFICATIONS
#undef OKPAY_LOCKS

}  // namespace okpay::store
