// SPDX-License-Identifier: Apache-2.0
// Who follows a request and how far they have seen it, and whom notes name. Rows in and out; who may be named and how a mark
// moves is desk/follows.hpp.
#pragma once

#include <span>

#include "desk/follows.hpp"
#include "desk/ticket.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct FollowRow {
    desk::TicketNo ticket;
    customers::StaffNo staff;
    Moment since;
    desk::SeenMark seen;
};
void insert_follow(Connection& connection, const FollowRow& row);
std::optional<FollowRow> find_follow(Connection& connection, desk::TicketNo ticket, customers::StaffNo staff);
std::vector<FollowRow> follows_among(Connection& connection, customers::StaffNo staff,
                                     std::span<const desk::TicketNo> tickets);
std::vector<FollowRow> followers_of(Connection& connection, desk::TicketNo ticket);  // who work here, the longest first
void set_seen(Connection& connection, const FollowRow& row);
void end_follow(Connection& connection, desk::TicketNo ticket, customers::StaffNo staff);
desk::SeenMark newest_of(Connection& connection, desk::TicketNo ticket);  // all that there is

void insert_mention(Connection& connection, const desk::Message& note, customers::StaffNo staff);
std::vector<customers::StaffNo> mentions_in(Connection& connection, desk::MessageNo note);

// What a follower has not seen yet: messages of others, and what happened of desk::told_events; beside it the notes among
// them that name the follower.
struct Unseen {
    std::int64_t all = 0, mentions = 0;
};
Unseen unseen_of(Connection& connection, const FollowRow& row);
// Requests with something unseen of whoever follows them, and those with an unseen note that names them; none of customers
// whom they have to do with.
struct UnseenRequests {
    std::int64_t following = 0, mentions = 0;
};
UnseenRequests unseen_requests(Connection& connection, customers::StaffNo staff);

}  // namespace okpay::store
