// SPDX-License-Identifier: Apache-2.0
// Octets as a std::string: what SQLite, libpq, OpenSSL and sockets all take without a copy. Text is also a
// std::string, always UTF-8; a parameter called `bytes` may hold anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace okpay {

using Bytes = std::string;
using ByteView = std::string_view;

std::string hex_of(ByteView bytes);  // lower case
std::optional<Bytes> bytes_of_hex(std::string_view hex);

// RFC 4648 base32, upper case, no padding. Reading forgives lower case, spaces and hyphens.
std::string base32_of(ByteView bytes);
std::optional<Bytes> bytes_of_base32(std::string_view text);

std::string base64_of(ByteView bytes);     // RFC 4648 section 4, padded
std::optional<Bytes> bytes_of_base64(std::string_view text);  // forgives bits behind the end, as others write them
std::string base64url_of(ByteView bytes);  // RFC 4648 section 5, unpadded
std::optional<Bytes> bytes_of_base64url(std::string_view text);  // of its one spelling: section 3.5

// Big-endian, so that stored keys sort as numbers do.
void append_u64(Bytes& to, std::uint64_t value);
void append_u32(Bytes& to, std::uint32_t value);
std::uint64_t read_u64(ByteView bytes);  // the first eight octets
std::uint32_t read_u32(ByteView bytes);

// True without telling by its duration where the two differ. Lengths are not secret.
bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace okpay
