// SPDX-License-Identifier: Apache-2.0
#include "customers/recovery_code.hpp"

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace okpay::customers {

std::string recovery_code(ByteView random) {
    constexpr std::size_t group = 4;
    ensure(random.size() == recovery_code_octets);
    const std::string letters = ascii_lower(base32_of(random));
    std::string code;
    for (std::size_t at = 0; at < letters.size(); at += group) {
        if (at > 0) code += '-';
        code += letters.substr(at, group);
    }
    return code;
}

std::optional<Bytes> recovery_code_hash(const CustomerId& customer, std::string_view typed) {
    const auto octets = bytes_of_base32(typed);
    if (!octets || octets->size() != recovery_code_octets) return std::nullopt;
    return Bytes{view_of(sha256({"recovery code", customer.view(), *octets}))};
}

}  // namespace okpay::customers
