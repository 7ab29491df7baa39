// SPDX-License-Identifier: Apache-2.0
// The desk's rows for the ordered writer: tickets, messages, remedies, mail in and out, events, audit, commands. Each
// function is one statement or two; the unit of work is the caller's transaction. Reading for people is service/queries.
#pragma once

#include <map>
#include <span>

#include "base/hash.hpp"
#include "desk/ticket.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct TicketRow {
    desk::Ticket ticket;
    std::string preview;  // start of the newest message
    std::string reading;  // JSON as triage printed it
};
void insert_ticket(Connection& connection, const TicketRow& row);
void update_ticket(Connection& connection, const TicketRow& row);  // all but what never changes: number, customer, opened
std::vector<TicketRow> find_tickets(Connection& connection, std::span<const desk::TicketNo> numbers);  // in their order
std::optional<TicketRow> find_ticket(Connection& connection, desk::TicketNo no);
std::optional<TicketRow> find_ticket(Connection& connection, std::string_view request_number);
// Of which staff are to be told something at `now`: those for which desk::alarm_of has an answer, by number.
std::vector<TicketRow> with_clock_alarm(Connection& connection, Moment now, std::int64_t limit);
// Solved ones on which nothing happened since; the longest ago first.
std::vector<TicketRow> solved_before(Connection& connection, Moment since, std::int64_t limit);
// Set aside, with no promise, not asleep, and untouched since.
std::vector<TicketRow> set_aside_before(Connection& connection, Moment since, std::int64_t limit);

void insert_message(Connection& connection, const desk::Message& message);
std::vector<desk::TicketNo> unfinished_tickets_of(Connection& connection, customers::CustomerNo customer);  // oldest first
std::vector<desk::Message> messages_of(Connection& connection, desk::TicketNo ticket);

void insert_event(Connection& connection, desk::TicketNo ticket, Moment at, std::string_view kind,
                  std::optional<customers::StaffNo> staff, std::string_view detail_json);

void insert_remedy(Connection& connection, const desk::Remedy& remedy);
void update_remedy_decision(Connection& connection, const desk::Remedy& remedy);
std::optional<desk::Remedy> find_remedy(Connection& connection, const RemedyId& id);
std::int64_t alone_approvals_since(Connection& connection, Moment since);  // by those who had proposed them
// The newest of each that waits or was carried out, by its number; no entry where there is none.
std::map<desk::TicketNo, std::int64_t> open_remedies(Connection& connection, std::span<const desk::TicketNo> tickets);
bool has_open_remedy(Connection& connection, std::int64_t payment);

enum class InboundState : std::uint8_t { waiting = 1, parsed = 2, quarantined = 3, duplicate = 4 };  // stored, append only
struct InboundMail {
    std::int64_t no;
    MailId id;
    std::string channel;
    Moment received;
    std::string peer, mail_from;
    std::string recipients;  // one a line
    std::int64_t size;
    Hash256 content_hash;
    Bytes object_key;
    std::optional<Bytes> sealed;
    std::optional<std::string> blob;
    InboundState state = InboundState::waiting;
    std::string reason;
    std::int64_t attempts = 0;
    std::string message_id;
    std::optional<std::int64_t> ticket, message;
    Moment updated;
    std::string helo{};  // what the peer called itself
    std::string authentication{};  // who really sent it, as JSON of service/mail_evidence.hpp; empty until it is filed
};
void insert_inbound(Connection& connection, const InboundMail& mail);
void update_inbound(Connection& connection,
                    const InboundMail& mail);  // state, reason, attempts, message id, ticket, message, authentication
std::optional<InboundMail> find_inbound(Connection& connection, std::int64_t no);
// The earlier mail with the same octets that was not itself a duplicate.
std::optional<std::int64_t> inbound_with_content(Connection& connection, const Hash256& content_hash, std::int64_t before);
// The request that an import made or filed this mail into, by its Message-ID without brackets; never one of other channels.
std::optional<desk::TicketNo> imported_request_of(Connection& connection, std::string_view message_id);
std::vector<std::int64_t> waiting_inbound(Connection& connection, std::int64_t limit);

// `again`: handed out now, for the second time, after the first was interrupted.
enum class HandedOut : std::uint8_t { no = 0, now = 1, interrupted = 2, again = 3 };  // stored, append only
enum class OutgoingState : std::uint8_t {  // stored, append only
    queued = 1,
    sent = 2,
    uncertain = 3,
    failed = 4,
    suppressed = 5,  // not sent: the address takes no mail (delivery_store.hpp)
};
// Why a mail that is due waits all the same.
enum class Held : std::uint8_t { no = 0, volume = 1, recipient = 2, request = 3 };  // stored, append only
struct OutgoingRow {
    std::int64_t no;
    OutgoingId id;
    std::string kind;  // acknowledgement, reply, answer, staff, rail_unknown, rail_outcome, money_request_…, schedule_…
    std::optional<desk::TicketNo> ticket;
    std::string envelope_from, recipient;
    Bytes bytes;
    bool names_money = false;
    OutgoingState state = OutgoingState::queued;
    std::int64_t attempts = 0;
    Moment next_at;
    std::string remote_reply;
    Moment created, updated;
    HandedOut handed_out = HandedOut::no;
    bool automatic = false;  // no person wrote it
    Held held = Held::no;
    std::string code{};  // by which people find out that it is ours; empty: it has none
};
void insert_outgoing(Connection& connection, const OutgoingRow& row);
void update_outgoing(Connection& connection, const OutgoingRow& row);  // state, attempts, next_at, remote_reply, held
std::optional<OutgoingRow> find_outgoing(Connection& connection, std::int64_t no);
std::optional<OutgoingRow> find_outgoing(Connection& connection, const OutgoingId& id);
std::optional<OutgoingRow> find_outgoing_by_code(Connection& connection, std::string_view code);  // desk/official_mail.hpp
// Due, not held and not handed out now; of automatic mail `automatic_max` at most.
std::vector<OutgoingRow> due_outgoing(Connection& connection, Moment now, std::int64_t limit, std::int64_t automatic_max);
void set_handed_out(Connection& connection, std::int64_t no, HandedOut handed_out);
void mark_interrupted_outgoing(Connection& connection);  // handed out before this process: nobody reported on it
// `automatic_from`: before it no automatic mail is handed out.
std::optional<Moment> next_outgoing_due(Connection& connection, Moment automatic_from = Moment{});
std::int64_t count_acknowledgements_since(Connection& connection, std::string_view recipient, Moment since);
std::int64_t count_acknowledgements_since(Connection& connection, Moment since);
// The requests whose opening was acknowledged to this recipient at `since` or later, newest first.
std::vector<TicketRow> acknowledged_to(Connection& connection, std::string_view recipient, Moment since, std::int64_t limit);

struct AuditEntry {
    std::int64_t seq;
    Moment at;
    std::string actor, action, object, detail;  // detail: JSON of ids and figures, never of texts
    std::int64_t ledger_seq;
    Hash256 ledger_hash;
    Hash256 hash;
};
// SHA-256 of the previous hash and the canonical entry: each field behind its 32-bit length, big-endian.
Hash256 audit_hash(const Hash256& previous, const AuditEntry& entry);
void insert_audit(Connection& connection, const AuditEntry& entry);
std::optional<AuditEntry> last_audit(Connection& connection);
void each_audit(Connection& connection, const std::function<void(const AuditEntry&)>& visit);

void insert_command(Connection& connection, const CommandId& id, std::string_view kind, Moment at,
                    std::string_view answer_json);
std::optional<std::string> find_command(Connection& connection, const CommandId& id);

std::int64_t highest(Connection& connection, std::string_view table);  // its largest `no`, 0 for none

}  // namespace okpay::store
