// SPDX-License-Identifier: Apache-2.0
// Inside service: what follows from requests that were merged or sleep, for whoever writes to one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "desk/threading.hpp"
#include "service/books.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

class Context;

// What is written to this request belongs to the one answered: itself, or the one of the same customer in which it goes on.
// The ledger's, the letters' and the staff's own words stay where they are.
store::TicketRow where_it_goes_on(Books& books, store::TicketRow row);

// For threading: whom the request is with, and where a mail to it would go.
desk::KnownTicket known_ticket(Books& books, const desk::Ticket& ticket);

// Back into the lists; does nothing where it does not sleep. `why`: moment, customer, clock, ended, staff.
void wake(Books& books, const desk::Ticket& ticket, Moment at, std::string_view why,
          std::optional<customers::StaffNo> staff = std::nullopt);

// Out of the lists until a moment; the request's version stays, so that whoever writes an answer may send it.
std::optional<Answer> may_not_snooze(const desk::Ticket& ticket, Moment now, Moment until);
void put_to_sleep(Books& books, const desk::Ticket& ticket, Moment until, customers::StaffNo staff, Moment at);

// Where staff follow a letter to. Nothing where the site is of this machine alone: who tries OKPay out is at its screen.
std::optional<std::string> workspace_page(const Context& context);

// "Re: Charged twice [OK-…]": of an answer to it.
std::string reply_subject(const desk::Ticket& ticket);

// What the customer wrote on this request and on those of the same customer that go on in it.
std::vector<desk::Message> words_of_customer(store::Connection& connection, const desk::Ticket& ticket);

}  // namespace okpay::service
