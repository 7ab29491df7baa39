// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "service/incident_parts.hpp"
#include "service/queries_parts.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using store::Connection;
using store::IncidentRow;

// As people know it: the merchant's name; the rest is its own word.
std::string thing_of(Connection& connection, const desk::Topic& topic) {
    if (topic.kind != desk::TopicKind::merchant) return topic.thing;
    std::int64_t no = 0;
    std::from_chars(topic.thing.data(), topic.thing.data() + topic.thing.size(), no);
    const auto merchant = store::find_merchant(connection, customers::MerchantNo{no});
    if (!merchant) parts::missing("merchant", no);
    return merchant->name;
}

IncidentLine line_of(Connection& connection, const IncidentRow& row) {
    return {.row = row,
            .thing = thing_of(connection, row.topic),
            .members = store::count_members(connection, row.no),
            .told = store::count_told(connection, row.no)};
}

std::string number_of_ticket(Connection& connection, desk::TicketNo no) {
    const auto row = store::find_ticket(connection, no);
    if (!row) parts::missing("ticket", number_of(no));
    return row->ticket.request_number;
}

void add_members(Connection& connection, parts::People& people, IncidentDetail& detail) {
    auto members = store::members_of(connection, detail.line.row.no);
    std::ranges::reverse(members);
    for (const store::MemberRow& member : members) {
        auto row = store::find_ticket(connection, member.ticket);
        if (!row) parts::missing("ticket", number_of(member.ticket));
        const desk::LeftOut why = desk::left_out(member_now(connection, member, *row, false));
        if (why == desk::LeftOut::no) {
            const auto language = static_cast<std::size_t>(desk::language_of(row->ticket.language));
            detail.recipients.at(language - 1) += 1;
        }
        if (detail.members.size() >= incident_members_shown_max) continue;
        const auto told = store::find_told(connection, member.incident, member.ticket);
        store::MemberRow now = member;
        now.apart = now.apart || is_guarded(*row);  // given to the risk team since
        detail.members.push_back({.row = now,
                                  .ticket = parts::ticket_view(connection, people, *std::move(row)),
                                  .told = told ? std::optional{told->at} : std::nullopt,
                                  .left_out = why});
    }
}

void add_steps(Connection& connection, parts::People& people, IncidentDetail& detail) {
    auto steps = store::steps_of(connection, detail.line.row.no);
    std::ranges::reverse(steps);
    if (steps.size() > incident_members_shown_max) steps.resize(incident_members_shown_max, steps.front());
    for (const store::StepRow& step : steps) {
        detail.steps.push_back(
            {.row = step,
             .staff = people.find(step.staff),
             .ticket = step.ticket ? std::optional{number_of_ticket(connection, *step.ticket)} : std::nullopt});
    }
}

void add_refunds(Connection& connection, parts::People& people, IncidentDetail& detail) {
    for (const desk::RemedyNo no : store::incident_refunds_of(connection, detail.line.row.no)) {
        auto view = parts::remedy_view(connection, people, number_of(no));
        if (!view) parts::missing("remedy", number_of(no));
        const auto& customer = view->ticket.customer;
        detail.refunds.push_back({.remedy = std::move(view->remedy),
                                  .ticket = view->ticket.row.ticket.request_number,
                                  .customer = customer ? std::optional{customer->no} : std::nullopt,
                                  .proposer = std::move(view->proposer)});
    }
}

}  // namespace

std::optional<TicketIncident> parts::incident_of(Connection& connection, desk::TicketNo ticket) {
    const auto row = store::incident_of(connection, ticket);
    if (!row) return std::nullopt;
    const auto member = store::find_member(connection, row->no, ticket).value();
    const auto told = store::find_told(connection, row->no, ticket);
    return TicketIncident{.line = line_of(connection, *row),
                          .apart = member.apart || is_guarded(store::find_ticket(connection, ticket).value()),
                          .told = told ? std::optional{told->at} : std::nullopt};
}

Read<IncidentPage> Queries::incidents(bool standing, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        IncidentPage page;
        for (const IncidentRow& row : store::incidents(connection, standing, before, limit + 1)) {
            if (std::ssize(page.items) == limit) {
                page.next = number_of(page.items.back().row.no);
                break;
            }
            page.items.push_back(line_of(connection, row));
        }
        return page;
    });
}

Read<std::optional<IncidentDetail>> Queries::incident(std::int64_t no) {
    return pool_.read([&](Connection& connection) -> std::optional<IncidentDetail> {
        const Snapshot snapshot{connection};
        const auto row = store::find_incident(connection, desk::IncidentNo{no});
        if (!row) return std::nullopt;
        parts::People people{connection};
        IncidentDetail detail{.line = line_of(connection, *row), .members = {}, .steps = {}, .text = {}, .refunds = {}};
        add_members(connection, people, detail);
        add_steps(connection, people, detail);
        if (auto text = store::find_incident_text(connection, row->no)) {
            Person staff = people.find(text->staff).value();
            detail.text = IncidentDetail::Text{*std::move(text), std::move(staff)};
        }
        add_refunds(connection, people, detail);
        return detail;
    });
}

}  // namespace okpay::service
