// SPDX-License-Identifier: Apache-2.0
// How long what lets a customer in lasts, how often it may be tried, and what is kept of a device. Pure; every limit has
// its name here.
//
//   Tries     A try counts as failed before it is made, so that many at once are as many as they are; a right password
//             forgives them (NIST SP 800-63B-4 section 3.2.2: at most 100 consecutive ones). Strangers have one allowance
//             an account and devices that the customer signed in with another: whoever guesses from outside uses up the
//             first and never shuts the customer out of the second. A new password, by a letter, forgives all.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.hpp"

namespace okpay::customers {

// --- tries
inline constexpr std::int64_t stranger_tries_a_block = 10;
inline constexpr std::chrono::minutes stranger_blocked_for{15};
inline constexpr std::int64_t stranger_tries_max = 90;  // then a new password is needed, or a device that is known
inline constexpr std::int64_t device_tries_max = 10;    // of all known devices together; then they are as strangers
static_assert(stranger_tries_max + device_tries_max <= 100);
inline constexpr std::chrono::days tries_kept_of_nobody{30};  // at addresses that have no account

struct SignInTries {
    std::int64_t strangers = 0, devices = 0;  // consecutive
    Moment blocked_until;                     // for strangers
    friend bool operator==(const SignInTries&, const SignInTries&) = default;
};
// Counts a try that is about to be made. Not to be made, and not counted, until the moment that is answered, if one is.
std::optional<Moment> take_try(SignInTries& tries, bool known_device, Moment now);
// What a right password leaves: from a known device, strangers keep waiting.
void forgive(SignInTries& tries, bool known_device);

// --- sessions (NIST SP 800-63B-4 section 2.2.3: at most 24 hours, an hour without use)
inline constexpr std::chrono::hours customer_session_lasts{12};
inline constexpr std::chrono::minutes customer_session_idle{30};
inline constexpr std::chrono::minutes last_seen_written_after{5};  // lazily: not with every request

// --- letters with a link
inline constexpr std::chrono::hours sign_up_link_lasts{24};
inline constexpr std::chrono::minutes new_password_link_lasts{10};  // OWASP ASVS 5.0, 6.5.5
inline constexpr std::chrono::days report_link_lasts{14};           // of "this was not me", which only locks
inline constexpr std::int64_t access_letters_to_an_address_a_day_max = 5;
inline constexpr std::int64_t alerts_to_a_customer_a_day_max = 20;
inline constexpr std::int64_t link_tries_max = 10;  // wrong passwords at one sign-up link

// --- the phrase
inline constexpr std::size_t phrase_characters_min = 4;
inline constexpr std::size_t phrase_characters_max = 60;

// --- devices
inline constexpr std::chrono::days device_remembered{400};  // browsers keep no cookie longer
// "Chrome on Android" of a User-Agent; "Browser on Linux" where only half is known; "" where nothing is.
std::string device_words(std::string_view user_agent);
// "203.0.113.x", "2001:db8:1::x": enough for its owner to know a place again.
std::string shortened_address(std::string_view address);
// What is counted as one client: an IPv4 address, the /64 of an IPv6 address.
std::string client_of_address(std::string_view address);

}  // namespace okpay::customers
