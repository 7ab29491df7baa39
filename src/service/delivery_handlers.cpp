// SPDX-License-Identifier: Apache-2.0
// What people decide about mail that did not simply leave or come in: again, or it arrived all the same.
#include <fmt/format.h>

#include "customers/permissions.hpp"
#include "service/mail_out.hpp"

namespace okpay::service {
namespace {

const Answer no_mail = refused(codes::not_found, "there is no such mail");

bool kept_from(Books& books, const store::StaffRow& staff, const store::OutgoingRow& row) {
    if (row.ticket) {
        const auto ticket = store::find_ticket(books.connection(), *row.ticket);
        if (ticket && ticket->ticket.customer && has_to_do_with(books, staff, *ticket->ticket.customer)) return true;
    }
    const auto customer = store::find_customer_by_email(books.connection(), row.recipient);
    return customer && has_to_do_with(books, staff, customer->no);
}

void tell(Books& books, const Command& command, const store::OutgoingRow& row, const store::StaffRow& staff,
          std::string_view event) {
    books.audit(command.at, command.actor, event, fmt::format("outgoing_mail:{}", row.no), "{}");
    if (!row.ticket) return;
    store::insert_event(books.connection(), *row.ticket, command.at, event, staff.no,
                        json_text({{"outgoing", std::to_string(row.no)}}));
    if (const auto ticket = store::find_ticket(books.connection(), *row.ticket))
        books.news().tickets.push_back(ticket->ticket.request_number);
}

Answer resend(Books& books, const Command& command, const store::StaffRow& staff, store::OutgoingRow& row) {
    const bool held = row.state == store::OutgoingState::queued && row.held != store::Held::no;
    const bool open = held || row.state == store::OutgoingState::uncertain || row.state == store::OutgoingState::failed ||
                      row.state == store::OutgoingState::suppressed;
    if (!open || row.recipient.empty()) return refused("delivery_settled", "the mail has been sent or is on its way");
    if (store::standing_suppression(books.connection(), row.recipient))
        return refused("address_suppressed", "nothing is sent to this address: lift that first");
    row.state = store::OutgoingState::queued;
    row.held = store::Held::no;
    row.next_at = command.at;
    row.updated = command.at;
    store::update_outgoing(books.connection(), row);
    store::set_handed_out(books.connection(), row.no, store::HandedOut::no);
    note_step(books, row.no, command.at, store::DeliveryStep::resent, "");
    books.news().mail_queued = true;
    tell(books, command, row, staff, "mail_resent");
    return Answer{.number = row.no};
}

Answer mark_sent(Books& books, const Command& command, const store::StaffRow& staff, store::OutgoingRow& row) {
    if (row.state != store::OutgoingState::uncertain)
        return refused("delivery_settled", "only of a mail whose delivery is uncertain a person says that it arrived");
    row.state = store::OutgoingState::sent;
    row.updated = command.at;
    store::update_outgoing(books.connection(), row);
    note_step(books, row.no, command.at, store::DeliveryStep::marked_sent, "");
    tell(books, command, row, staff, "mail_marked_sent");
    return Answer{.number = row.no};
}

}  // namespace

// The same octets under the same Message-ID: who got it already sees one mail.
Answer handle(Books& books, const Context&, const Command& command, const DecideDelivery& body) {
    std::optional<store::StaffRow> staff;
    auto row = store::find_outgoing(books.connection(), body.outgoing);
    const bool held = row && row->held != store::Held::no && row->state == store::OutgoingState::queued;
    const auto needed = held ? customers::Permission::manage_mail : customers::Permission::reply;
    if (auto no = not_permitted(books, command.actor, needed, staff)) return *no;
    if (!row || kept_from(books, *staff, *row)) return no_mail;
    if (body.decision == "resend") return resend(books, command, *staff, *row);
    if (body.decision == "mark_sent") return mark_sent(books, command, *staff, *row);
    return refused(codes::invalid, "decision: resend or mark_sent");
}

// Its raw octets are there: the reader takes it again, in a fresh sandbox.
Answer handle(Books& books, const Context&, const Command& command, const RetryQuarantined& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::manage_mail, staff)) return *no;
    auto inbound = store::find_inbound(books.connection(), body.mail);
    if (!inbound) return no_mail;
    if (inbound->state != store::InboundState::quarantined)
        return refused("already_decided", "the mail is no longer in the quarantine");
    if (inbound->channel == "import")
        return refused("already_decided", "a mail of an import is read again by importing it again");
    inbound->state = store::InboundState::waiting;
    inbound->updated = command.at;
    store::update_inbound(books.connection(), *inbound);
    books.audit(command.at, command.actor, "retry_quarantined", fmt::format("mail:{}", inbound->no), "{}");
    books.news().mail_accepted = true;
    return Answer{.number = inbound->no};
}

}  // namespace okpay::service
