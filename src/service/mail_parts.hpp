// SPDX-License-Identifier: Apache-2.0
// Inside service: what mail that comes in and mail of an import share.
#pragma once

#include <optional>
#include <string>

#include "service/books.hpp"
#include "service/handlers.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

// The row as it is before a number was given; none where the command is malformed.
std::optional<store::InboundMail> inbound_of(const AcceptMail& body, Moment at);
std::int64_t keep_inbound(Books& books, store::InboundMail inbound);  // gives it its number

// A waiting mail that lay in a mailbox before we knew it: filed as an import is, its request closed.
void file_old(Books& books, const Context& context, const Command& command, const FileMail& filing,
              store::InboundMail& inbound);

std::string preview_of(std::string_view text);
desk::Message inbound_message(Books& books, const FileMail& body, const desk::Ticket& ticket, bool is_party, Moment at);
// The clocks run from the receipt: a customer's 24 hours do not wait for our reader.
store::TicketRow new_ticket(Books& books, const Context& context, Moment received, const FileMail& body);

}  // namespace okpay::service
