// SPDX-License-Identifier: Apache-2.0
// A second factor as it comes with a command: at sign-in, or to step up.
#pragma once

#include <boost/describe.hpp>

#include <string>
#include <vector>

namespace okpay::service {

// What a browser answered for a passkey; octets in base64. Who asked is the house under the name by which this browser
// reached it.
struct PasskeyAnswer {
    std::string credential_id, client_data, authenticator_data, signature;
    std::string user_handle;           // empty where the browser told none
    std::string party;                 // "pay.example"
    std::vector<std::string> origins;  // from which it may speak
};
BOOST_DESCRIBE_STRUCT(PasskeyAnswer, (),
                      (credential_id, client_data, authenticator_data, signature, user_handle, party, origins))

struct ShownFactor {
    std::string kind;  // "app", "recovery_code", "passkey"; empty: none
    std::string app_code;
    std::string recovery_hash;  // hex, of customers::recovery_code_hash; empty where it was no code
    PasskeyAnswer passkey;
};
BOOST_DESCRIBE_STRUCT(ShownFactor, (), (kind, app_code, recovery_hash, passkey))

}  // namespace okpay::service
