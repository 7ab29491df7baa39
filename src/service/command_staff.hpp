// SPDX-License-Identifier: Apache-2.0
// Staff who sign in through the house's own provider, leave, or begin anew.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>

namespace okpay::service {

struct SignOnStaff {  // the provider's word was verified; the code is checked here, against replay
    std::int64_t staff;
    std::string issuer, subject;  // bound to this person the first time, and from then on the only one
    std::string totp_code;
    std::string session_token_hash;  // hex
    std::int64_t session_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(SignOnStaff, (), (staff, issuer, subject, totp_code, session_token_hash, session_expires))

// They left: every session ends, nothing signs them in any more, and what they had in hand is given back. By whoever sits at
// the machine, or by an administrator with the second factor.
struct SwitchOffStaff {
    std::string staff;  // StaffId as text, or the mail address
    std::string reason;
    std::string totp_code;  // of the administrator; empty at the machine
};
BOOST_DESCRIBE_STRUCT(SwitchOffStaff, (), (staff, reason, totp_code))

// A lost phone, a forgotten password, a return: password, second factor and sign-on are void at once, and a new link begins
// anew. Where the role approves what others propose, another administrator has to say yes first.
struct InviteStaffAgain {
    std::string staff;  // StaffId as text, or the mail address
    std::string enrol_token_hash;  // hex
    std::int64_t enrol_expires;  // ms
};
BOOST_DESCRIBE_STRUCT(InviteStaffAgain, (), (staff, enrol_token_hash, enrol_expires))

using StaffCommands = boost::mp11::mp_list<SignOnStaff, SwitchOffStaff, InviteStaffAgain>;

}  // namespace okpay::service
