// SPDX-License-Identifier: Apache-2.0
// Everything that is stored about a person, once: each table and column with what it is, on what ground it is kept, how
// long, and what an erasure does with it. Export, erasure, `okpay verify` and the table in docs/privacy.md read this list; a
// test walks the real schema of both engines and fails where a column is in neither list.
//
//   Columns   "name/form name/form?": the form says what is stored ("?": it may be NULL). n number, m moment in ms, t text,
//             j JSON, o octets, i id; any other word: a closed enum or a currency, which the export writes as a word.
//   Order     that of the list: rows are found through others (a message through its request, a request through an address),
//             so that these come later. An erasure goes through it from the front.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"
#include "store/object_keys.hpp"

namespace okpay::store {

enum class Ground : std::uint8_t {  // GDPR article 6 (1), PIPL article 13
    contract,  // to do what the person asked us for: (b); 13 (2)
    law,  // books, anti-money-laundering, complaints: (c); 13 (3)
    security,  // so that nobody else gets at the account: (f); 13 (2)
};
enum class Retention : std::uint8_t {
    person,  // until the person is erased
    brief,  // ends by itself sooner, at the latest with the person
    decision,  // stays: what the house decided about a person, and why, under the person's number
    books,  // stays as long as the books: what moved, under the person's number
};

// Whose rows: `$1` is the customer's number. Of `payment`, `$2` is one of the customer's payments, which no index of the
// table finds: they are found along the accounts.
enum class RowsBy : std::uint8_t { customer, payment, audit };

struct PersonTable {
    std::string_view table, what;
    Ground ground;
    Retention retention;
    std::string_view rows;  // SQL condition
    std::string_view shown;  // columns that are exported and stay
    std::string_view emptied{};  // exported; an erasure leaves "", {} or NULL
    std::string_view secret{};  // never exported; emptied by an erasure
    std::string_view inner{};  // never exported, stay: numbers of others, hashes by which a thing is made once
    bool removed = false;  // an erasure takes the rows away
    bool inside = false;  // not in the copy that customers take themselves: it may name others or warn a fraud
    RowsBy by = RowsBy::customer;
    std::optional<KeyOf> key{};  // of what the row's octets are sealed with: an erasure destroys it
    std::string_view rows_emptied{};  // those of `rows` that an erasure empties; all unless it says so
    std::string_view inside_columns{};  // of those shown: not in the copy that customers take themselves either
    std::string_view own_rows{};  // those of `rows` in the customer's own copy; all unless it says so
};
std::span<const PersonTable> person_data();

// Of no customer, or only by a number that leads to nobody once the customer is erased; with the reason.
struct OtherTable {
    std::string_view table, why;
};
std::span<const OtherTable> not_about_a_person();

struct PersonColumn {
    std::string name, form;
    bool may_be_null;
};
std::vector<PersonColumn> columns_of(std::string_view list);

std::string_view name_of(Ground ground);
std::string_view name_of(Retention retention);

// Empties and removes what an erasure does, of everything but payments and sealed pictures of documents (the service has
// done those). What was sealed loses its key; names of files that are now nobody's are given to `doom`.
void erase_person_rows(Connection& connection, std::int64_t customer, Moment at,
                       const std::function<void(const std::string& blob)>& doom);
void erase_person_payment(Connection& connection, std::int64_t customer, std::int64_t payment);

// What is still there of somebody who was erased; nothing where the list was kept.
void each_erasure_fault(Connection& connection, const std::function<void(std::string)>& tell);

}  // namespace okpay::store
