// SPDX-License-Identifier: Apache-2.0
// Members of staff follow requests and say how far they have seen them. Whom a note names: AddNote, command_desk.hpp.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <string>

namespace okpay::service {

struct FollowTicket {  // oneself
    std::string ticket;  // request number
};
BOOST_DESCRIBE_STRUCT(FollowTicket, (), (ticket))

struct UnfollowTicket {
    std::string ticket;
};
BOOST_DESCRIBE_STRUCT(UnfollowTicket, (), (ticket))

struct MarkSeen {
    std::string ticket;
    std::string mark;  // desk::SeenMark as text
};
BOOST_DESCRIBE_STRUCT(MarkSeen, (), (ticket, mark))

using FollowCommands = boost::mp11::mp_list<FollowTicket, UnfollowTicket, MarkSeen>;

}  // namespace okpay::service
