// SPDX-License-Identifier: Apache-2.0
// What became of outgoing mail beyond its state: each attempt, what came back, and addresses that nothing is sent to.
#pragma once

#include <vector>

#include "mail/bounce.hpp"
#include "store/connection.hpp"
#include "store/desk_store.hpp"

namespace okpay::store {

enum class DeliveryStep : std::uint8_t {  // stored, append only
    accepted = 1,     // the relay took it
    temporary = 2,    // it did not, and is asked again
    refused = 3,      // for good, or nobody is asked any more
    uncertain = 4,    // no answer came to the final dot
    bounced = 5,      // taken, and came back
    delayed = 6,      // a server on the way still tries
    suppressed = 7,   // not sent: the address takes no mail
    resent = 8,       // a person had it sent again
    marked_sent = 9,  // a person says that it arrived
};
struct DeliveryAttempt {
    std::int64_t no;
    std::int64_t outgoing;
    Moment at;
    DeliveryStep step;
    std::string reply;  // of the relay, or ours
};
void insert_attempt(Connection& connection, const DeliveryAttempt& attempt);
std::vector<DeliveryAttempt> attempts_of(Connection& connection, std::int64_t outgoing);  // oldest first

struct MailBounce {
    std::int64_t no;
    std::int64_t outgoing;
    std::int64_t mail;    // that told it
    std::string address;  // that the outgoing mail went to, lower case
    mail::BounceKind kind;
    mail::BounceReason reason;
    std::string status, diagnostic;
    Moment at;
};
void insert_bounce(Connection& connection, const MailBounce& bounce);
// The newest soft or hard one; delays are no end.
std::optional<MailBounce> bounce_of(Connection& connection, std::int64_t outgoing);
// Mails to the address that came back softly at `since` or later, each once.
std::int64_t count_soft_bounces(Connection& connection, std::string_view address, Moment since);

struct SuppressedAddress {
    std::int64_t no;
    std::string address;  // lower case
    mail::BounceReason reason;
    std::string status, diagnostic;
    std::int64_t outgoing;  // that came back
    Moment since;
    std::optional<Moment> lifted{};
    std::string lifted_by{}, lift_reason{};  // by: "staff:3", "system:0"
};
void insert_suppressed(Connection& connection, const SuppressedAddress& row);
std::optional<SuppressedAddress> find_suppressed(Connection& connection, std::int64_t no);
std::optional<SuppressedAddress> standing_suppression(Connection& connection, std::string_view address);  // any case
std::optional<Moment> last_lifted(Connection& connection, std::string_view address);
void lift_suppression(Connection& connection, std::int64_t no, Moment at, std::string_view by, std::string_view reason);
// Newest first; of `before` only those below it.
std::vector<SuppressedAddress> suppressed_addresses(Connection& connection, bool standing_only,
                                                    std::optional<std::int64_t> before, std::int64_t limit);

struct MailCheck {  // a mail to verify@
    std::int64_t no;
    std::int64_t mail;
    std::optional<std::int64_t> about;   // the mail of ours that it brought; none: the answer is no
    std::optional<std::int64_t> answer;  // none: a limit of answers was reached
    std::string address;                 // of who asked, lower case
    Moment at;
};
void insert_check(Connection& connection, const MailCheck& check);
std::int64_t count_checks_answered(Connection& connection, std::string_view address, Moment since);
std::int64_t count_checks_answered(Connection& connection, Moment since);

// Automatic mail waits while one stands; what people write does not.
enum class BrakeKind : std::uint8_t {  // stored, append only
    relay = 1,   // the relay refused or failed many times in a row; ends by itself, by a try now and then
    volume = 2,  // more automatic mail than an hour may bring; a supervisor ends it
};
struct MailBrake {
    std::int64_t no;
    BrakeKind kind;
    Moment since;
    std::string why;  // a plain sentence, of ours
    std::int64_t tries = 0;
    Moment next_try{};  // of `relay`
    std::optional<Moment> ended{};
    std::string ended_by{}, end_reason{};
};
void insert_brake(Connection& connection, const MailBrake& brake);
std::optional<MailBrake> standing_brake(Connection& connection, BrakeKind kind);
std::optional<MailBrake> find_brake(Connection& connection, std::int64_t no);
void update_brake(Connection& connection, const MailBrake& brake);  // tries, next_try
void end_brake(Connection& connection, std::int64_t no, Moment at, std::string_view by, std::string_view reason);
std::vector<MailBrake> brakes(Connection& connection, std::int64_t limit);  // newest first
std::optional<Moment> last_brake_ended(Connection& connection, BrakeKind kind);

// The relay's answers to the last `count` attempts, newest first.
std::vector<DeliveryStep> last_relay_steps(Connection& connection, std::int64_t count);

std::int64_t count_automatic_to(Connection& connection, std::string_view recipient, Moment since);
std::int64_t count_automatic_of(Connection& connection, desk::TicketNo ticket, Moment since);
// Whether `max` automatic mails or more were written at `since` or later. `newest` is the last number given to any mail:
// where the mail `max` before it is older, nothing is counted.
bool wrote_automatic(Connection& connection, std::int64_t newest, std::int64_t max, Moment since);
std::int64_t held_mails(Connection& connection);
void release_held(Connection& connection, Held why, Moment at);  // due now

}  // namespace okpay::store
