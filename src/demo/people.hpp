// SPDX-License-Identifier: Apache-2.0
// The people of the demonstration world. A few have their fixed name, address and story, so that a page or a mail can
// tell of them; the others are made up from the seed and their index, again and again the same, and so need no memory.
// All mail addresses are at names that RFC 2606 reserves.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "money/currency.hpp"

namespace okpay::demo {

struct StaffPersona {
    std::string_view name, email;
    std::string_view role;  // as AddStaff takes it
};
std::span<const StaffPersona> staff_personas();

enum class Tongue : std::uint8_t { zh_hans, zh_hant, en };
std::string_view code_of(Tongue tongue);  // "zh-Hans"

struct Persona {
    std::string email, name;
    Tongue tongue;
    std::string_view zone;                    // IANA name
    std::vector<money::Currency> currencies;  // one or two; the first is the one mostly used
};
// For signing in and for the mails: the customers of index 0 to persona_count - 1.
inline constexpr std::int64_t persona_count = 8;
Persona person(std::uint64_t seed, std::int64_t index);

inline constexpr std::array<std::string_view, 10> all_zones{"Asia/Shanghai",       "Asia/Taipei",    "Asia/Tokyo",
                                                            "Europe/London",       "Europe/Berlin",  "America/New_York",
                                                            "America/Los_Angeles", "Asia/Hong_Kong", "Europe/Dublin",
                                                            "Asia/Singapore"};

}  // namespace okpay::demo
