// SPDX-License-Identifier: Apache-2.0
#include "customers/webauthn.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "customers/foreign_json.hpp"
#include "customers/impl/cose_key.hpp"

namespace okpay::customers {
namespace {

namespace json = boost::json;
using impl::CborItem;
using impl::CborReader;

constexpr unsigned flag_user_present = 0x01, flag_user_verified = 0x04, flag_backed_up = 0x10, flag_credential = 0x40,
                   flag_extensions = 0x80;
constexpr std::size_t hash_octets = 32, head_octets = hash_octets + 1 + 4, aaguid_octets = 16;
constexpr std::size_t client_data_depth_max = 4;

struct ClientData {
    std::string type, challenge, origin;
    bool foreign_frame = false;
};

std::optional<ClientData> read_client_data(ByteView octets) {
    if (octets.size() > client_data_octets_max) return std::nullopt;
    const auto object = foreign_object(octets, client_data_depth_max);
    if (!object) return std::nullopt;
    auto type = maybe_text_at(*object, "type"), challenge = maybe_text_at(*object, "challenge"),
         origin = maybe_text_at(*object, "origin");
    if (!type || !challenge || !origin) return std::nullopt;
    const json::value* cross = object->if_contains("crossOrigin");
    return ClientData{.type = *std::move(type),
                      .challenge = *std::move(challenge),
                      .origin = *std::move(origin),
                      .foreign_frame = cross != nullptr && !(cross->is_bool() && !cross->get_bool())};
}

// What the browser says of itself: 7.1 steps 7 to 10, 7.2 steps 11 to 14.
std::optional<PasskeyFault> fault_in(const std::optional<ClientData>& said, std::string_view type, ByteView challenge,
                                     const RelyingParty& party) {
    if (!said) return PasskeyFault::malformed;
    if (said->type != type) return PasskeyFault::wrong_type;
    const auto answered = bytes_of_base64url(said->challenge);
    if (!answered || challenge.empty() || !equal_in_constant_time(*answered, challenge)) {
        return PasskeyFault::wrong_challenge;
    }
    if (said->foreign_frame || std::ranges::find(party.origins, said->origin) == party.origins.end()) {
        return PasskeyFault::wrong_origin;
    }
    return std::nullopt;
}

struct AuthenticatorData {
    ByteView party_hash;
    unsigned flags;
    std::uint32_t sign_count;
    ByteView rest;  // the credential, where there is one, and extensions
};

// Section 6.1.
std::optional<AuthenticatorData> read_authenticator_data(ByteView octets) {
    if (octets.size() < head_octets || octets.size() > authenticator_data_octets_max) return std::nullopt;
    return AuthenticatorData{.party_hash = octets.substr(0, hash_octets),
                             .flags = static_cast<unsigned char>(octets[hash_octets]),
                             .sign_count = read_u32(octets.substr(hash_octets + 1, 4)),
                             .rest = octets.substr(head_octets)};
}

std::optional<PasskeyFault> fault_in(const AuthenticatorData& said, const RelyingParty& party) {
    if (said.party_hash != view_of(sha256(party.id))) return PasskeyFault::wrong_party;
    if ((said.flags & flag_user_present) == 0) return PasskeyFault::user_absent;
    if ((said.flags & flag_user_verified) == 0) return PasskeyFault::user_unverified;
    return std::nullopt;
}

// True where what is left is nothing, or the extensions that the flag announces.
bool ends_well(CborReader& reader, unsigned flags) {
    if ((flags & flag_extensions) != 0 && !reader.skip()) return false;
    return reader.rest().empty();
}

// authData of {"fmt": …, "attStmt": …, "authData": …}; nothing where a member is missing, unknown or there twice.
std::optional<ByteView> authenticator_data_in(ByteView attestation) {
    if (attestation.size() > attestation_octets_max) return std::nullopt;
    CborReader reader{attestation};
    const auto map = reader.next();
    if (!map || map->kind != CborItem::Kind::map || map->count != 3) return std::nullopt;
    bool format = false, statement = false;
    std::optional<ByteView> data;
    for (std::size_t i = 0; i < map->count; ++i) {
        const auto name = reader.next();
        if (!name || name->kind != CborItem::Kind::text) return std::nullopt;
        if (name->content == "attStmt" && !statement) {
            statement = reader.skip();
            if (!statement) return std::nullopt;
            continue;
        }
        const auto value = reader.next();
        if (!value) return std::nullopt;
        if (name->content == "fmt" && !format && value->kind == CborItem::Kind::text) {
            format = true;
        } else if (name->content == "authData" && !data && value->kind == CborItem::Kind::octets) {
            data = value->content;
        } else {
            return std::nullopt;
        }
    }
    return reader.rest().empty() ? data : std::nullopt;
}

}  // namespace

std::string_view name_of(PasskeyFault fault) {
    switch (fault) {
    case PasskeyFault::malformed: return "malformed";
    case PasskeyFault::wrong_type: return "wrong_type";
    case PasskeyFault::wrong_challenge: return "wrong_challenge";
    case PasskeyFault::wrong_origin: return "wrong_origin";
    case PasskeyFault::wrong_party: return "wrong_party";
    case PasskeyFault::user_absent: return "user_absent";
    case PasskeyFault::user_unverified: return "user_unverified";
    case PasskeyFault::unsupported_key: return "unsupported_key";
    case PasskeyFault::wrong_signature: return "wrong_signature";
    case PasskeyFault::counter_went_back: return "counter_went_back";
    }
    std::abort();
}

std::optional<Bytes> challenge_in(ByteView client_data) {
    const auto said = read_client_data(client_data);
    return said ? bytes_of_base64url(said->challenge) : std::nullopt;
}

Result<NewPasskey, PasskeyFault> verify_registration(const Registration& said, ByteView challenge,
                                                     const RelyingParty& party) {
    if (const auto fault = fault_in(read_client_data(said.client_data), "webauthn.create", challenge, party)) {
        return fail(*fault);
    }
    const auto octets = authenticator_data_in(said.attestation);
    const auto data = octets ? read_authenticator_data(*octets) : std::nullopt;
    if (!data) return fail(PasskeyFault::malformed);
    if (const auto fault = fault_in(*data, party)) return fail(*fault);
    // Attested credential data, section 6.5.1: aaguid, length in two octets, id, key.
    if ((data->flags & flag_credential) == 0 || data->rest.size() < aaguid_octets + 2) return fail(PasskeyFault::malformed);
    const ByteView length = data->rest.substr(aaguid_octets, 2);
    const std::size_t id_octets =
        std::size_t{static_cast<unsigned char>(length[0])} << 8U | std::size_t{static_cast<unsigned char>(length[1])};
    const ByteView after = data->rest.substr(aaguid_octets + 2);
    if (id_octets == 0 || id_octets > credential_id_octets_max || after.size() < id_octets) {
        return fail(PasskeyFault::malformed);
    }
    const ByteView key_and_more = after.substr(id_octets);
    CborReader reader{key_and_more};
    if (!impl::read_cose_key(reader)) return fail(PasskeyFault::unsupported_key);
    const std::size_t key_octets = key_and_more.size() - reader.rest().size();
    if (key_octets > public_key_octets_max || !ends_well(reader, data->flags)) return fail(PasskeyFault::malformed);
    return NewPasskey{.credential_id = Bytes{after.substr(0, id_octets)},
                      .public_key = Bytes{key_and_more.substr(0, key_octets)},
                      .sign_count = data->sign_count,
                      .backed_up = (data->flags & flag_backed_up) != 0,
                      .aaguid = Bytes{data->rest.substr(0, aaguid_octets)}};
}

Result<Asserted, PasskeyFault> verify_assertion(const Assertion& said, ByteView challenge, const RelyingParty& party,
                                                ByteView public_key, std::uint32_t sign_count) {
    if (const auto fault = fault_in(read_client_data(said.client_data), "webauthn.get", challenge, party)) {
        return fail(*fault);
    }
    const auto data = read_authenticator_data(said.authenticator_data);
    if (!data || said.signature.size() > signature_octets_max) return fail(PasskeyFault::malformed);
    if (const auto fault = fault_in(*data, party)) return fail(*fault);
    CborReader extensions{data->rest};
    if ((data->flags & flag_credential) != 0 || !ends_well(extensions, data->flags)) return fail(PasskeyFault::malformed);
    CborReader reader{public_key};
    const auto key = impl::read_cose_key(reader);
    if (!key || !reader.rest().empty()) return fail(PasskeyFault::unsupported_key);
    const Bytes signed_octets = Bytes{said.authenticator_data} + Bytes{view_of(sha256(said.client_data))};
    if (!impl::verify_signature(*key, signed_octets, said.signature)) return fail(PasskeyFault::wrong_signature);
    const bool counts = data->sign_count != 0 || sign_count != 0;
    if (counts && data->sign_count <= sign_count) return fail(PasskeyFault::counter_went_back);
    return Asserted{.sign_count = data->sign_count, .backed_up = (data->flags & flag_backed_up) != 0};
}

}  // namespace okpay::customers
