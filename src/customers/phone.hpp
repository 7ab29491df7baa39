// SPDX-License-Identifier: Apache-2.0
// A customer's telephone number: what it looks like, the code that proves it, and how much may be asked for.
//
// A number is a place where a customer is told of what happens to the account, and nothing else: it signs nobody in and
// steps nobody up (NIST SP 800-63B-4 3.1.3 restricts the telephone network as an authenticator; decision 40).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "customers/change.hpp"

namespace okpay::customers {

// ITU-T E.164 in its international form: "+" and 8 to 15 digits, the first not 0.
//   Forgiving  blanks, hyphens, dots and brackets between the digits, full-width characters.
//   Refused    a number without its country ("138 …", "0049 …"): who reads it cannot know where it is; and one with the
//   digit
//              that is dialled at home alone, "+44 (0)20 …".
class PhoneNumber {
public:
    static std::optional<PhoneNumber> parse(std::string_view text);
    [[nodiscard]] const std::string& text() const { return text_; }
    friend bool operator==(const PhoneNumber&, const PhoneNumber&) = default;

private:
    explicit PhoneNumber(std::string text) : text_{std::move(text)} {}
    std::string text_;  // Invariant: "+4915112345678"
};
// "+49***78": enough for its owner to know it, too little to call it. Empty for empty.
std::string masked_phone(std::string_view number);

// A code of a change: digits made of a MAC over the change and the number of the code, so that the house can write it again
// when the message leaves, and no row holds it.
inline constexpr std::size_t phone_code_digits = 6;
std::string phone_code_of(const Hash256& mac);
// What was typed, with blanks and hyphens left out and full-width digits made plain; nothing where it is no code.
std::optional<std::string> typed_phone_code(std::string_view text);

struct PhoneCode {
    std::int64_t change;  // one row a change: a newer code takes the place of the older
    Hash256 hash;         // keyed: six digits are guessed from a plain hash in a moment
    std::int64_t codes;   // made for the change so far, this one with them
    std::int64_t wrong;   // tries at this one
    Moment sent, expires;
};

// Where a customer is reached: proven by a change that is done.
struct CustomerPhone {
    CustomerNo customer;
    std::string number;
    std::int64_t change;
    Moment confirmed;
};

// Limits. "A day" is the last 24 hours. Whoever tries all of a day at one account guesses one code of 45 in a million.
inline constexpr std::chrono::minutes phone_code_lasts{10};
inline constexpr std::chrono::seconds phone_code_again_after{60};
inline constexpr std::int64_t phone_code_tries_max = 5;     // at one code
inline constexpr std::int64_t phone_codes_of_change_max = 3;
inline constexpr std::chrono::hours phone_proof_lasts{1};   // of one change, whatever codes were sent
inline constexpr std::int64_t phone_changes_a_day_max = 3;  // of one customer
// To one number, whoever asks: beyond it none is sent, and nobody is told.
inline constexpr std::int64_t phone_codes_to_number_a_day_max = 5;
// One number of a household serves several accounts; of more it is told to whoever has just proven it.
inline constexpr std::int64_t accounts_of_a_phone_max = 3;
inline constexpr std::int64_t short_alerts_to_a_customer_a_day_max = 10;

}  // namespace okpay::customers
