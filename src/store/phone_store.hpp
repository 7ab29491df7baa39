// SPDX-License-Identifier: Apache-2.0
// Rows of telephone numbers, of the codes that prove them, and of short messages. Each function is one statement; the unit
// of work is the caller's transaction.
#pragma once

#include <vector>

#include "base/id.hpp"
#include "customers/phone.hpp"
#include "store/connection.hpp"

namespace okpay::store {

std::optional<customers::CustomerPhone> phone_of(Connection& connection, customers::CustomerNo customer);
void write_phone(Connection& connection, const customers::CustomerPhone& phone);  // in place of what stood
void delete_phone(Connection& connection, customers::CustomerNo customer);
std::int64_t count_accounts_of_phone(Connection& connection, std::string_view number);

std::optional<customers::PhoneCode> phone_code_of_change(Connection& connection, std::int64_t change);
void write_phone_code(Connection& connection, const customers::PhoneCode& code);
void delete_phone_code(Connection& connection, std::int64_t change);

// --- Short messages: queued in the commit of their cause, handed out once, their outcome kept.
//
//   queued      --take-->    handed_out   marked durably before it leaves
//   handed_out  --report-->  sent, failed, uncertain; or queued again with a later moment
//   queued      --expire-->  failed       its time was over before it left
//   handed_out  --take-->    queued again, or uncertain, where nobody has reported on it for long
//
// What was handed out when the program ended is queued again where the way out takes a key once, and uncertain elsewhere.

using ShortMessageId = Id<struct ShortMessageTag>;

enum class ShortMessageState : std::uint8_t {  // stored, append only
    queued = 1,
    handed_out = 2,
    sent = 3,
    failed = 4,
    uncertain = 5,
};

struct ShortMessage {
    std::int64_t no;
    ShortMessageId id;  // the key by which the way out knows it again
    customers::CustomerNo customer;
    std::string kind;
    std::string number;  // E.164; empty once the person is erased
    std::string text;  // of a code: with desk::code_place where its digits go
    std::int64_t change = 0;  // whose code it carries
    std::int64_t code = 0;  // which of the change's codes; 0: carries none
    ShortMessageState state = ShortMessageState::queued;
    std::int64_t tries = 0;
    std::optional<Moment> next_at = {};  // while it is queued
    Moment expires;
    std::string outcome = {};  // the way out's words, or ours
    Moment created, updated;
};

void insert_short_message(Connection& connection, const ShortMessage& message);
void update_short_message(Connection& connection, const ShortMessage& message);  // state, tries, next_at, outcome, updated
std::optional<ShortMessage> find_short_message(Connection& connection, std::int64_t no);
std::vector<ShortMessage> due_short_messages(Connection& connection, Moment at, std::int64_t limit);
std::vector<ShortMessage> handed_out_short_messages(Connection& connection);
// Handed out at `before` or earlier and still without an outcome, oldest number first.
std::vector<ShortMessage> unreported_short_messages(Connection& connection, Moment before, std::int64_t limit);
// Whether a take would find something: due at `at`, or handed out at `unreported_before` or earlier.
bool short_messages_wait(Connection& connection, Moment at, Moment unreported_before);
std::vector<ShortMessage> short_messages_of(Connection& connection, customers::CustomerNo customer);  // oldest first
std::int64_t count_codes_to_since(Connection& connection, std::string_view number, Moment since);
std::int64_t count_short_alerts_since(Connection& connection, customers::CustomerNo customer, Moment since);
std::int64_t count_short_messages_since(Connection& connection, Moment since);  // of the whole house

}  // namespace okpay::store
