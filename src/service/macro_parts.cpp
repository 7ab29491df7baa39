// SPDX-License-Identifier: Apache-2.0
#include "service/macro_parts.hpp"

#include "service/handlers.hpp"
#include "service/ticket_parts.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using desk::MacroAssign;
using desk::TicketState;

Moment sleeps_until(const desk::MacroActions& actions, Moment at) { return at + std::chrono::hours{actions.snooze_hours}; }

}  // namespace

Result<store::MacroVersionRow, Answer> macro_in_use(Books& books, std::int64_t macro, std::int64_t version) {
    const auto row = store::find_macro(books.connection(), desk::MacroNo{macro});
    if (!row) return fail(refused(codes::not_found, "there is no such macro"));
    if (row->retired) return fail(refused("macro_retired", "this macro is no longer in use; go on without it"));
    if (row->version != version) {
        return fail(refused("macro_changed", "this macro was changed since it was shown; look at what it does now"));
    }
    return store::find_macro_version(books.connection(), row->no, row->version).value();
}

std::optional<Answer> may_not_act(Books& books, const desk::MacroActions& actions, const desk::Ticket& ticket, Moment at) {
    if (actions.person) {
        const auto person = store::find_staff(books.connection(), *actions.person);
        if (!person || person->disabled)
            return refused("assignee_inactive", "this macro assigns to somebody who no longer works here");
    }
    if (actions.snooze_hours == 0) return std::nullopt;
    if (ticket.state == TicketState::solved || ticket.state == TicketState::closed) {
        return refused("state_not_allowed",
                       "this macro lets the request sleep, and what is solved does not: choose another "
                       "state, or go on without the macro");
    }
    return may_not_snooze(ticket, at, sleeps_until(actions, at));
}

std::optional<Answer> may_not_write(const desk::Macro& macro, desk::Language language, bool is_bound) {
    const std::string_view text = language == desk::Language::en ? macro.text_en : macro.text_zh;
    if (is_bound || !desk::needs_payment(text)) return std::nullopt;
    return refused("macro_needs_payment",
                   "this macro speaks of a payment: send the payment's id in figures, so that the answer goes to the "
                   "registered address, or send it without the macro");
}

void act(Books& books, desk::Ticket& ticket, const store::MacroVersionRow& macro, customers::StaffNo staff, Moment at) {
    const desk::MacroActions& actions = macro.written.actions;
    if (actions.assign != MacroAssign::unchanged) {
        switch (actions.assign) {
        case MacroAssign::unchanged: break;
        case MacroAssign::me: ticket.assignee = staff; break;
        case MacroAssign::nobody: ticket.assignee.reset(); break;
        case MacroAssign::person: ticket.assignee = actions.person; break;
        }
        if (ticket.state == TicketState::fresh && ticket.assignee) ticket.state = TicketState::open;
        const std::int64_t given = ticket.assignee ? number_of(*ticket.assignee) : 0;
        store::insert_event(books.connection(), ticket.no, at, "assigned", staff,
                            json_text({{"staff", std::to_string(given)}}));
    }
    if (actions.snooze_hours > 0) put_to_sleep(books, ticket, sleeps_until(actions, at), staff, at);
    store::insert_event(books.connection(), ticket.no, at, "macro_applied", staff,
                        json_text({{"macro", std::to_string(number_of(macro.macro))},
                                   {"version", std::to_string(macro.version)},
                                   {"name", macro.written.name}}));
}

}  // namespace okpay::service
