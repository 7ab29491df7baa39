// SPDX-License-Identifier: Apache-2.0
// What a browser is asked to answer with a passkey. Nothing is stored when one is given out, so asking costs no write: it
// carries its end, what it is for and for whom, under a MAC of the house. That it is answered once is the store's, which
// keeps the answered ones until they would have ended.
//
//   octets = 16 random || 8 end (ms) || 1 purpose || 16 customer, zero before one is known || 16 of HMAC-SHA-256
#pragma once

#include <chrono>
#include <optional>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/secret.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

enum class ChallengePurpose : std::uint8_t { sign_in = 1, second_factor = 2, step_up = 3, registration = 4 };

inline constexpr std::chrono::minutes challenge_lasts{5};
inline constexpr std::size_t challenge_random_octets = 16;
inline constexpr std::string_view challenge_key_label = "passkey challenges 1";  // of the key that makes and reads them

struct Challenge {
    ChallengePurpose purpose;
    std::optional<CustomerId> customer;  // nobody yet: sign_in
    Moment ends;
};

Bytes make_challenge(const Challenge& challenge, ByteView random, const Secret& key);
// Nothing where this house did not make it. Whether it has ended is the caller's to look at.
std::optional<Challenge> read_challenge(ByteView octets, const Secret& key);

}  // namespace okpay::customers
