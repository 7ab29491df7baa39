// SPDX-License-Identifier: Apache-2.0
// Changes of what stands of a customer: asked for, proven at the new address, held, made; or stopped, from the old address
// to the last moment. State, lock, sessions, request and letters of each step are one commit.
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "customers/local_time.hpp"
#include "desk/change_letters.hpp"
#include "desk/lifecycle.hpp"
#include "desk/lock_letters.hpp"
#include "desk/remedy.hpp"
#include "service/change_parts.hpp"
#include "service/locks.hpp"
#include "service/monitor.hpp"
#include "service/short_messages.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::ChangeEvent;
using customers::ChangeId;
using customers::ChangeKind;
using customers::ChangeReason;
using customers::ChangeState;
using customers::Customer;
using customers::CustomerNo;
using customers::Permission;

constexpr std::chrono::hours day{24};
constexpr std::size_t note_octets_max = 4'000;

Answer not_allowed(desk::RemedyRefusal refusal) {
    return refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}

Answer link_gone() { return refused("token_invalid", "this link was used, has expired, or the change has ended"); }
Answer no_such_change() { return refused(codes::not_found, "there is no such change"); }

Answer answer_of(const Change& change) { return Answer{.number = change.no, .text = change.id.text()}; }

// One step of a change, and the letters of it.
class Step {
public:
    Step(Books& books, const Context& context, const Command& command, std::string_view seed, Change change)
        : books_{books},
          context_{context},
          command_{command},
          seed_{seed},
          change_{std::move(change)},
          customer_{customer_of_change(books, change_)} {}

    [[nodiscard]] const Change& change() const { return change_; }

    // The new address is asked to prove itself; its owner, where it has one, is told instead.
    void begin_proving() {
        const auto owner = store::find_customer_by_email(books_.connection(), change_.to);
        change_.taken = owner.has_value();
        change_.due = command_.at + customers::change_link_lasts;
        // Counted with this one, which stands already.
        const bool may_be_written_to =
            store::count_contact_changes_to_since(books_.connection(), change_.to, command_.at - day) <=
            customers::change_letters_to_address_a_day_max;
        if (may_be_written_to && owner) {
            write("contact_wanted", owner->email, desk::letter_address_wanted(letter_to(context_, *owner)));
        } else if (may_be_written_to) {
            const HouseLink link{context_, LinkPurpose::prove_change, change_.id.view()};
            write("contact_prove", change_.to,
                  desk::letter_prove_address(desk::language_of(customer_.language), context_.settings().house, link.url(),
                                             customers::change_link_lasts));
        }
        write("contact_asked", change_.from, desk::letter_contact_asked(letter_to(context_, customer_), facts()));
        text_customer(books_, context_, command_, customer_, desk::ShortNews::address_asked);
    }

    void hold() {
        move(ChangeEvent::prove);
        change_.proven = command_.at;
        change_.due = command_.at + context_.settings().contact_hold;
        change_.lock = number_of(place_lock(books_, context_, command_,
                                            {.customer = change_.customer,
                                             .scope = customers::LockScope::payouts,
                                             .source = customers::LockSource::rule,
                                             .reason = fmt::format("change {} of the mail address", change_.no),
                                             .message_code = std::string{desk::contact_held_message},
                                             .review_at = std::nullopt,
                                             .expires_at = change_.due}));
        note_security_change(books_, command_, change_.customer, "contact");
        write("contact_held", change_.from, desk::letter_contact_held(letter_to(context_, customer_), facts()));
        text_customer(books_, context_, command_, customer_, desk::ShortNews::address_held);
        write("contact_proven", change_.to, desk::letter_contact_proven(letter_to(context_, customer_), *change_.due));
    }

    void make() {
        move(ChangeEvent::finish);
        change_.ended = command_.at;
        store::write_profile(books_.connection(), change_.customer, ChangeKind::contact, change_.to);
        store::move_tickets(books_.connection(), change_.customer, change_.from, change_.to);
        store::end_cases_of(books_.connection(), change_.customer, books_.system_time(command_.at));
        const desk::LetterTo to = letter_to(context_, customer_);
        write("contact_done", change_.from, desk::letter_contact_done_old(to, masked_mailbox(change_.to)));
        write("contact_done_new", change_.to, desk::letter_contact_done_new(to));
        text_customer(books_, context_, command_, customer_, desk::ShortNews::address_changed);
    }

    // `number`: of the request that was opened for it.
    void end(ChangeEvent event, ChangeReason reason, std::string_view number = "") {
        const bool was_proven = change_.state == ChangeState::held;
        const bool was_told = was_proven || change_.state == ChangeState::proving;
        move(event);
        change_.reason = reason;
        change_.ended = command_.at;
        if (was_told) {
            write("contact_ended", customer_.email,
                  desk::letter_contact_ended(letter_to(context_, customer_), end_of(reason), number));
        }
        if (was_proven && !store::find_customer_by_email(books_.connection(), change_.to)) {
            write("contact_ended_new", change_.to,
                  desk::letter_contact_ended_new(desk::language_of(customer_.language), context_.settings().house));
        }
    }

    void move(ChangeEvent event) {
        const auto next = after(change_.state, event);
        ensure(next.has_value());  // the caller has looked
        change_.state = *next;
    }

    void decided_by(customers::StaffNo staff) { change_.decider = staff; }

    Answer keep(std::string_view action) {
        store::update_change(books_.connection(), change_);
        books_.audit(command_.at, command_.actor, action, fmt::format("customer:{}", number_of(change_.customer)),
                     json_text({{"change", std::to_string(change_.no)}, {"state", std::string{name_of(change_.state)}}}));
        return answer_of(change_);
    }

private:
    static desk::ChangeEnd end_of(ChangeReason reason) {
        switch (reason) {
        case ChangeReason::by_old_address: return desk::ChangeEnd::by_old_address;
        case ChangeReason::by_staff: return desk::ChangeEnd::by_staff;
        case ChangeReason::address_in_use: return desk::ChangeEnd::address_in_use;
        case ChangeReason::not_proven: return desk::ChangeEnd::not_proven;
        case ChangeReason::none:
        case ChangeReason::replaced:
        case ChangeReason::by_customer: return desk::ChangeEnd::by_customer;
        }
        std::abort();
    }

    [[nodiscard]] desk::ContactChangeFacts facts() {
        masked_ = masked_mailbox(change_.to);
        cancel_url_ = HouseLink{context_, LinkPurpose::cancel_change, change_.id.view()}.url();
        return {.new_address = masked_, .cancel_link = cancel_url_, .due = *change_.due};
    }

    void write(std::string kind, const std::string& recipient, const desk::MailText& text) {
        const auto id = StepIds{seed_, change_.no, command_.at}.next<OutgoingId>(kind);
        send_notice(books_, context_,
                    {.kind = std::move(kind),
                     .id = id,
                     .recipient = recipient,
                     .subject = text.subject,
                     .text = text.body,
                     .at = command_.at});
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    std::string_view seed_;
    Change change_;
    Customer customer_;
    std::string masked_, cancel_url_;
};

Change new_change(Books& books, const Context& context, const ChangeId& id, CustomerNo customer, ChangeKind kind,
                  ChangeState state, Moment at) {
    return {.no = books.next_number("customer_change"),
            .id = id,
            .customer = customer,
            .kind = kind,
            .state = state,
            .prove_hash = HouseLink{context, LinkPurpose::prove_change, id.view()}.hash(),
            .cancel_hash = HouseLink{context, LinkPurpose::cancel_change, id.view()}.hash(),
            .asked = at};
}

// At once: nobody gains by it, and it is told in the account.
Answer change_at_once(Books& books, const Context& context, const Command& command, const Customer& customer,
                      ChangeKind kind, const ChangeId& id, const std::string& value) {
    const bool known =
        kind == ChangeKind::language ? value == "en" || value == "zh-Hans" || value == "zh-Hant" : customers::is_zone(value);
    if (!known) {
        return refused(codes::invalid,
                       kind == ChangeKind::language ? "value: one of en, zh-Hans, zh-Hant" : "value: not an IANA time zone");
    }
    Change change = new_change(books, context, id, customer.no, kind, ChangeState::done, command.at);
    change.from = kind == ChangeKind::language ? customer.language : customer.zone;
    change.to = value;
    change.ended = command.at;
    store::insert_change(books.connection(), change);
    store::write_profile(books.connection(), customer.no, kind, value);
    books.audit(command.at, command.actor, "change_profile", fmt::format("customer:{}", number_of(customer.no)),
                json_text({{"change", std::to_string(change.no)}, {"kind", std::string{name_of(kind)}}}));
    return answer_of(change);
}

std::optional<Change> change_of_link(Books& books, const std::string& hash_hex,
                                     std::optional<Change> (*find)(store::Connection&, const Hash256&)) {
    const auto octets = bytes_of_hex(hash_hex);
    const auto hash = octets ? hash_of(*octets) : std::nullopt;
    return hash ? find(books.connection(), *hash) : std::nullopt;
}

// The rules of two persons are those of every remedy.
desk::Remedy as_remedy(const Change& change, const store::TicketRow& row) {
    return {.no = desk::RemedyNo{0},
            .id = RemedyId{change.id.bytes},
            .ticket = row.ticket.no,
            .kind = desk::RemedyKind::change_contact,
            .amount = *money::Money::of_minor(0, money::Currency::eur),
            .reason = change.note,
            .evidence = "{}",
            .proposer = change.proposer.value(),
            .proposed = change.asked,
            .decision_note = ""};
}

desk::StaffActor actor_of(Books& books, const store::StaffRow& staff, const Customer& customer) {
    return {.no = staff.no,
            .role = staff.role,
            .enrolled = staff.enrolled.value_or(staff.created),
            .second_factor_at = std::nullopt,
            .active = !staff.disabled,
            .owns_customer_account = has_to_do_with(books, staff, customer.no)};
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const AskChange& body) {
    const auto id = ChangeId::parse(body.change);
    const auto kind = customers::change_kind_of_name(body.kind);
    if (!id || !kind || *kind == ChangeKind::phone) {
        return refused(codes::invalid, "kind: one of contact, language, zone");
    }
    const auto customer = store::find_customer(books.connection(), CustomerNo{body.customer});
    const bool own = command.actor.kind == ActorKind::customer && command.actor.no == body.customer;
    if (!customer || !own) return refused(codes::not_found, "there is no such customer");
    if (*kind != ChangeKind::contact) { return change_at_once(books, context, command, *customer, *kind, *id, body.value); }
    const auto address = canonical_mailbox(body.value);
    if (!address) return refused(codes::invalid, "value: not a mail address");
    if (*address == customer->email) return refused(codes::invalid, "value: this is your address already");
    if (store::open_contact_change(books.connection(), customer->no)) {
        return refused("change_open", "a change of your mail address is under way; cancel it first");
    }
    if (store::count_contact_changes_since(books.connection(), customer->no, command.at - day) >=
        customers::contact_changes_a_day_max) {
        return refused("too_many_requests",
                       fmt::format("{} changes of the address in 24 hours are the most; try again later",
                                   customers::contact_changes_a_day_max));
    }
    Change change = new_change(books, context, *id, customer->no, ChangeKind::contact, ChangeState::proving, command.at);
    change.from = customer->email;
    change.to = *address;
    change.session = body.session;
    store::insert_change(books.connection(), change);
    Step step{books, context, command, body.seed, std::move(change)};
    step.begin_proving();
    return step.keep("ask_contact_change");
}

Answer handle(Books& books, const Context& context, const Command& command, const ProveChange& body) {
    auto change = change_of_link(books, body.link_hash, store::find_change_to_prove);
    const bool opens = change && change->kind == ChangeKind::contact && after(change->state, ChangeEvent::prove) &&
                       command.at < change->due && !change->taken;
    if (!opens) return link_gone();
    Step step{books, context, command, body.seed, *std::move(change)};
    if (store::find_customer_by_email(books.connection(), step.change().to)) {
        step.end(ChangeEvent::refuse, ChangeReason::address_in_use);
    } else {
        step.hold();
    }
    return step.keep("prove_contact_change");
}

Answer handle(Books& books, const Context& context, const Command& command, const CancelChange& body) {
    if (!body.link_hash.empty()) {
        auto change = change_of_link(books, body.link_hash, store::find_change_to_cancel);
        if (!change || !after(change->state, ChangeEvent::cancel)) return link_gone();
        if (change->kind == ChangeKind::phone) {
            return stop_phone_change(books, context, command, body.seed, *std::move(change), ChangeReason::by_old_address);
        }
        Step step{books, context, command, body.seed, *std::move(change)};
        const std::string number = report_change(books, context, command, body.seed, step.change());
        step.end(ChangeEvent::cancel, ChangeReason::by_old_address, number);
        return step.keep("stop_contact_change");
    }
    const auto id = ChangeId::parse(body.change);
    auto change = id ? store::find_change(books.connection(), *id) : std::nullopt;
    const bool own = change && number_of(change->customer) == body.customer && command.actor.kind == ActorKind::customer &&
                     command.actor.no == body.customer;
    if (!own) return no_such_change();
    if (!after(change->state, ChangeEvent::cancel)) { return refused("already_decided", "this change has ended already"); }
    if (change->kind == ChangeKind::phone) {
        return stop_phone_change(books, context, command, body.seed, *std::move(change), ChangeReason::by_customer);
    }
    Step step{books, context, command, body.seed, *std::move(change)};
    step.end(ChangeEvent::cancel, ChangeReason::by_customer);
    if (step.change().lock != 0) {
        end_lock(books, context, command, customers::LockNo{step.change().lock}, "the change was canceled in the account",
                 customers::LockState::superseded);
    }
    return step.keep("cancel_contact_change");
}

Answer handle(Books& books, const Context& context, const Command& command, const FinishChanges& body) {
    Answer answer;
    for (Change& change : store::due_changes(books.connection(), command.at, body.changes_max)) {
        answer.numbers.push_back(change.no);
        if (change.kind == ChangeKind::phone) {
            finish_phone_change(books, context, command, body.seed, std::move(change));
            continue;
        }
        Step step{books, context, command, body.seed, std::move(change)};
        const auto customer = customer_of_change(books, step.change());
        if (step.change().state != ChangeState::held) {
            step.end(ChangeEvent::expire, ChangeReason::not_proven);
        } else if (customer.email != step.change().from) {
            step.end(ChangeEvent::refuse, ChangeReason::replaced);
        } else if (store::find_customer_by_email(books.connection(), step.change().to)) {
            step.end(ChangeEvent::refuse, ChangeReason::address_in_use);
        } else {
            step.make();
        }
        step.keep("finish_contact_change");
    }
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const ProposeChange& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::propose_remedy, staff)) return *no;
    const auto id = ChangeId::parse(body.change);
    const auto address = canonical_mailbox(body.email);
    if (!id || !address) return refused(codes::invalid, "email: not a mail address");
    if (body.note.size() > note_octets_max || !is_utf8(body.note)) return refused(codes::invalid, "note: too long");
    auto row = store::find_ticket(books.connection(), body.ticket);
    const auto customer =
        row && row->ticket.customer ? store::find_customer(books.connection(), *row->ticket.customer) : std::nullopt;
    if (!row) return refused(codes::not_found, "there is no such request");
    if (!customer) return refused("no_stored_address", "no customer belongs to this request");
    if (*address == customer->email) return refused(codes::invalid, "email: this is the customer's address already");
    const auto decided = desk::decide_propose({.kind = desk::RemedyKind::change_contact,
                                               .amount = *money::Money::of_minor(0, money::Currency::eur),
                                               .expected_refundable = 0,
                                               .reason = body.note},
                                              {.ticket_state = row->ticket.state,
                                               .assurance = row->ticket.assurance,
                                               .refundable = *money::Money::of_minor(0, money::Currency::eur),
                                               .open_remedy_on_payment =
                                                   store::open_contact_change(books.connection(), customer->no).has_value()},
                                              actor_of(books, *staff, *customer));
    if (!decided) return not_allowed(decided.error());
    Change change = new_change(books, context, *id, customer->no, ChangeKind::contact, ChangeState::requested, command.at);
    change.from = customer->email;
    change.to = *address;
    change.ticket = number_of(row->ticket.no);
    change.proposer = staff->no;
    change.note = body.note;
    change.due = command.at + customers::change_proposal_lasts;
    store::insert_change(books.connection(), change);
    if (row->ticket.state == desk::TicketState::fresh) row->ticket.state = desk::TicketState::open;
    if (!row->ticket.assignee) row->ticket.assignee = staff->no;
    touch_ticket(books, *row, command.at);
    const std::string detail = json_text({{"change", change.id.text()}});
    store::insert_event(books.connection(), row->ticket.no, command.at, "change_proposed", staff->no, detail);
    books.audit(command.at, command.actor, "propose_change", fmt::format("customer:{}", number_of(customer->no)), detail);
    return answer_of(change);
}

Answer handle(Books& books, const Context& context, const Command& command, const DecideChange& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::decide_change, staff)) return *no;
    const auto id = ChangeId::parse(body.change);
    auto change = id ? store::find_change(books.connection(), *id) : std::nullopt;
    if (!change || !change->proposer) return no_such_change();
    if (change->state != ChangeState::requested) return not_allowed(desk::RemedyRefusal::already_decided);
    auto row = store::find_ticket(books.connection(), desk::TicketNo{change->ticket});
    if (!row) return no_such_change();
    const Customer customer = customer_of_change(books, *change);
    desk::StaffActor actor = actor_of(books, *staff, customer);
    const desk::Remedy remedy = as_remedy(*change, *row);
    Step step{books, context, command, body.seed, *std::move(change)};
    if (!body.approve) {
        if (const auto no = desk::decide_reject(remedy, actor, body.note); !no) return not_allowed(no.error());
        step.decided_by(staff->no);
        step.end(ChangeEvent::refuse, ChangeReason::by_staff);
    } else {
        const desk::RemedyRules rules{.new_staff_waits = context.settings().new_staff_waits};
        // First what no code could cure, so that a code is not burnt on it.
        if (const auto no = desk::may_approve(remedy, actor, 0, command.at, rules); !no) return not_allowed(no.error());
        if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
        actor.second_factor_at = command.at;
        if (const auto no = desk::decide_approve(remedy, actor, 0, command.at, rules); !no) return not_allowed(no.error());
        step.decided_by(staff->no);
        step.move(ChangeEvent::approve);
        step.begin_proving();
    }
    touch_ticket(books, *row, command.at);
    store::insert_event(books.connection(), row->ticket.no, command.at, body.approve ? "change_approved" : "change_refused",
                        staff->no, json_text({{"change", step.change().id.text()}}));
    return step.keep(body.approve ? "approve_change" : "refuse_change");
}

}  // namespace okpay::service
