// SPDX-License-Identifier: Apache-2.0
// What one mechanism says of a mail, in the words of RFC 8601.
#pragma once

#include <cstdint>
#include <string_view>

namespace okpay::mail {

enum class Outcome : std::uint8_t {
    none = 1,       // nothing was published, nothing was signed
    pass = 2,
    fail = 3,
    softfail = 4,   // SPF alone
    neutral = 5,
    policy = 6,     // it may hold, and we do not accept it
    temperror = 7,  // the DNS did not answer: perhaps later, never a pass
    permerror = 8,  // what was published or signed cannot be read
};
std::string_view name_of(Outcome outcome);  // as above

}  // namespace okpay::mail
