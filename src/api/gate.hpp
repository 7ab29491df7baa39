// SPDX-License-Identifier: Apache-2.0
// Who may come in: pure readings of a request. Looking a session or a key up is the API's.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "api/problem.hpp"
#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/moment.hpp"
#include "customers/access.hpp"
#include "service/queries.hpp"
#include "store/people_store.hpp"

namespace okpay::api {

// A browser may hold both: the cookies have names of their own.
struct SessionKind {
    std::string_view cookie_name;
    std::chrono::hours lasts;
};
inline constexpr SessionKind staff_session{"okpay_staff", std::chrono::hours{12}};
inline constexpr SessionKind customer_session{"okpay_customer", customers::customer_session_lasts};
inline constexpr std::size_t session_token_octets = 32;
inline constexpr std::size_t idempotency_key_octets_max = 255;

struct SignedIn {
    store::StaffRow staff;
    Bytes token_hash;
};

struct SignedInCustomer {
    service::CustomerView view;
    store::CustomerSession session;
};

// What the session must show first; nothing where it has shown enough, and lately enough.
std::optional<Problem> step_up_missing(const SignedInCustomer& who, customers::Act act, Moment now);

// A browser sends Origin with every request that may change something. Allowed are the public URL's and, for plain use on
// the machine itself, that of a loopback Host. Where a browser sends no Origin, Sec-Fetch-Site must say same-origin.
bool origin_allowed(const Request& request, std::string_view public_url);

// "https://pay.example/any/path" is "https://pay.example"; empty where it is no URL.
std::string origin_of(std::string_view url);

std::string session_cookie(const SessionKind& kind, std::string_view token_text, bool secure);
std::string ended_session_cookie(const SessionKind& kind, bool secure);
std::optional<Bytes> session_token_hash(const Request& request, const SessionKind& kind);  // SHA-256 of its octets
// The devices cookie: a token for each of the customers who signed in with this browser, the newest first. A token is made
// by the sign-in that it is for, so that one planted in a browser is nobody's.
inline constexpr std::string_view device_cookie_name = "okpay_device";
inline constexpr std::size_t device_tokens_max = 4;
std::vector<Bytes> device_tokens(const Request& request);
std::string device_cookie(std::vector<Bytes> tokens, bool secure);  // the first device_tokens_max
std::optional<Bytes> api_key_hash(const Request& request);        // SHA-256 of the whole key, Authorization: Bearer sk_…

// ?dry_run=true or false.
Result<bool, Problem> dry_run_wanted(const Request& request);
// 1 to 255 visible ASCII characters. A dry run needs none and then gets one that is nobody's.
Result<std::string, Problem> idempotency_key(const Request& request);
// The id of a command that is made once by what stands in a header: the same request again is the same command, and no
// client can name the command of another.
CommandId command_id_of(std::string_view principal, std::string_view path, std::string_view key);

// "wa***@qq.example"
std::string masked_address(std::string_view address);

}  // namespace okpay::api
