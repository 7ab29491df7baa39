// SPDX-License-Identifier: Apache-2.0
// People set right how a request was sorted, or hand it over to another team.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "content/mask.hpp"
#include "customers/permissions.hpp"
#include "desk/lifecycle.hpp"
#include "desk/routing.hpp"
#include "service/handlers.hpp"
#include "service/incident_parts.hpp"
#include "service/rule_parts.hpp"
#include "service/sorting_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/sorting_store.hpp"
#include "triage/reading.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using desk::HandOverForm;
using desk::Sorting;
using desk::SortRefusal;

Answer refused(SortRefusal refusal) {
    return service::refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}

bool is_short_text(std::string_view text) { return text.size() <= hand_over_octets_max && is_utf8(text); }

// The form, and why, as one note; empty where nothing was said.
std::string note_of(const SortTicket& body) {
    const auto masked = [](const std::string& text) { return content::mask_secrets(text).text; };
    const HandOverForm form{masked(body.what_happens), masked(body.steps),  masked(body.error_code),
                            masked(body.since),        masked(body.device), masked(body.tried)};
    std::string text = desk::text_of(form, desk::language_of(body.language));
    const std::string why = masked(std::string{trimmed(body.note)});
    if (!why.empty()) text += (text.empty() ? "" : "\n\n") + why;
    return text;
}

}  // namespace

std::vector<desk::SortedWhat> sort(Books& books, store::TicketRow& row, const Sorting& to,
                                   std::optional<customers::StaffNo> staff, Moment at) {
    desk::Ticket& ticket = row.ticket;
    const Sorting was = desk::sorting_of(ticket);
    std::vector<desk::SortedWhat> changed;
    for (const auto what : {desk::SortedWhat::category, desk::SortedWhat::urgency, desk::SortedWhat::team}) {
        const std::string& before = word_in(was, what);
        const std::string& after = word_in(to, what);
        if (before == after) continue;
        changed.push_back(what);
        store::insert_sorting(books.connection(), {.no = books.next_number("sorting"),
                                                   .ticket = ticket.no,
                                                   .at = at,
                                                   .staff = staff,
                                                   .what = what,
                                                   .was = before,
                                                   .became = after});
        store::insert_event(books.connection(), ticket.no, at, staff ? "sorted" : "raised", staff,
                            json_text({{"what", std::string{name_of(what)}}, {"was", before}, {"became", after}}));
    }
    ticket.category = to.category;
    ticket.urgency = to.urgency;
    ticket.route = to.team;
    // What the customer wrote later makes a request of it: its 24 hours begin with that word, not with what was set aside.
    if (!staff && was.team == desk::no_action_team && !desk::is_set_aside(ticket) && !ticket.first_replied) {
        ticket.first_reply_due = desk::first_reply_due(at);
        ticket.clock_told = 0;
    }
    // Once begun, the investigation goes on whatever it is called: the customer was told.
    if (!ticket.investigation_due) {
        ticket.investigation_due = desk::investigation_due(ticket.opened, ticket.category);
        if (ticket.investigation_due) ticket.clock_told = 0;  // of this one nobody was told yet
    }
    if (was.team != to.team && ticket.assignee) {
        const auto has_it = store::find_staff(books.connection(), *ticket.assignee).value();
        if (has_it.role != desk::role_of_team(to.team)) {
            ticket.assignee = std::nullopt;
            store::insert_event(books.connection(), ticket.no, at, "assigned", staff, json_text({{"staff", "0"}}));
        }
    }
    return changed;
}

void take_out(Books& books, store::TicketRow& row, Moment at) {
    if (!desk::is_set_aside(row.ticket)) return;
    Sorting to = desk::sorting_of(row.ticket);
    to.category = triage::name_of(triage::Category::unclear);
    to.team = "agent";
    sort(books, row, to, std::nullopt, at);
}

Answer handle(Books& books, const Context& context, const Command& command, const SortTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return service::refused(codes::not_found, "there is no such request");
    const auto id = MessageId::parse(body.message_id);
    const bool readable =
        std::ranges::all_of(std::initializer_list<std::string_view>{body.note, body.what_happens, body.steps,
                                                                    body.error_code, body.since, body.device, body.tried},
                            is_short_text);
    if (!id || !readable) return service::refused(codes::invalid, "note, form: too long, or not UTF-8");
    if (row->ticket.version != body.version)
        return service::refused(codes::ticket_changed, "somebody changed this request since you opened it; look again");
    const HandOverForm form{body.what_happens, body.steps, body.error_code, body.since, body.device, body.tried};
    const auto to = desk::decide_sorting(row->ticket, is_guarded(*row),
                                         {.to = {body.category, body.urgency, body.team},
                                          .with_complete_form = is_complete(form),
                                          .may_calm_attacks = customers::may(staff->role, Permission::decide_locks)});
    if (!to) return refused(to.error());
    const desk::Ticket before = row->ticket;
    const auto changed = sort(books, *row, *to, staff->no, command.at);
    if (before.route != row->ticket.route) wake(books, row->ticket, command.at, "staff", staff->no);
    if (const std::string note = note_of(body); !note.empty()) {
        store::insert_message(books.connection(), {.no = desk::MessageNo{books.next_number("message")},
                                                   .id = *id,
                                                   .ticket = row->ticket.no,
                                                   .direction = desk::Direction::note,
                                                   .author = desk::Author::staff,
                                                   .staff = staff->no,
                                                   .from_address = staff->email,
                                                   .body = note,
                                                   .at = command.at});
    }
    row->ticket.updated = std::max(row->ticket.updated, command.at);
    row->ticket.version += 1;
    store::update_ticket(books.connection(), *row);
    books.news().tickets.push_back(row->ticket.request_number);
    for (const desk::SortedWhat what : changed) {
        books.audit(command.at, command.actor, "sort", fmt::format("ticket:{}", number_of(row->ticket.no)),
                    json_text({{"what", std::string{name_of(what)}},
                               {"was", word_in(desk::sorting_of(before), what)},
                               {"became", word_in(*to, what)}}));
    }
    rules_on_change(books, context, command, *row, changes_between(before, row->ticket));
    if (before.route != row->ticket.route) route_new(books, command, *row);
    return Answer{.number = number_of(row->ticket.no), .text = row->ticket.request_number};
}

}  // namespace okpay::service
