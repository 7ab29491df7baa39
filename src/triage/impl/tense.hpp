// SPDX-License-Identifier: Apache-2.0
// Whether what is said of a day is still to come.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "triage/impl/scan.hpp"

namespace okpay::triage {

// "I need to pay for a car on Saturday": in the same clause before `at`, in lower case.
constexpr bool is_meant_ahead(std::string_view text, std::size_t at) {
    constexpr std::size_t clause_octets_max = 60;
    constexpr std::array<std::string_view, 17> to_come{"need to ", "have to ", "has to ", "going to ",   "i will ",
                                                       "we will ", "i'll ",    "we'll ",  "must ",       "moving ",
                                                       "leaving ", "leaves ",  "flying ", "travelling ", "traveling ",
                                                       "expires ", "starts "};
    std::size_t octets = 0;
    while (octets < std::min(at, clause_octets_max) &&
           std::string_view{".,;:!?\n"}.find(text[at - octets - 1]) == std::string_view::npos) {
        ++octets;
    }
    return is_near_before(text, at, octets, to_come);
}

}  // namespace okpay::triage
