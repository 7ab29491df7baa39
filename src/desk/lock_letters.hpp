// SPDX-License-Identifier: Apache-2.0
// Letters about locks: what is stopped and what is not, the reason that may be told, what to do, and by when a person looks.
// Never what a rule measures: whoever reads the mail of a customer must not learn how to stay below it.
#pragma once

#include <optional>
#include <string_view>

#include "customers/lock.hpp"
#include "desk/request_letters.hpp"
#include "desk/request_number.hpp"

namespace okpay::desk {

struct LockFacts {
    customers::LockEffect stops;  // by this lock
    customers::LockSource source = customers::LockSource::staff;
    std::string_view message_code;
    Moment placed;
    std::optional<Moment> looked_at_by;  // a person
    std::optional<Moment> expires;
    std::optional<RequestNumber> number;  // none: a notice without a request
};

// One sentence each, in the customer's words, as letters and pages give them. A code that is not known is told as
// "under_review".
std::string lock_reason_words(Language language, std::string_view message_code);
std::string lock_effect_words(Language language, customers::LockEffect stops);
inline constexpr std::string_view contact_held_message = "contact_held";
inline constexpr std::string_view phone_held_message = "phone_held";
// Of the hold of a change: the letters of the change tell of it, no letter of a lock does, and nobody else may choose it.
bool is_hold_message(std::string_view message_code);
// Whether staff and rules may choose it.
bool is_lock_message(std::string_view message_code);

MailText letter_locked(const LetterTo& to, const LockFacts& facts);
// What `left` stops still, by other locks.
MailText letter_lock_ended(const LetterTo& to, const LockFacts& facts, customers::LockEffect left, bool watched);

}  // namespace okpay::desk
