// SPDX-License-Identifier: Apache-2.0
// What comes out of hosted mailboxes. Both are done by the state of the mailbox: asked again they change nothing.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>

#include "service/command_desk.hpp"

namespace okpay::service {

// A connection found the mailbox so. Answer::number is the mailbox, Answer::numbers are its walk, last_uid and since (ms).
struct OpenMailbox {
    std::string name;
    std::int64_t uid_validity, uid_next;
    bool take_old;  // at the first connection: what is there already is imported, closed, instead of only passed
};
BOOST_DESCRIBE_STRUCT(OpenMailbox, (), (name, uid_validity, uid_next, take_old))

// By ascending UID. A mail that is kept and the mailbox's new place are one commit. Answer::number: the inbound mail, 0
// where none was made.
struct TakeFromMailbox {
    std::int64_t mailbox, walk, uid;
    std::string what;       // whole, beginning, gone, passed, given_up
    std::int64_t received;  // ms, as the server says; 0: it does not
    AcceptMail mail;        // of whole and beginning; its channel is "imap"
};
BOOST_DESCRIBE_STRUCT(TakeFromMailbox, (), (mailbox, walk, uid, what, received, mail))

using MailboxCommands = boost::mp11::mp_list<OpenMailbox, TakeFromMailbox>;

// A server's clock may differ by as much: mails that came so long before the mailbox was connected are not taken for old
// ones when it is walked again.
inline constexpr std::int64_t mailbox_clock_slack_ms = 3'600'000;

}  // namespace okpay::service
