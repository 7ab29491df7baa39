// SPDX-License-Identifier: Apache-2.0
// The number of a Chinese resident: six digits of the administrative division, the birth date, a serial number (odd for
// men) and a check character.
//   Source    GB 11643-1999; the check character is ISO 7064 MOD 11-2, "X" for ten.
//   Refused   a province that does not exist, a day that does not exist or lies ahead. Divisions change by the year: below
//             the province only their shape is looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "customers/mrz.hpp"

namespace okpay::customers {

enum class ResidentIdFault : std::uint8_t { none, shape, region, birth_date, check_character };

struct ResidentId {
    std::string number;  // 18 characters, X in upper case
    Day birth;
    bool woman;
};

struct ResidentIdReading {
    ResidentIdFault fault = ResidentIdFault::none;
    std::optional<ResidentId> id;  // where nothing is wrong
};
// Blanks and a lower-case x are forgiven.
ResidentIdReading read_resident_id(std::string_view text, Day today);

// The first number with a right check character that stands in a text, letters that look like digits put right.
std::optional<ResidentId> find_resident_id(std::string_view text, Day today);

}  // namespace okpay::customers
