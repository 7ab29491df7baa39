// SPDX-License-Identifier: Apache-2.0
#include "customers/passkey_challenge.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/hash.hpp"

namespace okpay::customers {
namespace {

constexpr std::size_t id_octets = 16, mac_octets = 16;
constexpr std::size_t said_octets = challenge_random_octets + 8 + 1 + id_octets;

Bytes mac_of(ByteView said, const Secret& key) {
    return Bytes{view_of(hmac_sha256(key.reveal(), said)).substr(0, mac_octets)};
}

}  // namespace

Bytes make_challenge(const Challenge& challenge, ByteView random, const Secret& key) {
    ensure(random.size() == challenge_random_octets);
    Bytes said{random};
    append_u64(said, static_cast<std::uint64_t>(ms_of(challenge.ends)));
    said += static_cast<char>(challenge.purpose);
    said += challenge.customer ? Bytes{challenge.customer->view()} : Bytes(id_octets, '\0');
    return said + mac_of(said, key);
}

std::optional<Challenge> read_challenge(ByteView octets, const Secret& key) {
    if (octets.size() != said_octets + mac_octets) return std::nullopt;
    const ByteView said = octets.substr(0, said_octets);
    if (!equal_in_constant_time(mac_of(said, key), octets.substr(said_octets))) return std::nullopt;
    const ByteView customer = said.substr(said_octets - id_octets);
    const bool known = std::ranges::any_of(customer, [](char c) { return c != '\0'; });
    const ByteView after_random = said.substr(challenge_random_octets);
    return Challenge{.purpose = static_cast<ChallengePurpose>(after_random[8]),  // ours: one of the four
                     .customer = known ? CustomerId::of_bytes(customer) : std::nullopt,
                     .ends = moment_of_ms(static_cast<std::int64_t>(read_u64(after_random)))};
}

}  // namespace okpay::customers
