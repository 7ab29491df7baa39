// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "content/mask.hpp"
#include "customers/permissions.hpp"
#include "desk/figures.hpp"
#include "desk/lifecycle.hpp"
#include "desk/remedy.hpp"
#include "desk/request_number.hpp"
#include "payments/decide.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"
#include "service/alone_approval.hpp"
#include "service/card_payments.hpp"
#include "service/follow_parts.hpp"
#include "service/handlers.hpp"
#include "service/macro_parts.hpp"
#include "service/money_parts.hpp"
#include "service/promise_parts.hpp"
#include "service/refund_answers.hpp"
#include "service/remedy_parts.hpp"
#include "service/rule_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/follow_store.hpp"
#include "store/people_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::StaffNo;
using desk::Remedy;
using desk::RemedyRefusal;
using desk::RemedyState;
using desk::TicketState;
using money::Money;
using payments::Payment;
using store::TicketRow;

constexpr std::size_t text_octets_max = 64UL * 1024;

Answer no_ticket() { return refused(codes::not_found, "there is no such request"); }
Answer no_remedy() { return refused(codes::not_found, "there is no such proposal"); }

Answer refused(RemedyRefusal refusal) {
    return service::refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}

bool is_text(std::string_view text) { return !trimmed(text).empty() && text.size() <= text_octets_max && is_utf8(text); }
Answer bad_text() { return service::refused(codes::invalid, "text: empty, longer than 64 KiB, or not UTF-8"); }

void touch(Books& books, TicketRow& row, Moment at) {
    row.ticket.updated = std::max(row.ticket.updated, at);  // commands of a clock that lags come too
    row.ticket.version += 1;
    store::update_ticket(books.connection(), row);
    books.news().tickets.push_back(row.ticket.request_number);
}

// Where an answer that names the ledger goes: to the registered address of the customer, whoever wrote. The ledger is
// told to nobody else, so that a forged sender learns nothing (docs/decisions).
std::optional<customers::Customer> customer_of(Books& books, const desk::Ticket& ticket) {
    return ticket.customer ? store::find_customer(books.connection(), *ticket.customer) : std::nullopt;
}

// A payment of this customer that the text names by its reference, and that the customer's words do not. A reference is
// bound to no figure, so it is looked for in the text itself.
bool names_payment_of(Books& books, const customers::Customer& customer, std::string_view text,
                      std::span<const desk::Message> words) {
    return std::ranges::any_of(payments::payment_refs_in(text), [&](const PaymentId& id) {
        const auto payment = books.find_payment(payments::seq_of(id));
        if (!payment || payment->id != id || payment->customer != customer.no) return false;
        return std::ranges::none_of(words, [&](const desk::Message& message) {
            const auto quoted = payments::payment_refs_in(message.body);
            return std::ranges::find(quoted, id) != quoted.end();
        });
    });
}

desk::StaffActor actor_of(Books& books, const store::StaffRow& staff, const std::optional<customers::Customer>& customer) {
    return {.no = staff.no,
            .role = staff.role,
            .enrolled = staff.enrolled.value_or(staff.created),
            .second_factor_at = std::nullopt,
            .active = !staff.disabled,
            .owns_customer_account = customer && has_to_do_with(books, staff, customer->no)};
}

}  // namespace

std::optional<Answer> not_permitted(Books& books, const Actor& actor, Permission permission,
                                    std::optional<store::StaffRow>& staff) {
    if (actor.kind == ActorKind::staff) staff = store::find_staff(books.connection(), StaffNo{actor.no});
    if (!staff || staff->disabled || !staff->enrolled || !customers::may(staff->role, permission)) {
        return refused(codes::not_permitted, "your role does not allow this");
    }
    return std::nullopt;
}

Answer handle(Books& books, const Context& context, const Command& command, const ReplyToTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    if (!is_text(body.text) || !MessageId::parse(body.message_id)) return bad_text();
    if (row->ticket.version != body.version)
        return service::refused(codes::ticket_changed,
                                "somebody wrote since you opened this request; read it and send again");
    if (row->ticket.state == TicketState::closed)
        return service::refused("ticket_closed", "this request is closed; open a new one");
    const auto customer = customer_of(books, row->ticket);
    std::vector<desk::BoundFigure> figures;
    for (const std::int64_t seq : body.figures) {
        const auto payment = books.find_payment(seq);
        if (!payment || !customer || payment->customer != customer->no) {
            return service::refused(codes::unbound_amount, "figures: a payment that is not this customer's");
        }
        figures.push_back({.amount = payment->amount, .payment_seq = payment->seq, .transfer_seq = 0});
    }
    std::vector<desk::FoundAmount> quoted;
    const std::vector<desk::Message> words = words_of_customer(books.connection(), row->ticket);
    for (const desk::Message& message : words) {
        for (desk::FoundAmount& amount : desk::amounts_in(message.body)) quoted.push_back(std::move(amount));
    }
    const auto unbound = desk::unbound_amounts(body.text, figures, quoted);
    if (!unbound.empty()) {
        return service::refused(codes::unbound_amount,
                                fmt::format("\"{}\" is neither a figure of this customer's ledger nor quoted "
                                            "from the customer; insert it from the ledger",
                                            unbound.front().text));
    }
    std::optional<TicketState> after;
    if (!body.state_after.empty()) {
        after = desk::ticket_state_of_name(body.state_after);
        if (!after || (*after != row->ticket.state && !desk::may_become(row->ticket.state, *after))) {
            return service::refused(codes::invalid, "state_after: the request cannot go there from where it is");
        }
    }
    std::vector<desk::PromiseClaim> promises;
    for (const ConfirmedPromise& one : body.promises) promises.push_back({one.text, moment_of_ms(one.due)});
    if (const auto why = desk::refusal_of(promises, body.text, after.value_or(row->ticket.state), command.at)) {
        return service::refused(desk::code_of(*why), std::string{desk::sentence_en(*why)});
    }
    std::optional<store::MacroVersionRow> macro;
    if (body.macro != 0) {
        auto found = macro_in_use(books, body.macro, body.macro_version);
        if (!found) return found.error();
        if (auto no = may_not_write(found->written, desk::language_of(row->ticket.language), !figures.empty())) return *no;
        desk::Ticket later = row->ticket;
        desk::note_replied(later, command.at);
        for (const desk::PromiseClaim& promise : promises)
            later.promise_due = std::min(later.promise_due.value_or(promise.due), promise.due);
        desk::move_to(later, after.value_or(later.state), command.at);
        if (auto no = may_not_act(books, found->written.actions, later, command.at)) return *no;
        macro = *std::move(found);
    }
    const bool tells_ledger = !figures.empty() || (customer && names_payment_of(books, *customer, body.text, words));
    const std::string recipient = customer && tells_ledger ? customer->email : row->ticket.party_address;
    if (send_mail(books, context, row->ticket,
                  {.kind = "reply",
                   .message_id = body.message_id,
                   .outgoing_id = body.outgoing_id,
                   .recipient = recipient,
                   .subject = reply_subject(row->ticket),
                   .text = body.text,
                   .author = desk::Author::staff,
                   .staff = staff->no,
                   .names_money = !figures.empty(),
                   .at = command.at}) == 0) {
        return service::refused(codes::invalid, "the mail could not be composed: check the recipient's address");
    }
    const desk::Ticket before = row->ticket;
    desk::note_replied(row->ticket, command.at);
    if (!row->ticket.assignee) row->ticket.assignee = staff->no;
    if (after) desk::move_to(row->ticket, *after, command.at);
    if (row->ticket.state == TicketState::fresh) row->ticket.state = TicketState::open;
    make_promises(books, row->ticket, desk::MessageNo{books.last_number("message")}, staff->no, promises, command.at);
    settle_promises(books, row->ticket, staff->no, command.at);
    if (macro) act(books, row->ticket, *macro, staff->no, command.at);
    touch(books, *row, command.at);
    store::drop_draft(books.connection(), staff->no, row->ticket.no, store::DraftMode::reply);
    const std::int64_t answer = books.last_number("message");
    auto changes = changes_between(before, row->ticket);
    changes.push_back(desk::RuleChange::answered);
    rules_on_change(books, context, command, *row, std::move(changes));
    books.audit(command.at, command.actor, "reply", "ticket:" + std::to_string(number_of(row->ticket.no)),
                macro ? json_text({{"macro", std::to_string(body.macro)}, {"version", std::to_string(body.macro_version)}})
                      : "{}");
    return Answer{.number = answer, .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const AddNote& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    const auto id = MessageId::parse(body.message_id);
    if (!is_text(body.text) || !id) return bad_text();
    const std::vector<std::int64_t> named = each_once(body.mentions);
    if (auto no = may_not_mention(books, row->ticket, named)) return *no;
    const desk::SeenMark before = store::newest_of(books.connection(), row->ticket.no);
    const auto no = desk::MessageNo{books.next_number("message")};
    const desk::Message note{.no = no,
                             .id = *id,
                             .ticket = row->ticket.no,
                             .direction = desk::Direction::note,
                             .author = desk::Author::staff,
                             .staff = staff->no,
                             .from_address = staff->email,
                             .body = content::mask_secrets(body.text).text,
                             .at = command.at};
    store::insert_message(books.connection(), note);
    mention(books, note, before, named);
    touch(books, *row, command.at);
    store::drop_draft(books.connection(), staff->no, row->ticket.no, store::DraftMode::note);
    books.audit(command.at, command.actor, "note", "ticket:" + std::to_string(number_of(row->ticket.no)),
                named.empty() ? "{}" : json_text({{"mentions", fmt::format("{}", fmt::join(named, ","))}}));
    return Answer{.number = desk::number_of(no), .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context& context, const Command& command, const AssignTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    if (body.staff != 0) {
        const auto chosen = store::find_staff(books.connection(), StaffNo{body.staff});
        if (!chosen) return service::refused(codes::not_found, "there is no such member of staff");
        if (chosen->disabled) return service::refused("assignee_inactive", "this member of staff works here no more");
    }
    const desk::Ticket before = row->ticket;
    row->ticket.assignee = body.staff == 0 ? std::nullopt : std::optional{StaffNo{body.staff}};
    if (row->ticket.state == TicketState::fresh && body.staff != 0) row->ticket.state = TicketState::open;
    touch(books, *row, command.at);
    store::insert_event(books.connection(), row->ticket.no, command.at, "assigned", staff->no,
                        json_text({{"staff", std::to_string(body.staff)}}));
    books.audit(command.at, command.actor, "assign", "ticket:" + std::to_string(number_of(row->ticket.no)), "{}");
    rules_on_change(books, context, command, *row, changes_between(before, row->ticket));
    return Answer{.number = number_of(row->ticket.no), .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context& context, const Command& command, const SetTicketState& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    if (row->ticket.version != body.version)
        return service::refused(codes::ticket_changed, "somebody changed this request since you opened it; look again");
    const auto state = desk::ticket_state_of_name(body.state);
    if (!state || !desk::may_become(row->ticket.state, *state)) {
        return service::refused(codes::invalid, "state: the request cannot go there from where it is");
    }
    const desk::Ticket before = row->ticket;
    desk::move_to(row->ticket, *state, command.at);
    settle_promises(books, row->ticket, staff->no, command.at);
    touch(books, *row, command.at);
    store::insert_event(books.connection(), row->ticket.no, command.at, "state_changed", staff->no,
                        json_text({{"state", body.state}}));
    books.audit(command.at, command.actor, "set_state", "ticket:" + std::to_string(number_of(row->ticket.no)),
                json_text({{"state", body.state}}));
    rules_on_change(books, context, command, *row, changes_between(before, row->ticket));
    return Answer{.number = number_of(row->ticket.no), .text = row->ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const CloseSolved& body) {
    Answer answer;
    const Moment since = command.at - desk::solved_closes_after;
    for (store::TicketRow& row : store::solved_before(books.connection(), since, body.tickets_max)) {
        row.ticket.state = desk::TicketState::closed;
        row.ticket.version += 1;  // nobody did anything: it stays where it is in the lists
        store::update_ticket(books.connection(), row);
        store::insert_event(books.connection(), row.ticket.no, command.at, "state_changed", std::nullopt,
                            json_text({{"state", "closed"}}));
        answer.numbers.push_back(number_of(row.ticket.no));
    }
    // What was set aside is solved first, and closed by the next of these commands.
    const auto left = body.tickets_max - static_cast<std::int64_t>(answer.numbers.size());
    for (store::TicketRow& row : store::set_aside_before(books.connection(), command.at - desk::set_aside_for, left)) {
        desk::move_to(row.ticket, desk::TicketState::solved, command.at);
        row.ticket.version += 1;
        store::update_ticket(books.connection(), row);
        store::insert_event(books.connection(), row.ticket.no, command.at, "state_changed", std::nullopt,
                            json_text({{"state", "solved"}}));
        answer.numbers.push_back(number_of(row.ticket.no));
    }
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const ProposeRefund& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::propose_remedy, staff)) return *no;
    const auto id = RemedyId::parse(body.remedy_id);
    const auto currency = money::currency_of_code(body.currency);
    const auto amount = currency ? Money::of_minor(body.amount_minor, *currency)
                                 : Result<Money, money::MoneyError>{fail(money::MoneyError::currencies_differ)};
    if (!id || !amount) return service::refused(codes::invalid, "amount: not an amount in a currency that we keep books in");
    if (!payments::refund_reason_of_name(body.reason))
        return service::refused(codes::invalid, "reason: not one that we know");
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    books.flush();
    const auto original = books.find_payment(body.payment);
    const auto customer = customer_of(books, row->ticket);
    if (!original || !customer || original->customer != customer->no ||
        original->kind != payments::PaymentKind::merchant_payment) {
        return service::refused("not_this_customers", "the payment does not stand in this customer's history");
    }
    // Nothing of the mail is believed here: amount, source and destination are rows of the customer's own ledger, the
    // money goes back to where it came from, and the answer to the registered address. That is what A1 would prove.
    const auto assurance = std::max(row->ticket.assurance, customers::Assurance::a1_aligned_mail);
    const auto decided =
        desk::decide_propose({.kind = desk::RemedyKind::refund,
                              .amount = *amount,
                              .expected_refundable = body.expected_refundable,
                              .reason = body.reason},
                             {.ticket_state = row->ticket.state,
                              .assurance = assurance,
                              .refundable = *Money::of_minor(refundable_now(books, *original), original->amount.currency()),
                              .open_remedy_on_payment = store::has_open_remedy(books.connection(), original->seq)},
                             actor_of(books, *staff, customer));
    if (!decided) return refused(decided.error());
    const Remedy remedy{.no = desk::RemedyNo{books.next_number("remedy")},
                        .id = *id,
                        .ticket = row->ticket.no,
                        .kind = desk::RemedyKind::refund,
                        .payment = body.payment,
                        .duplicate_of = body.duplicate_of,
                        .amount = *amount,
                        .expected_refundable = body.expected_refundable,
                        .reason = body.reason,
                        .evidence = body.evidence.empty() ? "{}" : body.evidence,
                        .proposer = staff->no,
                        .proposed = command.at,
                        .decision_note = body.note};
    store::insert_remedy(books.connection(), remedy);
    if (row->ticket.state == TicketState::fresh) row->ticket.state = TicketState::open;
    if (!row->ticket.assignee) row->ticket.assignee = staff->no;
    touch(books, *row, command.at);
    const std::string object = fmt::format("remedy:{}", desk::number_of(remedy.no));
    const std::string detail = json_text({{"payment", std::to_string(body.payment)},
                                          {"duplicate_of", std::to_string(body.duplicate_of)},
                                          {"amount_minor", std::to_string(body.amount_minor)},
                                          {"currency", body.currency}});
    store::insert_event(books.connection(), row->ticket.no, command.at, "remedy_proposed", staff->no, detail);
    books.audit(command.at, command.actor, "propose_remedy", object, detail);
    tell_owner_of_proposal(books, context, remedy, row->ticket, *staff);
    return Answer{.number = desk::number_of(remedy.no), .text = row->ticket.request_number};
}

namespace {

// Marks the proposal and writes the trail; the ticket's screen is told.
void decide(Books& books, const Command& command, TicketRow& row, Remedy& remedy, RemedyState state, std::string_view event,
            StaffNo staff, const std::string& detail) {
    remedy.state = state;
    remedy.decider = staff;
    remedy.decided = command.at;
    store::update_remedy_decision(books.connection(), remedy);
    touch(books, row, command.at);
    store::insert_event(books.connection(), row.ticket.no, command.at, event, staff, detail);
    books.audit(command.at, command.actor, event, fmt::format("remedy:{}", desk::number_of(remedy.no)), detail);
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const ApproveRemedy& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::read_tickets, staff)) return *no;
    return approve(books, context, command, *staff, body, false);
}

Answer approve(Books& books, const Context& context, const Command& command, const store::StaffRow& staff,
               const ApproveRemedy& body, bool factor_shown) {
    const auto id = RemedyId::parse(body.remedy_id);
    auto remedy = id ? store::find_remedy(books.connection(), *id) : std::nullopt;
    if (!remedy) return no_remedy();
    if (!MessageId::parse(body.message_id) || !OutgoingId::parse(body.outgoing_id))
        return service::refused(codes::invalid, "message_id: not an id");
    auto row = store::find_ticket(books.connection(), remedy->ticket).value();
    books.flush();
    const auto original = books.find_payment(remedy->payment);
    const auto customer = customer_of(books, row.ticket);
    if (!original || !customer)
        return service::refused("not_this_customers", "the payment does not stand in this customer's history");
    const desk::RemedyRules rules = remedy_rules(books.connection(), context.settings(), *remedy);
    desk::StaffActor actor = actor_of(books, staff, customer);
    const std::string detail =
        json_text({{"payment", std::to_string(remedy->payment)}, {"amount_minor", std::to_string(remedy->amount.minor())}});
    // First what no code could cure, so that a code is not burnt on it.
    if (const auto allowed = desk::may_approve(*remedy, actor, refundable_now(books, *original), command.at, rules);
        !allowed) {
        if (desk::voids_remedy(allowed.error()) && remedy->state == RemedyState::proposed) {
            decide(books, command, row, *remedy, RemedyState::voided, "remedy_voided", staff.no, detail);
        }
        Answer answer = refused(allowed.error());
        answer.number = desk::number_of(remedy->no);
        return answer;
    }
    if (!factor_shown) {
        if (auto wrong = check_second_factor(books, context, staff.no, body.totp_code, command.at)) return *wrong;
    }
    actor.second_factor_at = command.at;
    if (const auto approved = desk::decide_approve(*remedy, actor, refundable_now(books, *original), command.at, rules);
        !approved) {
        return refused(approved.error());
    }
    const auto reason = payments::refund_reason_of_name(remedy->reason).value();
    const RefundOutcome outcome =
        refund_payment(books, context,
                       {.key = refund_key_after_failures(books, payments::refund_key(remedy->payment, remedy->duplicate_of,
                                                                                     reason, remedy->expected_refundable)),
                        .payment = remedy->payment,
                        .amount = remedy->amount,
                        .duplicate_of = remedy->duplicate_of,
                        .expected_refundable = remedy->expected_refundable,
                        .at = command.at,
                        .ticket = number_of(row.ticket.no)});
    const bool begun = outcome.refund && outcome.refund->state != payments::PaymentState::failed;
    if (!begun || outcome.replayed) {
        const auto refusal = outcome.replayed ? payments::PaymentRefusal::duplicate_refund : outcome.refusal;
        remedy->decision_note = std::string{payments::code_of(refusal)};
        decide(books, command, row, *remedy, RemedyState::failed, "remedy_failed", staff.no, detail);
        return Answer{.code = std::string{payments::code_of(refusal)},
                      .detail = std::string{payments::sentence_en(refusal)},
                      .number = desk::number_of(remedy->no),
                      .text = row.ticket.request_number};
    }
    books.flush();
    const Payment& refund = *outcome.refund;
    const desk::MailText text = refund_letter(books, context, row.ticket, *customer, *original, refund);
    remedy->executed_payment = refund.seq;
    // To a card it is solved when the bank has said so.
    const bool done = refund.state == payments::PaymentState::succeeded;
    desk::move_to(row.ticket, done ? TicketState::solved : TicketState::on_hold, command.at);
    settle_promises(books, row.ticket, staff.no, command.at);
    desk::note_replied(row.ticket, command.at);
    const OutboundMail mail{.kind = "answer",
                            .message_id = body.message_id,
                            .outgoing_id = body.outgoing_id,
                            .recipient = customer->email,
                            .subject = text.subject,
                            .text = text.body,
                            .author = desk::Author::system,
                            .staff = staff.no,
                            .names_money = true,
                            .at = command.at};
    // No money leaves without its word: all of this command is undone.
    if (send_mail(books, context, row.ticket, mail) == 0) {
        throw store::StorageFailure{store::StorageFault::bug, "the answer could not be composed: check --domain"};
    }
    decide(books, command, row, *remedy, RemedyState::executed, "remedy_executed", staff.no,
           json_text({{"payment", std::to_string(remedy->payment)},
                      {"refund", std::to_string(refund.seq)},
                      {"amount_minor", std::to_string(remedy->amount.minor())},
                      {"currency", std::string{money::code_of(remedy->amount.currency())}},
                      {"alone", staff.no == remedy->proposer ? "yes" : "no"}}));
    tell_owner_of_approval(books, context, *remedy, row.ticket, staff, command.at);
    return Answer{.number = desk::number_of(remedy->no), .text = row.ticket.request_number};
}

Answer handle(Books& books, const Context&, const Command& command, const RejectRemedy& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::read_tickets, staff)) return *no;
    const auto id = RemedyId::parse(body.remedy_id);
    auto remedy = id ? store::find_remedy(books.connection(), *id) : std::nullopt;
    if (!remedy) return no_remedy();
    auto row = store::find_ticket(books.connection(), remedy->ticket).value();
    const auto rejected = desk::decide_reject(*remedy, actor_of(books, *staff, customer_of(books, row.ticket)), body.note);
    if (!rejected) return refused(rejected.error());
    remedy->decision_note = body.note;
    decide(books, command, row, *remedy, RemedyState::rejected, "remedy_rejected", staff->no, "{}");
    return Answer{.number = desk::number_of(remedy->no), .text = row.ticket.request_number};
}

}  // namespace okpay::service
