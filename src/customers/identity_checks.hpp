// SPDX-License-Identifier: Apache-2.0
// What a machine can say of a document: each check with its verdict and its evidence, for the person who decides. None of
// them verifies anybody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "customers/mrz.hpp"
#include "customers/verification.hpp"

namespace okpay::customers {

// Stored, append only.
enum class IdentityCheckKind : std::uint8_t {
    machine_zone = 1,    // its check digits
    document_expiry = 2,
    document_number = 3,  // as stated
    name = 4,
    birth_date = 5,
    age = 6,
    resident_id = 7,      // GB 11643, where the document has one
    country = 8,
    number_elsewhere = 9,   // another account has shown a document of this number
    picture_elsewhere = 10, // another account has handed in the very same file
};
enum class CheckVerdict : std::uint8_t {
    passed = 1,
    attention = 2,  // not wrong, and not as it should be: look
    failed = 3,
    not_read = 4,  // the machine could not tell
};
inline constexpr std::array all_identity_check_kinds{
    IdentityCheckKind::machine_zone,     IdentityCheckKind::document_expiry,
    IdentityCheckKind::document_number,  IdentityCheckKind::name,
    IdentityCheckKind::birth_date,       IdentityCheckKind::age,
    IdentityCheckKind::resident_id,      IdentityCheckKind::country,
    IdentityCheckKind::number_elsewhere, IdentityCheckKind::picture_elsewhere};

std::string_view name_of(IdentityCheckKind kind);
std::string_view name_of(CheckVerdict verdict);
// What a failed check suggests to the reviewer.
VerificationCode code_suggested_by(IdentityCheckKind kind);

struct IdentityCheck {
    IdentityCheckKind kind;
    CheckVerdict verdict;
    std::string stated, read;  // evidence; either may be empty
    friend bool operator==(const IdentityCheck&, const IdentityCheck&) = default;
};

// What the customer stated.
struct IdentityFacts {
    DocumentKind document;
    std::string country;  // ISO 3166-1 alpha-3, "CHN"
    std::string name;
    Day birth;
    std::string number;  // letters and digits, capitals
};

struct IdentityReadings {
    std::vector<std::string> texts;  // what the recogniser saw on the pictures of the document
    bool number_elsewhere = false, picture_elsewhere = false;
};

struct CheckedIdentity {
    std::vector<IdentityCheck> checks;  // those that apply to the document, in the order of their kinds
    std::optional<Day> expires;         // as read, where its check digit holds
    bool readable = true;               // false: a machine-readable zone should be there and was not found
};
CheckedIdentity check_identity(const IdentityFacts& facts, const IdentityReadings& readings, Day today);

std::string text_of(Day day);  // "1974-08-12"
std::optional<Day> day_of(std::string_view text);
int age_on(Day birth, Day today);  // in whole years; whoever was born on 29 February is older on 1 March

}  // namespace okpay::customers
