// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "desk/threading.hpp"
#include "mail/compose.hpp"
#include "service/alerts.hpp"
#include "service/handlers.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using desk::Ticket;
using desk::TicketNo;
using desk::TicketState;

constexpr std::size_t preview_octets_max = 240;
constexpr std::size_t subject_octets_max = 400;

std::string preview_of(std::string_view text) {
    std::string line;
    for (const char c : utf8_prefix(trimmed(text), preview_octets_max))
        line += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    return line;
}

desk::KnownTicket known(const Ticket& ticket) { return {ticket.no, ticket.party_address, ticket.state}; }

desk::ThreadDecision thread_of(Books& books, const Context& context, const FileMail& body) {
    desk::ThreadInput input;
    const auto found = desk::find_tokens({.in_reply_to = body.in_reply_to,
                                          .references = body.references,
                                          .recipients = body.recipients,
                                          .body = body.new_text + "\n" + body.quoted_text});
    for (const desk::FoundToken& token : found) {
        const auto verified = desk::verify_token(context.token_keys(), token.token);
        if (!verified) continue;
        const auto row = store::find_ticket(books.connection(), verified->ticket);
        if (!row) continue;
        input.by_token.push_back(
            {known(row->ticket), desk::was_sent_to(context.token_keys(), *verified, body.from_address)});
    }
    for (const std::string_view text : {std::string_view{body.subject}, std::string_view{body.new_text}}) {
        for (const desk::RequestNumber number : desk::RequestNumber::all_in(text)) {
            if (const auto row = store::find_ticket(books.connection(), number.text()))
                input.by_number.push_back(known(row->ticket));
        }
    }
    input.sender = body.several_senders ? "" : body.from_address;
    input.assurance = static_cast<Assurance>(body.assurance);
    input.forged = body.forged;
    input.automatic = body.automatic;
    return desk::decide_thread(input);
}

// Whether a stranger at this address may be acknowledged now: whoever forges senders must not make us a mail cannon.
bool may_acknowledge_stranger(Books& books, const DeskSettings& settings, std::string_view address, Moment at) {
    const auto day = store::count_acknowledgements_since(books.connection(), address, at - std::chrono::hours{24});
    if (day >= settings.stranger_acknowledgements_per_day) return false;
    return store::count_acknowledgements_since(books.connection(), at - std::chrono::hours{1}) <
           settings.stranger_acknowledgements_per_hour_total;
}

void acknowledge(Books& books, const Context& context, const Ticket& ticket, const FileMail& body, Moment at) {
    if (body.automatic || body.forged || body.route == "no_action" || body.from_address.empty()) return;
    const auto number = desk::RequestNumber::of(ticket.no, context.request_number_key());
    const desk::Language language = desk::language_of(body.language);
    const std::string_view house = context.settings().house;
    desk::MailText text;
    if (ticket.customer && ticket.assurance >= Assurance::a1_aligned_mail) {
        const auto customer = store::find_customer(books.connection(), *ticket.customer);
        text = desk::acknowledge_customer({.number = number,
                                           .language = language,
                                           .name = customer->name,
                                           .zone = customer->zone,
                                           .first_reply_due = ticket.first_reply_due,
                                           .investigation_due = ticket.investigation_due,
                                           .category = ticket.category,
                                           .house = house});
    } else {
        if (!may_acknowledge_stranger(books, context.settings(), body.from_address, at)) {
            store::insert_event(books.connection(), ticket.no, at, "acknowledgement_capped", std::nullopt, "{}");
            return;
        }
        text = desk::acknowledge_stranger(
            {.number = number, .language = language, .first_reply_due = ticket.first_reply_due, .house = house});
    }
    send_acknowledgement(books, context, ticket, text, body.outgoing_id, body.from_address, at);
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
    return {.ticket = {.no = no,
                       .id = TicketId::parse(body.ticket_id).value(),
                       .request_number = desk::RequestNumber::of(no, context.request_number_key()).text(),
                       .customer = customer && !body.several_senders ? std::optional{customer->no} : std::nullopt,
                       .party_address = body.from_address,
                       .assurance = static_cast<Assurance>(body.assurance),
                       .subject = subject,
                       .category = body.category,
                       .urgency = body.urgency,
                       .route = body.route,
                       .language = body.language,
                       .opened = received,
                       .updated = received,
                       .first_reply_due = desk::first_reply_due(received),
                       .investigation_due = desk::investigation_due(received, body.category)},
            .preview = preview_of(body.new_text),
            .reading = body.reading};
}

}  // namespace

void send_acknowledgement(Books& books, const Context& context, const Ticket& ticket, const desk::MailText& text,
                          const std::string& outgoing_id, const std::string& recipient, Moment at) {
    send_mail(books, context, ticket,
              {.kind = "acknowledgement",
               .message_id = "",
               .outgoing_id = outgoing_id,
               .recipient = recipient,
               .subject = text.subject,
               .text = text.body,
               .automatic = true,
               .in_conversation = false,
               .at = at});
}

std::int64_t send_mail(Books& books, const Context& context, const Ticket& ticket, const OutboundMail& mail) {
    const DeskSettings& settings = context.settings();
    const auto outgoing_id = OutgoingId::parse(mail.outgoing_id);
    const auto recipient = mail::EmailAddress::parse(mail.recipient);
    const auto from = mail::EmailAddress::parse(context.support_address());
    if (!outgoing_id || !recipient || !from) return 0;
    const std::string token = desk::make_token(context.token_keys().back(), ticket.no, mail.recipient);
    std::string unique = outgoing_id->text();
    std::erase(unique, '-');
    std::string message_id = desk::message_id_with(token, unique, settings.domain);
    message_id = message_id.substr(1, message_id.size() - 2);
    const auto reply_to =
        mail::EmailAddress::parse(desk::reply_address_with(token, settings.support_local, settings.reply_domain));
    std::string in_reply_to;
    std::vector<std::string> references;
    for (const desk::Message& earlier : store::messages_of(books.connection(), ticket.no)) {
        if (earlier.mail_message_id.empty()) continue;
        references.push_back(earlier.mail_message_id);
        if (earlier.direction == desk::Direction::inbound) in_reply_to = earlier.mail_message_id;
    }
    // The phrase proves us to the customer. It stands in no word back to a sender who is not proven: that one is the same
    // for everybody.
    const bool to_stranger = ticket.assurance == customers::Assurance::a0_unproven && mail.kind == "acknowledgement";
    const std::string text = to_stranger ? mail.text : with_phrase(books, mail.recipient, mail.text);
    mail::OutgoingMail outgoing{.from = {settings.house, *from},
                                .to = {{"", *recipient}},
                                .subject = mail.subject,
                                .text = text + "\n" + desk::reference_line(token) + "\n",
                                .message_id = message_id,
                                .in_reply_to = in_reply_to,
                                .references = references,
                                .date = mail.at,
                                .auto_submitted =
                                    mail.automatic ? mail::AutoSubmitted::auto_replied : mail::AutoSubmitted::no};
    if (reply_to) outgoing.reply_to.push_back({settings.house, *reply_to});
    auto bytes = mail::compose(outgoing);
    if (!bytes) {
        // What a stranger's mail carried in its ids must never keep an answer from leaving: again without them.
        outgoing.in_reply_to.clear();
        outgoing.references.clear();
        bytes = mail::compose(outgoing);
        if (!bytes) return 0;
    }
    const std::int64_t no = books.next_number("outgoing_mail");
    store::insert_outgoing(books.connection(), {.no = no,
                                                .id = *outgoing_id,
                                                .kind = mail.kind,
                                                .ticket = ticket.no,
                                                .envelope_from = context.support_address(),
                                                .recipient = recipient->text(),
                                                .bytes = *bytes,
                                                .names_money = mail.names_money,
                                                .next_at = mail.at,
                                                .created = mail.at,
                                                .updated = mail.at});
    if (mail.in_conversation) {
        store::insert_message(books.connection(), {.no = desk::MessageNo{books.next_number("message")},
                                                   .id = MessageId::parse(mail.message_id).value(),
                                                   .ticket = ticket.no,
                                                   .direction = desk::Direction::outbound,
                                                   .author = mail.author,
                                                   .staff = mail.staff,
                                                   .from_address = from->text(),
                                                   .subject = mail.subject,
                                                   .body = mail.text,
                                                   .mail_message_id = message_id,
                                                   .outgoing = no,
                                                   .at = mail.at});
    } else {
        store::insert_event(books.connection(), ticket.no, mail.at, mail.kind, std::nullopt,
                            json_text({{"outgoing", std::to_string(no)}}));
    }
    books.news().mail_queued = true;
    return no;
}

std::int64_t send_notice(Books& books, const Context& context, const Notice& notice) {
    const DeskSettings& settings = context.settings();
    const auto recipient = mail::EmailAddress::parse(notice.recipient);
    const auto from = mail::EmailAddress::parse(context.support_address());
    std::string unique = notice.id.text();
    std::erase(unique, '-');
    std::optional<Bytes> bytes;
    if (recipient && from) {
        if (auto composed = mail::compose({.from = {settings.house, *from},
                                           .to = {{"", *recipient}},
                                           .subject = notice.subject,
                                           .text = with_phrase(books, notice.recipient, notice.text),
                                           .message_id = unique + "@" + settings.domain,
                                           .in_reply_to = {},
                                           .references = {},
                                           .date = notice.at,
                                           .auto_submitted = mail::AutoSubmitted::auto_generated})) {
            bytes = *std::move(composed);
        }
    }
    if (!bytes) throw store::StorageFailure{store::StorageFault::bug, "a letter could not be composed: check --domain"};
    const std::int64_t no = books.next_number("outgoing_mail");
    store::insert_outgoing(books.connection(), {.no = no,
                                                .id = notice.id,
                                                .kind = notice.kind,
                                                .ticket = std::nullopt,
                                                .envelope_from = context.support_address(),
                                                .recipient = recipient->text(),
                                                .bytes = *std::move(bytes),
                                                .names_money = notice.names_money,
                                                .next_at = notice.at,
                                                .created = notice.at,
                                                .updated = notice.at});
    books.news().mail_queued = true;
    return no;
}

Answer handle(Books& books, const Context&, const Command& command, const AcceptMail& body) {
    const auto id = MailId::parse(body.mail);
    const auto hash_bytes = bytes_of_hex(body.content_hash);
    const auto hash = hash_bytes ? hash_of(*hash_bytes) : std::nullopt;
    const auto object_key = bytes_of_base64(body.object_key);
    const auto sealed = bytes_of_base64(body.sealed);
    if (!id || !hash || !object_key || !sealed || (body.blob.empty() && sealed->empty())) {
        return refused(codes::invalid, "mail: malformed");
    }
    std::string recipients;
    for (const std::string& recipient : body.recipients) recipients += recipient + "\n";
    const std::int64_t no = books.next_number("inbound_mail");
    store::insert_inbound(books.connection(), {.no = no,
                                               .id = *id,
                                               .channel = body.channel,
                                               .received = command.at,
                                               .peer = body.peer,
                                               .mail_from = body.mail_from,
                                               .recipients = recipients,
                                               .size = body.size,
                                               .content_hash = *hash,
                                               .object_key = *object_key,
                                               .sealed = body.blob.empty() ? std::optional{*sealed} : std::nullopt,
                                               .blob = body.blob.empty() ? std::nullopt : std::optional{body.blob},
                                               .updated = command.at});
    books.news().mail_accepted = true;
    return Answer{.number = no};
}

Answer handle(Books& books, const Context& context, const Command& command, const FileMail& body) {
    auto inbound = store::find_inbound(books.connection(), body.mail);
    if (!inbound) return refused(codes::not_found, "there is no such mail");
    if (inbound->state != store::InboundState::waiting)
        return Answer{.number = inbound->ticket.value_or(0), .replayed = true};
    if (!TicketId::parse(body.ticket_id) || !MessageId::parse(body.message_id))
        return refused(codes::invalid, "ticket_id: not an id");
    inbound->updated = command.at;
    inbound->message_id = body.mail_message_id;
    if (const auto first = store::inbound_with_content(books.connection(), inbound->content_hash, inbound->no)) {
        inbound->state = store::InboundState::duplicate;
        inbound->reason = fmt::format("the same octets as mail {}", *first);
        store::update_inbound(books.connection(), *inbound);
        return Answer{.number = inbound->ticket.value_or(0)};
    }
    const desk::ThreadDecision decision = thread_of(books, context, body);
    store::TicketRow row;
    const bool appends = decision.target == desk::ThreadTarget::append;
    if (appends) {
        row = store::find_ticket(books.connection(), *decision.ticket).value();
        row.ticket.state = decision.state_after;
        row.ticket.updated = std::max(row.ticket.updated, inbound->received);
        row.ticket.version += 1;
        row.preview = preview_of(body.new_text);
        if (decision.reopens) row.ticket.first_reply_due = desk::first_reply_due(inbound->received);
        row.ticket.assurance = std::max(row.ticket.assurance, static_cast<Assurance>(body.assurance));
        store::update_ticket(books.connection(), row);
    } else {
        row = new_ticket(books, context, inbound->received, body);
        if (decision.target == desk::ThreadTarget::new_linked) row.ticket.linked_to = decision.ticket;
        store::insert_ticket(books.connection(), row);
    }
    const desk::Message message =
        inbound_message(books, body, row.ticket, appends || row.ticket.customer.has_value(), inbound->received);
    store::insert_message(books.connection(), message);
    store::insert_event(books.connection(), row.ticket.no, command.at, appends ? "reply_received" : "opened", std::nullopt,
                        json_text(
                            {{"reason", std::string{desk::code_of(decision.reason)}}, {"mail", std::to_string(body.mail)}}));
    inbound->state = store::InboundState::parsed;
    inbound->ticket = number_of(row.ticket.no);
    inbound->message = number_of(message.no);
    store::update_inbound(books.connection(), *inbound);
    if (!appends) acknowledge(books, context, row.ticket, body, command.at);
    books.news().tickets.push_back(row.ticket.request_number);
    return Answer{.number = number_of(row.ticket.no), .text = row.ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const QuarantineMail& body) {
    auto inbound = store::find_inbound(books.connection(), body.mail);
    if (!inbound) return refused(codes::not_found, "there is no such mail");
    if (inbound->state != store::InboundState::waiting) return Answer{.number = body.mail, .replayed = true};
    inbound->state = store::InboundState::quarantined;
    inbound->reason = body.reason;
    inbound->attempts += 1;
    inbound->updated = command.at;
    store::update_inbound(books.connection(), *inbound);
    books.audit(command.at, command.actor, "quarantine_mail", fmt::format("mail:{}", body.mail),
                json_text({{"reason", body.reason}}));
    return Answer{.number = body.mail};
}

Answer handle(Books& books, const Context&, const Command& command, const TakeOutgoing& body) {
    Answer answer;
    for (const store::OutgoingRow& row : store::due_outgoing(books.connection(), command.at, body.mails_max)) {
        store::set_handed_out(books.connection(), row.no, store::HandedOut::now);
        answer.numbers.push_back(row.no);
    }
    return answer;
}

Answer handle(Books& books, const Context&, const Command&, const ReleaseOutgoing&) {
    store::mark_interrupted_outgoing(books.connection());
    books.news().mail_queued = true;
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const ReportDelivery& body) {
    const auto id = OutgoingId::parse(body.outgoing);
    auto row = id ? store::find_outgoing(books.connection(), *id) : std::nullopt;
    if (!row) return refused(codes::not_found, "there is no such mail");
    // What is sent stays sent, whatever is reported late.
    if (row->state == store::OutgoingState::sent) return Answer{.number = row->no, .replayed = true};
    if (body.state == "sent") {
        row->state = store::OutgoingState::sent;
    } else if (body.state == "failed") {
        row->state = store::OutgoingState::failed;
    } else if (body.state == "queued" || (body.state == "uncertain" && body.next_at != 0)) {
        row->state = store::OutgoingState::queued;
        row->next_at = moment_of_ms(body.next_at);
    } else if (body.state == "uncertain") {
        row->state = store::OutgoingState::uncertain;
    } else {
        return refused(codes::invalid, "state: one of sent, queued, uncertain, failed");
    }
    if (body.attempted) row->attempts += 1;
    row->remote_reply = utf8_prefix(to_utf8_lossy(body.text), 500);
    row->updated = command.at;
    store::update_outgoing(books.connection(), *row);
    store::set_handed_out(books.connection(), row->no, store::HandedOut::no);
    if (row->ticket) {
        const auto ticket = store::find_ticket(books.connection(), *row->ticket);
        if (ticket) books.news().tickets.push_back(ticket->ticket.request_number);
    }
    return Answer{.number = row->no};
}

}  // namespace okpay::service
