// SPDX-License-Identifier: Apache-2.0
// Incidents: who belongs to one, the one text for all, its end.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "service/traditional.hpp"

namespace okpay::api {
namespace {

using desk::Language;

constexpr std::size_t number_characters_max = 20;
constexpr std::size_t also_max = 500;

std::int64_t incident_number(const Request& request) { return count_of(request.params.at(0)).value_or(0); }

json::object text_json(const desk::IncidentText& text) {
    return {{"text_en", text.en}, {"text_zh_hans", text.zh_hans}, {"text_zh_hant", text.zh_hant}};
}

json::array recipients_json(const service::IncidentDetail& detail) {
    json::array recipients;
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        recipients.push_back(json::object{{"language", desk::tag_of(language)},
                                          {"requests", detail.recipients.at(static_cast<std::size_t>(language) - 1)}});
    }
    return recipients;
}

json::object member_json(const service::IncidentMemberView& view, const Viewer& viewer) {
    const std::string_view why = desk::name_of(view.left_out);
    return {{"ticket", ticket_summary_json(view.ticket, viewer)},
            {"joined_at", rfc3339(view.row.since)},
            {"standing", view.row.standing},
            {"apart", view.row.apart},
            {"due", view.row.due != store::Due::no},
            {"told_at", time_json(view.told)},
            {"left_out", why.empty() ? json::value(nullptr) : json::value(why)}};
}

// What is of a customer whom the reader has to do with is left out, as if it were not there.
json::object detail_json(const service::IncidentDetail& detail, const Viewer& viewer, const KeptFrom& kept) {
    json::object body = incident_json(detail.line);
    json::array members, steps, refunds;
    std::vector<std::string> named;
    for (const service::IncidentMemberView& member : detail.members) {
        if (member.ticket.customer && kept.has(member.ticket.customer->no)) continue;
        named.push_back(member.ticket.row.ticket.request_number);
        members.push_back(member_json(member, viewer));
    }
    for (const auto& step : detail.steps) {
        if (step.ticket && std::ranges::find(named, *step.ticket) == named.end()) continue;  // not shown above either
        steps.push_back(json::object{{"step", desk::name_of(step.row.step)},
                                     {"at", rfc3339(step.row.at)},
                                     {"staff", step.staff ? json::value(person_json(*step.staff)) : json::value(nullptr)},
                                     {"ticket", text_or_null(step.ticket)}});
    }
    for (const auto& refund : detail.refunds) {
        if (kept.has(refund.customer)) continue;
        refunds.push_back(json::object{{"id", refund.remedy.id.text()},
                                       {"ticket", refund.ticket},
                                       {"state", desk::state_name(refund.remedy.state)},
                                       {"amount", amount_json(refund.remedy.amount)},
                                       {"reason", refund.remedy.reason},
                                       {"proposed_by", person_json(refund.proposer)}});
    }
    body["members"] = std::move(members);
    body["steps"] = std::move(steps);
    body["recipients"] = recipients_json(detail);
    body["refunds"] = std::move(refunds);
    body["text"] = nullptr;
    if (detail.text) {
        json::object text = text_json(detail.text->row.text);
        text["at"] = rfc3339(detail.text->row.at);
        text["staff"] = person_json(detail.text->staff);
        body["text"] = std::move(text);
    }
    return body;
}

awaitable<Result<service::IncidentDetail, Problem>> detail_of(Api& api, std::int64_t no) {
    auto query = [no](service::Queries& queries) { return queries.incident(no); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

awaitable<Response> shown(Api& api, std::int64_t no, SignedIn who) {
    const auto detail = co_await detail_of(api, no);
    if (!detail) co_return problem(detail.error());
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    co_return json_response(200, json::serialize(detail_json(*detail, Viewer{who.staff}, *kept)));
}

template <class Body>
awaitable<Response> done(Api& api, Body command, SignedIn who) {
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await shown(api, answer.number, std::move(who));
}

// In any case; the writer looks it up exactly.
std::string canonical_number(const std::string& said) {
    const auto number = desk::RequestNumber::parse(said);
    return number ? number->text() : said;
}

// Traditional Chinese may be left to us: made of the Simplified, and shown before it is sent.
desk::IncidentText text_in(BodyReader& body, bool required) {
    const auto said = [&](std::string_view name, bool needed) {
        return body.text(name, {.characters_max = desk::incident_text_octets_max, .required = needed});
    };
    desk::IncidentText text{said("text_en", required), said("text_zh_hans", required), said("text_zh_hant", false)};
    if (trimmed(text.zh_hant).empty() && !trimmed(text.zh_hans).empty())
        text.zh_hant = service::traditional_of(text.zh_hans);
    return text;
}

std::string number_in(BodyReader& body) {
    return canonical_number(body.text("ticket", {.characters_max = number_characters_max}));
}

}  // namespace

json::object incident_json(const service::IncidentLine& line) {
    const store::IncidentRow& row = line.row;
    return {{"id", number_of(row.no)},
            {"state", desk::name_of(row.state)},
            {"about", json::object{{"kind", desk::name_of(row.topic.kind)}, {"thing", line.thing}}},
            {"since", rfc3339(row.since)},
            {"opened_at", rfc3339(row.opened)},
            {"updated_at", rfc3339(row.updated)},
            {"requests", line.members},
            {"told", line.told},
            {"burst", json::object{{"requests", row.requests},
                                   {"customers", row.customers},
                                   {"usual_requests", row.usual.requests},
                                   {"usual_days", row.usual.days}}}};
}

json::object ticket_incident_json(const service::TicketIncident& incident) {
    json::object shown = incident_json(incident.line);
    shown["apart"] = incident.apart;
    shown["told_at"] = time_json(incident.told);
    return shown;
}

awaitable<Response> list_incidents(Api& api, Request request, SignedIn) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::string view = request.query_value("view").value_or("standing");
    if (view != "standing" && view != "closed") co_return problem(malformed("view: one of standing, closed."));
    auto query = [standing = view == "standing", before = *cursor ? (*cursor)->number : 0,
                  limit = *limit](service::Queries& queries) { return queries.incidents(standing, before, limit); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::IncidentLine& line : page->items) items.push_back(incident_json(line));
    co_return json_response(200, json::serialize(
                                     json::object{{"items", std::move(items)}, {"next_cursor", cursor_json(page->next)}}));
}

awaitable<Response> get_incident(Api& api, Request request, SignedIn who) {
    co_return co_await shown(api, incident_number(request), std::move(who));
}

awaitable<Response> preview_incident_text(Api& api, Request request, SignedIn) {
    BodyReader body{request};
    const desk::IncidentText text = text_in(body, true);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto fault = desk::fault_in(text)) {
        if (!fault->says_figure) co_return problem(malformed("/text_" + fault->why));
        co_return problem(Problem{.code = "unbound_amount", .detail = "text_" + fault->why});
    }
    const auto detail = co_await detail_of(api, incident_number(request));
    if (!detail) co_return problem(detail.error());
    json::object shown = text_json(text);
    shown["recipients"] = recipients_json(*detail);
    co_return json_response(200, json::serialize(shown));
}

awaitable<Response> tell_incident(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    desk::IncidentText text = text_in(body, false);
    std::vector<std::string> also;
    for (const std::string& said : body.texts("also", also_max, number_characters_max, false))
        also.push_back(canonical_number(said));
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::TellIncident command{.incident = incident_number(request),
                                  .text_en = std::move(text.en),
                                  .text_zh_hans = std::move(text.zh_hans),
                                  .text_zh_hant = std::move(text.zh_hant),
                                  .also = std::move(also),
                                  .seed = fresh_id<CommandId>().text()};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> add_to_incident(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string ticket = number_in(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::AddToIncident command{.incident = incident_number(request),
                                   .ticket = std::move(ticket),
                                   .seed = fresh_id<CommandId>().text()};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> remove_from_incident(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string ticket = number_in(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::RemoveFromIncident command{.incident = incident_number(request), .ticket = std::move(ticket)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> close_incident(Api& api, Request request, SignedIn who) {
    service::CloseIncident command{.incident = incident_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> reopen_incident(Api& api, Request request, SignedIn who) {
    service::ReopenIncident command{.incident = incident_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

}  // namespace okpay::api
