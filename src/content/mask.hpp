// SPDX-License-Identifier: Apache-2.0
// Secrets taken out of a text before it is stored where people read (PCI DSS 3.3.1, 3.4.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::content {

enum class SecretKind : std::uint8_t { card_number, security_code, identity_number, password, one_time_code };

struct MaskedText {
    std::string text;
    std::vector<SecretKind> found;  // each kind once, in the order of the enum
};

// Card numbers: 13 to 19 digits, also 12 of Maestro, ASCII or full width, apart by single blanks, dots or hyphens, that
// pass Luhn and begin like a card; they leave "•••• 4242". After a word for a transaction or an order ("交易号",
// "transaction id") an unbroken number is left alone, a grouped one that passes Luhn is not. Security codes, passwords
// and one-time codes: what stands behind their word. Identity numbers: 18 characters with the check character of
// GB 11643 and a date that exists. Everything else keeps its digits. Text in and out is UTF-8; linear; thread-safe.
MaskedText mask_secrets(std::string_view text);

std::string_view name_of(SecretKind kind);  // "card_number"

}  // namespace okpay::content
