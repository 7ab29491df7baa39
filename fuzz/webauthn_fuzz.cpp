// SPDX-License-Identifier: Apache-2.0
// Passkeys as a hostile browser would send them. The first octet cuts the input in two: client data and attestation, or
// authenticator data and key. The law: nothing is accepted that does not name our challenge, and what is accepted as a key
// is within the limits.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "customers/webauthn.hpp"

namespace {

using namespace okpay;
using namespace okpay::customers;

// Good client data, so that the fuzzer need not find base64 by chance.
const Bytes challenge(32, 'q');
const RelyingParty house{.id = "localhost", .origins = {"http://localhost"}};

std::string client_data(std::string_view type) {
    return R"({"type":")" + std::string{type} + R"(","challenge":")" + base64url_of(challenge) +
           R"(","origin":"http://localhost"})";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view octets{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::string_view first = octets.substr(0, data[0]);
    const std::string_view second = octets.substr(first.size());

    const auto hostile = verify_registration({.client_data = first, .attestation = second}, challenge, house);
    if (hostile) ensure(challenge_in(first) == challenge);

    const std::string create = client_data("webauthn.create");
    const auto made = verify_registration({.client_data = create, .attestation = octets}, challenge, house);
    if (made) {
        ensure(!made->credential_id.empty() && made->credential_id.size() <= credential_id_octets_max);
        ensure(made->public_key.size() <= public_key_octets_max && made->aaguid.size() == 16);
    }
    const std::string get = client_data("webauthn.get");
    const Bytes party{view_of(sha256("localhost"))};
    const Bytes spoken = party + Bytes{first};  // half a chance to get past the hash
    const Assertion said{.client_data = get, .authenticator_data = spoken, .signature = second.substr(0, 80)};
    // Whoever brings a key of his own making may sign for it: no law, but no crash either.
    const auto asserted = verify_assertion(said, challenge, house, made ? ByteView{made->public_key} : second, 0);
    if (asserted) ensure(asserted->sign_count == read_u32(ByteView{spoken}.substr(33, 4)));
    return 0;
}
