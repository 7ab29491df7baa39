// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "content/markdown.hpp"
#include "customers/assurance.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/faq_answer.hpp"
#include "desk/gratitude.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "desk/threading.hpp"
#include "mail/compose.hpp"
#include "service/alerts.hpp"
#include "service/facts_parts.hpp"
#include "service/file_scans.hpp"
#include "service/handlers.hpp"
#include "service/incident_parts.hpp"
#include "service/locks.hpp"
#include "service/mail_out.hpp"
#include "service/mail_parts.hpp"
#include "service/rule_parts.hpp"
#include "service/side_parts.hpp"
#include "service/sorting_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/change_store.hpp"
#include "store/faq_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using desk::Ticket;
using desk::TicketNo;

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
            {known_ticket(books, row->ticket), desk::was_sent_to(context.token_keys(), *verified, body.from_address)});
    }
    for (const std::string_view text : {std::string_view{body.subject}, std::string_view{body.new_text}}) {
        for (const desk::RequestNumber number : desk::RequestNumber::all_in(text)) {
            if (const auto row = store::find_ticket(books.connection(), number.text()))
                input.by_number.push_back(known_ticket(books, row->ticket));
        }
    }
    input.sender = body.several_senders ? "" : body.from_address;
    input.assurance = static_cast<Assurance>(body.assurance);
    input.forged = body.forged;
    input.automatic = body.automatic;
    input.only_thanks = !body.carries_files && desk::is_only_thanks(body.new_text);
    return desk::decide_thread(input);
}

// Whether a stranger at this address may be acknowledged now: whoever forges senders must not make us a mail cannon.
bool may_acknowledge_stranger(Books& books, const DeskSettings& settings, std::string_view address, Moment at) {
    const auto day = store::count_acknowledgements_since(books.connection(), address, at - std::chrono::hours{24});
    if (day >= settings.stranger_acknowledgements_per_day) return false;
    return store::count_acknowledgements_since(books.connection(), at - std::chrono::hours{1}) <
           settings.stranger_acknowledgements_per_hour_total;
}

// The published article that the mail was found to ask for, as it stands now.
struct FoundArticle {
    store::FaqArticleRow article;
    store::FaqVersionRow version;
};
std::optional<FoundArticle> article_for(Books& books, const Ticket& ticket, const FileMail& body) {
    if (body.faq_slug.empty() || !body.answerable || ticket.route != "auto_answer") return std::nullopt;
    if (!MessageId::parse(body.answer_message_id)) return std::nullopt;
    auto article = store::find_faq_article(books.connection(), body.faq_slug, desk::language_of(body.language));
    if (!article || !article->published) return std::nullopt;
    auto version = store::find_faq_version(books.connection(), *article, *article->published);
    if (!version) return std::nullopt;
    return FoundArticle{*std::move(article), *std::move(version)};
}

// The acknowledgement that is the answer: once, of a request that it opens. It waits for the customer then; any word back
// reaches a person.
void answer_from_faq(Books& books, const Context& context, store::TicketRow& row, const FileMail& body,
                     const FoundArticle& found, std::string_view name, Moment at) {
    const std::string& site = context.settings().public_url;
    const std::string text = content::text_of_markdown(found.version.text.body, site);
    const std::string link =
        fmt::format("{}/help/{}?language={}", site, found.article.slug, desk::tag_of(found.article.language));
    const desk::MailText mail =
        desk::answer_from_faq({.number = desk::RequestNumber::of(row.ticket.no, context.request_number_key()),
                               .language = found.article.language,
                               .name = name,
                               .title = found.version.text.title,
                               .text = text,
                               .link = link,
                               .house = context.settings().house});
    const std::int64_t sent = send_mail(books, context, row.ticket,
                                        {.kind = "acknowledgement",
                                         .message_id = body.answer_message_id,
                                         .outgoing_id = body.outgoing_id,
                                         .recipient = body.from_address,
                                         .subject = mail.subject,
                                         .text = mail.body,
                                         .automatic = true,
                                         .at = at});
    if (sent == 0) return;
    store::insert_event(books.connection(), row.ticket.no, at, "answered_from_faq", std::nullopt,
                        json_text({{"slug", found.article.slug},
                                   {"language", std::string{desk::tag_of(found.article.language)}},
                                   {"version", std::to_string(found.version.version)},
                                   {"outgoing", std::to_string(sent)}}));
    desk::move_to(row.ticket, desk::TicketState::pending_customer, at);
    row.ticket.updated = std::max(row.ticket.updated, at);
    store::update_ticket(books.connection(), row);
    store::insert_faq_answer(books.connection(), {.ticket = row.ticket.no,
                                                  .article = found.article.no,
                                                  .version = found.version.version,
                                                  .state = store::FaqAnswerState::waits,
                                                  .at = row.ticket.updated,
                                                  .ended = std::nullopt});
}

// `incident`: its text was sent to all, and belongs into this confirmation.
void acknowledge(Books& books, const Context& context, store::TicketRow& row, const FileMail& body,
                 const std::optional<store::IncidentRow>& incident, Moment at) {
    const Ticket& ticket = row.ticket;
    if (body.automatic || body.forged || desk::is_set_aside(ticket) || body.from_address.empty()) return;
    if (is_acknowledged_enough(books, ticket, preview_of(body.new_text), at)) {
        store::insert_event(books.connection(), ticket.no, at, "acknowledgement_capped", std::nullopt, "{}");
        return;
    }
    const auto number = desk::RequestNumber::of(ticket.no, context.request_number_key());
    const desk::Language language = desk::language_of(body.language);
    const std::string_view house = context.settings().house;
    const auto article = article_for(books, ticket, body);
    desk::MailText text;
    if (ticket.customer && ticket.assurance >= Assurance::a1_aligned_mail) {
        const auto customer = store::find_customer(books.connection(), *ticket.customer);
        if (incident) return acknowledge_with_text(books, context, row, *incident, customer->name, body.outgoing_id, at);
        if (article) return answer_from_faq(books, context, row, body, *article, customer->name, at);
        if (ask_for_facts(books, context, ticket, body, customer, at)) return;
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
        if (incident) return acknowledge_with_text(books, context, row, *incident, "", body.outgoing_id, at);
        if (article) return answer_from_faq(books, context, row, body, *article, "", at);
        if (ask_for_facts(books, context, ticket, body, std::nullopt, at)) return;
        text = desk::acknowledge_stranger(
            {.number = number, .language = language, .first_reply_due = ticket.first_reply_due, .house = house});
    }
    send_acknowledgement(books, context, ticket, text, body.outgoing_id, body.from_address, at);
}

// Who answers to an article was not helped by it, or asks on: a person reads it, and the clock runs from that word on.
void bring_to_a_person(Books& books, Ticket& ticket, Moment received, Moment at) {
    const auto answer = store::find_faq_answer(books.connection(), ticket.no);
    if (!answer) return;
    if (ticket.route == "auto_answer") ticket.route = "agent";
    if (answer->state != store::FaqAnswerState::waits) return;
    store::end_faq_answer(books.connection(), ticket.no, store::FaqAnswerState::replied, at);
    if (!ticket.first_replied) ticket.first_reply_due = desk::first_reply_due(received);
    store::insert_event(books.connection(), ticket.no, at, "asked_on_after_faq", std::nullopt, "{}");
}

// A customer's own lock is the one thing that a proven mail does by itself: it stops money at once, and whoever asked for
// it ends it in the account. Its letter goes to the stored address.
void lock_as_asked(Books& books, const Context& context, const Command& command, const FileMail& body,
                   const Ticket& ticket) {
    if (static_cast<Assurance>(body.assurance) < customers::needed_for(customers::Act::lock_oneself)) return;
    if (body.automatic || body.forged || body.several_senders) return;
    // Of the address that was proven, whoever's request it was written into.
    const auto customer = store::find_customer_by_email(books.connection(), ascii_lower(body.from_address));
    if (!customer) return;
    const customers::LockNo lock =
        place_lock(books, context, command,
                   {.customer = customer->no,
                    .scope = customers::LockScope::debits,
                    .source = customers::LockSource::customer,
                    .reason = fmt::format("asked for by mail {}, in request {}", body.mail, ticket.request_number),
                    .message_code = "own_wish",
                    .review_at = std::nullopt,
                    .expires_at = std::nullopt});
    store::insert_event(books.connection(), ticket.no, command.at, "locked_by_mail", std::nullopt,
                        json_text({{"lock", std::to_string(number_of(lock))}}));
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
    const std::string code = desk::make_official_code(context.official_keys().back(), *outgoing_id);
    mail::OutgoingMail outgoing{.from = {settings.house, *from},
                                .to = {{"", *recipient}},
                                .subject = mail.subject,
                                .text = text + "\n" + desk::reference_line(token) + "\n" +
                                        desk::official_line(code, settings.public_url) + "\n",
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
    const std::int64_t no = queue_outgoing(books, context,
                                           {.no = 0,
                                            .id = *outgoing_id,
                                            .kind = mail.kind,
                                            .ticket = ticket.no,
                                            .envelope_from = context.support_address(),
                                            .recipient = recipient->text(),
                                            .bytes = *bytes,
                                            .names_money = mail.names_money,
                                            .next_at = mail.at,
                                            .created = mail.at,
                                            .updated = mail.at,
                                            .automatic = mail.automatic,
                                            .code = code});
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
    return no;
}

std::int64_t send_notice(Books& books, const Context& context, const Notice& notice) {
    const DeskSettings& settings = context.settings();
    const auto recipient = mail::EmailAddress::parse(notice.recipient);
    const auto from = mail::EmailAddress::parse(context.support_address());
    std::string unique = notice.id.text();
    std::erase(unique, '-');
    const std::string code = desk::make_official_code(context.official_keys().back(), notice.id);
    std::optional<Bytes> bytes;
    if (recipient && from) {
        std::string message_id =
            desk::letter_message_id(context.token_keys().back(), recipient->text(), unique, settings.domain);
        message_id = message_id.substr(1, message_id.size() - 2);
        if (auto composed = mail::compose({.from = {settings.house, *from},
                                           .to = {{"", *recipient}},
                                           .subject = notice.subject,
                                           .text = with_phrase(books, notice.recipient, notice.text) + "\n" +
                                                   desk::official_line(code, settings.public_url) + "\n",
                                           .message_id = message_id,
                                           .in_reply_to = {},
                                           .references = {},
                                           .date = notice.at,
                                           .auto_submitted = mail::AutoSubmitted::auto_generated})) {
            bytes = *std::move(composed);
        }
    }
    if (!bytes) throw store::StorageFailure{store::StorageFault::bug, "a letter could not be composed: check --domain"};
    return queue_outgoing(books, context,
                          {.no = 0,
                           .id = notice.id,
                           .kind = notice.kind,
                           .ticket = std::nullopt,
                           .envelope_from = context.support_address(),
                           .recipient = recipient->text(),
                           .bytes = *std::move(bytes),
                           .names_money = notice.names_money,
                           .next_at = notice.at,
                           .created = notice.at,
                           .updated = notice.at,
                           .automatic = true,
                           .code = code});
}

Answer handle(Books& books, const Context&, const Command& command, const AcceptMail& body) {
    const auto inbound = inbound_of(body, command.at);
    if (!inbound) return refused(codes::invalid, "mail: malformed");
    const std::int64_t no = keep_inbound(books, *inbound);
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
    inbound->authentication = body.authentication;
    if (const auto first = store::inbound_with_content(books.connection(), inbound->content_hash, inbound->no)) {
        inbound->state = store::InboundState::duplicate;
        inbound->reason = fmt::format("the same octets as mail {}", *first);
        store::update_inbound(books.connection(), *inbound);
        return Answer{.number = inbound->ticket.value_or(0)};
    }
    if (inbound->channel == "import") {
        file_old(books, context, command, body, *inbound);
        return Answer{.number = inbound->ticket.value_or(0)};
    }
    if (auto filed = file_bounce(books, context, command, body, *inbound)) return *filed;
    lift_by_proven_mail(books, body, command.at);
    if (auto filed = file_check(books, context, command, body, *inbound)) return *filed;
    const desk::SideDecision side = side_of(books, context, body);
    if (side.joins()) return file_side_mail(books, command, body, side, *inbound);
    desk::ThreadDecision decision = thread_of(books, context, body);
    // Somebody else with a mail of a side thread: staff see which, and whoever wrote learns nothing of it.
    if (side.thread && decision.target == desk::ThreadTarget::new_ticket) {
        decision = {.target = desk::ThreadTarget::new_linked,
                    .reason = body.forged ? desk::ThreadReason::sender_forged : desk::ThreadReason::token_of_another_person,
                    .ticket = side.thread->ticket};
    }
    store::TicketRow row;
    const bool appends = decision.target == desk::ThreadTarget::append;
    Ticket before;
    if (appends) {
        row = store::find_ticket(books.connection(), *decision.ticket).value();
        before = row.ticket;
        desk::move_to(row.ticket, decision.state_after, inbound->received);
        if (decision.asks) {
            desk::note_customer_wrote(row.ticket, inbound->received);
            wake(books, row.ticket, command.at, "customer");
        }
        row.ticket.updated = std::max(row.ticket.updated, inbound->received);
        row.ticket.version += 1;
        row.preview = preview_of(body.new_text);
        if (decision.reopens && !row.ticket.first_replied)
            row.ticket.first_reply_due = desk::first_reply_due(inbound->received);
        if (!body.automatic) bring_to_a_person(books, row.ticket, inbound->received, command.at);
        if (!body.automatic && decision.asks) {
            note_facts(books, row.ticket, body.stated, command.at);
            // Their answer may quote our letter, and staff read it.
            store::end_case_links(books.connection(), row.ticket.no, books.system_time(command.at));
        }
        row.ticket.assurance = std::max(row.ticket.assurance, static_cast<Assurance>(body.assurance));
        const desk::Sorting of_mail{body.category, body.urgency, body.route};
        sort(books, row, desk::raised_by(desk::sorting_of(row.ticket), part_of_mail(body), of_mail), std::nullopt,
             command.at);
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
    if (body.carries_files) await_scan(books, body.mail, command.at);
    if (appends) {
        auto changes = changes_between(before, row.ticket);
        if (decision.asks) changes.push_back(desk::RuleChange::customer_wrote);
        rules_on_change(books, context, command, row, std::move(changes));
        if (before.route != row.ticket.route) route_new(books, command, row);
    } else {
        rules_on_arrival(books, context, command, row);
        const auto told = note_topics(books, row, body, inbound->received, command.at);
        acknowledge(books, context, row, body, told, command.at);
        route_new(books, command, row);
    }
    if (body.wants_lock) lock_as_asked(books, context, command, body, row.ticket);
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
    const std::int64_t automatic = automatic_allowed(books, command.at, body.mails_max);
    for (store::OutgoingRow& row : store::due_outgoing(books.connection(), command.at, body.mails_max, automatic)) {
        if (store::standing_suppression(books.connection(), row.recipient)) {  // since it was queued
            suppress_outgoing(books, row, command.at);
            continue;
        }
        store::set_handed_out(books.connection(), row.no,
                              row.handed_out == store::HandedOut::interrupted ? store::HandedOut::again
                                                                              : store::HandedOut::now);
        answer.numbers.push_back(row.no);
        if (row.automatic) note_try(books, command.at);
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
    // What is sent stays sent, and what came back or was given up stays so, whatever is reported late.
    if (row->state != store::OutgoingState::queued && row->state != store::OutgoingState::uncertain)
        return Answer{.number = row->no, .replayed = true};
    auto step = store::DeliveryStep::temporary;
    if (body.state == "sent") {
        row->state = store::OutgoingState::sent;
        step = store::DeliveryStep::accepted;
    } else if (body.state == "failed") {
        row->state = store::OutgoingState::failed;
        step = store::DeliveryStep::refused;
    } else if (body.state == "queued" || (body.state == "uncertain" && body.next_at != 0)) {
        row->state = store::OutgoingState::queued;
        row->next_at = moment_of_ms(body.next_at);
        if (body.state == "uncertain") step = store::DeliveryStep::uncertain;
    } else if (body.state == "uncertain") {
        row->state = store::OutgoingState::uncertain;
        step = store::DeliveryStep::uncertain;
    } else {
        return refused(codes::invalid, "state: one of sent, queued, uncertain, failed");
    }
    if (body.attempted) row->attempts += 1;
    row->remote_reply = utf8_prefix(to_utf8_lossy(body.text), 500);
    row->updated = command.at;
    store::update_outgoing(books.connection(), *row);
    store::set_handed_out(books.connection(), row->no, store::HandedOut::no);
    if (body.attempted) {
        note_step(books, row->no, command.at, step, row->remote_reply);
        note_relay(books, step, row->remote_reply, command.at);
    }
    if (row->ticket) {
        const auto ticket = store::find_ticket(books.connection(), *row->ticket);
        if (ticket) books.news().tickets.push_back(ticket->ticket.request_number);
    }
    return Answer{.number = row->no};
}

}  // namespace okpay::service
