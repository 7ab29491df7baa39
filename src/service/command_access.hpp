// SPDX-License-Identifier: Apache-2.0
// How a customer comes to be here and in: sign-up, a new password, sessions and devices.
//
// A `…_link` is the text that stands in a letter (base32 of 32 random octets); only its SHA-256 is kept. `letter` is the id
// of the letter, an OutgoingId. `report_link` stands in the letter that tells of what was done: "this was not me".
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

// Answered the same whether or not the address has an account; a letter goes there either way.
struct StartSignUp {
    std::string email, name, language, zone, password_phc;
    std::string sign_up_link, letter;
};
BOOST_DESCRIBE_STRUCT(StartSignUp, (), (email, name, language, zone, password_phc, sign_up_link, letter))

// A wrong password was typed at the link of a sign-up; too many end the link.
struct CountFailedSignUp {
    std::string link_hash;
};
BOOST_DESCRIBE_STRUCT(CountFailedSignUp, (), (link_hash))

// By the link, with the password of the sign-up, which was verified on a worker: the customer, the wallets, the session.
struct ConfirmSignUp {
    std::string link_hash;  // hex
    std::string customer;   // CustomerId as text
    std::string session_token_hash;
    std::int64_t session_expires;
    std::string device_hash, agent, address;
};
BOOST_DESCRIBE_STRUCT(ConfirmSignUp, (),
                      (link_hash, customer, session_token_hash, session_expires, device_hash, agent, address))

struct AskNewPassword {
    std::string email, password_link, letter;
    std::string device_hash;  // hex; of a device that is known here, letters are counted apart
};
BOOST_DESCRIBE_STRUCT(AskNewPassword, (), (email, password_link, letter, device_hash))

// By the link: all sessions end, the second factor stays.
struct SetNewPassword {
    std::string link_hash, password_phc;
    std::string letter, report_link, agent, address;
};
BOOST_DESCRIBE_STRUCT(SetNewPassword, (), (link_hash, password_phc, letter, report_link, agent, address))

// Signed in, the old one verified on a worker: all other sessions end, this one gets a new id.
struct ChangePassword {
    std::int64_t customer;
    std::string password_phc, session_token_hash, new_session_token_hash;
    std::string letter, report_link, agent, address;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (),
                      (customer, password_phc, session_token_hash, new_session_token_hash, letter, report_link, agent,
                       address))

struct EndSessions {
    std::int64_t customer;
    std::int64_t session;            // its number; 0: all others
    std::string session_token_hash;  // of the one that asks
};
BOOST_DESCRIBE_STRUCT(EndSessions, (), (customer, session, session_token_hash))

struct TouchSession {  // was used; written lazily
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(TouchSession, (), (session_token_hash))

struct SetPhrase {  // empty: none
    std::int64_t customer;
    std::string phrase, letter, report_link, agent, address;
};
BOOST_DESCRIBE_STRUCT(SetPhrase, (), (customer, phrase, letter, report_link, agent, address))

// "This was not me", by the link of an alert: debits are locked, all sessions end, the password opens nothing any more, a
// request of the desk is opened.
struct ReportSignIn {
    std::string link_hash, message_id, letter;
};
BOOST_DESCRIBE_STRUCT(ReportSignIn, (), (link_hash, message_id, letter))

using AccessCommands = boost::mp11::mp_list<StartSignUp, CountFailedSignUp, ConfirmSignUp, AskNewPassword, SetNewPassword,
                                            ChangePassword, EndSessions, TouchSession, SetPhrase, ReportSignIn>;

}  // namespace okpay::service
