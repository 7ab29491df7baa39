// SPDX-License-Identifier: Apache-2.0
// Case sessions: somebody who cannot sign in answers one request, by a one-time link at the stored address. What it shows of
// who asks is A2, for that request alone. Also here: what staff open of what is masked, and who looks at too much.
#include <fmt/format.h>

#include "base/text.hpp"
#include "content/mask.hpp"
#include "desk/ask_facts.hpp"
#include "desk/change_letters.hpp"
#include "desk/letter.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "payments/payment_ref.hpp"
#include "service/case_parts.hpp"
#include "service/facts_parts.hpp"
#include "service/sorting_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using customers::CaseAccess;
using customers::CaseId;
using customers::CustomerNo;
using customers::Permission;

constexpr std::chrono::hours day{24};
constexpr std::chrono::minutes step_up_counts{10};
constexpr std::size_t text_octets_max = 16UL * 1024;
constexpr std::size_t name_octets_max = 200;
constexpr std::size_t preview_octets_max = 240;

Answer link_gone() { return refused("token_invalid", "this link was used or has expired; ask for a new one"); }
Answer session_over() { return refused("case_ended", "this session has ended; ask for a new link"); }
Answer no_ticket() { return refused(codes::not_found, "there is no such request"); }

std::optional<Hash256> hash_of_hex(const std::string& hex) {
    const auto octets = bytes_of_hex(hex);
    return octets ? hash_of(*octets) : std::nullopt;
}

struct OpenedCase {
    CaseAccess access;
    store::TicketRow row;
};
// A session that lives, and its request, which takes answers.
Result<OpenedCase, Answer> case_of(Books& books, const std::string& session_hash, Moment at) {
    const auto hash = hash_of_hex(session_hash);
    auto access = hash ? store::find_case_by_session(books.connection(), *hash) : std::nullopt;
    if (!access || !customers::session_lives(*access, books.system_time(at))) return fail(session_over());
    auto row = store::find_ticket(books.connection(), desk::TicketNo{access->ticket});
    if (!row) return fail(session_over());
    *row = where_it_goes_on(books, *std::move(row));
    if (row->ticket.state == desk::TicketState::closed) {
        return fail(refused("ticket_closed", "this request is closed; write to us again"));
    }
    return OpenedCase{*std::move(access), *std::move(row)};
}

Actor customer_actor(const CaseAccess& access) { return {ActorKind::customer, number_of(access.customer)}; }

std::string object_of(const store::TicketRow& row) { return fmt::format("ticket:{}", number_of(row.ticket.no)); }

// One line for people; nothing where it is not of their own history.
std::optional<std::string> picked_payment(Books& books, const customers::Customer& customer, std::string_view ref) {
    const auto id = payments::parse_payment_ref(ref);
    if (!id) return std::nullopt;
    books.flush();
    const auto payment = books.find_payment(payments::seq_of(*id));
    if (!payment || payment->customer != customer.no || payment->id != *id) return std::nullopt;
    return fmt::format("{} · {} · {}", payments::text_of(*id),
                       desk::shown_amount(payment->amount, desk::language_of(customer.language)),
                       desk::when_exactly(customer.zone, payment->created));
}

void reopen(Books& books, store::TicketRow& row, Moment at) {
    using desk::TicketState;
    take_out(books, row, at);
    const TicketState state = row.ticket.state;
    if (state == TicketState::pending_customer || state == TicketState::solved) {
        desk::move_to(row.ticket, TicketState::open, at);
    }
    desk::note_customer_wrote(row.ticket, at);
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const SendCaseLink& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    const auto id = CaseId::parse(body.access);
    if (!id) return refused(codes::invalid, "access: not an id");
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    if (row->ticket.state == desk::TicketState::closed) {
        return refused("ticket_closed", "this request is closed; open a new one");
    }
    const auto customer =
        row->ticket.customer ? store::find_customer(books.connection(), *row->ticket.customer) : std::nullopt;
    if (!customer) return refused("no_stored_address", "no customer belongs to this request: there is no stored address");
    const Moment at = books.system_time(command.at);
    if (store::count_case_links_since(books.connection(), row->ticket.no, at - day) >= customers::case_links_a_day_max) {
        return refused("too_many_requests",
                       fmt::format("{} links in 24 hours are the most for one request", customers::case_links_a_day_max));
    }
    store::end_case_links(books.connection(), row->ticket.no, at);
    const HouseLink link{context, LinkPurpose::open_case, id->view()};
    const CaseAccess access{.no = books.next_number("case_access"),
                            .id = *id,
                            .ticket = number_of(row->ticket.no),
                            .customer = customer->no,
                            .link_hash = link.hash(),
                            .sent = at,
                            .link_expires = at + customers::case_link_lasts};
    store::insert_case(books.connection(), access);
    const desk::MailText text = desk::letter_case_link({.language = desk::language_of(customer->language),
                                                        .name = customer->name,
                                                        .zone = customer->zone,
                                                        .house = context.settings().house},
                                                       desk::RequestNumber::of(row->ticket.no, context.request_number_key()),
                                                       link.url(), customers::case_link_lasts);
    send_notice(books, context,
                {.kind = "case_link",
                 .id = StepIds{body.seed, access.no, command.at}.next<OutgoingId>("case link"),
                 .recipient = customer->email,
                 .subject = text.subject,
                 .text = text.body,
                 .at = command.at});
    if (row->ticket.state == desk::TicketState::fresh) row->ticket.state = desk::TicketState::open;
    touch_ticket(books, *row, command.at);
    const std::string detail = json_text({{"access", std::to_string(access.no)}});
    store::insert_event(books.connection(), row->ticket.no, command.at, "case_link_sent", staff->no, detail);
    books.audit(command.at, command.actor, "send_case_link", object_of(*row), detail);
    return Answer{.number = access.no, .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const OpenCase& body) {
    const auto link = hash_of_hex(body.link_hash);
    const auto session = hash_of_hex(body.session_hash);
    if (!session) return refused(codes::invalid, "session_hash: malformed");
    auto access = link ? store::find_case_by_link(books.connection(), *link) : std::nullopt;
    const Moment at = books.system_time(command.at);
    if (!access || !customers::link_opens(*access, at)) return link_gone();
    auto row = store::find_ticket(books.connection(), desk::TicketNo{access->ticket});
    if (!row) return link_gone();
    access->opened = at;
    access->session_hash = *session;
    access->session_expires = at + customers::case_session_lasts;
    store::update_case(books.connection(), *access);
    if (raise_assurance(books, *row, Assurance::a2_one_time_link, "case_link", command.at)) {
        touch_ticket(books, *row, command.at);
    }
    books.audit(command.at, customer_actor(*access), "open_case", object_of(*row),
                json_text({{"access", std::to_string(access->no)}}));
    return Answer{.number = access->no, .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const AnswerCase& body) {
    auto opened = case_of(books, body.session_hash, command.at);
    if (!opened) return opened.error();
    auto& [access, row] = *opened;
    const auto id = MessageId::parse(body.message_id);
    const std::string_view said = trimmed(body.text);
    if (!id || (said.empty() && body.payment.empty()) || said.size() > text_octets_max || !is_utf8(said)) {
        return refused(codes::invalid, "text: empty, longer than 16 KiB, or not UTF-8");
    }
    if (body.facts.size() > desk::facts_of_request_max || !std::ranges::all_of(body.facts, desk::is_fact))
        return refused(codes::invalid, "facts: names of facts that are asked for");
    if (access.answers >= customers::case_answers_max) {
        return refused("too_many_requests", "so many answers are the most in one session");
    }
    const auto customer = store::find_customer(books.connection(), access.customer);
    std::string text = content::mask_secrets(said).text;
    std::vector<std::string> stated = body.facts;
    if (!body.payment.empty()) {
        const auto line = customer ? picked_payment(books, *customer, body.payment) : std::nullopt;
        if (!line) return refused("payment_not_found", "the payment is none of yours");
        text = text.empty() ? *line : *line + "\n\n" + text;
        stated.insert(stated.end(), {"transaction_id", "amount", "transaction_time"});
    }
    const auto no = desk::MessageNo{books.next_number("message")};
    store::insert_message(books.connection(), {.no = no,
                                               .id = *id,
                                               .ticket = row.ticket.no,
                                               .direction = desk::Direction::inbound,
                                               .author = desk::Author::customer,
                                               .from_address = customer ? customer->email : row.ticket.party_address,
                                               .subject = row.ticket.subject,
                                               .body = text,
                                               .assurance = Assurance::a2_one_time_link,
                                               .at = command.at});
    access.answers += 1;
    store::update_case(books.connection(), access);
    reopen(books, row, command.at);
    wake(books, row.ticket, command.at, "customer");
    note_facts(books, row.ticket, stated, command.at);
    row.preview = std::string{utf8_prefix(text, preview_octets_max)};
    touch_ticket(books, row, command.at);
    store::insert_event(books.connection(), row.ticket.no, command.at, "reply_received", std::nullopt,
                        json_text({{"message", std::to_string(desk::number_of(no))}, {"reason", "case_session"}}));
    books.audit(command.at, customer_actor(access), "answer_case", object_of(row), "{}");
    return Answer{.number = desk::number_of(no), .text = row.ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const HandInFile& body) {
    auto opened = case_of(books, body.session_hash, command.at);
    if (!opened) return opened.error();
    auto& [access, row] = *opened;
    const auto id = CaseId::parse(body.file);
    const auto hash = hash_of_hex(body.content_hash);
    const auto object_key = bytes_of_base64(body.object_key);
    const auto sealed = bytes_of_base64(body.sealed);
    if (!id || !hash || !object_key || !sealed || (body.blob.empty() && sealed->empty()) || body.size <= 0) {
        return refused(codes::invalid, "file: malformed");
    }
    if (access.files >= customers::case_files_max) {
        return refused("too_many_requests", fmt::format("{} files are the most in one session", customers::case_files_max));
    }
    const customers::CaseFile file{.no = books.next_number("case_file"),
                                   .id = *id,
                                   .access = access.no,
                                   .ticket = number_of(row.ticket.no),
                                   .name = std::string{utf8_prefix(trimmed(body.name), name_octets_max)},
                                   .media_type = body.media_type,
                                   .size = body.size,
                                   .content_hash = *hash,
                                   .object_key = *object_key,
                                   .sealed = body.blob.empty() ? std::optional{*sealed} : std::nullopt,
                                   .blob = body.blob.empty() ? std::nullopt : std::optional{body.blob},
                                   .at = command.at};
    store::insert_case_file(books.connection(), file);
    access.files += 1;
    store::update_case(books.connection(), access);
    reopen(books, row, command.at);
    wake(books, row.ticket, command.at, "customer");
    const std::vector<std::string> picture{"error_code_or_message"};  // asked for "word for word or as a picture"
    note_facts(books, row.ticket, picture, command.at);
    touch_ticket(books, row, command.at);
    const std::string detail =
        json_text({{"file", file.id.text()}, {"media_type", file.media_type}, {"size", std::to_string(file.size)}});
    store::insert_event(books.connection(), row.ticket.no, command.at, "file_handed_in", std::nullopt, detail);
    books.audit(command.at, customer_actor(access), "hand_in_file", object_of(row), detail);
    return Answer{.number = file.no, .text = file.id.text()};
}

Answer handle(Books& books, const Context&, const Command& command, const EndCase& body) {
    const auto hash = hash_of_hex(body.session_hash);
    auto access = hash ? store::find_case_by_session(books.connection(), *hash) : std::nullopt;
    if (access && !access->ended) {
        access->ended = books.system_time(command.at);
        store::update_case(books.connection(), *access);
    }
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const ProveTicket& body) {
    auto row = store::find_ticket(books.connection(), body.ticket);
    const bool own = command.actor.kind == ActorKind::customer && command.actor.no == body.customer;
    const auto session = store::find_customer_session(books.connection(), CustomerNo{body.customer}, body.session);
    if (!row || !own || !session || row->ticket.customer != CustomerNo{body.customer}) return no_ticket();
    if (row->ticket.state == desk::TicketState::closed) {
        return refused("ticket_closed", "this request is closed; write to us again");
    }
    const bool fresh = books.system_time(command.at) - session->proven < step_up_counts;
    const Assurance shown = fresh ? session->assurance : std::min(session->assurance, Assurance::a2_one_time_link);
    if (raise_assurance(books, *row, shown, "signed_in", command.at)) {
        touch_ticket(books, *row, command.at);
        books.audit(command.at, command.actor, "prove_ticket", object_of(*row),
                    json_text({{"assurance", std::to_string(static_cast<int>(shown))}}));
    }
    return Answer{.number = number_of(row->ticket.no), .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const RevealItem& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reveal, staff)) return *no;
    const auto customer = store::find_customer(books.connection(), CustomerNo{body.customer});
    if (!customer) return refused(codes::not_found, "there is no such customer");
    if (body.item != "email" && body.item != "phone") return refused(codes::invalid, "item: one of email, phone");
    const std::string_view reason = trimmed(body.reason);
    if (reason.empty()) return refused("reason_missing", "say what it is needed for, it is kept");
    if (has_to_do_with(books, *staff, customer->no)) {
        return refused("own_account", "you have to do with this customer; ask a colleague");
    }
    books.audit(command.at, command.actor, "reveal", fmt::format("customer:{}", body.customer),
                json_text({{"item", body.item}, {"reason", std::string{reason}}}));
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const ReportBulkRead& body) {
    const auto staff = store::find_staff(books.connection(), customers::StaffNo{body.staff});
    if (!staff) return refused(codes::not_found, "there is no such member of staff");
    books.audit(command.at, {ActorKind::staff, body.staff}, "bulk_read_alarm", fmt::format("staff:{}", body.staff),
                json_text({{"customers", std::to_string(body.customers)}}));
    for (const store::StaffRow& admin : store::active_staff(books.connection(), customers::Role::admin)) {
        const std::string who = staff->name.empty() ? staff->email : staff->name;
        send_notice(books, context,
                    {.kind = "bulk_read_alarm",
                     .id = StepIds{body.seed, number_of(admin.no), command.at}.next<OutgoingId>("bulk read"),
                     .recipient = admin.email,
                     .subject = "Unusual reading of customer data",
                     .text = fmt::format("{} has looked at {} customers within ten minutes, more than the work asks for. "
                                         "Reading is slowed down for them now. The audit log has each of them.\n",
                                         who, body.customers),
                     .at = command.at});
    }
    return Answer{.number = body.staff};
}

}  // namespace okpay::service
