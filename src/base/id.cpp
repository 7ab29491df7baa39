// SPDX-License-Identifier: Apache-2.0
#include "base/id.hpp"

#include "base/ensure.hpp"

namespace okpay::id_text {

std::string of(const std::array<std::uint8_t, 16>& bytes) {
    const std::string hex = hex_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

std::optional<std::array<std::uint8_t, 16>> parse(std::string_view text) {
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
    std::string hex;
    for (const char c : text) {
        if (c != '-') hex += c;
    }
    const auto octets = bytes_of_hex(hex);
    if (!octets || octets->size() != 16) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), octets->data(), 16);
    return bytes;
}

std::array<std::uint8_t, 16> uuid7(Moment at, ByteView random_octets) {
    ensure(random_octets.size() >= 10);
    std::array<std::uint8_t, 16> bytes{};
    const auto ms = static_cast<std::uint64_t>(ms_of(at));
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    std::memcpy(bytes.data() + 6, random_octets.data(), 10);
    bytes[6] = static_cast<std::uint8_t>(0x70U | (bytes[6] & 0x0FU));
    bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
    return bytes;
}

}  // namespace okpay::id_text
