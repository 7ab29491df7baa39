// SPDX-License-Identifier: Apache-2.0
// Letters about what signs a customer in: sent at each change, so that who did not make it learns of it while it can be
// undone. No code, no link: the account is opened by its owner.
#pragma once

#include "desk/request_letters.hpp"

namespace okpay::desk {

enum class FactorNews : std::uint8_t {
    app_added,
    app_removed,
    passkey_added,
    passkey_removed,
    recovery_codes_made,
    recovery_code_used,
    codes_blocked,   // somebody who knows the password typed wrong codes
    passkey_copied,  // its counter went back
};
std::string_view kind_of(FactorNews news);  // of the outgoing mail: "factor_app_added"

struct FactorFacts {
    FactorNews news;
    std::string_view passkey;  // the customer's own name for it; may be empty
    std::int64_t codes_left = 0;
    Moment at;
    std::int64_t waits_hours = 24;  // before money goes to a new place
};
MailText letter_of_factors(const LetterTo& to, const FactorFacts& facts);

}  // namespace okpay::desk
