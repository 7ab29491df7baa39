// SPDX-License-Identifier: Apache-2.0
// Second factors of customers: authenticator apps, passkeys, recovery codes, and the step up that they prove. A command that
// changes them names the session that asks: the writer looks at what it has shown. Hashes of tokens and codes are hex.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "service/command_people.hpp"
#include "service/shown_factor.hpp"

namespace okpay::service {

struct BeginApp {  // opens nothing until ConfirmApp
    std::int64_t customer;
    std::string session_token_hash;
    std::string secret_sealed;  // base64
};
BOOST_DESCRIBE_STRUCT(BeginApp, (), (customer, session_token_hash, secret_sealed))

struct ConfirmApp {
    std::int64_t customer;
    std::string session_token_hash, new_session_token_hash;
    std::string app_code;
    std::vector<std::string> recovery_hashes;  // kept where the customer has none yet: `numbers` of the answer is not empty
};
BOOST_DESCRIBE_STRUCT(ConfirmApp, (), (customer, session_token_hash, new_session_token_hash, app_code, recovery_hashes))

struct RemoveApp {
    std::int64_t customer;
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(RemoveApp, (), (customer, session_token_hash))

struct MakeRecoveryCodes {
    std::int64_t customer;
    std::string session_token_hash;
    std::vector<std::string> recovery_hashes;
};
BOOST_DESCRIBE_STRUCT(MakeRecoveryCodes, (), (customer, session_token_hash, recovery_hashes))

struct AddPasskey {  // answers with its number
    std::int64_t customer;
    std::string session_token_hash, new_session_token_hash;
    std::string name;
    std::string client_data, attestation;  // base64
    std::string party;
    std::vector<std::string> origins;
    std::vector<std::string> recovery_hashes;  // as in ConfirmApp
};
BOOST_DESCRIBE_STRUCT(AddPasskey, (),
                      (customer, session_token_hash, new_session_token_hash, name, client_data, attestation, party, origins,
                       recovery_hashes))

struct RenamePasskey {
    std::int64_t customer, passkey;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(RenamePasskey, (), (customer, passkey, name))

struct RemovePasskey {
    std::int64_t customer;
    std::string session_token_hash;
    std::int64_t passkey;
};
BOOST_DESCRIBE_STRUCT(RemovePasskey, (), (customer, session_token_hash, passkey))

// The session goes on under a new token. With a factor it is at A3 from now; with the password, which a worker verified, it
// is as fresh as after a sign-in, and that is all: where a factor is enrolled a password steps nowhere.
struct StepUp {
    std::int64_t customer;
    std::string session_token_hash, new_session_token_hash;
    ShownFactor factor;
    bool password_right;
};
BOOST_DESCRIBE_STRUCT(StepUp, (), (customer, session_token_hash, new_session_token_hash, factor, password_right))

struct SignInByPasskey {  // alone, without a password: who it is stands in the answer; `customer` of sign_in is not read
    SignInCustomer sign_in;
    PasskeyAnswer passkey;
};
BOOST_DESCRIBE_STRUCT(SignInByPasskey, (), (sign_in, passkey))

using FactorCommands = boost::mp11::mp_list<BeginApp, ConfirmApp, RemoveApp, MakeRecoveryCodes, AddPasskey, RenamePasskey,
                                            RemovePasskey, StepUp, SignInByPasskey>;

}  // namespace okpay::service
