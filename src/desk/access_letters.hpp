// SPDX-License-Identifier: Apache-2.0
// Letters about how a customer comes in. A link stands in them only where the letter is for it, says how long it lasts, and
// opens a page with a button: following it changes nothing. To an address that has not proven itself nothing is repeated
// that somebody typed: no name, no word.
#pragma once

#include <chrono>
#include <string_view>

#include "desk/request_letters.hpp"

namespace okpay::desk {

MailText letter_confirm_sign_up(Language language, std::string_view house, std::string_view link, std::chrono::hours lasts);
// Somebody signed up with an address that has an account.
MailText letter_account_exists(const LetterTo& to, std::string_view new_password_page);
MailText letter_new_password(const LetterTo& to, std::string_view link, std::chrono::minutes lasts);

// What a customer is told of, each time, with a link that says "this was not me".
enum class Alert : std::uint8_t {
    new_device,  // signed in from one
    password_changed,
    phrase_changed,
    factor_added,
    factor_removed,
    recovery_codes_made,
};
std::string_view name_of(Alert alert);  // "new_device"

struct AlertFacts {
    Alert alert;
    std::string_view device;   // "Chrome on Android"; may be empty
    std::string_view address;  // shortened; may be empty
    Moment at;
};
MailText letter_alert(const LetterTo& to, const AlertFacts& facts, std::string_view report_link,
                      std::chrono::days link_lasts);

// After "this was not me": what was done, what to do, what happens next.
MailText letter_sign_in_reported(const LetterTo& to, RequestNumber number, std::string_view new_password_page,
                                 Moment first_reply_due);

// The customer's own phrase, above each letter: whoever imitates us does not know it.
std::string phrase_line(Language language, std::string_view phrase);

}  // namespace okpay::desk
