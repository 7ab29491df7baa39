// SPDX-License-Identifier: Apache-2.0
// Inside service: how requests come to belong to incidents, and how the text of one is sent. Why: docs/decisions/0045.
#pragma once

#include <optional>

#include "service/books.hpp"
#include "service/handlers.hpp"
#include "store/incident_store.hpp"

namespace okpay::service {

// Text is sent to so many in one commit; the others follow in the next ones, so that nobody waits behind a thousand mails.
inline constexpr std::int64_t told_at_once_max = 32;
inline constexpr std::size_t also_told_max = 500;      // requests that one command names
inline constexpr std::size_t incident_refunds_max = 50;  // of one command

// Of a request that this mail opened: what it is about. It joins an incident that stands about that, or opens one where it
// is the one too many; the incident is answered where its text was told and belongs into the confirmation of this request.
std::optional<store::IncidentRow> note_topics(Books& books, const store::TicketRow& row, const FileMail& body,
                                              Moment received, Moment at);

// The confirmation with the text in it, to the registered address. `name`: empty where nothing is proven.
void acknowledge_with_text(Books& books, const Context& context, store::TicketRow& row, const store::IncidentRow& incident,
                           std::string_view name, const std::string& outgoing_id, Moment at);

// How the member stands now, for desk::left_out.
desk::MemberNow member_now(store::Connection& connection, const store::MemberRow& member, const store::TicketRow& row,
                           bool chosen);

// Sends the text to who still should get it and waits for it no longer. False: it was left out.
bool tell_member(Books& books, const Context& context, store::MemberRow& member, std::string_view seed, Moment at);

// The request takes its place in the incident, now: by itself, or by a person.
store::MemberRow join_incident(Books& books, store::IncidentRow& incident, const desk::Ticket& ticket, bool apart, Moment at,
                               std::optional<customers::StaffNo> staff);

// The part a request takes, of what is stored of it: its reading, category and route; and of a mail read by itself.
desk::Part part_of_request(const store::TicketRow& row);
desk::Part part_of_mail(const FileMail& body);
bool is_guarded(const store::TicketRow& row);  // desk::is_guarded, likewise

}  // namespace okpay::service
