// SPDX-License-Identifier: Apache-2.0
#include "customers/phone.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace okpay::customers {
namespace {

constexpr std::size_t digits_min = 8;  // the shortest subscriber's number in use, with its country
constexpr std::size_t digits_max = 15;
constexpr std::size_t typed_octets_max = 100;

// U+FF01 to U+FF5E as the ASCII that they stand for; U+3000 as a blank.
std::string half_width(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto at = [&](std::size_t n) { return static_cast<unsigned char>(text[n]); };
        if (i + 2 < text.size() && at(i) == 0xEF && (at(i + 1) == 0xBC || at(i + 1) == 0xBD)) {
            const unsigned character = (static_cast<unsigned>(at(i + 1) & 0x3FU) << 6U) | (at(i + 2) & 0x3FU);
            const unsigned ascii = character - 0xF00U + 0x20U;  // of 0xFF00 the low twelve bits
            if (ascii > 0x20U && ascii < 0x7FU) {
                plain += static_cast<char>(ascii);
                i += 2;
                continue;
            }
        }
        if (i + 2 < text.size() && text.substr(i, 3) == "\u3000") {
            plain += ' ';
            i += 2;
            continue;
        }
        plain += text[i];
    }
    return plain;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<PhoneNumber> PhoneNumber::parse(std::string_view text) {
    if (text.size() > typed_octets_max) return std::nullopt;
    const std::string plain = half_width(text);
    const std::string_view typed = trimmed(plain);
    if (!typed.starts_with('+') || typed.contains("(0)")) return std::nullopt;
    std::string number = "+";
    for (const char c : typed.substr(1)) {
        if (is_digit(c)) number += c;
        else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')') return std::nullopt;
    }
    const std::size_t digits = number.size() - 1;
    if (digits < digits_min || digits > digits_max || number[1] == '0') return std::nullopt;
    return PhoneNumber{std::move(number)};
}

std::string masked_phone(std::string_view number) {
    if (number.size() < digits_min) return number.empty() ? "" : "***";
    return fmt::format("{}***{}", number.substr(0, 3), number.substr(number.size() - 2));
}

std::string phone_code_of(const Hash256& mac) {
    std::uint64_t modulus = 1;
    for (std::size_t digit = 0; digit < phone_code_digits; ++digit) modulus *= 10;
    return fmt::format("{:0{}}", read_u64(view_of(mac)) % modulus, phone_code_digits);
}

std::optional<std::string> typed_phone_code(std::string_view text) {
    if (text.size() > typed_octets_max) return std::nullopt;
    std::string code;
    for (const char c : half_width(text)) {
        if (is_digit(c)) code += c;
        else if (c != ' ' && c != '-') return std::nullopt;
    }
    return code.size() == phone_code_digits ? std::optional{std::move(code)} : std::nullopt;
}

}  // namespace okpay::customers
