// SPDX-License-Identifier: Apache-2.0
// The parts of a customer's way in: the try that is counted before a password is looked at, and the session at the end.
// Between the two stands what must be right.
#pragma once

#include "api/api.hpp"

namespace okpay::api {

struct SignInAttempt {
    std::optional<service::CustomerView> customer;  // none: the address is nobody's, or has no password
    std::string password_phc;                       // to be checked in any case; then it is one that nothing matches
    std::string password_hash;                      // SHA-256 of it, hex
    Bytes known_device;                             // hash; empty: none
    std::string client;
};
// Counts the try, for the client and for the account. `email` is canonical.
awaitable<Result<SignInAttempt, Problem>> begin_sign_in(Api& api, const Request& request, std::string email);
// Makes the session and answers it, with its cookies. The session that the browser came with ends: no id lives on.
awaitable<Response> come_in(Api& api, Request request, SignInAttempt attempt, service::ShownFactor factor);

// What a session says of where it is.
struct ClientWords {
    std::string agent, address;
};
ClientWords client_words(const Request& request);

// The device that signs in: the known one, or one that is made now, with the cookie that makes the browser keep it.
struct DeviceHere {
    Bytes hash;
    std::string set_cookie;
};
DeviceHere device_here(const Api& api, const Request& request, ByteView known_device);

// The session that a sign-in asks for, but who signs in and what was shown. The session that the browser came with ends.
struct SessionWanted {
    service::SignInCustomer sign_in;
    Bytes token;
    DeviceHere device;
};
SessionWanted session_wanted(const Api& api, const Request& request, ByteView device_hash);
std::vector<Bytes> device_hashes(const Api& api, const Request& request);

std::string fresh_link();  // base32 of 32 random octets
Response with_session(Response response, const Api& api, ByteView token, const DeviceHere& device);

}  // namespace okpay::api
