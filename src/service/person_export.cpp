// SPDX-License-Identifier: Apache-2.0
#include "service/person_export.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.hpp"
#include "customers/change.hpp"
#include "customers/identity_checks.hpp"
#include "customers/lock.hpp"
#include "customers/names.hpp"
#include "customers/privacy.hpp"
#include "customers/verification.hpp"
#include "desk/lifecycle.hpp"
#include "desk/promise.hpp"
#include "payments/names.hpp"
#include "payments/rail_call.hpp"
#include "store/privacy_store.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;
using store::PersonColumn;
using store::PersonTable;
using store::RowsBy;

constexpr std::int64_t audit_part = 20'000;

template <class Enum>
std::string word(std::int64_t number) {
    return std::string{name_of(static_cast<Enum>(number))};
}

std::string inbound_word(std::int64_t number) {
    constexpr std::array<std::string_view, 5> words{"", "waiting", "parsed", "quarantined", "duplicate"};
    return std::string{words.at(static_cast<std::size_t>(number))};
}

std::string outgoing_word(std::int64_t number) {
    constexpr std::array<std::string_view, 6> words{"", "queued", "sent", "uncertain", "failed", "suppressed"};
    return std::string{words.at(static_cast<std::size_t>(number))};
}

std::string currency_word(std::int64_t number) { return std::string{money::code_of(static_cast<money::Currency>(number))}; }

std::string ticket_state_word(std::int64_t number) {
    return std::string{state_name(static_cast<desk::TicketState>(number))};
}

std::string remedy_state_word(std::int64_t number) {
    return std::string{state_name(static_cast<desk::RemedyState>(number))};
}

// The forms of store/person_data.hpp that are closed enums.
const std::map<std::string, std::string (*)(std::int64_t), std::less<>>& words() {
    static const std::map<std::string, std::string (*)(std::int64_t), std::less<>> all{
        {"assurance", word<customers::Assurance>},
        {"author", word<desk::Author>},
        {"change_kind", word<customers::ChangeKind>},
        {"change_state", word<customers::ChangeState>},
        {"check_verdict", word<customers::CheckVerdict>},
        {"currency", currency_word},
        {"direction", word<desk::Direction>},
        {"erasure_state", word<customers::ErasureState>},
        {"identity_check", word<customers::IdentityCheckKind>},
        {"identity_file", word<customers::IdentityFileKind>},
        {"inbound_state", inbound_word},
        {"lock_release_state", word<customers::LockReleaseState>},
        {"lock_scope", word<customers::LockScope>},
        {"lock_source", word<customers::LockSource>},
        {"lock_state", word<customers::LockState>},
        {"outgoing_state", outgoing_word},
        {"payment_kind", word<payments::PaymentKind>},
        {"payment_state", word<payments::PaymentState>},
        {"promise_state", word<desk::PromiseState>},
        {"rail_call_state", word<payments::RailCallState>},
        {"remedy_kind", word<desk::RemedyKind>},
        {"remedy_state", remedy_state_word},
        {"review_decision", word<customers::ReviewDecision>},
        {"staff_relation", word<customers::StaffRelation>},
        {"standing", word<customers::Standing>},
        {"ticket_state", ticket_state_word},
        {"verification_code", word<customers::VerificationCode>},
        {"verification_purpose", word<customers::VerificationPurpose>},
        {"verification_state", word<customers::VerificationState>},
        {"view_purpose", word<customers::ViewPurpose>},
    };
    return all;
}

json::value value_of(const store::Row& row, int at, const PersonColumn& column) {
    if (row.is_null(at)) return nullptr;
    if (column.form == "t") return json::value(row.text(at));
    if (column.form == "j") {
        boost::system::error_code error;
        json::value parsed = json::parse(row.text(at), error);
        return error ? json::value(row.text(at)) : std::move(parsed);
    }
    if (column.form == "i") {
        const auto id = Id<struct AnyTag>::of_bytes(row.text(at));
        return id ? json::value(id->text()) : json::value(hex_of(row.text(at)));
    }
    if (column.form == "o") return json::value(hex_of(row.text(at)));
    const std::int64_t number = row.integer(at);
    if (column.form == "m") return json::value(rfc3339(moment_of_ms(number)));
    if (column.form == "document") {  // 0: none yet
        return number == 0 ? json::value(nullptr) : json::value(word<customers::DocumentKind>(number));
    }
    const auto found = words().find(column.form);
    if (found != words().end()) return json::value(found->second(number));
    return number;
}

struct Shown {
    std::vector<PersonColumn> columns;
    std::string select;  // "SELECT …  FROM table WHERE "
};

Shown shown_of(const PersonTable& table, CopyFor whom) {
    Shown shown{store::columns_of(fmt::format("{} {}", table.shown, table.emptied)), {}};
    if (whom == CopyFor::customer) {
        const auto inside = store::columns_of(table.inside_columns);
        std::erase_if(shown.columns, [&inside](const PersonColumn& column) {
            return std::ranges::any_of(inside, [&column](const PersonColumn& one) { return one.name == column.name; });
        });
    }
    std::string names;
    for (const PersonColumn& column : shown.columns) names += (names.empty() ? "" : ", ") + column.name;
    shown.select = fmt::format("SELECT {} FROM {} WHERE ", names, table.table);
    return shown;
}

json::object object_of(const store::Row& row, const std::vector<PersonColumn>& columns) {
    json::object object;
    int at = 0;
    for (const PersonColumn& column : columns) object[column.name] = value_of(row, at++, column);
    return object;
}

// Objects of the audit log that are the person's, as it names them.
std::set<std::string, std::less<>> audit_objects(store::Connection& connection, std::int64_t customer,
                                                 const std::set<std::int64_t>& payments) {
    std::set<std::string, std::less<>> objects{fmt::format("customer:{}", customer)};
    for (const std::int64_t payment : payments) objects.insert(fmt::format("payment:{}", payment));
    const auto add = [&](std::string_view word, std::string_view sql) {
        connection.query(sql, {customer},
                         [&](const store::Row& row) { objects.insert(fmt::format("{}:{}", word, row.integer(0))); });
    };
    add("ticket", "SELECT no FROM ticket WHERE customer = $1");
    add("remedy", "SELECT no FROM remedy WHERE ticket IN (SELECT no FROM ticket WHERE customer = $1)");
    add("account", "SELECT account FROM account_owner WHERE customer = $1");
    add("lock", "SELECT no FROM customer_lock WHERE customer = $1");
    add("verification", "SELECT no FROM identity_verification WHERE customer = $1");
    return objects;
}

json::array audit_lines(store::Connection& connection, const PersonTable& table, std::int64_t customer,
                        const std::set<std::int64_t>& payments, CopyFor whom) {
    const Shown shown = shown_of(table, whom);
    const auto objects = audit_objects(connection, customer, payments);
    const std::string actor = fmt::format("customer:{}", customer);
    const std::int64_t last = connection.integer("SELECT coalesce(max(seq), 0) FROM audit").value_or(0);
    json::array rows;
    for (std::int64_t from = 0; from < last; from += audit_part) {
        connection.query(shown.select + "seq > $1 AND seq <= $2 ORDER BY seq", {from, std::min(last, from + audit_part)},
                         [&](const store::Row& row) {
                             // seq, at, actor, action, object: as the list has them
                             if (row.text(2) != actor && !objects.contains(row.text(4))) return;
                             rows.emplace_back(object_of(row, shown.columns));
                         });
    }
    return rows;
}

}  // namespace

json::object export_person(store::Connection& connection, std::int64_t customer, const std::vector<AccountView>& accounts,
                           CopyFor whom, Moment at) {
    std::vector<store::AccountHead> heads;
    json::array balances;
    for (const AccountView& account : accounts) {
        heads.push_back({account.no, account.last_transfer});
        balances.emplace_back(json::object{{"account", account.no},
                                           {"currency", account.currency},
                                           {"posted_minor", account.posted_minor},
                                           {"available_minor", account.available_minor}});
    }
    const auto payments = store::person_payments(connection, customers::CustomerNo{customer}, heads);
    json::object data;
    for (const PersonTable& table : store::person_data()) {
        if (table.inside && whom == CopyFor::customer) continue;
        json::array rows;
        if (table.by == RowsBy::audit) {
            rows = audit_lines(connection, table, customer, payments, whom);
        } else {
            const Shown shown = shown_of(table, whom);
            const auto take = [&](const store::Row& row) { rows.emplace_back(object_of(row, shown.columns)); };
            if (table.by == RowsBy::payment) {
                // `$1` is not named by the condition; both engines want to see it all the same.
                const std::string sql = shown.select + std::string{table.rows} + " AND CAST($1 AS BIGINT) <> 0";
                for (const std::int64_t payment : payments) connection.query(sql, {customer, payment}, take);
            } else {
                std::string sql = shown.select + std::string{table.rows};
                if (!table.own_rows.empty() && whom == CopyFor::customer) sql += fmt::format(" AND {}", table.own_rows);
                connection.query(sql + " ORDER BY 1", {customer}, take);
            }
        }
        data[table.table] = std::move(rows);
    }
    return {{"customer", customer},
            {"made", rfc3339(at)},
            {"about", "amounts are in minor units of their currency; times are UTC"},
            {"balances", std::move(balances)},
            {"data", std::move(data)}};
}

void each_sealed_original(store::Connection& connection, std::int64_t customer,
                          const std::function<void(const SealedOriginal&)>& visit) {
    for (const PersonTable& table : store::person_data()) {
        if (!table.key) continue;
        std::vector<std::int64_t> numbers;
        connection.query(fmt::format("SELECT no FROM {} WHERE {} ORDER BY no", table.table, table.rows), {customer},
                         [&numbers](const store::Row& row) { numbers.push_back(row.integer(0)); });
        for (const std::int64_t no : numbers) {
            std::optional<SealedOriginal> found;
            connection.query(
                fmt::format(
                    "SELECT k.wrapped, o.sealed, o.blob FROM {} o JOIN object_key k ON k.kind = $1 AND k.owner = o.no "
                    "WHERE o.no = $2 AND k.erased IS NULL",
                    table.table),
                {static_cast<std::int64_t>(*table.key), no}, [&](const store::Row& row) {
                    const bool mail = *table.key == store::KeyOf::mail;
                    found = SealedOriginal{.kind = *table.key,
                                           .no = no,
                                           .name = mail ? fmt::format("mail-{}.eml", no) : fmt::format("file-{}", no),
                                           .wrapped_key = row.string(0),
                                           .sealed = row.is_null(1) ? std::nullopt : std::optional<Bytes>{row.string(1)},
                                           .blob = row.is_null(2) ? std::nullopt : std::optional{row.string(2)}};
                });
            if (found) visit(*found);
        }
    }
}

}  // namespace okpay::service
