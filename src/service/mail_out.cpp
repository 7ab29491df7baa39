// SPDX-License-Identifier: Apache-2.0
#include "service/mail_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "customers/assurance.hpp"
#include "desk/acknowledgement.hpp"
#include "store/side_store.hpp"

namespace okpay::service {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t reply_octets_max = 500;
constexpr std::int64_t tickets_compared_max = 50;

std::string_view event_word(mail::BounceKind kind) {
    return kind == mail::BounceKind::delayed ? "mail_delayed" : "mail_bounced";
}

void tell_ticket(Books& books, const store::OutgoingRow& row, Moment at, std::string_view event, std::string detail) {
    if (!row.ticket) return;
    store::insert_event(books.connection(), *row.ticket, at, event, std::nullopt, detail);
    if (const auto ticket = store::find_ticket(books.connection(), *row.ticket))
        books.news().tickets.push_back(ticket->ticket.request_number);
}

// The mail of ours that the id names and proves: its mark can only be read in that mail itself.
std::optional<store::OutgoingRow> proven_outgoing(Books& books, const Context& context, std::string_view id) {
    const auto own = desk::read_own_message_id(id);
    const auto octets = own ? bytes_of_hex(own->unique) : std::nullopt;
    const auto outgoing = octets ? OutgoingId::of_bytes(*octets) : std::nullopt;
    auto row = outgoing ? store::find_outgoing(books.connection(), *outgoing) : std::nullopt;
    if (!row) return std::nullopt;
    if (own->token.empty())
        return desk::is_letter_mark(context.token_keys(), *own, row->recipient) ? std::move(row) : std::nullopt;
    const auto thread = store::side_thread_of_outgoing(books.connection(), row->no);
    const auto keys = thread ? context.side_token_keys() : context.token_keys();
    const auto verified = desk::verify_token(keys, own->token);
    if (!verified || !desk::was_sent_to(keys, *verified, row->recipient)) return std::nullopt;
    const bool is_its_own = thread ? number_of(*thread) == number_of(verified->ticket) : row->ticket == verified->ticket;
    return is_its_own ? std::move(row) : std::nullopt;
}

struct Told {
    mail::BouncedRecipient recipient;
    mail::BounceMeaning meaning;
};

// Our mails have one recipient: where the report names that address its word counts, else (it was forwarded) the worst.
std::optional<Told> what_it_tells(const FileMail& body, std::string_view recipient) {
    std::optional<Told> worst;
    bool named = false;
    for (const BouncedAddress& one : body.bounced) {
        const mail::BouncedRecipient said{.address = one.address,
                                          .action = static_cast<mail::BounceAction>(one.action),
                                          .status = one.status,
                                          .diagnostic = one.diagnostic};
        const bool names_it = equal_ignoring_ascii_case(one.address, recipient);
        if (named && !names_it) continue;
        const mail::BounceMeaning meaning = mail::meaning_of(said);
        if (worst && named == names_it && worst->meaning.kind >= meaning.kind) continue;
        worst = Told{said, meaning};
        named = names_it;
    }
    return worst;
}

// What comes too often from machines of ours waits for a person.
store::Held why_held(Books& books, const Context& context, const store::OutgoingRow& row) {
    store::Connection& connection = books.connection();
    if (store::standing_brake(connection, store::BrakeKind::volume)) return store::Held::volume;
    const auto released = store::last_brake_ended(connection, store::BrakeKind::volume);
    const Moment since = std::max(row.created - std::chrono::hours{1}, released.value_or(Moment{}));
    const std::int64_t max = context.settings().automatic_mails_per_hour_max;
    if (store::wrote_automatic(connection, row.no - 1, max, since)) {
        const std::string why = fmt::format("more than {} automatic mails within an hour", max);
        store::insert_brake(connection, {.no = books.next_number("mail_brake"),
                                         .kind = store::BrakeKind::volume,
                                         .since = row.created,
                                         .why = why});
        books.news().mail_notes.push_back("automatic mail is held back until a supervisor lets it go: " + why);
        return store::Held::volume;
    }
    if (store::count_automatic_to(connection, row.recipient, row.created - std::chrono::hours{1}) >=
        automatic_to_recipient_hour_max) {
        return store::Held::recipient;
    }
    if (row.ticket && store::count_automatic_of(connection, *row.ticket, row.created - std::chrono::hours{24}) >=
                          automatic_of_request_day_max) {
        return store::Held::request;
    }
    return store::Held::no;
}

void suppress_address(Books& books, const store::OutgoingRow& row, const Told& told, Moment at) {
    if (store::standing_suppression(books.connection(), row.recipient)) return;
    store::insert_suppressed(books.connection(), {.no = books.next_number("suppressed_address"),
                                                  .address = ascii_lower(row.recipient),
                                                  .reason = told.meaning.reason,
                                                  .status = told.recipient.status,
                                                  .diagnostic = told.recipient.diagnostic,
                                                  .outgoing = row.no,
                                                  .since = at});
    tell_ticket(books, row, at, "address_suppressed",
                json_text({{"reason", std::string{mail::name_of(told.meaning.reason)}}}));
}

bool suffices(Books& books, const store::OutgoingRow& row, mail::BounceKind kind, Moment at) {
    if (kind == mail::BounceKind::hard) return true;
    const auto lifted = store::last_lifted(books.connection(), row.recipient);
    const Moment since = std::max(at - soft_bounces_window, lifted ? *lifted + Millis{1} : Moment{});
    return store::count_soft_bounces(books.connection(), row.recipient, since) >= soft_bounces_suppress;
}

}  // namespace

void note_step(Books& books, std::int64_t outgoing, Moment at, store::DeliveryStep step, std::string_view reply) {
    store::insert_attempt(books.connection(), {.no = books.next_number("delivery_attempt"),
                                               .outgoing = outgoing,
                                               .at = at,
                                               .step = step,
                                               .reply = std::string{utf8_prefix(reply, reply_octets_max)}});
}

Millis relay_pause(std::int64_t tries) {
    constexpr std::array<Millis, 4> pauses{1min, 5min, 15min, 1h};
    return pauses.at(static_cast<std::size_t>(std::clamp<std::int64_t>(tries, 0, pauses.size() - 1)));
}

std::int64_t queue_outgoing(Books& books, const Context& context, store::OutgoingRow row) {
    row.no = books.next_number("outgoing_mail");
    const auto suppressed = store::standing_suppression(books.connection(), row.recipient);
    if (row.automatic && !suppressed) row.held = why_held(books, context, row);
    store::insert_outgoing(books.connection(), row);
    if (suppressed) suppress_outgoing(books, row, row.created);
    if (row.held != store::Held::no)
        tell_ticket(books, row, row.created, "mail_held", json_text({{"outgoing", std::to_string(row.no)}}));
    books.news().mail_queued = true;
    return row.no;
}

std::int64_t automatic_allowed(Books& books, Moment at, std::int64_t asked) {
    const auto brake = store::standing_brake(books.connection(), store::BrakeKind::relay);
    if (!brake) return asked;
    return at < brake->next_try ? 0 : 1;
}

void note_try(Books& books, Moment at) {
    auto brake = store::standing_brake(books.connection(), store::BrakeKind::relay);
    if (!brake) return;
    brake->next_try = at + relay_pause(brake->tries);
    store::update_brake(books.connection(), *brake);
}

void note_relay(Books& books, store::DeliveryStep step, std::string_view reply, Moment at) {
    auto brake = store::standing_brake(books.connection(), store::BrakeKind::relay);
    if (step == store::DeliveryStep::accepted) {
        if (!brake) return;
        store::end_brake(books.connection(), brake->no, at, "system:0", "the relay took a mail");
        books.news().mail_notes.emplace_back("the relay takes mail again: automatic mail is no longer held back");
        books.news().mail_queued = true;
        return;
    }
    if (brake) {
        brake->tries += 1;
        brake->next_try = at + relay_pause(brake->tries);
        store::update_brake(books.connection(), *brake);
        return;
    }
    const auto last = store::last_relay_steps(books.connection(), relay_failures_max);
    const bool all_failed = std::ranges::none_of(last, [](auto one) { return one == store::DeliveryStep::accepted; });
    if (std::ssize(last) < relay_failures_max || !all_failed) return;
    const std::string why = fmt::format("the relay did not take {} mails in a row; it said last: {}", relay_failures_max,
                                        utf8_prefix(reply, 200));
    store::insert_brake(books.connection(), {.no = books.next_number("mail_brake"),
                                             .kind = store::BrakeKind::relay,
                                             .since = at,
                                             .why = why,
                                             .next_try = at + relay_pause(0)});
    books.news().mail_notes.push_back("automatic mail is held back: " + why);
}

bool is_acknowledged_enough(Books& books, const desk::Ticket& ticket, std::string_view text, Moment at) {
    const std::string subject = desk::shape_of(ticket.subject), words = desk::shape_of(text);
    std::int64_t alike = 0;
    for (const store::TicketRow& row : store::acknowledged_to(books.connection(), ticket.party_address,
                                                              at - std::chrono::hours{1}, tickets_compared_max)) {
        if (desk::shape_of(row.ticket.subject) == subject && desk::shape_of(row.preview) == words) ++alike;
    }
    return alike >= acknowledgements_alike_hour_max;
}

Answer handle(Books& books, const Context&, const Command& command, const ReleaseHeldMail& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::manage_mail, staff)) return *no;
    const auto brake = store::find_brake(books.connection(), body.brake);
    if (!brake) return refused(codes::not_found, "there is no such brake");
    if (trimmed(body.reason).empty() || body.reason.size() > lift_reason_octets_max || !is_utf8(body.reason))
        return refused(codes::invalid, "reason: say why the mail may go now");
    if (brake->ended) return Answer{.number = brake->no, .replayed = true};
    store::end_brake(books.connection(), brake->no, command.at, fmt::format("staff:{}", number_of(staff->no)), body.reason);
    if (brake->kind == store::BrakeKind::volume) store::release_held(books.connection(), store::Held::volume, command.at);
    books.audit(command.at, command.actor, "release_held_mail", fmt::format("mail_brake:{}", brake->no), "{}");
    books.news().mail_queued = true;
    return Answer{.number = brake->no};
}

void suppress_outgoing(Books& books, store::OutgoingRow& row, Moment at) {
    row.state = store::OutgoingState::suppressed;
    row.updated = at;
    store::update_outgoing(books.connection(), row);
    note_step(books, row.no, at, store::DeliveryStep::suppressed, "");
    tell_ticket(books, row, at, "mail_suppressed", json_text({{"outgoing", std::to_string(row.no)}}));
}

std::optional<Answer> file_bounce(Books& books, const Context& context, const Command& command, const FileMail& body,
                                  store::InboundMail& inbound) {
    if (!body.automatic || body.forged || body.bounced.empty()) return std::nullopt;
    std::optional<store::OutgoingRow> row;
    for (const std::string& id : body.returned_ids) {
        row = proven_outgoing(books, context, id);
        if (row) break;
    }
    const auto told = row ? what_it_tells(body, row->recipient) : std::nullopt;
    if (!told || told->meaning.kind == mail::BounceKind::none) return std::nullopt;
    const bool ends = told->meaning.kind != mail::BounceKind::delayed;
    const bool known = ends && store::bounce_of(books.connection(), row->no);  // a mail comes back once
    const Moment at = command.at;
    store::insert_bounce(books.connection(), {.no = books.next_number("mail_bounce"),
                                              .outgoing = row->no,
                                              .mail = inbound.no,
                                              .address = ascii_lower(row->recipient),
                                              .kind = told->meaning.kind,
                                              .reason = told->meaning.reason,
                                              .status = told->recipient.status,
                                              .diagnostic = told->recipient.diagnostic,
                                              .at = at});
    inbound.state = store::InboundState::parsed;
    if (row->ticket) inbound.ticket = number_of(*row->ticket);
    store::update_inbound(books.connection(), inbound);
    const Answer filed{.number = inbound.ticket.value_or(0)};
    if (known) return filed;

    const std::string words =
        fmt::format("{}{}{}", told->recipient.status, told->recipient.status.empty() ? "" : " ", told->recipient.diagnostic);
    note_step(books, row->no, at, ends ? store::DeliveryStep::bounced : store::DeliveryStep::delayed, words);
    if (ends) {
        row->state = store::OutgoingState::failed;
        row->remote_reply = utf8_prefix(words, reply_octets_max);
        row->updated = at;
        store::update_outgoing(books.connection(), *row);
        store::set_handed_out(books.connection(), row->no, store::HandedOut::no);
    }
    tell_ticket(books, *row, at, event_word(told->meaning.kind),
                json_text({{"outgoing", std::to_string(row->no)},
                           {"mail", std::to_string(inbound.no)},
                           {"reason", std::string{mail::name_of(told->meaning.reason)}},
                           {"status", told->recipient.status}}));
    if (ends && suffices(books, *row, told->meaning.kind, at)) suppress_address(books, *row, *told, at);
    return filed;
}

void lift_by_proven_mail(Books& books, const FileMail& body, Moment at) {
    if (body.automatic || body.forged || body.several_senders) return;
    if (static_cast<customers::Assurance>(body.assurance) < customers::Assurance::a1_aligned_mail) return;
    const auto standing = store::standing_suppression(books.connection(), body.from_address);
    if (!standing) return;
    store::lift_suppression(books.connection(), standing->no, at, "system:0", "a proven mail came from the address");
    books.audit(at, {}, "lift_suppression", fmt::format("suppressed_address:{}", standing->no),
                json_text({{"by", fmt::format("mail:{}", body.mail)}}));
}

Answer handle(Books& books, const Context&, const Command& command, const LiftSuppression& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::reply, staff)) return *no;
    const auto row = store::find_suppressed(books.connection(), body.suppression);
    if (!row || row->address.empty()) return refused(codes::not_found, "there is no such suppression");
    if (trimmed(body.reason).empty() || body.reason.size() > lift_reason_octets_max || !is_utf8(body.reason))
        return refused(codes::invalid, "reason: say why mail will arrive there now");
    const auto customer = store::find_customer_by_email(books.connection(), row->address);
    if (customer && has_to_do_with(books, *staff, customer->no))
        return refused(codes::not_found, "there is no such suppression");
    if (row->lifted) return Answer{.number = row->no, .replayed = true};
    store::lift_suppression(books.connection(), row->no, command.at, fmt::format("staff:{}", number_of(staff->no)),
                            body.reason);
    books.audit(command.at, command.actor, "lift_suppression", fmt::format("suppressed_address:{}", row->no), "{}");
    return Answer{.number = row->no};
}

}  // namespace okpay::service
