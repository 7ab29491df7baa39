// SPDX-License-Identifier: Apache-2.0
#include "service/mail_parts.hpp"

#include "base/text.hpp"
#include "customers/assurance.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using desk::Ticket;
using desk::TicketNo;

constexpr std::size_t preview_octets_max = 240;
constexpr std::size_t subject_octets_max = 400;

}  // namespace

std::string preview_of(std::string_view text) {
    std::string line;
    for (const char c : utf8_prefix(trimmed(text), preview_octets_max))
        line += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    return line;
}

desk::Message inbound_message(Books& books, const FileMail& body, const Ticket& ticket, bool is_party, Moment at) {
    return {.no = desk::MessageNo{books.next_number("message")},
            .id = MessageId::parse(body.message_id).value(),
            .ticket = ticket.no,
            .direction = desk::Direction::inbound,
            .author = is_party ? desk::Author::customer : desk::Author::stranger,
            .from_address = body.from_address,
            .subject = body.subject,
            .body = body.new_text,
            .quoted = body.quoted_text,
            .mail_message_id = body.mail_message_id,
            .mail = body.mail,
            .assurance = static_cast<Assurance>(body.assurance),
            .at = at};
}

// The clocks run from the receipt: a customer's 24 hours do not wait for our reader.
store::TicketRow new_ticket(Books& books, const Context& context, Moment received, const FileMail& body) {
    const auto no = TicketNo{books.next_number("ticket")};
    const auto customer = store::find_customer_by_email(books.connection(), ascii_lower(body.from_address));
    const std::string subject{utf8_prefix(body.subject, subject_octets_max)};
    // What a customer wrote themselves is a request, whatever it looks like: it is not set aside.
    const bool is_theirs = customer && !body.several_senders && !body.automatic &&
                           static_cast<Assurance>(body.assurance) >= Assurance::a1_aligned_mail;
    const bool stays = is_theirs && body.route == desk::no_action_team;
    return {.ticket = {.no = no,
                       .id = TicketId::parse(body.ticket_id).value(),
                       .request_number = desk::RequestNumber::of(no, context.request_number_key()).text(),
                       .customer = customer && !body.several_senders ? std::optional{customer->no} : std::nullopt,
                       .party_address = body.from_address,
                       .assurance = static_cast<Assurance>(body.assurance),
                       .subject = subject,
                       .category = body.category,
                       .urgency = body.urgency,
                       .route = stays ? "agent" : body.route,
                       .language = body.language,
                       .opened = received,
                       .updated = received,
                       .first_reply_due = desk::first_reply_due(received),
                       .investigation_due = desk::investigation_due(received, body.category)},
            .preview = preview_of(body.new_text),
            .reading = body.reading};
}

std::optional<store::InboundMail> inbound_of(const AcceptMail& body, Moment at) {
    const auto id = MailId::parse(body.mail);
    const auto hash_bytes = bytes_of_hex(body.content_hash);
    const auto hash = hash_bytes ? hash_of(*hash_bytes) : std::nullopt;
    const auto object_key = bytes_of_base64(body.object_key);
    const auto sealed = bytes_of_base64(body.sealed);
    if (!id || !hash || !object_key || !sealed || (body.blob.empty() && sealed->empty())) return std::nullopt;
    std::string recipients;
    for (const std::string& recipient : body.recipients) recipients += recipient + "\n";
    return store::InboundMail{.no = 0,
                              .id = *id,
                              .channel = body.channel,
                              .received = at,
                              .peer = body.peer,
                              .mail_from = body.mail_from,
                              .recipients = recipients,
                              .size = body.size,
                              .content_hash = *hash,
                              .object_key = *object_key,
                              .sealed = body.blob.empty() ? std::optional{*sealed} : std::nullopt,
                              .blob = body.blob.empty() ? std::nullopt : std::optional{body.blob},
                              .updated = at,
                              .helo = body.helo};
}

std::int64_t keep_inbound(Books& books, store::InboundMail inbound) {
    inbound.no = books.next_number("inbound_mail");
    store::insert_inbound(books.connection(), inbound);
    return inbound.no;
}

}  // namespace okpay::service
