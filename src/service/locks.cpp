// SPDX-License-Identifier: Apache-2.0
#include "service/locks.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/lock_letters.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"
#include "service/promise_parts.hpp"
#include "service/short_messages.hpp"
#include "store/change_store.hpp"
#include "store/lock_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using customers::Lock;
using customers::LockNo;
using customers::LockSource;
using customers::LockState;

constexpr std::string_view own_wish = "own_wish";
constexpr std::size_t reason_octets_max = 1'000;

bool is_quiet(const Lock& lock) { return desk::is_hold_message(lock.message_code); }
bool needs_person(const Lock& lock) { return !is_quiet(lock) && !is_own_wish(lock); }

std::string actor_text(const Actor& actor) {
    constexpr std::array<std::string_view, 4> kinds{"system", "staff", "merchant", "customer"};
    return fmt::format("{}:{}", kinds[static_cast<std::size_t>(actor.kind)], actor.no);
}

void append_event(Books& books, const Command& command, const Lock& lock, std::string_view reason) {
    store::insert_lock_event(books.connection(), {.no = books.next_number("lock_event"),
                                                  .lock = lock.no,
                                                  .at = command.at,
                                                  .to = lock.state,
                                                  .actor = actor_text(command.actor),
                                                  .reason = std::string{reason},
                                                  .ledger_seq = books.ledger().head().seq});
}

// What is written to the customer and shown at the desk. Its ids come from the command and the lock.
class LockDesk {
public:
    LockDesk(Books& books, const Context& context, const Command& command, const Lock& lock)
        : books_{books},
          context_{context},
          command_{command},
          seed_{command.id.text()},
          ids_{seed_, number_of(lock.no), command.at} {
        auto customer = store::find_customer(books.connection(), lock.customer);
        if (!customer) throw store::StorageFailure{store::StorageFault::corrupt, "a lock names nobody"};
        customer_ = *std::move(customer);
    }

    void tell_placed(Lock& lock) {
        auto row = needs_person(lock) ? std::optional{ticket_for(lock)} : std::nullopt;
        if (row) lock.ticket = number_of(row->ticket.no);
        const desk::MailText text = desk::letter_locked(to(), facts(lock, row));
        text_customer(books_, context_, command_, customer_, desk::ShortNews::locked);
        if (!row) return notice("lock_notice", text);
        write(*row, "lock_notice", text);
        note(*row, fmt::format("Lock {}: {} ({}). {}", number_of(lock.no), name_of(lock.scope), name_of(lock.source),
                               lock.reason));
        event(*row, "locked", lock);
        if (row->ticket.state != desk::TicketState::fresh) row->ticket.state = desk::TicketState::open;
        keep(*row, text);
    }

    void tell_ended(const Lock& lock, bool others_in_ticket) {
        const bool watched = lock.state == LockState::released && needs_two_persons(lock.source);
        auto row = lock.ticket == 0 ? std::nullopt : store::find_ticket(books_.connection(), desk::TicketNo{lock.ticket});
        const desk::MailText text = desk::letter_lock_ended(to(), facts(lock, row), books_.stopped(lock.customer), watched);
        if (!row) return notice("lock_ended", text);
        write(*row, "lock_ended", text);
        event(*row, lock.state == LockState::expired ? "lock_expired" : "lock_released", lock);
        if (!others_in_ticket && desk::may_become(row->ticket.state, desk::TicketState::solved)) {
            desk::move_to(row->ticket, desk::TicketState::solved, command_.at);
            settle_promises(books_, row->ticket, std::nullopt, command_.at);
        }
        keep(*row, text);
    }

private:
    [[nodiscard]] desk::LetterTo to() const {
        return {.language = desk::language_of(customer_.language),
                .name = customer_.name,
                .zone = customer_.zone,
                .house = context_.settings().house};
    }
    [[nodiscard]] desk::LockFacts facts(const Lock& lock, const std::optional<store::TicketRow>& row) const {
        return {.stops = effect_of(lock.scope),
                .source = lock.source,
                .message_code = lock.message_code,
                .placed = lock.placed,
                .looked_at_by = lock.review_at,
                .expires = lock.expires_at,
                .number = row ? std::optional{desk::RequestNumber::of(row->ticket.no, context_.request_number_key())}
                              : std::nullopt};
    }

    // The one of a lock that stands, so that the customer has one thread; else a new one.
    store::TicketRow ticket_for(const Lock& lock) {
        for (const Lock& other : store::locks_of(books_.connection(), lock.customer)) {
            if (other.state != LockState::active || other.ticket == 0) continue;
            auto row = store::find_ticket(books_.connection(), desk::TicketNo{other.ticket});
            if (row && row->ticket.state != desk::TicketState::closed) return *std::move(row);
        }
        const auto no = desk::TicketNo{books_.next_number("ticket")};
        const bool zh = customer_.language.starts_with("zh");
        store::TicketRow row{.ticket = {.no = no,
                                        .id = ids_.next<TicketId>("ticket"),
                                        .request_number = desk::RequestNumber::of(no, context_.request_number_key()).text(),
                                        .customer = customer_.no,
                                        .party_address = customer_.email,
                                        .assurance = customers::Assurance::a0_unproven,  // nobody has written yet
                                        .subject = zh ? "账户锁定" : "Account locked",
                                        .category = "account_locked",
                                        .urgency = lock.source == LockSource::rule ? "critical" : "high",
                                        .route = "risk_team",
                                        .language = customer_.language,
                                        .opened = command_.at,
                                        .updated = command_.at,
                                        .first_reply_due = desk::first_reply_due(command_.at),
                                        .first_replied = command_.at,
                                        .investigation_due = lock.review_at},
                             .preview = "",
                             .reading = "{}"};
        store::insert_ticket(books_.connection(), row);
        return row;
    }

    void write(store::TicketRow& row, const std::string& kind, const desk::MailText& text) {
        const OutboundMail mail{.kind = kind,
                                .message_id = ids_.next<MessageId>(kind).text(),
                                .outgoing_id = ids_.next<OutgoingId>(kind).text(),
                                .recipient = customer_.email,
                                .subject = text.subject,
                                .text = text.body,
                                .author = desk::Author::system,
                                .automatic = true,
                                .at = command_.at};
        // A lock is not given up because a letter cannot leave: whoever looks at the request sees that none did.
        if (send_mail(books_, context_, row.ticket, mail) == 0) {
            store::insert_event(books_.connection(), row.ticket.no, command_.at, "letter_not_composed", std::nullopt, "{}");
        }
    }

    void notice(const std::string& kind, const desk::MailText& text) {
        send_notice(books_, context_,
                    {.kind = kind,
                     .id = ids_.next<OutgoingId>(kind),
                     .recipient = customer_.email,
                     .subject = text.subject,
                     .text = text.body,
                     .at = command_.at});
    }

    void note(const store::TicketRow& row, const std::string& text) {
        store::insert_message(books_.connection(), {.no = desk::MessageNo{books_.next_number("message")},
                                                    .id = ids_.next<MessageId>("note"),
                                                    .ticket = row.ticket.no,
                                                    .direction = desk::Direction::note,
                                                    .author = desk::Author::system,
                                                    .body = text,
                                                    .at = command_.at});
    }

    void event(const store::TicketRow& row, std::string_view kind, const Lock& lock) {
        store::insert_event(books_.connection(), row.ticket.no, command_.at, kind, std::nullopt,
                            json_text({{"lock", std::to_string(number_of(lock.no))},
                                       {"scope", std::string{name_of(lock.scope)}},
                                       {"message_code", lock.message_code}}));
    }

    void keep(store::TicketRow& row, const desk::MailText& text) {
        row.preview = text.subject;
        row.ticket.updated = std::max(row.ticket.updated, command_.at);
        row.ticket.version += 1;
        store::update_ticket(books_.connection(), row);
        books_.news().tickets.push_back(row.ticket.request_number);
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    std::string seed_;
    StepIds ids_;
    Customer customer_;
};

bool is_request_over(Books& books, const Lock& lock) {
    if (lock.ticket == 0) return false;
    const auto row = store::find_ticket(books.connection(), desk::TicketNo{lock.ticket});
    return row && row->ticket.state == desk::TicketState::closed;
}

}  // namespace

bool is_own_wish(const Lock& lock) { return lock.source == LockSource::customer && lock.message_code == own_wish; }

LockNo place_lock(Books& books, const Context& context, const Command& command, const NewLock& wish) {
    const std::string reason{utf8_prefix(trimmed(wish.reason), reason_octets_max)};
    ensure(!reason.empty() && !wish.message_code.empty());
    for (const Lock& other : store::locks_of(books.connection(), wish.customer)) {
        const bool same = other.state == LockState::active && other.scope == wish.scope && other.source == wish.source &&
                          other.message_code == wish.message_code;
        if (!same) continue;
        if (is_request_over(books, other)) {
            Lock again = other;  // whoever has a reason again is answered in a request that somebody sees
            LockDesk{books, context, command, again}.tell_placed(again);
            store::update_lock(books.connection(), again);
        }
        return other.no;
    }
    Lock lock{.no = LockNo{books.next_number("customer_lock")},
              .customer = wish.customer,
              .scope = wish.scope,
              .source = wish.source,
              .reason = reason,
              .message_code = wish.message_code,
              .placed = command.at,
              .review_at = wish.review_at,
              .expires_at = wish.expires_at,
              .ended = std::nullopt};
    if (needs_person(lock) && !lock.review_at) lock.review_at = command.at + customers::lock_reviewed_within;
    store::insert_lock(books.connection(), lock);
    append_event(books, command, lock, lock.reason);
    books.note_lock(lock);
    if (effect_of(lock.scope).sign_in) {
        books.connection().execute("DELETE FROM customer_session WHERE customer = $1", {number_of(lock.customer)});
        store::end_cases_of(books.connection(), lock.customer, books.system_time(command.at));
    }
    books.audit(command.at, command.actor, "place_lock", fmt::format("customer:{}", number_of(lock.customer)),
                json_text({{"lock", std::to_string(number_of(lock.no))},
                           {"scope", std::string{name_of(lock.scope)}},
                           {"source", std::string{name_of(lock.source)}},
                           {"message_code", lock.message_code}}));
    if (!is_quiet(lock)) LockDesk{books, context, command, lock}.tell_placed(lock);
    if (lock.ticket != 0) store::update_lock(books.connection(), lock);
    return lock.no;
}

bool end_lock(Books& books, const Context& context, const Command& command, LockNo no, std::string_view note, LockState to) {
    auto lock = store::find_lock(books.connection(), no);
    if (!lock || lock->state != LockState::active) return false;
    lock->state = command.body.is<ExpireLocks>() ? LockState::expired : to;
    lock->ended = command.at;
    store::update_lock(books.connection(), *lock);
    append_event(books, command, *lock, trimmed(note));
    books.note_lock(*lock);
    if (lock->state == LockState::released && needs_two_persons(lock->source)) {
        books.note_risk_event(lock->customer, store::RiskEventKind::lock_ended, command.at, std::to_string(number_of(no)));
        for (const store::RiskDecision& decision : store::risk_decisions_of(books.connection(), no)) {
            books.note_cleared(decision);
        }
    }
    books.audit(command.at, command.actor, "end_lock", fmt::format("customer:{}", number_of(lock->customer)),
                json_text({{"lock", std::to_string(number_of(no))}, {"state", std::string{name_of(lock->state)}}}));
    if (is_quiet(*lock)) return true;
    bool others = false;
    for (const Lock& other : store::locks_of(books.connection(), lock->customer)) {
        others = others || (other.state == LockState::active && other.ticket == lock->ticket);
    }
    LockDesk{books, context, command, *lock}.tell_ended(*lock, others);
    return true;
}

store::TicketRow say_in_request(Books& books, const Command& command, LockNo no, const SaidByLink& said) {
    const auto lock = store::find_lock(books.connection(), no);
    auto row = lock ? store::find_ticket(books.connection(), desk::TicketNo{lock->ticket}) : std::nullopt;
    if (!row) throw store::StorageFailure{store::StorageFault::corrupt, "a lock that the customer asked for has no request"};
    desk::Ticket& ticket = row->ticket;
    store::insert_message(books.connection(), {.no = desk::MessageNo{books.next_number("message")},
                                               .id = said.message,
                                               .ticket = ticket.no,
                                               .direction = desk::Direction::inbound,
                                               .author = desk::Author::customer,
                                               .from_address = ticket.party_address,
                                               .subject = ticket.subject,
                                               .body = said.text,
                                               .assurance = customers::Assurance::a2_one_time_link,
                                               .at = command.at});
    store::insert_event(books.connection(), ticket.no, command.at, said.event, std::nullopt, said.details);
    ticket.assurance = std::max(ticket.assurance, customers::Assurance::a2_one_time_link);
    ticket.urgency = "critical";
    ticket.first_replied.reset();
    // The lock may stand since long, and its request be waiting for somebody or done with.
    if (ticket.state != desk::TicketState::fresh && desk::may_become(ticket.state, desk::TicketState::open)) {
        ticket.state = desk::TicketState::open;
    }
    ticket.updated = command.at;
    ticket.version += 1;
    row->preview = said.text;
    store::update_ticket(books.connection(), *row);
    books.news().tickets.push_back(ticket.request_number);
    return *std::move(row);
}

std::string request_about_locks(Books& books, const Context& context, customers::CustomerNo customer) {
    for (const Lock& lock : store::locks_of(books.connection(), customer)) {
        if (lock.state == LockState::active && lock.ticket != 0) {
            return desk::RequestNumber::of(desk::TicketNo{lock.ticket}, context.request_number_key()).text();
        }
    }
    return {};
}

}  // namespace okpay::service
