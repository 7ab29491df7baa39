// SPDX-License-Identifier: Apache-2.0
// Inside service: a house of one person, in which the proposer of a refund may approve it a day later, and the owner is
// told of both (DeskSettings::alone_owner; off unless set).
#pragma once

#include "desk/remedy.hpp"
#include "service/handlers.hpp"
#include "store/people_store.hpp"

namespace okpay::service {

// When the letter of the proposal left for the owner. Nothing while it has not, and where somebody else is enrolled who may
// approve: whoever was not told cannot object.
std::optional<Moment> owner_told(store::Connection& connection, const desk::Remedy& remedy);

desk::RemedyRules remedy_rules(store::Connection& connection, const DeskSettings& settings, const desk::Remedy& remedy);

// Each writes at most one letter, and nothing where a second person is there or it is switched off.
void tell_owner_of_proposal(Books& books, const Context& context, const desk::Remedy& remedy, const desk::Ticket& ticket,
                            const store::StaffRow& proposer);
void tell_owner_of_approval(Books& books, const Context& context, const desk::Remedy& remedy, const desk::Ticket& ticket,
                            const store::StaffRow& approver, Moment at);

}  // namespace okpay::service
