// SPDX-License-Identifier: Apache-2.0
// Side threads: opened, written on and closed by staff; what comes back is filed here. The customer's clocks, state and
// conversation are untouched by all of it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "content/mask.hpp"
#include "customers/permissions.hpp"
#include "desk/follows.hpp"
#include "desk/side_thread.hpp"
#include "desk/threading.hpp"
#include "mail/compose.hpp"
#include "payments/payment_ref.hpp"
#include "service/file_scans.hpp"
#include "service/follow_parts.hpp"
#include "service/handlers.hpp"
#include "service/mail_out.hpp"
#include "service/side_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/follow_store.hpp"
#include "store/people_store.hpp"
#include "store/side_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using desk::SideThread;
using desk::Ticket;

constexpr std::size_t text_octets_max = 64UL * 1024;

Answer no_ticket() { return refused(codes::not_found, "there is no such request"); }
Answer no_thread() { return refused(codes::not_found, "there is no such side thread"); }
Answer no_counterparty() { return refused(codes::not_found, "there is no such counterparty"); }
Answer refused(desk::SideRefusal why) { return service::refused(desk::code_of(why), std::string{desk::sentence_en(why)}); }

std::string object_of(const SideThread& thread) { return fmt::format("ticket:{}", number_of(thread.ticket)); }

// The request and who writes about it; or why not.
struct Writer {
    store::StaffRow staff;
    Ticket ticket;
};
Result<Writer, Answer> writer_of(Books& books, const Command& command, const std::string& number) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return fail(*std::move(no));
    const auto row = store::find_ticket(books.connection(), number);
    if (!row || !may_see(books, *staff, row->ticket)) return fail(no_ticket());
    return Writer{*std::move(staff), row->ticket};
}

// A thread of this request, or of one that goes on in it.
Result<SideThread, Answer> thread_of(Books& books, const Ticket& ticket, const std::string& number) {
    const auto parsed = desk::parse_side_number(number);
    auto thread = parsed ? store::find_side_thread(books.connection(), std::string_view{*parsed}) : std::nullopt;
    if (!thread) return fail(no_thread());
    if (thread->ticket != ticket.no) {
        const auto merged = store::merged_with(books.connection(), ticket.no);
        if (std::ranges::find(merged, thread->ticket) == merged.end()) return fail(no_thread());
    }
    return *std::move(thread);
}

Answer changed() {
    return service::refused(codes::ticket_changed, "somebody wrote since you opened this; read it and send again");
}

// What goes out: checked, and nothing in it that its writer did not type or choose.
struct Words {
    std::string subject, text;  // masked
    std::vector<desk::SidePayment> payments;
    std::int64_t hours;
};
struct Said {
    const std::string& subject;
    const std::string& text;
    const std::vector<std::int64_t>& payments;
    std::int64_t hours;
};
Result<Words, Answer> words_of(Books& books, const Ticket& ticket, const Said& said,
                               std::span<const store::SideMessageRow> thread) {
    if (trimmed(said.text).empty() || said.text.size() > text_octets_max || !is_utf8(said.text))
        return fail(service::refused(codes::invalid, "text: empty, longer than 64 KiB, or not UTF-8"));
    if (said.hours < desk::side_hours_min || said.hours > desk::side_hours_max)
        return fail(refused(desk::SideRefusal::hours));
    if (said.payments.size() > desk::side_payments_max)
        return fail(service::refused(codes::invalid, fmt::format("payments: {} at most", desk::side_payments_max)));
    Words words{.subject = content::mask_secrets(trimmed(said.subject)).text,
                .text = content::mask_secrets(said.text).text,
                .payments = {},
                .hours = said.hours};
    std::vector<desk::BoundFigure> figures;
    for (const std::int64_t seq : said.payments) {
        const auto payment = books.find_payment(seq);
        if (!payment || !ticket.customer || payment->customer != *ticket.customer)
            return fail(service::refused(codes::unbound_amount, "payments: one that is not of this request's customer"));
        figures.push_back({.amount = payment->amount, .payment_seq = payment->seq, .transfer_seq = 0});
        words.payments.push_back({.reference = payments::text_of(payment->id),
                                  .figure = figures.back(),
                                  .at = payment->created,
                                  .order_ref = payment->order_ref});
    }
    // Quoted: from the customer, as in an answer, and from the counterparty's own words.
    std::vector<desk::FoundAmount> quoted;
    const auto quote = [&quoted](std::string_view text) {
        for (desk::FoundAmount& amount : desk::amounts_in(text)) quoted.push_back(std::move(amount));
    };
    for (const desk::Message& message : words_of_customer(books.connection(), ticket)) quote(message.body);
    for (const store::SideMessageRow& message : thread) {
        if (message.direction == desk::Direction::inbound) quote(message.body);
    }
    for (const std::string& text : {words.subject, words.text}) {
        const auto unbound = desk::unbound_amounts(text, figures, quoted);
        if (unbound.empty()) continue;
        return fail(service::refused(codes::unbound_amount,
                                     fmt::format("\"{}\" is neither an amount of a payment that this mail names nor quoted; "
                                                 "choose the payment",
                                                 unbound.front().text)));
    }
    return words;
}

bool is_customers_address(Books& books, const Ticket& ticket, std::string_view address) {
    if (store::find_customer_by_email(books.connection(), ascii_lower(address))) return true;
    if (desk::same_mailbox(address, ticket.party_address)) return true;
    return std::ranges::any_of(store::merged_with(books.connection(), ticket.no), [&](desk::TicketNo no) {
        return desk::same_mailbox(address, store::find_ticket(books.connection(), no).value().ticket.party_address);
    });
}

bool is_own_address(const Context& context, const mail::EmailAddress& address) {
    return equal_ignoring_ascii_case(address.domain(), context.settings().domain) ||
           equal_ignoring_ascii_case(address.domain(), context.settings().reply_domain);
}

Result<desk::Counterparty, Answer> party_of(Books& books, const OpenSideThread& body) {
    if (body.counterparty != 0) {
        const auto row = store::find_counterparty(books.connection(), desk::CounterpartyNo{body.counterparty});
        if (!row) return fail(no_counterparty());
        if (row->retired)
            return fail(service::refused("counterparty_retired", "this counterparty is not written to any more"));
        return row->party;
    }
    const auto kind = desk::counterparty_kind_of_name(body.kind);
    if (!kind) return fail(service::refused(codes::invalid, "kind: one of bank, provider, merchant, other"));
    // One typed vouches for no domain: the book alone says that everybody there may answer.
    desk::Counterparty party{.kind = *kind,
                             .name = std::string{trimmed(body.name.empty() ? body.address : body.name)},
                             .address = std::string{trimmed(body.address)},
                             .language = desk::language_of(body.language)};
    if (auto fault = desk::fault_in(party)) return fail(service::refused(codes::invalid, *std::move(fault)));
    return party;
}

// What leaves, made before a row is written: nothing of a mail that cannot be composed is kept.
struct Composed {
    OutgoingId id;
    MessageId message;
    desk::MailText letter;
    std::string mail_message_id, from, recipient, code;
    Bytes bytes;
};
struct Ids {
    const std::string& message;
    const std::string& outgoing;
};
std::optional<Composed> compose(const Context& context, const SideThread& thread,
                                std::span<const store::SideMessageRow> earlier, const Words& words, const Ids& ids,
                                Moment at) {
    const DeskSettings& settings = context.settings();
    const auto id = OutgoingId::parse(ids.outgoing);
    const auto message = MessageId::parse(ids.message);
    const auto recipient = mail::EmailAddress::parse(thread.party.address);
    const auto from = mail::EmailAddress::parse(context.support_address());
    if (!id || !message || !recipient || !from) return std::nullopt;
    const std::string token = desk::make_side_token(context.side_token_keys().back(), thread.no, recipient->text());
    std::string unique = id->text();
    std::erase(unique, '-');
    const std::string own_id = desk::message_id_with(token, unique, settings.domain);
    Composed composed{.id = *id,
                      .message = *message,
                      .letter = desk::side_letter({.number = thread.number,
                                                   .subject = thread.subject,
                                                   .text = words.text,
                                                   .party = thread.party,
                                                   .payments = words.payments,
                                                   .first = earlier.empty()}),
                      .mail_message_id = own_id.substr(1, own_id.size() - 2),
                      .from = from->text(),
                      .recipient = recipient->text(),
                      .code = desk::make_official_code(context.official_keys().back(), *id),
                      .bytes = {}};
    mail::OutgoingMail outgoing{.from = {settings.house, *from},
                                .to = {{"", *recipient}},
                                .subject = composed.letter.subject,
                                .text = composed.letter.body + "\n" + desk::reference_line(token) + "\n" +
                                        desk::official_line(composed.code, settings.public_url) + "\n",
                                .message_id = composed.mail_message_id,
                                .in_reply_to = {},
                                .references = {},
                                .date = at,
                                .auto_submitted = mail::AutoSubmitted::no};
    if (const auto reply_to =
            mail::EmailAddress::parse(desk::reply_address_with(token, settings.support_local, settings.reply_domain)))
        outgoing.reply_to.push_back({settings.house, *reply_to});
    for (const store::SideMessageRow& one : earlier) {
        if (one.mail_message_id.empty()) continue;
        outgoing.references.push_back(one.mail_message_id);
        if (one.direction == desk::Direction::inbound) outgoing.in_reply_to = one.mail_message_id;
    }
    auto bytes = mail::compose(outgoing);
    if (!bytes) {  // what their mail carried in its ids must never keep ours from leaving
        outgoing.in_reply_to.clear();
        outgoing.references.clear();
        bytes = mail::compose(outgoing);
        if (!bytes) return std::nullopt;
    }
    composed.bytes = *std::move(bytes);
    return composed;
}

// Into the outbox and the thread; the outgoing mail's number.
std::int64_t send(Books& books, const Context& context, const SideThread& thread, Composed mail,
                  const store::StaffRow& staff, Moment at) {
    const std::int64_t sent = queue_outgoing(books, context,
                                             {.no = 0,
                                              .id = mail.id,
                                              .kind = "side_mail",
                                              .ticket = thread.ticket,
                                              .envelope_from = mail.from,
                                              .recipient = mail.recipient,
                                              .bytes = std::move(mail.bytes),
                                              // It asks: nobody moves money on it, and what is asked twice under one
                                              // Message-ID costs less than what was never asked.
                                              .names_money = false,
                                              .next_at = at,
                                              .created = at,
                                              .updated = at,
                                              .automatic = false,
                                              .code = mail.code});
    store::insert_side_message(books.connection(), {.no = books.next_number("side_message"),
                                                    .id = mail.message,
                                                    .thread = thread.no,
                                                    .direction = desk::Direction::outbound,
                                                    .kind = desk::SideMessageKind::said,
                                                    .staff = staff.no,
                                                    .from_address = mail.from,
                                                    .subject = mail.letter.subject,
                                                    .body = mail.letter.body,
                                                    .quoted = "",
                                                    .mail_message_id = mail.mail_message_id,
                                                    .mail = std::nullopt,
                                                    .outgoing = sent,
                                                    .at = at});
    return sent;
}

Answer cannot_compose() { return service::refused(codes::invalid, "the mail could not be composed: check the address"); }

// Of the request that staff read the thread in.
desk::TicketNo shown_in(Books& books, const SideThread& thread) {
    return store::goes_on_in(books.connection(), thread.ticket);
}

void note_event(Books& books, const SideThread& thread, Moment at, std::string_view kind,
                std::optional<customers::StaffNo> staff) {
    store::insert_event(books.connection(), shown_in(books, thread), at, kind, staff,
                        json_text({{"side_thread", thread.number}}));
}

// Whoever asks outside wants to see the answer; where too many follow already, the request's list says it all the same.
void follow(Books& books, const SideThread& thread, const store::StaffRow& staff, Moment at) {
    const desk::TicketNo ticket = shown_in(books, thread);
    if (store::find_follow(books.connection(), ticket, staff.no)) return;
    if (desk::may_follow({.may_see = true, .follows = false}, store::followers_of(books.connection(), ticket).size()))
        return;
    store::insert_follow(books.connection(), {.ticket = ticket,
                                              .staff = staff.no,
                                              .since = at,
                                              .seen = store::newest_of(books.connection(), ticket)});
}

std::string sent_detail(const SideThread& thread, const std::vector<std::int64_t>& payments, std::int64_t outgoing) {
    return json_text({{"side_thread", thread.number},
                      {"payments", fmt::format("{}", fmt::join(payments, ","))},
                      {"outgoing", std::to_string(outgoing)}});
}

}  // namespace

void touch_request_of(Books& books, const SideThread& thread, Moment at) {
    auto row = store::find_ticket(books.connection(), shown_in(books, thread)).value();
    row.ticket.updated = std::max(row.ticket.updated, at);
    row.ticket.version += 1;
    store::update_ticket(books.connection(), row);
    books.news().tickets.push_back(row.ticket.request_number);
    if (row.ticket.no == thread.ticket) return;
    books.news().tickets.push_back(store::find_ticket(books.connection(), thread.ticket).value().ticket.request_number);
}

desk::SideDecision side_of(Books& books, const Context& context, const FileMail& body) {
    const auto known = [](const SideThread& thread) {
        return desk::KnownSide{.no = thread.no,
                               .ticket = thread.ticket,
                               .address = thread.party.address,
                               .whole_domain = thread.party.whole_domain};
    };
    desk::SideInput input{.by_token = {},
                          .by_number = {},
                          .sender = body.several_senders ? "" : body.from_address,
                          .assurance = static_cast<customers::Assurance>(body.assurance),
                          .forged = body.forged};
    for (const desk::FoundToken& token : desk::find_tokens({.in_reply_to = body.in_reply_to,
                                                            .references = body.references,
                                                            .recipients = body.recipients,
                                                            .body = body.new_text + "\n" + body.quoted_text})) {
        const auto verified = desk::verify_token(context.side_token_keys(), token.token);
        const auto thread =
            verified ? store::find_side_thread(books.connection(), desk::SideThreadNo{number_of(verified->ticket)})
                     : std::nullopt;
        if (!thread) continue;
        input.by_token.push_back(
            {known(*thread), desk::was_sent_to(context.side_token_keys(), *verified, thread->party.address)});
    }
    for (const std::string_view text : {std::string_view{body.subject}, std::string_view{body.new_text}}) {
        for (const std::string& number : desk::side_numbers_in(text)) {
            if (const auto thread = store::find_side_thread(books.connection(), std::string_view{number}))
                input.by_number.push_back(known(*thread));
        }
    }
    const auto is_party = [&](const desk::KnownSide& side) {
        return desk::same_mailbox(input.sender,
                                  store::find_ticket(books.connection(), side.ticket).value().ticket.party_address);
    };
    if (!input.by_token.empty() || !input.by_number.empty()) {
        input.is_customer = store::find_customer_by_email(books.connection(), ascii_lower(input.sender)).has_value() ||
                            std::ranges::any_of(input.by_token, is_party, &desk::SideMatch::thread) ||
                            std::ranges::any_of(input.by_number, is_party);
    }
    return desk::decide_side(input);
}

Answer file_side_mail(Books& books, const Command& command, const FileMail& body, const desk::SideDecision& decision,
                      store::InboundMail& inbound) {
    auto thread = store::find_side_thread(books.connection(), decision.thread.value().no).value();
    const auto kind = body.automatic ? desk::SideMessageKind::automatic : desk::SideMessageKind::said;
    store::insert_side_message(books.connection(), {.no = books.next_number("side_message"),
                                                    .id = MessageId::parse(body.message_id).value(),
                                                    .thread = thread.no,
                                                    .direction = desk::Direction::inbound,
                                                    .kind = kind,
                                                    .staff = std::nullopt,
                                                    .from_address = body.from_address,
                                                    .subject = body.subject,
                                                    .body = body.new_text,
                                                    .quoted = body.quoted_text,
                                                    .mail_message_id = body.mail_message_id,
                                                    .mail = body.mail,
                                                    .outgoing = std::nullopt,
                                                    .at = inbound.received});
    desk::note_received(thread, kind, inbound.received);
    store::update_side_thread(books.connection(), thread);
    const desk::TicketNo shown = shown_in(books, thread);
    store::insert_event(books.connection(), shown, command.at, body.automatic ? "side_automatic" : "side_answered",
                        std::nullopt,
                        json_text({{"side_thread", thread.number},
                                   {"mail", std::to_string(body.mail)},
                                   {"reason", std::string{desk::code_of(decision.reason)}}}));
    if (!body.automatic)
        wake(books, store::find_ticket(books.connection(), shown).value().ticket, command.at, "side_thread");
    touch_request_of(books, thread, inbound.received);
    inbound.state = store::InboundState::parsed;
    inbound.ticket = number_of(thread.ticket);
    store::update_inbound(books.connection(), inbound);
    if (body.carries_files) await_scan(books, body.mail, command.at);
    return Answer{.number = number_of(thread.ticket), .text = thread.number};
}

Answer handle(Books& books, const Context&, const Command& command, const PutCounterparty& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_counterparties, staff)) return *no;
    std::optional<store::CounterpartyRow> row;
    if (body.counterparty != 0) {
        row = store::find_counterparty(books.connection(), desk::CounterpartyNo{body.counterparty});
        if (!row) return no_counterparty();
    }
    if (body.version != (row ? row->version : 0))
        return service::refused("counterparty_changed", "somebody changed this counterparty; read it and save again");
    const auto kind = desk::counterparty_kind_of_name(body.kind);
    if (!kind) return service::refused(codes::invalid, "kind: one of bank, provider, merchant, other");
    desk::Counterparty party{.kind = *kind,
                             .name = std::string{trimmed(body.name)},
                             .address = std::string{trimmed(body.address)},
                             .language = desk::language_of(body.language),
                             .whole_domain = body.whole_domain};
    if (auto fault = desk::fault_in(party)) return service::refused(codes::invalid, *std::move(fault));
    const auto known = store::counterparties(books.connection());
    const bool taken = std::ranges::any_of(known, [&](const store::CounterpartyRow& other) {
        return !other.retired && (!row || other.no != row->no) && desk::same_mailbox(other.party.address, party.address);
    });
    if (taken && !body.retired)
        return service::refused("counterparty_taken", "address: another counterparty has it; choose that one");
    if (!row && std::ssize(known) >= desk::counterparties_max)
        return service::refused("too_many_counterparties",
                                fmt::format("{} are the most, with those that are retired", desk::counterparties_max));
    const bool is_new = !row;
    if (is_new)
        row = store::CounterpartyRow{.no = desk::CounterpartyNo{books.next_number("counterparty")},
                                     .party = {},
                                     .version = 0,
                                     .updated = {},
                                     .updated_by = staff->no};
    row->party = std::move(party);
    row->retired = body.retired;
    row->version += 1;
    row->updated = command.at;
    row->updated_by = staff->no;
    if (is_new) store::insert_counterparty(books.connection(), *row);
    else store::update_counterparty(books.connection(), *row);
    books.audit(command.at, command.actor, "put_counterparty", fmt::format("counterparty:{}", number_of(row->no)),
                json_text({{"version", std::to_string(row->version)}}));
    return Answer{.number = number_of(row->no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const OpenSideThread& body) {
    const auto writer = writer_of(books, command, body.ticket);
    if (!writer) return writer.error();
    const auto& [staff, ticket] = *writer;
    if (ticket.version != body.version) return changed();
    if (ticket.state == desk::TicketState::closed)
        return service::refused("ticket_closed", "this request is closed; open side threads on one that goes on");
    const auto party = party_of(books, body);
    if (!party) return party.error();
    const auto address = mail::EmailAddress::parse(party->address);
    if (is_own_address(context, address.value())) return refused(desk::SideRefusal::own_address);
    if (is_customers_address(books, ticket, party->address)) return refused(desk::SideRefusal::customers_address);
    if (std::ssize(store::side_threads_of(books.connection(), ticket.no)) >= desk::side_threads_of_ticket_max)
        return refused(desk::SideRefusal::too_many_threads);
    const auto words = words_of(books, ticket, {body.subject, body.text, body.payments, body.answer_within_hours}, {});
    if (!words) return words.error();
    if (words->subject.empty() || words->subject.size() > desk::side_subject_octets_max || !is_utf8(words->subject))
        return service::refused(codes::invalid, "subject: 1 to 200 octets of UTF-8");
    // Not taken yet: a mail that cannot be composed leaves no gap.
    const auto no = desk::SideThreadNo{store::highest(books.connection(), "side_thread") + 1};
    SideThread thread{.no = no,
                      .number = desk::side_number(no, context.side_number_key()),
                      .ticket = ticket.no,
                      .from_book =
                          body.counterparty == 0 ? std::nullopt : std::optional{desk::CounterpartyNo{body.counterparty}},
                      .party = *party,
                      .subject = words->subject,
                      .opened = command.at,
                      .opened_by = staff.no,
                      .updated = command.at,
                      .due = std::nullopt,
                      .closed = std::nullopt,
                      .closed_by = std::nullopt,
                      .version = 0};
    desk::note_sent(thread, command.at, words->hours);
    auto mail = compose(context, thread, {}, *words, {body.message_id, body.outgoing_id}, command.at);
    if (!mail) return cannot_compose();
    store::insert_side_thread(books.connection(), thread);
    const std::int64_t sent = send(books, context, thread, *std::move(mail), staff, command.at);
    note_event(books, thread, command.at, "side_thread_opened", staff.no);
    follow(books, thread, staff, command.at);
    touch_request_of(books, thread, command.at);
    store::drop_draft(books.connection(), staff.no, ticket.no, store::DraftMode::side);
    books.audit(command.at, command.actor, "open_side_thread", object_of(thread), sent_detail(thread, body.payments, sent));
    return Answer{.number = number_of(thread.no), .text = ticket.request_number};
}

Answer handle(Books& books, const Context& context, const Command& command, const WriteSideMail& body) {
    const auto writer = writer_of(books, command, body.ticket);
    if (!writer) return writer.error();
    const auto& [staff, ticket] = *writer;
    auto thread = thread_of(books, ticket, body.thread);
    if (!thread) return thread.error();
    if (thread->version != body.version) return changed();
    if (thread->party.address.empty())
        return service::refused("side_thread_erased", "the person was erased, and with them what was written about them");
    const auto earlier = store::side_messages_of(books.connection(), thread->no);
    const auto ours = std::ranges::count(earlier, desk::Direction::outbound, &store::SideMessageRow::direction);
    if (ours >= desk::side_messages_max) return refused(desk::SideRefusal::too_many_messages);
    const Ticket own = store::find_ticket(books.connection(), thread->ticket).value().ticket;
    if (is_customers_address(books, own, thread->party.address)) return refused(desk::SideRefusal::customers_address);
    const auto words = words_of(books, own, {"", body.text, body.payments, body.answer_within_hours}, earlier);
    if (!words) return words.error();
    auto mail = compose(context, *thread, earlier, *words, {body.message_id, body.outgoing_id}, command.at);
    if (!mail) return cannot_compose();
    const std::int64_t sent = send(books, context, *thread, *std::move(mail), staff, command.at);
    desk::note_sent(*thread, command.at, words->hours);
    store::update_side_thread(books.connection(), *thread);
    note_event(books, *thread, command.at, "side_mail_sent", staff.no);
    touch_request_of(books, *thread, command.at);
    store::drop_draft(books.connection(), staff.no, ticket.no, store::DraftMode::side);
    books.audit(command.at, command.actor, "write_side_mail", object_of(*thread), sent_detail(*thread, body.payments, sent));
    return Answer{.number = number_of(thread->no), .text = ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const CloseSideThread& body) {
    const auto writer = writer_of(books, command, body.ticket);
    if (!writer) return writer.error();
    const auto& [staff, ticket] = *writer;
    auto thread = thread_of(books, ticket, body.thread);
    if (!thread) return thread.error();
    const Answer done{.number = number_of(thread->no), .text = ticket.request_number};
    if (thread->state == desk::SideState::closed) return done;  // it is what was asked for
    if (thread->version != body.version) return changed();
    desk::note_closed(*thread, staff.no, command.at);
    store::update_side_thread(books.connection(), *thread);
    note_event(books, *thread, command.at, "side_thread_closed", staff.no);
    touch_request_of(books, *thread, command.at);
    books.audit(command.at, command.actor, "close_side_thread", object_of(*thread),
                json_text({{"side_thread", thread->number}}));
    return done;
}

}  // namespace okpay::service
