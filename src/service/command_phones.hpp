// SPDX-License-Identifier: Apache-2.0
// A customer's telephone number, and the queue of short messages. A number is asked for, proven by a code, and goes or is
// replaced behind the hold of every change (command_changes.hpp); CancelChange and FinishChanges are of it too.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>

namespace okpay::service {

// By the customer, signed in and stepped up: the API has looked. Answers with the change.
struct AskPhone {
    std::string change;  // ChangeId as text
    std::int64_t customer;
    std::string number;
    std::int64_t session;  // number of the session that asks
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(AskPhone, (), (change, customer, number, session, seed))

struct SendPhoneCode {  // another code for the change that is under way
    std::int64_t customer;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(SendPhoneCode, (), (customer, seed))

struct ConfirmPhone {
    std::int64_t customer;
    std::string code;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ConfirmPhone, (), (customer, code, seed))

struct RemovePhone {  // held at once; answers with the change
    std::string change;
    std::int64_t customer, session;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(RemovePhone, (), (change, customer, session, seed))

// Marks what is due as handed out, durably, before it is answered with the numbers; what is too late has failed. Has a row
// of its own: asked again after a commit of unknown outcome it answers with the same numbers. What was handed out long ago
// and never reported on is queued again where the way out takes a key once (`once_by_key`), and uncertain elsewhere.
struct TakeShortMessages {
    std::int64_t messages_max;
    bool once_by_key;
};
BOOST_DESCRIBE_STRUCT(TakeShortMessages, (), (messages_max, once_by_key))

// At the start of a sender: what was handed out and never reported on. `once_by_key`: the way out knows a key again and does
// nothing the second time, so it is queued; elsewhere nobody knows, and it is not sent again.
struct ReleaseShortMessages {
    bool once_by_key;
};
BOOST_DESCRIBE_STRUCT(ReleaseShortMessages, (), (once_by_key))

struct ReportShortMessage {
    std::int64_t message;
    std::string outcome;  // sent, refused, later, uncertain
    std::string text;  // the way out's words; no number and no code
};
BOOST_DESCRIBE_STRUCT(ReportShortMessage, (), (message, outcome, text))

using PhoneCommands = boost::mp11::mp_list<AskPhone, SendPhoneCode, ConfirmPhone, RemovePhone, TakeShortMessages,
                                           ReleaseShortMessages, ReportShortMessage>;

}  // namespace okpay::service
