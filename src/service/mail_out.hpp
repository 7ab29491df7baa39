// SPDX-License-Identifier: Apache-2.0
// Inside service: what becomes of each mail of ours from the outbox on. Every mail is queued here, so that no limit can be
// walked around; what is not sent is kept with its reason, and seen.
#pragma once

#include <optional>
#include <string>

#include "mail/bounce.hpp"
#include "service/books.hpp"
#include "service/handlers.hpp"
#include "store/delivery_store.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

// An address that so many different mails came back from softly within the window is sent nothing more.
inline constexpr std::int64_t soft_bounces_suppress = 3;
inline constexpr std::chrono::days soft_bounces_window{30};
inline constexpr std::size_t lift_reason_octets_max = 2'000;

// Automatic mail to one recipient within an hour, and of one request within a day: what is beyond is kept and held back,
// until a person has it sent.
inline constexpr std::int64_t automatic_to_recipient_hour_max = 60;
inline constexpr std::int64_t automatic_of_request_day_max = 20;
// Acknowledgements of new requests of one sender within an hour that say the same but for numbers: a desk that answers ours.
inline constexpr std::int64_t acknowledgements_alike_hour_max = 3;
// So many attempts in a row that the relay did not take: automatic mail waits, and one of it is tried now and then.
inline constexpr std::int64_t relay_failures_max = 10;
Millis relay_pause(std::int64_t tries);  // 1 min, 5 min, 15 min, then 1 h

// Puts the row into the outbox: queued, held back where it is automatic and a limit or a brake says so, or suppressed where
// nothing is sent to its address. Its number is given here.
std::int64_t queue_outgoing(Books& books, const Context& context, store::OutgoingRow row);

// How many automatic mails may be handed out now; under the relay's brake one, as a try, once its time has come. `note_try`
// says that it was.
std::int64_t automatic_allowed(Books& books, Moment at, std::int64_t asked);
void note_try(Books& books, Moment at);

// After the relay's answer to an attempt: places or ends the brake.
void note_relay(Books& books, store::DeliveryStep step, std::string_view reply, Moment at);

// A new request that says the same as others of this sender within the hour: acknowledging it would keep two desks talking.
bool is_acknowledged_enough(Books& books, const desk::Ticket& ticket, std::string_view text, Moment at);

// One more line of what happened to a mail.
void note_step(Books& books, std::int64_t outgoing, Moment at, store::DeliveryStep step, std::string_view reply);

// The address is suppressed: keeps the mail as such, and says so on its request.
void suppress_outgoing(Books& books, store::OutgoingRow& row, Moment at);

// Where the mail is a bounce that proves which mail of ours came back: what that changes, and the mail is filed by it.
// Nothing: it is not, and goes the way of any mail.
std::optional<Answer> file_bounce(Books& books, const Context& context, const Command& command, const FileMail& body,
                                  store::InboundMail& inbound);

// Where the mail brings another one to verify@: the answer, and the mail is filed by it.
std::optional<Answer> file_check(Books& books, const Context& context, const Command& command, const FileMail& body,
                                 store::InboundMail& inbound);

// A proven mail from the address shows that somebody is there.
void lift_by_proven_mail(Books& books, const FileMail& body, Moment at);

}  // namespace okpay::service
