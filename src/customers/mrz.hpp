// SPDX-License-Identifier: Apache-2.0
// The machine-readable zone of a travel document, out of what a text recogniser made of it.
//   Source    ICAO Doc 9303 (8th ed.) parts 3 to 6: TD1 three lines of 30, TD2 two of 36, TD3 two of 44; check digits by
//             weights 7, 3, 1.
//   Repairs   What a recogniser confuses is put right only where the place or the check digit proves it: letters in a date,
//             digits in a country; in a number 0 and O, and fillers at its end read as letters, where exactly one reading
//             makes its check digit hold. Each is said in `repairs`.
//   Names     have no check digit: fillers among them are often read as K, S, C, E or X. `name_field` is as read; compare it
//             with what was stated (person_name.hpp) rather than with itself.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::customers {

using Day = std::chrono::year_month_day;

enum class MrzFormat : std::uint8_t { td1, td2, td3 };

struct Mrz {
    MrzFormat format;
    std::string document_code;  // "P", "I", "AC": without fillers
    std::string issuer, nationality;  // as printed, "UTO", "D"
    std::string name_field;  // "ERIKSSON<<ANNA<MARIA<<<"
    std::string number;  // without fillers
    std::optional<Day> birth, expiry;  // none where it is no date, or unknown in part
    char sex = '<';
    bool number_holds = false, birth_holds = false, expiry_holds = false, whole_holds = false;  // the check digits
    std::vector<std::string> repairs;  // "birth date: O read, 0 meant"
    friend bool operator==(const Mrz&, const Mrz&) = default;

    [[nodiscard]] int checks_held() const { return number_holds + birth_holds + expiry_holds + whole_holds; }
    [[nodiscard]] bool all_hold() const { return checks_held() == 4; }
};

// The best one in the text, whatever stands around it; `today` tells the centuries of two-digit years.
std::optional<Mrz> find_mrz(std::string_view text, Day today);

// '0' to '9' of a field, '<' counted as zero; none where it holds what no field may.
std::optional<char> mrz_check_digit(std::string_view field);

}  // namespace okpay::customers
