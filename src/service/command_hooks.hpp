// SPDX-License-Identifier: Apache-2.0
// Web hooks: who is told what, and what came of telling it. By a merchant for its own, by staff for the house's.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct CreateHook {
    std::string endpoint;  // its id
    std::string url;
    std::vector<std::string> events;  // empty: all
    std::string sealed_secret;        // base64; sealed with store::hook_secret_purpose
    std::string totp_code;            // of staff
};
BOOST_DESCRIBE_STRUCT(CreateHook, (), (endpoint, url, events, sealed_secret, totp_code))

struct SetHookEnabled {  // on: goes on where it stopped
    std::string endpoint;
    bool enabled;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(SetHookEnabled, (), (endpoint, enabled, totp_code))

struct ChangeHookSecret {  // the old one signs beside it for a while
    std::string endpoint;
    std::string sealed_secret;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(ChangeHookSecret, (), (endpoint, sealed_secret, totp_code))

struct RemoveHook {
    std::string endpoint;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(RemoveHook, (), (endpoint, totp_code))

struct PingHook {  // Answer::number: the delivery
    std::string endpoint;
};
BOOST_DESCRIBE_STRUCT(PingHook, (), (endpoint))

struct RedeliverHook {  // what waits or has failed: it is tried at once, and has all its tries again
    std::string endpoint;
    std::int64_t delivery;
};
BOOST_DESCRIBE_STRUCT(RedeliverHook, (), (endpoint, delivery))

struct HookMove {
    std::int64_t endpoint;
    std::int64_t payments, events;  // everything up to here was told, has a row, or was not asked for
    bool delivered;                 // something arrived
};
BOOST_DESCRIBE_STRUCT(HookMove, (), (endpoint, payments, events, delivered))

struct MoveHookCursors {  // never back
    std::vector<HookMove> moves;
};
BOOST_DESCRIBE_STRUCT(MoveHookCursors, (), (moves))

// One event to one endpoint: it arrived, did not, or waits behind an earlier one of its object ("held"). Where it is an
// event at the cursor, the cursor moves in the same commit.
struct ReportHookTry {
    std::int64_t endpoint;
    std::int64_t source, position, object;
    std::string type;
    std::int64_t happened;          // ms
    std::int64_t payments, events;  // the place of the event, 0 and 0 for what has a row already
    std::string outcome;            // delivered, failed, gone, held
    std::int64_t status;            // of HTTP; 0: there was no answer
    std::string error;
    std::int64_t random;  // spreads the next try
};
BOOST_DESCRIBE_STRUCT(ReportHookTry, (),
                      (endpoint, source, position, object, type, happened, payments, events, outcome, status, error, random))

struct TendHooks {  // old secrets end, deliveries of long ago are forgotten
    std::int64_t keep_ms;
};
BOOST_DESCRIBE_STRUCT(TendHooks, (), (keep_ms))

using HookCommands = boost::mp11::mp_list<CreateHook, SetHookEnabled, ChangeHookSecret, RemoveHook, PingHook, RedeliverHook,
                                          MoveHookCursors, ReportHookTry, TendHooks>;

}  // namespace okpay::service
