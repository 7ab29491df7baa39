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
#include "customers/change.hpp"
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
inline constexpr SessionKind case_session{"okpay_case", customers::case_session_lasts};
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

// What a browser keeps while its owner is at the provider (sign_on.hpp). Lax: it comes along when the provider sends the
// browser back.
std::string sign_on_cookie(std::string_view value, std::chrono::seconds lasts, bool secure);  // zero: it ends
std::optional<Bytes> sign_on_kept(const Request& request, bool secure);

std::string session_cookie(const SessionKind& kind, std::string_view token_text, bool secure);
std::string ended_session_cookie(const SessionKind& kind, bool secure);
// SHA-256 of its octets. Cookies that are `secure` have the prefix __Host- (RFC 6265bis): no other host of the domain can
// plant one, so that without the prefix is not looked at.
std::optional<Bytes> session_token_hash(const Request& request, const SessionKind& kind, bool secure);
// The devices cookie: a token for each of the customers who signed in with this browser, the newest first. A token is made
// by the sign-in that it is for, so that one planted in a browser is nobody's.
inline constexpr std::string_view device_cookie_name = "okpay_device";
inline constexpr std::size_t device_tokens_max = 4;
std::vector<Bytes> device_tokens(const Request& request, bool secure);
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

// How many different customers a member of staff has looked at lately. Work on requests stays far below; copying does not.
class ReadTally {
public:
    static constexpr std::size_t customers_max = 60;
    static constexpr std::chrono::minutes window{10};
    struct Seen {
        std::size_t customers;  // this one included
        bool too_many = false;  // this one may not be looked at now
        bool alarm = false;     // and the house does not know yet
    };
    Seen note(std::int64_t staff, const std::string& customer, Moment now);

private:
    struct Reader {
        std::unordered_map<std::string, Moment> seen;  // when last
        Moment alarmed{};
    };
    std::unordered_map<std::int64_t, Reader> readers_;  // as many as staff
};

// Wrong sign-ins to addresses that have no account are answered and slowed down like those that have one.
class StrangerThrottle {
public:
    // Until when; nothing where it may be tried now.
    [[nodiscard]] std::optional<Moment> blocked_until(std::string_view address, Moment now) const;
    void count(std::string_view address, Moment now);

private:
    static constexpr int failures_max = 10;  // as the writer counts
    static constexpr std::chrono::minutes blocked_for{15};
    static constexpr std::size_t addresses_max = 10'000;
    struct Tally {
        int failures = 0;
        Moment blocked_until;
    };
    std::unordered_map<std::string, Tally> tallies_;
};

}  // namespace okpay::api
