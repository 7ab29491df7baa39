// SPDX-License-Identifier: Apache-2.0
// Inside service: what a request lacks is asked for once, and what the customer says then is set against it.
#pragma once

#include <span>
#include <string>

#include "customers/customer.hpp"
#include "desk/ticket.hpp"
#include "service/books.hpp"
#include "service/command.hpp"

namespace okpay::service {

// In place of the confirmation of receipt, where something is to be asked for: false where nothing is. `customer`: whose
// proven mail it was; then a link to the page where it can be given goes along.
bool ask_for_facts(Books& books, const Context& context, const desk::Ticket& ticket, const FileMail& body,
                   const std::optional<customers::Customer>& customer, Moment at);

// The customer has said something: which facts it states by itself. Whatever it was, a person reads it.
void note_facts(Books& books, desk::Ticket& ticket, std::span<const std::string> stated, Moment at);

}  // namespace okpay::service
