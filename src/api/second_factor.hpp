// SPDX-License-Identifier: Apache-2.0
// A customer's second factor in requests and answers: what sign-in, step-up and the security page share.
#pragma once

#include <optional>
#include <vector>

#include "api/api.hpp"
#include "api/json.hpp"
#include "customers/webauthn.hpp"

namespace okpay::api {

// Under which name this browser has reached us. A passkey belongs to a name: none where that is an address of numbers.
std::optional<customers::RelyingParty> relying_party(const Api& api, const Request& request);

// `totp`, `recovery_code` or `passkey` of a body, one of them at most.
struct TypedFactor {
    std::string totp, recovery_code;
    std::optional<service::PasskeyAnswer> passkey;
    [[nodiscard]] bool empty() const { return totp.empty() && recovery_code.empty() && !passkey; }
};
TypedFactor read_typed_factor(const Api& api, const Request& request, BodyReader& body);
service::ShownFactor shown_factor(TypedFactor typed, const CustomerId& customer);
// A passkey's answer alone; what is wrong with it is said of the body.
std::optional<service::PasskeyAnswer> read_passkey_answer(const Api& api, const Request& request, BodyReader& body);

// What navigator.credentials.get() is called with: for these passkeys, or for any of this house. Null where none can be
// asked.
json::value passkey_question(const Api& api, const Request& request, const std::vector<store::Passkey>& passkeys,
                             customers::ChallengePurpose purpose, const std::optional<CustomerId>& customer);

// 401: the password was right, and one of these is asked for besides.
awaitable<Response> second_factor_asked(Api& api, Request request, customers::Customer customer);

// Money of the customer goes to this place: why not yet, or nothing.
awaitable<std::optional<Problem>> new_place_refused(Api& api, Request request, SignedInCustomer who,
                                                    std::string instrument_hash);

// Ten codes to show once, and what is kept of them.
struct RecoverySet {
    std::vector<std::string> codes, hashes;  // hashes: hex
};
RecoverySet fresh_recovery_set(const CustomerId& customer);
// `recovery_codes` of an answer: the set where the command has taken it, else an empty list.
json::array shown_once(const RecoverySet& set, const service::Answer& answer);

}  // namespace okpay::api
