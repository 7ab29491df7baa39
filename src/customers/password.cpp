// SPDX-License-Identifier: Apache-2.0
#include "customers/password.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <charconv>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::customers {
namespace {

void start_sodium() {
    static const int started = sodium_init();
    ensure(started >= 0);
}

Bytes argon2id(const Secret& password, ByteView salt, PasswordCost cost) {
    start_sodium();
    ensure(salt.size() == crypto_pwhash_SALTBYTES);
    Bytes hash(password_hash_octets, '\0');
    const int done = crypto_pwhash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), password.reveal().data(),
                                   password.reveal().size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                   cost.passes, std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13);
    ensure(done == 0);  // only for want of memory
    return hash;
}

std::string unpadded_base64(ByteView bytes) {
    std::string text = base64_of(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::optional<Bytes> bytes_of_unpadded(std::string_view text) {
    std::string padded{text};
    while (padded.size() % 4 != 0) padded.push_back('=');
    return bytes_of_base64(padded);
}

struct Phc {
    PasswordCost cost;
    Bytes salt, hash;
};

std::optional<std::uint32_t> number_after(std::string_view name, std::string_view field) {
    if (!field.starts_with(name)) return std::nullopt;
    field.remove_prefix(name.size());
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
    return value;
}

std::optional<Phc> parse_phc(std::string_view text) {
    const auto parts = split(text, '$');  // "", argon2id, v=19, m=..,t=..,p=1, salt, hash
    if (parts.size() != 6 || !parts[0].empty() || parts[1] != "argon2id" || parts[2] != "v=19") return std::nullopt;
    const auto cost = split(parts[3], ',');
    if (cost.size() != 3 || cost[2] != "p=1") return std::nullopt;
    const auto memory = number_after("m=", cost[0]);
    const auto passes = number_after("t=", cost[1]);
    const auto salt = bytes_of_unpadded(parts[4]);
    const auto hash = bytes_of_unpadded(parts[5]);
    if (!memory || !passes || !salt || !hash) return std::nullopt;
    if (*memory < 8 || *memory > password_cost_max.memory_kib) return std::nullopt;
    if (*passes < 1 || *passes > password_cost_max.passes) return std::nullopt;
    if (salt->size() != password_salt_octets || hash->size() != password_hash_octets) return std::nullopt;
    return Phc{.cost = {.memory_kib = *memory, .passes = *passes}, .salt = *salt, .hash = *hash};
}

}  // namespace

std::string hash_password(const Secret& password, ByteView salt, PasswordCost cost) {
    const Bytes hash = argon2id(password, salt, cost);
    return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_kib, cost.passes, unpadded_base64(salt),
                       unpadded_base64(hash));
}

bool verify_password(std::string_view phc, const Secret& password) {
    const auto kept = parse_phc(phc);
    if (!kept || password.reveal().size() > password_octets_max) return false;
    return equal_in_constant_time(argon2id(password, kept->salt, kept->cost), kept->hash);
}

bool needs_rehash(std::string_view phc) {
    const auto kept = parse_phc(phc);
    return !kept || kept->cost.memory_kib != password_cost.memory_kib || kept->cost.passes != password_cost.passes;
}

}  // namespace okpay::customers
