// SPDX-License-Identifier: Apache-2.0
// Time-based one-time passwords, RFC 6238: HMAC-SHA-1, 30 s steps counted from 1970, 6 digits.
//
//   Window  the code of the step before, of now and of the next: clocks may differ by half a minute.
//   Replay  a step at or before the last one used never matches again; the caller stores the step that matched,
//           in the same commit as what the code allowed.
//   Guesses are not counted here: the caller limits them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/secret.hpp"

namespace okpay::customers {

inline constexpr int totp_step_seconds = 30;
inline constexpr int totp_digits = 6;
inline constexpr std::int64_t totp_window_steps = 1;
inline constexpr std::size_t totp_secret_octets = 20;  // RFC 4226 section 4, R6: 160 bits recommended
inline constexpr std::int64_t totp_never_used = -1;    // last_used_step of a new enrolment

std::int64_t totp_step(Moment at);
std::string totp_code(const Secret& secret_octets, std::int64_t step);  // with leading zeros

// The step whose code was typed, if any that may still be used. `code` may hold spaces ("123 456").
std::optional<std::int64_t> matching_step(const Secret& secret_octets, std::string_view code, Moment now,
                                          std::int64_t last_used_step);

// What authenticator apps read from a QR code: otpauth://totp/ISSUER:ACCOUNT?secret=…, percent-encoded.
std::string otpauth_uri(const Secret& secret_octets, std::string_view issuer, std::string_view account);

}  // namespace okpay::customers
