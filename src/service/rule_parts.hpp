// SPDX-License-Identifier: Apache-2.0
// Inside service: the rules of the desk over one request, in the commit of what happened to it, and routing of a new one.
//
//   Never     what stands against a rule keeps the mail or the change out: a rule that cannot be read does nothing and is
//             counted, at the rule and in CommitNews. Only the storage itself fails the commit.
//   Version   of the request stays as whoever calls left it: rules act in the commit of that change.
#pragma once

#include <optional>
#include <vector>

#include "desk/rules.hpp"
#include "service/handlers.hpp"
#include "store/desk_store.hpp"
#include "store/rule_store.hpp"

namespace okpay::service {

// What conditions read of a request as it is stored: the customer's newest mail, what triage read, who is meant. Without
// staff.
desk::RuleFacts rule_facts(store::Connection& connection, const store::TicketRow& row, Moment now);
// Who works here, and who of them has to do with a customer of this request or of one that goes on in it.
std::vector<desk::Candidate> rule_candidates(store::Connection& connection, const desk::Ticket& ticket);

// The row is stored by it, where rules change it.
void rules_on_arrival(Books& books, const Context& context, const Command& command, store::TicketRow& row);
void rules_on_change(Books& books, const Context& context, const Command& command, store::TicketRow& row,
                     std::vector<desk::RuleChange> changes);
// The rules that are not off and may be; another is left out, and counted where something happened that it might be for.
std::vector<store::RuleNow> live_rules(Books& books, bool counts_faults);
// Of a rule of time among them whose moment has come for this request; their counters move on. False: it did not hold.
bool rule_of_time(Books& books, const Command& command, store::TicketRow& row, std::vector<store::RuleNow>& live,
                  desk::RuleNo rule, Moment since);
// What differs between a request before and after what somebody did to it.
std::vector<desk::RuleChange> changes_between(const desk::Ticket& before, const desk::Ticket& after);

// Of a request that has just come, after its rules: proposed or assigned, or why nobody is, as `mode` says.
void route_new(Books& books, const Command& command, store::TicketRow& row);

// When the time of a rule that counts from `since` comes; nothing where the calendar does not open that far.
std::optional<Moment> rule_due(const Context& context, const desk::Rule& rule, Moment since);

}  // namespace okpay::service
