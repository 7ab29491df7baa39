// SPDX-License-Identifier: Apache-2.0
// Requests that belong together, messages that went on in another request, requests that sleep, and answers that are being
// written. Rows in and out; what may be done is desk/ticket_links.hpp.
#pragma once

#include <map>
#include <span>

#include "desk/ticket_links.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct TicketLinkRow {
    std::int64_t no = 0;
    desk::TicketNo ticket, other;  // `ticket` is related to, … merged into `other`
    desk::LinkKind kind = desk::LinkKind::related;
    std::string reason;
    Moment made;
    customers::StaffNo made_by;
    std::optional<Moment> ended;
    // Of a merge: how both stood before it, and the version that `other` had after it.
    std::optional<desk::TicketState> from_state;
    std::optional<desk::KeptClocks> kept;
    std::int64_t into_version = 0;
};
void insert_ticket_link(Connection& connection, const TicketLinkRow& row);
void end_ticket_link(Connection& connection, std::int64_t no, Moment at, customers::StaffNo by);
std::vector<TicketLinkRow> ticket_links_of(Connection& connection,
                                           desk::TicketNo ticket);  // that stand, both ways, oldest first
std::optional<TicketLinkRow> merge_of(Connection& connection, desk::TicketNo ticket);  // that stands: where it goes on

// Where a request goes on: itself, unless it was merged; through chains.
desk::TicketNo goes_on_in(Connection& connection, desk::TicketNo ticket);
std::vector<desk::TicketNo> merged_with(Connection& connection,
                                        desk::TicketNo ticket);  // those that go on in it, through chains
std::vector<desk::Bound> bound_to(Connection& connection, desk::TicketNo ticket);        // and not ended
bool answered_since(Connection& connection, desk::TicketNo ticket, Moment at);  // mail of ours in its conversation

void insert_split_message(Connection& connection, desk::MessageNo copy, desk::MessageNo original);
bool is_split_away(Connection& connection, desk::MessageNo message);
struct WentOn {
    desk::MessageNo original;
    desk::TicketNo ticket;  // in which it went on
};
std::vector<WentOn> went_on_from(Connection& connection, desk::TicketNo ticket);
std::optional<std::int64_t> mail_of_original(Connection& connection,
                                             desk::MessageNo copy);  // none: it is no copy, or no mail

struct SnoozeRow {
    desk::TicketNo ticket;
    Moment until;
    customers::StaffNo staff;
    Moment at;
};
void put_snooze(Connection& connection, const SnoozeRow& row);  // in place of the one before
std::optional<SnoozeRow> find_snooze(Connection& connection, desk::TicketNo ticket);
std::map<desk::TicketNo, Moment> snoozed_until(Connection& connection, std::span<const desk::TicketNo> tickets);
bool end_snooze(Connection& connection, desk::TicketNo ticket);  // false: it did not sleep
// Whose moment has come, which ended meanwhile, or of which a clock runs out within `soon`; the longest ago first.
std::vector<desk::TicketNo> due_snoozes(Connection& connection, Moment now, Millis soon, std::int64_t limit);

enum class DraftMode : std::uint8_t { reply = 1, note = 2, side = 3 };  // stored, append only
struct DraftRow {
    customers::StaffNo staff;
    desk::TicketNo ticket;
    DraftMode mode = DraftMode::reply;
    std::string text;
    std::string figures;  // ids of payments, one a line
    std::string mentions{};  // ids of staff, one a line
    Moment updated;
};
void put_draft(Connection& connection, const DraftRow& row);  // in place of the one before
std::vector<DraftRow> drafts_of(Connection& connection, customers::StaffNo staff, desk::TicketNo ticket);  // by mode
void drop_draft(Connection& connection, customers::StaffNo staff, desk::TicketNo ticket, DraftMode mode);
std::int64_t count_drafts(Connection& connection, customers::StaffNo staff);

}  // namespace okpay::store
