// SPDX-License-Identifier: Apache-2.0
// What staff do with incidents: who belongs to one, the one text for all, its end, and refunds for many at once.
#include <fmt/format.h>

#include <algorithm>

#include "customers/permissions.hpp"
#include "desk/remedy.hpp"
#include "service/follow_parts.hpp"
#include "service/incident_parts.hpp"
#include "service/money_parts.hpp"
#include "service/remedy_parts.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using desk::IncidentNo;
using desk::IncidentRefusal;
using desk::IncidentState;
using desk::IncidentStep;
using store::IncidentRow;
using store::MemberRow;

Answer refused(IncidentRefusal refusal) {
    return service::refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}
Answer done_for(const IncidentRow& incident) { return Answer{.number = number_of(incident.no)}; }

struct Opened {
    store::StaffRow staff;
    IncidentRow incident;
};
Result<Opened, Answer> opened_by(Books& books, const Command& command, std::int64_t no, Permission permission) {
    std::optional<store::StaffRow> staff;
    if (auto why = not_permitted(books, command.actor, permission, staff)) return fail(*std::move(why));
    auto incident = store::find_incident(books.connection(), IncidentNo{no});
    if (!incident) return fail(service::refused(codes::not_found, "there is no such incident"));
    return Opened{*std::move(staff), *std::move(incident)};
}

// A request that this member of staff may see.
std::optional<store::TicketRow> request_of(Books& books, const store::StaffRow& staff, const std::string& number) {
    auto row = store::find_ticket(books.connection(), number);
    if (row && !may_see(books, staff, row->ticket)) row.reset();
    return row;
}
Answer no_ticket() { return service::refused(codes::not_found, "there is no such request"); }

void audit(Books& books, const Command& command, std::string_view action, const IncidentRow& incident, std::string detail) {
    books.audit(command.at, command.actor, action, fmt::format("incident:{}", number_of(incident.no)), std::move(detail));
}

void move_to(Books& books, IncidentRow& incident, IncidentState state, IncidentStep step, const Command& command,
             const store::StaffRow& staff) {
    incident.state = state;
    incident.updated = std::max(incident.updated, command.at);
    store::update_incident(books.connection(), incident);
    store::insert_step(books.connection(), {.no = books.next_number("incident_step"),
                                            .incident = incident.no,
                                            .step = step,
                                            .at = command.at,
                                            .staff = staff.no,
                                            .ticket = std::nullopt});
    // Their pages say how it stands.
    for (const MemberRow& member : store::members_of(books.connection(), incident.no)) {
        if (const auto row = store::find_ticket(books.connection(), member.ticket))
            books.news().tickets.push_back(row->ticket.request_number);
    }
}

// The first of those that wait; the rest follows in commits of its own.
std::vector<std::int64_t> tell_some(Books& books, const Context& context, std::int64_t max, std::string_view seed,
                                    Moment at) {
    std::vector<std::int64_t> looked_at;
    for (MemberRow& member : store::due_members(books.connection(), max)) {
        tell_member(books, context, member, seed, at);
        looked_at.push_back(number_of(member.ticket));
    }
    return looked_at;
}

void add_outcome(std::string& all, std::string_view of, std::string_view word) {
    all += fmt::format("{}{}={}", all.empty() ? "" : ",", of, word);
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const AddToIncident& body) {
    auto opened = opened_by(books, command, body.incident, Permission::reply);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    const auto row = request_of(books, staff, body.ticket);
    if (!row) return no_ticket();
    if (incident.state == IncidentState::closed) return refused(IncidentRefusal::closed);
    if (row->ticket.state == desk::TicketState::closed) return refused(IncidentRefusal::request_closed);
    const auto before = store::incident_of(books.connection(), row->ticket.no);
    if (before && before->no == incident.no) return refused(IncidentRefusal::is_member);
    if (before && before->state != IncidentState::closed) return refused(IncidentRefusal::in_another);
    const bool apart = part_of_request(*row) == desk::Part::apart;
    MemberRow member = join_incident(books, incident, row->ticket, apart, command.at, staff.no);
    audit(books, command, "add_to_incident", incident, json_text({{"ticket", std::to_string(number_of(row->ticket.no))}}));
    if (incident.state == IncidentState::told) {
        member.due = store::Due::unless_answered;
        tell_member(books, context, member, body.seed, command.at);
    }
    return done_for(incident);
}

Answer handle(Books& books, const Context&, const Command& command, const RemoveFromIncident& body) {
    auto opened = opened_by(books, command, body.incident, Permission::reply);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    const auto row = request_of(books, staff, body.ticket);
    if (!row) return no_ticket();
    if (incident.state == IncidentState::closed) return refused(IncidentRefusal::closed);
    auto member = store::find_member(books.connection(), incident.no, row->ticket.no);
    if (!member || !member->standing) return refused(IncidentRefusal::no_member);
    member->standing = false;
    member->due = store::Due::no;
    store::update_member(books.connection(), *member);
    store::insert_step(books.connection(), {.no = books.next_number("incident_step"),
                                            .incident = incident.no,
                                            .step = IncidentStep::removed,
                                            .at = command.at,
                                            .staff = staff.no,
                                            .ticket = row->ticket.no});
    const std::string detail = json_text({{"incident", std::to_string(body.incident)}});
    store::insert_event(books.connection(), row->ticket.no, command.at, "left_incident", staff.no, detail);
    incident.updated = std::max(incident.updated, command.at);
    store::update_incident(books.connection(), incident);
    books.news().tickets.push_back(row->ticket.request_number);
    audit(books, command, "remove_from_incident", incident,
          json_text({{"ticket", std::to_string(number_of(row->ticket.no))}}));
    return done_for(incident);
}

Answer handle(Books& books, const Context& context, const Command& command, const TellIncident& body) {
    auto opened = opened_by(books, command, body.incident, Permission::reply);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    if (body.also.size() > also_told_max)
        return service::refused(codes::invalid, fmt::format("also: {} requests at most", also_told_max));
    if (incident.state == IncidentState::closed) return refused(IncidentRefusal::closed);
    const desk::IncidentText text{body.text_en, body.text_zh_hans, body.text_zh_hant};
    const auto written = store::find_incident_text(books.connection(), incident.no);
    if (written) {
        if (text != desk::IncidentText{} && text != written->text) return refused(IncidentRefusal::told_already);
    } else if (auto fault = desk::fault_in(text)) {
        return service::refused(fault->says_figure ? codes::unbound_amount : codes::invalid,
                                "text_" + std::move(fault->why));
    }
    std::vector<MemberRow> due;
    std::size_t known = 0;  // of those named
    for (MemberRow& member : store::members_of(books.connection(), incident.no)) {
        const auto row = store::find_ticket(books.connection(), member.ticket).value();
        const bool chosen = std::ranges::find(body.also, row.ticket.request_number) != body.also.end();
        known += chosen && member.standing ? 1 : 0;
        if (desk::left_out(member_now(books.connection(), member, row, chosen)) != desk::LeftOut::no) continue;
        member.due = chosen ? store::Due::chosen : store::Due::unless_answered;
        due.push_back(member);
    }
    if (known != body.also.size()) return refused(IncidentRefusal::no_member);
    if (due.empty()) return refused(IncidentRefusal::nobody_to_tell);
    if (!written) {
        store::insert_incident_text(books.connection(),
                                    {.incident = incident.no, .text = text, .at = command.at, .staff = staff.no});
        move_to(books, incident, IncidentState::told, IncidentStep::told, command, staff);
    }
    for (const MemberRow& member : due) store::update_member(books.connection(), member);
    audit(books, command, "tell_incident", incident, json_text({{"requests", std::to_string(due.size())}}));
    tell_some(books, context, told_at_once_max, body.seed, command.at);
    return done_for(incident);
}

Answer handle(Books& books, const Context& context, const Command& command, const TellIncidentMembers& body) {
    return Answer{.numbers = tell_some(books, context, body.members_max, body.seed, command.at)};
}

Answer handle(Books& books, const Context&, const Command& command, const CloseIncident& body) {
    auto opened = opened_by(books, command, body.incident, Permission::reply);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    if (incident.state == IncidentState::closed) return refused(IncidentRefusal::closed);
    const auto members = store::members_of(books.connection(), incident.no);
    if (std::ranges::any_of(members, [](const MemberRow& one) { return one.due != store::Due::no; }))
        return refused(IncidentRefusal::being_told);
    move_to(books, incident, IncidentState::closed, IncidentStep::closed, command, staff);
    audit(books, command, "close_incident", incident, "{}");
    return done_for(incident);
}

Answer handle(Books& books, const Context&, const Command& command, const ReopenIncident& body) {
    auto opened = opened_by(books, command, body.incident, Permission::reply);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    if (incident.state != IncidentState::closed) return refused(IncidentRefusal::not_closed);
    if (store::standing_incident(books.connection(), incident.topic)) return refused(IncidentRefusal::another_stands);
    for (const MemberRow& member : store::members_of(books.connection(), incident.no)) {
        const auto now = store::incident_of(books.connection(), member.ticket);
        if (member.standing && now && now->no != incident.no && now->state != IncidentState::closed)
            return refused(IncidentRefusal::in_another);
    }
    const bool told = store::find_incident_text(books.connection(), incident.no).has_value();
    move_to(books, incident, told ? IncidentState::told : IncidentState::open, IncidentStep::reopened, command, staff);
    audit(books, command, "reopen_incident", incident, "{}");
    return done_for(incident);
}

Answer handle(Books& books, const Context& context, const Command& command, const ProposeIncidentRefunds& body) {
    auto opened = opened_by(books, command, body.incident, Permission::propose_remedy);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    if (incident.state == IncidentState::closed) return refused(IncidentRefusal::closed);
    if (body.refunds.empty()) return refused(IncidentRefusal::nothing_proven);
    if (body.refunds.size() > incident_refunds_max)
        return service::refused(codes::invalid, fmt::format("requests: {} at most", incident_refunds_max));
    Answer answer = done_for(incident);
    std::int64_t made = 0;
    for (const ProposeRefund& refund : body.refunds) {
        const auto row = request_of(books, staff, refund.ticket);
        const auto member =
            row ? store::find_member(books.connection(), incident.no, row->ticket.no) : std::optional<MemberRow>{};
        if (!member || !member->standing || member->apart || is_guarded(*row)) {
            add_outcome(answer.text, refund.ticket, desk::code_of(IncidentRefusal::no_member));
            answer.numbers.push_back(0);
            continue;
        }
        const Answer proposed = handle(books, context, command, refund);
        if (proposed.done()) {
            store::insert_incident_refund(books.connection(), incident.no, desk::RemedyNo{proposed.number});
            ++made;
        }
        add_outcome(answer.text, refund.ticket, proposed.done() ? "proposed" : proposed.code);
        answer.numbers.push_back(proposed.done() ? proposed.number : 0);
    }
    audit(books, command, "propose_incident_refunds", incident, json_text({{"proposals", std::to_string(made)}}));
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const ApproveIncidentRefunds& body) {
    auto opened = opened_by(books, command, body.incident, Permission::approve_remedy);
    if (!opened) return opened.error();
    auto& [staff, incident] = *opened;
    std::vector<desk::Remedy> remedies;
    for (const std::string& said : body.remedies) {
        const auto id = RemedyId::parse(said);
        auto remedy = id ? store::find_remedy(books.connection(), *id) : std::nullopt;
        if (!remedy || !store::is_incident_refund(books.connection(), incident.no, remedy->no))
            return service::refused(codes::not_found, "one of these was not proposed for this incident");
        if (std::ranges::find(remedies, remedy->no, &desk::Remedy::no) != remedies.end())
            return service::refused(codes::invalid, "remedies: each once");
        remedies.push_back(*std::move(remedy));
    }
    if (const auto why = desk::may_approve_together(remedies, context.settings().incident_refunds))
        return service::refused(desk::code_of(*why), std::string{desk::sentence_en(*why)});
    // What no code could cure comes first, so that none is burnt on it.
    if (std::ranges::any_of(remedies, [&](const desk::Remedy& one) { return one.proposer == staff.no; })) {
        return service::refused(desk::code_of(desk::RemedyRefusal::proposer_cannot_approve),
                                std::string{desk::sentence_en(desk::RemedyRefusal::proposer_cannot_approve)});
    }
    if (auto wrong = check_second_factor(books, context, staff.no, body.totp_code, command.at)) return *wrong;
    Answer answer = done_for(incident);
    std::int64_t executed = 0;
    for (const desk::Remedy& remedy : remedies) {
        // The risk team has it since: one by one, by somebody who has looked.
        if (is_guarded(store::find_ticket(books.connection(), remedy.ticket).value())) {
            add_outcome(answer.text, remedy.id.text(), "kept_by_risk_team");
            answer.numbers.push_back(number_of(remedy.no));
            continue;
        }
        const StepIds ids{body.seed, number_of(remedy.no), command.at};
        const Answer one = approve(books, context, command, staff,
                                   {.remedy_id = remedy.id.text(),
                                    .totp_code = {},
                                    .message_id = ids.next<MessageId>("incident refund").text(),
                                    .outgoing_id = ids.next<OutgoingId>("incident refund").text()},
                                   true);
        executed += one.done() ? 1 : 0;
        add_outcome(answer.text, remedy.id.text(), one.done() ? "executed" : one.code);
        answer.numbers.push_back(number_of(remedy.no));
    }
    audit(books, command, "approve_incident_refunds", incident, json_text({{"executed", std::to_string(executed)}}));
    return answer;
}

}  // namespace okpay::service
