// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "customers/permissions.hpp"
#include "desk/lifecycle.hpp"
#include "service/case_parts.hpp"
#include "service/handlers.hpp"
#include "service/macro_parts.hpp"
#include "service/promise_parts.hpp"
#include "service/rule_parts.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::StaffNo;
using desk::Macro;
using desk::MacroAssign;
using desk::MacroNo;
using store::MacroRow;

const Answer no_macro = refused(codes::not_found, "there is no such macro");

std::string object_of(MacroNo no) { return fmt::format("macro:{}", number_of(no)); }

std::optional<MacroAssign> assign_of_name(std::string_view name) {
    for (const MacroAssign assign : {MacroAssign::unchanged, MacroAssign::me, MacroAssign::nobody, MacroAssign::person}) {
        if (name_of(assign) == name) return assign;
    }
    return std::nullopt;
}

Result<Macro, Answer> written_by(Books& books, const PutMacro& body) {
    Macro macro{.name = body.name,
                .text_en = body.text_en,
                .text_zh = body.text_zh,
                .actions = {.snooze_hours = body.snooze_hours}};
    if (!body.state_after.empty()) {
        macro.actions.state_after = desk::ticket_state_of_name(body.state_after);
        if (!macro.actions.state_after)
            return fail(refused(codes::invalid, "state_after: one of open, pending_customer, solved"));
    }
    const auto assign = assign_of_name(body.assign);
    if (!assign) return fail(refused(codes::invalid, "assign_to: one of me, nobody, or a person"));
    macro.actions.assign = *assign;
    if (body.person != 0) {
        macro.actions.person = StaffNo{body.person};
        const auto person = store::find_staff(books.connection(), *macro.actions.person);
        if (!person || person->disabled)
            return fail(refused("assignee_inactive", "assign_to: nobody who works here has this number"));
    }
    if (auto fault = desk::fault_in(macro))
        return fail(
            refused(fault->says_amount ? std::string_view{"macro_says_amount"} : codes::invalid, std::move(fault->why)));
    return macro;
}

// Of a macro that comes into use under this name.
std::optional<Answer> no_room(Books& books, std::string_view name, std::optional<MacroNo> own, bool is_in_use) {
    const auto same = store::macro_named(books.connection(), name);
    if (same && same != own)
        return refused("macro_name_taken", "name: another macro in use bears it; choose one that tells them apart");
    if (!is_in_use && store::count_macros(books.connection()) >= desk::macros_max) {
        return refused("too_many_macros",
                       fmt::format("{} macros in use are the most; retire one that nobody needs", desk::macros_max));
    }
    return std::nullopt;
}

// None is ever taken away.
std::optional<Answer> no_room_for_another(Books& books) {
    if (store::count_macros_ever(books.connection()) < desk::macros_ever_max) return std::nullopt;
    return refused("too_many_macros",
                   fmt::format("{} macros with the retired ones are the most; take a retired one back into use and write "
                               "a new version of it",
                               desk::macros_ever_max));
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const PutMacro& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_macros, staff)) return *no;
    std::optional<MacroRow> row;
    if (body.macro != 0) {
        row = store::find_macro(books.connection(), MacroNo{body.macro});
        if (!row) return no_macro;
        if (row->retired) return refused("macro_retired", "this macro is retired; take it back into use first");
    }
    if (body.version != (row ? row->version : 0))
        return refused("macro_changed", "somebody wrote on this macro since you opened it; read it and save again");
    auto macro = written_by(books, body);
    if (!macro) return macro.error();
    if (auto no = no_room(books, macro->name, row ? std::optional{row->no} : std::nullopt, row.has_value())) return *no;
    if (!row) {
        if (auto no = no_room_for_another(books)) return *no;
    }
    if (row && store::find_macro_version(books.connection(), row->no, row->version).value().written == *macro)
        return Answer{.number = number_of(row->no)};
    const bool is_new = !row;
    if (is_new) row = MacroRow{.no = MacroNo{books.next_number("macro")}, .updated = {}, .updated_by = staff->no};
    row->version += 1;
    row->updated = command.at;
    row->updated_by = staff->no;
    if (is_new) store::insert_macro(books.connection(), *row);
    else store::update_macro(books.connection(), *row);
    store::insert_macro_version(books.connection(), {.no = books.next_number("macro_version"),
                                                     .macro = row->no,
                                                     .version = row->version,
                                                     .written = *std::move(macro),
                                                     .at = command.at,
                                                     .staff = staff->no});
    books.audit(command.at, command.actor, "put_macro", object_of(row->no),
                json_text({{"version", std::to_string(row->version)}}));
    return Answer{.number = number_of(row->no)};
}

Answer handle(Books& books, const Context&, const Command& command, const RetireMacro& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::edit_macros, staff)) return *no;
    auto row = store::find_macro(books.connection(), MacroNo{body.macro});
    if (!row) return no_macro;
    if (row->retired == body.retired) return Answer{.number = body.macro, .replayed = true};
    if (!body.retired) {
        const auto newest = store::find_macro_version(books.connection(), row->no, row->version).value();
        if (auto no = no_room(books, newest.written.name, row->no, false)) return *no;
        // It was lawful when it was written; what is in use is judged by what is read as an amount today.
        if (const auto fault = desk::fault_in(newest.written); fault && fault->says_amount)
            return refused("macro_says_amount", fault->why + "; write a new macro instead");
    }
    row->retired = body.retired;
    row->updated = command.at;
    row->updated_by = staff->no;
    store::update_macro(books.connection(), *row);
    books.audit(command.at, command.actor, body.retired ? "retire_macro" : "restore_macro", object_of(row->no),
                json_text({{"version", std::to_string(row->version)}}));
    return Answer{.number = body.macro};
}

Answer handle(Books& books, const Context& context, const Command& command, const ApplyMacro& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return refused(codes::not_found, "there is no such request");
    if (row->ticket.version != body.version)
        return refused(codes::ticket_changed, "somebody changed this request since you opened it; look again");
    const auto macro = macro_in_use(books, body.macro, body.macro_version);
    if (!macro) return macro.error();
    if (macro->written.writes())
        return refused("macro_writes", "this macro writes an answer: send it, and what it does is done with it");
    const desk::MacroActions& actions = macro->written.actions;
    desk::Ticket ticket = row->ticket;
    const bool moves = actions.state_after && *actions.state_after != ticket.state;
    if (moves) {
        if (!desk::may_become(ticket.state, *actions.state_after))
            return refused("state_not_allowed", "the request cannot go there from where it is");
        desk::move_to(ticket, *actions.state_after, command.at);
    }
    if (auto no = may_not_act(books, actions, ticket, command.at)) return *no;
    const desk::Ticket before = row->ticket;
    row->ticket = std::move(ticket);
    if (moves) {
        settle_promises(books, row->ticket, staff->no, command.at);
        store::insert_event(books.connection(), row->ticket.no, command.at, "state_changed", staff->no,
                            json_text({{"state", std::string{desk::state_name(*actions.state_after)}}}));
    }
    act(books, row->ticket, *macro, staff->no, command.at);
    // A request that only sleeps keeps its version: whoever writes an answer may send it.
    if (moves || actions.assign != MacroAssign::unchanged) touch_ticket(books, *row, command.at);
    books.audit(command.at, command.actor, "apply_macro", fmt::format("ticket:{}", number_of(row->ticket.no)),
                json_text({{"macro", std::to_string(body.macro)}, {"version", std::to_string(body.macro_version)}}));
    rules_on_change(books, context, command, *row, changes_between(before, row->ticket));
    return Answer{.number = number_of(row->ticket.no), .text = row->ticket.request_number};
}

}  // namespace okpay::service
