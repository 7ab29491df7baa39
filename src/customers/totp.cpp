// SPDX-License-Identifier: Apache-2.0
#include "customers/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include <array>

#include "base/ensure.hpp"

namespace okpay::customers {
namespace {

using Sha1 = std::array<std::uint8_t, 20>;

Sha1 hmac_sha1(ByteView key, ByteView bytes) {
    Sha1 hash{};
    unsigned int length = 0;
    ensure(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
                bytes.size(), hash.data(), &length) != nullptr);
    ensure(length == hash.size());
    return hash;
}

// Digits alone, or nothing where it cannot be a code.
std::optional<std::string> typed_digits(std::string_view code) {
    std::string digits;
    for (const char c : code) {
        if (c == ' ') continue;
        if (c < '0' || c > '9' || digits.size() == totp_digits) return std::nullopt;
        digits.push_back(c);
    }
    if (digits.size() != totp_digits) return std::nullopt;
    return digits;
}

std::string percent_encoded(std::string_view text) {  // RFC 3986 section 2.3: unreserved characters stay
    std::string out;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                                c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out.push_back(c);
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

}  // namespace

std::int64_t totp_step(Moment at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() / totp_step_seconds;
}

std::string totp_code(const Secret& secret_octets, std::int64_t step) {
    Bytes counter;
    append_u64(counter, static_cast<std::uint64_t>(step));
    const Sha1 hash = hmac_sha1(secret_octets.reveal(), counter);
    const std::size_t at = hash[19] & 0x0fU;  // RFC 4226 section 5.3, dynamic truncation
    const std::uint32_t number = (std::uint32_t{hash[at]} & 0x7fU) << 24U | std::uint32_t{hash[at + 1]} << 16U |
                                 std::uint32_t{hash[at + 2]} << 8U | std::uint32_t{hash[at + 3]};
    return fmt::format("{:06}", number % 1'000'000U);
}

std::optional<std::int64_t> matching_step(const Secret& secret_octets, std::string_view code, Moment now,
                                          std::int64_t last_used_step) {
    const auto digits = typed_digits(code);
    if (!digits) return std::nullopt;
    const std::int64_t current = totp_step(now);
    std::optional<std::int64_t> matched;
    for (std::int64_t step = current - totp_window_steps; step <= current + totp_window_steps; ++step) {
        const bool equal = equal_in_constant_time(totp_code(secret_octets, step), *digits);
        if (equal && step > last_used_step && !matched) matched = step;  // all steps are computed: duration tells nothing
    }
    return matched;
}

std::string otpauth_uri(const Secret& secret_octets, std::string_view issuer, std::string_view account) {
    return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits={3}&period={4}",
                       percent_encoded(issuer), percent_encoded(account), base32_of(secret_octets.reveal()), totp_digits,
                       totp_step_seconds);
}

}  // namespace okpay::customers
