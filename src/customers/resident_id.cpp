// SPDX-License-Identifier: Apache-2.0
#include "customers/resident_id.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace okpay::customers {
namespace {

constexpr std::size_t length = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Provinces, municipalities and regions; 71, 81, 82 and 83 are of permits for residents of Taiwan, Hong Kong and Macao.
constexpr std::array provinces{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                               44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

char check_character(std::string_view seventeen) {
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    constexpr std::string_view characters = "10X98765432";
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += (seventeen[i] - '0') * weights[i];
    return characters[static_cast<std::size_t>(sum % 11)];
}

}  // namespace

ResidentIdReading read_resident_id(std::string_view text, Day today) {
    std::string number;
    for (const char c : text) {
        if (c == ' ' || c == '-') continue;
        number += c == 'x' ? 'X' : c;
        if (number.size() > length) return {.fault = ResidentIdFault::shape, .id = {}};
    }
    const std::string_view digits = std::string_view{number}.substr(0, length - 1);
    if (number.size() != length || !std::ranges::all_of(digits, is_digit) || (!is_digit(number[17]) && number[17] != 'X')) {
        return {.fault = ResidentIdFault::shape, .id = {}};
    }
    const auto value = [&](std::size_t at, std::size_t count) {
        int sum = 0;
        for (std::size_t i = at; i < at + count; ++i) sum = sum * 10 + (number[i] - '0');
        return sum;
    };
    if (std::ranges::find(provinces, value(0, 2)) == provinces.end()) return {.fault = ResidentIdFault::region, .id = {}};
    const Day birth{std::chrono::year{value(6, 4)}, std::chrono::month{static_cast<unsigned>(value(10, 2))},
                    std::chrono::day{static_cast<unsigned>(value(12, 2))}};
    if (!birth.ok() || value(6, 4) < 1880 || std::chrono::sys_days{birth} > std::chrono::sys_days{today}) {
        return {.fault = ResidentIdFault::birth_date, .id = {}};
    }
    if (check_character(digits) != number[17]) return {.fault = ResidentIdFault::check_character, .id = {}};
    return {.fault = ResidentIdFault::none,
            .id = ResidentId{.number = number, .birth = birth, .woman = (number[16] - '0') % 2 == 0}};
}

std::optional<ResidentId> find_resident_id(std::string_view text, Day today) {
    for (const std::string_view line : split(text, '\n')) {
        std::string shown;
        for (const char c : line) {
            if (c == ' ') continue;
            if (c == 'O' || c == 'o' || c == 'D' || c == 'Q') shown += '0';
            else if (c == 'I' || c == 'l' || c == '|') shown += '1';
            else if (c == 'B') shown += '8';
            else if (c == 'S') shown += '5';
            else if (c == 'Z') shown += '2';
            else shown += c == 'x' ? 'X' : c;
        }
        for (std::size_t at = 0; at + length <= shown.size(); ++at) {
            if (auto found = read_resident_id(std::string_view{shown}.substr(at, length), today); found.id) return found.id;
        }
    }
    return std::nullopt;
}

}  // namespace okpay::customers
