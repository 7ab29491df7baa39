// SPDX-License-Identifier: Apache-2.0
#include "service/incident_parts.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <set>

#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "service/money_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/delivery_store.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;
using customers::CustomerNo;
using desk::IncidentState;
using desk::IncidentStep;
using payments::Payment;
using store::IncidentRow;
using store::MemberRow;

constexpr desk::IncidentRules rules{};

const json::value* member_of(const json::value* in, std::string_view name) {
    const auto* object = in == nullptr ? nullptr : in->if_object();
    return object == nullptr ? nullptr : object->if_contains(name);
}

std::vector<std::string> texts_in(const json::value* array) {
    std::vector<std::string> texts;
    if (array == nullptr || !array->is_array()) return texts;
    for (const json::value& one : array->get_array()) {
        if (one.is_string()) texts.emplace_back(one.get_string().data(), one.get_string().size());
    }
    return texts;
}

std::string text_in(const json::value* value) {
    return value != nullptr && value->is_string() ? std::string{value->get_string().data(), value->get_string().size()} : "";
}

// A reading as triage printed it; null where it is none.
json::value parsed(std::string_view reading) {
    boost::system::error_code error;
    json::value value = json::parse(reading, error);
    return error ? json::value{} : value;
}

// What the mail states, in its text and on its pictures, in the customer's own zone.
payments::Hint hint_in(const json::value& reading, std::string_view zone, std::string text) {
    payments::Hint hint;
    hint.text = std::move(text);
    for (const std::string_view part : {"entities", "in_pictures"}) {
        const json::value* entities = member_of(&reading, part);
        const json::value* amounts = member_of(entities, "amounts");
        if (amounts != nullptr && amounts->is_array()) {
            for (const json::value& one : amounts->get_array()) {
                std::string value = text_in(member_of(&one, "value"));
                if (!value.empty())
                    hint.amounts.push_back(
                        {std::move(value), money::currency_of_code(text_in(member_of(&one, "currency")))});
            }
        }
        for (const std::string& said : texts_in(member_of(entities, "datetimes"))) {
            if (const auto span = customers::local_span(zone, said)) hint.times.push_back(*span);
        }
        for (std::string& id : texts_in(member_of(entities, "transaction_ids")))
            hint.transaction_ids.push_back(std::move(id));
    }
    return hint;
}

std::vector<std::string> error_codes_in(const json::value& reading) {
    std::vector<std::string> codes;
    for (const std::string_view part : {"entities", "in_pictures"}) {
        for (std::string& code : texts_in(member_of(member_of(&reading, part), "error_codes")))
            codes.push_back(std::move(code));
    }
    return codes;
}

// The newest movements of each wallet, and what moved nothing, not older than `since`.
std::vector<Payment> recent_payments(Books& books, CustomerNo customer, Moment since) {
    books.flush();
    std::set<std::int64_t> seqs;
    for (const money::Currency currency : money::all_currencies) {
        const auto wallet = books.wallet_of(customer, currency);
        if (!wallet) continue;
        std::int64_t seq = books.ledger().find(*wallet)->last_transfer;
        for (std::size_t looked_at = 0; seq != 0 && looked_at < desk::topic_payments_max; ++looked_at) {
            const auto transfer = store::find_transfer(books.connection(), seq);
            if (!transfer || transfer->at < since) break;
            seqs.insert(transfer->payment);
            seq = transfer->debit == *wallet ? transfer->debit_prev : transfer->credit_prev;
        }
    }
    std::vector<Payment> recent;
    for (Payment& payment : store::unmoved_payments_of(books.connection(), customer, books.next_payment_seq(),
                                                       static_cast<std::int64_t>(desk::topic_payments_max))) {
        if (payment.created < since) break;
        if (!seqs.contains(payment.seq)) recent.push_back(std::move(payment));
    }
    for (const std::int64_t seq : seqs) {
        auto payment = books.find_payment(seq);
        if (payment && payment->customer == customer && payment->created >= since) recent.push_back(*std::move(payment));
    }
    return recent;
}

std::vector<desk::Topic> topics_in(Books& books, const desk::Ticket& ticket, const json::value& reading,
                                   const FileMail& body, Moment received) {
    desk::TopicFacts facts{.category = body.category, .error_codes = error_codes_in(reading), .hint = {}, .recent = {}};
    if (desk::is_about_money(body.category)) {
        const auto customer = store::find_customer(books.connection(), *ticket.customer).value();
        facts.hint = hint_in(reading, customer.zone, body.subject + "\n" + body.new_text);
        facts.recent = recent_payments(books, customer.no, received - desk::topic_looks_back);
    }
    return desk::topics_of(facts, received);
}

void note_step(Books& books, const IncidentRow& incident, IncidentStep step, Moment at,
               std::optional<customers::StaffNo> staff, std::optional<desk::TicketNo> ticket) {
    store::insert_step(books.connection(), {.no = books.next_number("incident_step"),
                                            .incident = incident.no,
                                            .step = step,
                                            .at = at,
                                            .staff = staff,
                                            .ticket = ticket});
}

// Nobody closed it, and its last request is longer ago than an incident goes on.
bool is_over(Books& books, const IncidentRow& incident, Moment received) {
    return received - store::last_joined(books.connection(), incident.no).value_or(incident.opened) > rules.goes_on;
}

// By itself, where the same thing begins anew: one text is not for two troubles.
void close_what_is_over(Books& books, IncidentRow& incident, Moment at) {
    incident.state = IncidentState::closed;
    incident.updated = std::max(incident.updated, at);
    store::update_incident(books.connection(), incident);
    note_step(books, incident, IncidentStep::closed, at, std::nullopt, std::nullopt);
    books.audit(at, {}, "close_incident", fmt::format("incident:{}", number_of(incident.no)), "{}");
}

// With all who made it.
void open_incident(Books& books, const desk::Topic& topic, const desk::Burst& burst, const desk::Usual& usual, Moment at) {
    IncidentRow incident{.no = desk::IncidentNo{books.next_number("incident")},
                         .topic = topic,
                         .since = burst.since,
                         .opened = at,
                         .updated = at,
                         .requests = std::ssize(burst.requests),
                         .customers = burst.customers,
                         .usual = usual};
    store::insert_incident(books.connection(), incident);
    note_step(books, incident, IncidentStep::opened, at, std::nullopt, std::nullopt);
    for (const desk::TicketNo no : burst.requests)
        join_incident(books, incident, store::find_ticket(books.connection(), no).value().ticket, false, at, std::nullopt);
    books.audit(at, {}, "open_incident", fmt::format("incident:{}", number_of(incident.no)),
                json_text({{"about", std::string{name_of(topic.kind)}},
                           {"requests", std::to_string(incident.requests)},
                           {"customers", std::to_string(incident.customers)}}));
}

// The text was sent by this mail, and answers the request.
void note_told(Books& books, store::TicketRow& row, desk::IncidentNo incident, std::int64_t outgoing, Moment at) {
    store::insert_told(books.connection(), {.incident = incident, .ticket = row.ticket.no, .outgoing = outgoing, .at = at});
    desk::note_replied(row.ticket, at);
    if (row.ticket.state == desk::TicketState::fresh) row.ticket.state = desk::TicketState::open;
    row.ticket.updated = std::max(row.ticket.updated, at);
    row.ticket.version += 1;
    store::update_ticket(books.connection(), row);
    store::insert_event(books.connection(), row.ticket.no, at, "told_of_incident", std::nullopt,
                        json_text(
                            {{"incident", std::to_string(number_of(incident))}, {"outgoing", std::to_string(outgoing)}}));
    books.news().tickets.push_back(row.ticket.request_number);
}

// Whom the ledger knows is told there, whoever wrote.
std::string address_of(store::Connection& connection, const desk::Ticket& ticket) {
    const auto customer = ticket.customer ? store::find_customer(connection, *ticket.customer) : std::nullopt;
    return customer ? customer->email : ticket.party_address;
}

}  // namespace

MemberRow join_incident(Books& books, IncidentRow& incident, const desk::Ticket& ticket, bool apart, Moment at,
                        std::optional<customers::StaffNo> staff) {
    auto member = store::find_member(books.connection(), incident.no, ticket.no);
    if (member) {
        member->standing = true;
        member->since = at;
        store::update_member(books.connection(), *member);
    } else {
        member = MemberRow{.incident = incident.no, .ticket = ticket.no, .since = at, .apart = apart};
        store::insert_member(books.connection(), *member);
    }
    note_step(books, incident, staff ? IncidentStep::added : IncidentStep::joined, at, staff, ticket.no);
    store::insert_event(books.connection(), ticket.no, at, "joined_incident", staff,
                        json_text({{"incident", std::to_string(number_of(incident.no))}}));
    incident.updated = std::max(incident.updated, at);
    store::update_incident(books.connection(), incident);
    books.news().tickets.push_back(ticket.request_number);
    return *member;
}

namespace {

desk::RequestFacts facts_of(const store::TicketRow& row) {
    const json::value reading = parsed(row.reading);
    return {.category = row.ticket.category, .route = row.ticket.route, .flags = texts_in(member_of(&reading, "flags"))};
}

}  // namespace

desk::Part part_of_request(const store::TicketRow& row) { return desk::part_of(facts_of(row)); }
bool is_guarded(const store::TicketRow& row) { return desk::is_guarded(facts_of(row)); }

desk::Part part_of_mail(const FileMail& body) {
    const json::value reading = parsed(body.reading);
    return desk::part_of({.category = body.category,
                          .route = body.route,
                          .flags = texts_in(member_of(&reading, "flags")),
                          .automatic = body.automatic,
                          .forged = body.forged,
                          .wants_lock = body.wants_lock});
}

std::optional<IncidentRow> note_topics(Books& books, const store::TicketRow& row, const FileMail& body, Moment received,
                                       Moment at) {
    const desk::Ticket& ticket = row.ticket;
    if (!ticket.customer) return std::nullopt;
    const desk::Part part = part_of_mail(body);
    if (part == desk::Part::none) return std::nullopt;
    const json::value reading = parsed(body.reading);
    // A rule may have given it to the risk team since it was read.
    const bool apart = part == desk::Part::apart || part_of_request(row) == desk::Part::apart;
    const auto topics = topics_in(books, ticket, reading, body, received);
    for (const desk::Topic& topic : topics) {
        store::insert_topic(books.connection(), {.no = books.next_number("ticket_topic"),
                                                 .ticket = ticket.no,
                                                 .topic = topic,
                                                 .customer = *ticket.customer,
                                                 .apart = apart,
                                                 .at = received});
    }
    for (const desk::Topic& topic : topics) {
        auto incident = store::standing_incident(books.connection(), topic);
        if (!incident || received < incident->since - rules.window) continue;  // it was written before all that
        if (is_over(books, *incident, received)) continue;  // nobody closed it
        join_incident(books, *incident, ticket, apart, at, std::nullopt);
        const bool tells = incident->state == IncidentState::told && !apart;
        return tells ? std::move(incident) : std::nullopt;
    }
    if (apart) return std::nullopt;
    for (const desk::Topic& topic : topics) {
        // Read late, it may close a window that others opened after it.
        auto near = store::arrivals(books.connection(), topic, received - rules.window, received + rules.window);
        if (std::ssize(near) < rules.customers_min) continue;
        std::erase_if(near, [&](const desk::Arrival& one) {  // given to the risk team since
            return part_of_request(store::find_ticket(books.connection(), one.ticket).value()) != desk::Part::full;
        });
        const desk::Usual usual = store::usual_of(books.connection(), topic, received - rules.window);
        const auto burst = desk::burst_of(near, usual, rules);
        if (!burst) continue;
        if (auto before = store::standing_incident(books.connection(), topic)) {
            if (!is_over(books, *before, received)) continue;  // these were written before all that
            close_what_is_over(books, *before, at);
        }
        open_incident(books, topic, *burst, usual, at);
        return std::nullopt;
    }
    for (const desk::Topic& topic : topics) store::count_topic(books.connection(), topic, received);
    return std::nullopt;
}

void acknowledge_with_text(Books& books, const Context& context, store::TicketRow& row, const IncidentRow& incident,
                           std::string_view name, const std::string& outgoing_id, Moment at) {
    const auto written = store::find_incident_text(books.connection(), incident.no).value();
    const desk::Language language = desk::language_of(row.ticket.language);
    const desk::MailText mail =
        desk::acknowledge_in_incident({.number = desk::RequestNumber::of(row.ticket.no, context.request_number_key()),
                                       .language = language,
                                       .name = name,
                                       .text = written.text.in(language),
                                       .house = context.settings().house});
    const StepIds ids{outgoing_id, number_of(row.ticket.no), at};
    const std::int64_t sent = send_mail(books, context, row.ticket,
                                        {.kind = "acknowledgement",
                                         .message_id = ids.next<MessageId>("incident text").text(),
                                         .outgoing_id = outgoing_id,
                                         .recipient = address_of(books.connection(), row.ticket),
                                         .subject = mail.subject,
                                         .text = mail.body,
                                         .automatic = true,
                                         .at = at});
    if (sent != 0) note_told(books, row, incident.no, sent, at);
}

desk::MemberNow member_now(store::Connection& connection, const MemberRow& member, const store::TicketRow& row,
                           bool chosen) {
    return {.standing = member.standing,
            .apart = member.apart || part_of_request(row) == desk::Part::apart,
            .told = store::find_told(connection, member.incident, member.ticket).has_value(),
            .merged = store::merge_of(connection, member.ticket).has_value(),
            .answered = row.ticket.first_replied.has_value(),
            .chosen = chosen,
            .unanswerable = row.ticket.party_address.empty() || part_of_request(row) == desk::Part::none ||
                            store::standing_suppression(connection, address_of(connection, row.ticket)).has_value(),
            .state = row.ticket.state};
}

bool tell_member(Books& books, const Context& context, MemberRow& member, std::string_view seed, Moment at) {
    auto row = store::find_ticket(books.connection(), member.ticket).value();
    const bool chosen = member.due == store::Due::chosen;
    member.due = store::Due::no;
    store::update_member(books.connection(), member);
    if (desk::left_out(member_now(books.connection(), member, row, chosen)) != desk::LeftOut::no) return false;
    const auto written = store::find_incident_text(books.connection(), member.incident).value();
    const StepIds ids{seed, number_of(member.ticket), at};
    const std::int64_t sent = send_mail(books, context, row.ticket,
                                        {.kind = "reply",
                                         .message_id = ids.next<MessageId>("incident text").text(),
                                         .outgoing_id = ids.next<OutgoingId>("incident text").text(),
                                         .recipient = address_of(books.connection(), row.ticket),
                                         .subject = reply_subject(row.ticket),
                                         .text = std::string{written.text.in(desk::language_of(row.ticket.language))},
                                         .author = desk::Author::staff,
                                         .staff = written.staff,
                                         .at = at});
    if (sent == 0) return false;
    note_told(books, row, member.incident, sent, at);
    return true;
}

}  // namespace okpay::service
