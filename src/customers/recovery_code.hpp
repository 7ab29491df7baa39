// SPDX-License-Identifier: Apache-2.0
// Recovery codes: the way in for who has lost the telephone. Ten at a time, shown once, each good once; a new set voids the
// old. 80 random bits each, so that they cannot be guessed and a plain hash keeps them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

inline constexpr std::size_t recovery_codes_count = 10;
inline constexpr std::size_t recovery_code_octets = 10;

// "abcd-efgh-2345-wxyz": base32 in lower case. Of `recovery_code_octets` of randomness.
std::string recovery_code(ByteView random);
// SHA-256 over customer and code. Any case, with or without hyphens and spaces; nothing where it cannot be a code.
std::optional<Bytes> recovery_code_hash(const CustomerId& customer, std::string_view typed);

}  // namespace okpay::customers
