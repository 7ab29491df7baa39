// SPDX-License-Identifier: Apache-2.0
// Staff who come and go: who they are at the provider of the house's sign-on, their sessions, what they had in hand.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "desk/ticket.hpp"
#include "store/people_store.hpp"

namespace okpay::store {

// One person of the staff is one subject at an issuer, and the other way round.
void bind_sign_on(Connection& connection, std::int64_t no, customers::StaffNo staff, std::string_view issuer,
                  std::string_view subject, Moment at);
void unbind_sign_on(Connection& connection, customers::StaffNo staff);
std::optional<customers::StaffNo> staff_of_sign_on(Connection& connection, std::string_view issuer,
                                                   std::string_view subject);
bool has_sign_on(Connection& connection, customers::StaffNo staff, std::string_view issuer);

std::int64_t end_sessions_of(Connection& connection, customers::StaffNo staff);  // how many there were
std::vector<desk::TicketNo> in_hand(Connection& connection, customers::StaffNo staff);  // not closed; by number
std::vector<StaffRow> all_staff(Connection& connection);  // by address; those who left too

}  // namespace okpay::store
