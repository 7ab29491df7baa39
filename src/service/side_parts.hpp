// SPDX-License-Identifier: Apache-2.0
// Inside service: what mail that comes in, and clocks, do to side threads.
#pragma once

#include <optional>

#include "desk/side_thread.hpp"
#include "service/books.hpp"
#include "service/handlers.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

// Which side thread the mail is about, by its marks and its sender alone; nothing that it says decides.
desk::SideDecision side_of(Books& books, const Context& context, const FileMail& body);

// Files the mail into the thread: no request gets a message, a clock or an acknowledgement by it.
Answer file_side_mail(Books& books, const Command& command, const FileMail& body, const desk::SideDecision& decision,
                      store::InboundMail& inbound);

// The request as staff read it: the one that the thread's goes on in. Its version and its place in the lists change, for
// whoever writes an answer should know.
void touch_request_of(Books& books, const desk::SideThread& thread, Moment at);

}  // namespace okpay::service
