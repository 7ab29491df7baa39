// SPDX-License-Identifier: Apache-2.0
// Passwords: Argon2id, version 1.3 (RFC 9106), kept as a PHC string, and the rules of NIST SP 800-63B-4 for choosing one.
// A hash takes about 20 MiB and tens of milliseconds: the caller bounds how many run at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace okpay::customers {

struct PasswordCost {
    std::uint32_t memory_kib;
    std::uint32_t passes;
};
inline constexpr PasswordCost password_cost{.memory_kib = 19 * 1024, .passes = 2};  // OWASP; one lane (p = 1)
// What verify_password will spend at most, so that a planted hash cannot exhaust the machine.
inline constexpr PasswordCost password_cost_max{.memory_kib = 256 * 1024, .passes = 10};
inline constexpr std::size_t password_salt_octets = 16;
inline constexpr std::size_t password_hash_octets = 32;
inline constexpr std::size_t password_octets_max = 1024;

// "$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH". The salt is `password_salt_octets` of randomness, drawn by the caller.
std::string hash_password(const Secret& password, ByteView salt, PasswordCost cost = password_cost);
// False also for a PHC string that is not ours or costs more than password_cost_max.
bool verify_password(std::string_view phc, const Secret& password);
// True where the string was made with another cost than `password_cost`: hash again at the next good sign-in.
bool needs_rehash(std::string_view phc);

enum class PasswordProblem : std::uint8_t {
    too_short = 1,
    too_long,          // more than password_octets_max octets
    too_common,        // on the list of what attackers try first, or made of it
    repeats_itself,    // "aaaaaaaaaaaaaaaa", "abcabcabcabcabc"
    contains_account,  // the mail address or its local part, or the name of the house
    not_text,          // not UTF-8, or with control characters
};
inline constexpr std::size_t password_characters_min_alone = 15;
inline constexpr std::size_t password_characters_min_with_second_factor = 8;

// The first problem, or none. Length counts Unicode code points. `account` is the mail address; may be empty.
std::optional<PasswordProblem> password_problem(const Secret& password, bool has_second_factor, std::string_view account);
std::string_view code_of(PasswordProblem problem);     // "password_too_short"
std::string_view advice_en(PasswordProblem problem);   // what to do
std::string_view advice_zh(PasswordProblem problem);

}  // namespace okpay::customers
