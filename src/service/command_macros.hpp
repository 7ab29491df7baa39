// SPDX-License-Identifier: Apache-2.0
// Macros: written, retired and taken back, applied where they write no answer. One that writes goes with ReplyToTicket.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>

namespace okpay::service {

struct PutMacro {  // a new version; what says the same makes none. The answer's number is that of the macro
    std::int64_t macro;  // 0: a new one
    std::string name, text_en, text_zh;
    std::string state_after;    // empty: it stays
    std::string assign;         // me, nobody, person; empty: it stays
    std::int64_t person;        // of assign; else 0
    std::int64_t snooze_hours;  // 0: it does not sleep
    std::int64_t version;       // that was read; 0 of a new one
};
BOOST_DESCRIBE_STRUCT(PutMacro, (), (macro, name, text_en, text_zh, state_after, assign, person, snooze_hours, version))

struct RetireMacro {
    std::int64_t macro;
    bool retired;  // false: taken back into use
};
BOOST_DESCRIBE_STRUCT(RetireMacro, (), (macro, retired))

struct ApplyMacro {  // all it does, or nothing
    std::string ticket;  // request number
    std::int64_t macro, macro_version;
    std::int64_t version;  // of the request
};
BOOST_DESCRIBE_STRUCT(ApplyMacro, (), (ticket, macro, macro_version, version))

using MacroCommands = boost::mp11::mp_list<PutMacro, RetireMacro, ApplyMacro>;

}  // namespace okpay::service
