// SPDX-License-Identifier: Apache-2.0
#include "customers/impl/cose_key.hpp"

#include <map>

namespace okpay::customers::impl {
namespace {

constexpr std::int64_t label_kty = 1, label_alg = 3, label_crv = -1, label_x = -2, label_y = -3;
constexpr std::int64_t label_n = -1, label_e = -2;  // of RSA
constexpr std::int64_t kty_okp = 1, kty_ec2 = 2, kty_rsa = 3;
constexpr std::int64_t crv_p256 = 1, crv_ed25519 = 6;
constexpr std::size_t members_max = 8;

// The members by label; nothing where one stands twice or is neither a number nor octets.
std::optional<std::map<std::int64_t, CborItem>> members_of(CborReader& reader) {
    const auto map = reader.next();
    if (!map || map->kind != CborItem::Kind::map || map->count > members_max) return std::nullopt;
    std::map<std::int64_t, CborItem> members;
    for (std::size_t i = 0; i < map->count; ++i) {
        const auto label = reader.next();
        const auto value = reader.next();
        if (!label || !value || label->kind != CborItem::Kind::integer) return std::nullopt;
        if (value->kind != CborItem::Kind::integer && value->kind != CborItem::Kind::octets) return std::nullopt;
        if (!members.emplace(label->number, *value).second) return std::nullopt;
    }
    return members;
}

}  // namespace

std::optional<CoseKey> read_cose_key(CborReader& reader) {
    const auto members = members_of(reader);
    if (!members) return std::nullopt;
    const auto number = [&](std::int64_t label) {
        const auto found = members->find(label);
        return found != members->end() && found->second.kind == CborItem::Kind::integer ? found->second.number : 0;
    };
    const auto octets = [&](std::int64_t label) {
        const auto found = members->find(label);
        return found != members->end() ? found->second.content : ByteView{};
    };
    const std::int64_t kty = number(label_kty), algorithm = number(label_alg), curve = number(label_crv);
    std::optional<CoseKey> made;
    if (kty == kty_ec2 && algorithm == static_cast<std::int64_t>(KeyAlgorithm::es256) && curve == crv_p256) {
        made = CoseKey{KeyAlgorithm::es256, p256_key(octets(label_x), octets(label_y))};
    } else if (kty == kty_okp && algorithm == static_cast<std::int64_t>(KeyAlgorithm::eddsa) && curve == crv_ed25519) {
        made = CoseKey{KeyAlgorithm::eddsa, ed25519_key(octets(label_x))};
    } else if (kty == kty_rsa && algorithm == static_cast<std::int64_t>(KeyAlgorithm::rs256)) {
        made = CoseKey{KeyAlgorithm::rs256, rsa_key(octets(label_n), octets(label_e))};
    }
    if (!made || made->key == nullptr) return std::nullopt;
    return made;
}

bool verify_signature(const CoseKey& key, ByteView message, ByteView signature) {
    return verify_signature(*key.key, key.algorithm == KeyAlgorithm::eddsa ? Digest::none : Digest::sha256,
                            RsaPadding::pkcs1, message, signature);
}

}  // namespace okpay::customers::impl
