// SPDX-License-Identifier: Apache-2.0
// Letters about a change of the mail address, and the link of a case session. A link opens a page with a button: following
// it changes nothing. To an address that has not proven itself nothing of the account is told, not even a name.
#pragma once

#include <chrono>
#include <string_view>

#include "desk/request_letters.hpp"

namespace okpay::desk {

// To the new address: use the link to prove it.
MailText letter_prove_address(Language language, std::string_view house, std::string_view link, std::chrono::hours lasts);
// To the owner of an address that somebody else asked for: nothing changes.
MailText letter_address_wanted(const LetterTo& to);

struct ContactChangeFacts {
    std::string_view new_address;  // masked: the letter may be read by somebody else
    std::string_view cancel_link;
    Moment due;  // until the link at the new address works, or when the change is made
};
MailText letter_contact_asked(const LetterTo& to, const ContactChangeFacts& facts);
MailText letter_contact_held(const LetterTo& to, const ContactChangeFacts& facts);  // to the old address
MailText letter_contact_proven(const LetterTo& to, Moment due);                     // to the new one
MailText letter_contact_done_old(const LetterTo& to, std::string_view new_address);
MailText letter_contact_done_new(const LetterTo& to);

enum class ChangeEnd : std::uint8_t { by_customer, by_old_address, by_staff, address_in_use, not_proven };
// `number` is of the request that was opened; empty where none was.
MailText letter_contact_ended(const LetterTo& to, ChangeEnd end, std::string_view number);
// To the new address, that has proven itself: nobody is named.
MailText letter_contact_ended_new(Language language, std::string_view house);

MailText letter_case_link(const LetterTo& to, RequestNumber number, std::string_view link, std::chrono::minutes lasts);

}  // namespace okpay::desk
