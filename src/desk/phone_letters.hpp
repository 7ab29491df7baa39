// SPDX-License-Identifier: Apache-2.0
// Letters to the mail address about the telephone number: it is told of each step, because a thief of the session could give
// a number of their own or silence the owner's. A number is named masked. The link opens a page with a button that stops the
// change, signs everybody out and locks what leaves.
#pragma once

#include <string_view>

#include "desk/request_letters.hpp"

namespace okpay::desk {

enum class PhoneNews : std::uint8_t {
    asked,  // a number is to be confirmed; another may stand already
    added,  // the first one stands
    change_held,
    removal_held,
    changed,
    removed,
    stopped,  // by the customer, or by the link: `request` is of what was opened then
};
std::string_view kind_of(PhoneNews news);  // of the outgoing mail: "phone_asked"

struct PhoneFacts {
    PhoneNews news;
    std::string_view number = {};  // masked; the new one, or the one that goes; of stopped: the one that stands, or none
    std::string_view stop_link = {};  // of asked, change_held and removal_held
    std::string_view request = {};
    Moment due = {};  // of the code, or of the hold
};
MailText letter_of_phone(const LetterTo& to, const PhoneFacts& facts);

}  // namespace okpay::desk
