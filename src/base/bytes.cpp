// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <bit>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace okpay {
namespace {

template <class Unsigned>
void append_big_endian(Bytes& to, Unsigned value) {
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base32_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

int value_of_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string hex_of(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto octet = static_cast<std::uint8_t>(c);
        text += hex_digits[octet >> 4];
        text += hex_digits[octet & 15U];
    }
    return text;
}

std::optional<Bytes> bytes_of_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = value_of_hex(hex[i]);
        const int low = value_of_hex(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string base32_of(ByteView bytes) {
    std::string text;
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : bytes) {
        window = (window << 8U) | static_cast<std::uint8_t>(c);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += base32_digits[(window >> bits) & 31U];
        }
        window &= (1U << bits) - 1U;
    }
    if (bits > 0) text += base32_digits[(window << (5 - bits)) & 31U];
    return text;
}

std::optional<Bytes> bytes_of_base32(std::string_view text) {
    Bytes bytes;
    std::uint32_t window = 0;
    int bits = 0;
    for (char c : text) {
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        const auto digit = base32_digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        window = (window << 5U) | static_cast<std::uint32_t>(digit);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((window >> bits) & 255U);
            window &= (1U << bits) - 1U;
        }
    }
    if (window != 0) return std::nullopt;  // the left-over bits of an honest writer are zero
    return bytes;
}

std::string base64_of(ByteView bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '\0');
    // EVP_EncodeBlock writes a terminating zero too; data() of a string has room for it.
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    return text;
}

std::optional<Bytes> bytes_of_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    Bytes bytes(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::string base64url_of(ByteView bytes) {
    std::string text = base64_of(bytes);
    while (!text.empty() && text.back() == '=') text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

std::optional<Bytes> bytes_of_base64url(std::string_view text) {
    std::string plain{text};
    for (char& c : plain) {
        if (c == '+' || c == '/' || c == '=') return std::nullopt;
        if (c == '-') c = '+';
        if (c == '_') c = '/';
    }
    while (plain.size() % 4 != 0) plain += '=';
    auto bytes = bytes_of_base64(plain);
    // Tokens are written so: one that is also good with another last letter is not the token that was given out.
    if (bytes && base64url_of(*bytes) != text) return std::nullopt;
    return bytes;
}

void append_u64(Bytes& to, std::uint64_t value) { append_big_endian(to, value); }
void append_u32(Bytes& to, std::uint32_t value) { append_big_endian(to, value); }

std::uint64_t read_u64(ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

std::uint32_t read_u32(ByteView bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

bool equal_in_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace okpay
