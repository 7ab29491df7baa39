// SPDX-License-Identifier: Apache-2.0
// Refunds for many requests of one incident: what each sender's own ledger proves, proposed and approved in one step each.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/problem.hpp"
#include "api/render.hpp"
#include "api/ticket_ledger.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "desk/request_number.hpp"
#include "payments/payment_ref.hpp"
#include "service/incident_parts.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t note_characters_max = 2'000;
constexpr std::size_t number_characters_max = 20;

std::int64_t incident_number(const Request& request) { return count_of(request.params.at(0)).value_or(0); }

struct Proven {
    service::TicketDetail ticket;
    SearchedLedger ledger;
    payments::Finding finding;
};
// What the ledger of this request's customer proves, and is not being given back already.
awaitable<Result<std::optional<Proven>, Problem>> proven_of(Api& api, std::string number) {
    auto query = [number](service::Queries& queries) { return queries.ticket_detail(number); };
    auto detail = co_await api.read(std::move(query));
    if (!detail) co_return fail(problem_of(detail.error()));
    if (!*detail || (*detail)->ticket.open_remedy) co_return std::optional<Proven>{};
    auto ledger = co_await searched_ledger(api, **detail);
    if (!ledger) co_return fail(ledger.error());
    for (const payments::Finding& finding : ledger->findings) {
        const bool refundable = finding.refundable && finding.refundable->minor() > 0 && finding.give_back != 0;
        if (!refundable || finding.pair_class != payments::PairClass::true_duplicate_same_order) continue;
        const payments::Finding found = finding;
        co_return std::optional{Proven{**std::move(detail), *std::move(ledger), found}};
    }
    co_return std::optional<Proven>{};
}

awaitable<Result<std::vector<std::string>, Problem>> members_of(Api& api, std::int64_t no, SignedIn who) {
    auto query = [no](service::Queries& queries) { return queries.incident(no); };
    const auto detail = co_await api.read(std::move(query));
    if (!detail) co_return fail(problem_of(detail.error()));
    if (!*detail) co_return fail(not_found());
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return fail(kept.error());
    std::vector<std::string> numbers;
    for (const service::IncidentMemberView& member : (*detail)->members) {
        const auto& customer = member.ticket.customer;
        if (!customer || kept->has(customer->no) || !member.row.standing || member.row.apart) continue;
        numbers.push_back(member.ticket.row.ticket.request_number);
    }
    co_return numbers;
}

json::object proven_json(const Proven& proven) {
    return {{"ticket", proven.ticket.ticket.row.ticket.request_number},
            {"finding", finding_json(proven.finding, proven.ledger.history, proven.ledger.customer->wallets)}};
}

struct Outcome {
    std::string of, word;
};
// As the writer says them, "OK-7F3K9Q2=proposed,…".
std::vector<Outcome> outcomes_of(const service::Answer& answer) {
    std::vector<Outcome> outcomes;
    for (const std::string_view one : split(answer.text, ',')) {
        const auto at = one.find('=');
        if (at != std::string_view::npos)
            outcomes.push_back({std::string{one.substr(0, at)}, std::string{one.substr(at + 1)}});
    }
    return outcomes;
}

Response outcomes_response(const std::vector<Outcome>& outcomes) {
    json::array items;
    for (const Outcome& one : outcomes) items.push_back(json::object{{"of", one.of}, {"outcome", outside_code(one.word)}});
    return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

}  // namespace

awaitable<Response> list_incident_refunds(Api& api, Request request, SignedIn who) {
    const auto members = co_await members_of(api, incident_number(request), who);
    if (!members) co_return problem(members.error());
    json::array items;
    for (const std::string& number : *members) {
        if (items.size() == service::incident_refunds_max) break;
        const auto proven = co_await proven_of(api, number);
        if (!proven) co_return problem(proven.error());
        if (*proven) items.push_back(proven_json(**proven));
    }
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> propose_incident_refunds(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const auto tickets = body.texts("tickets", service::incident_refunds_max, number_characters_max);
    const std::string note = body.text("note", {.characters_max = note_characters_max, .required = false});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::ProposeIncidentRefunds command{.incident = incident_number(request), .refunds = {}};
    std::vector<std::string> named;
    for (const std::string& said : tickets) {
        const auto number = desk::RequestNumber::parse(said);
        if (!number) co_return problem(malformed("/tickets: not a request number."));
        named.push_back(number->text());
        const auto proven = co_await proven_of(api, named.back());
        if (!proven) co_return problem(proven.error());
        if (!*proven) continue;
        const payments::Finding& finding = (*proven)->finding;
        command.refunds.push_back({.ticket = number->text(),
                                   .remedy_id = fresh_id<RemedyId>().text(),
                                   .payment = finding.give_back,
                                   .duplicate_of = finding.duplicate_of,
                                   .amount_minor = finding.refundable->minor(),
                                   .currency = std::string{money::code_of(finding.refundable->currency())},
                                   .expected_refundable = finding.refundable->minor(),
                                   .reason = "duplicate",
                                   .note = note,
                                   .evidence = evidence_json((*proven)->ticket, (*proven)->ledger, finding.give_back,
                                                             finding.duplicate_of, note)});
    }
    service::Command asked{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                           .at = api.now(),
                           .actor = actor_of(who),
                           .body = std::move(command)};
    const service::Answer answer = co_await api.submit(std::move(asked));
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto outcomes = outcomes_of(answer);
    const bool is_same =
        std::ranges::all_of(outcomes, [&](const Outcome& one) { return std::ranges::find(named, one.of) != named.end(); });
    if (answer.replayed && !is_same) {
        co_return problem(
            {.code = "idempotency_key_reused", .detail = "This key was used for other requests; make a new one."});
    }
    Response response = outcomes_response(outcomes);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> approve_incident_refunds(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::vector<std::string> remedies = body.texts("remedies", desk::approved_together_max, 64);
    std::string code = body.text("totp", {.characters_max = 16});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::ApproveIncidentRefunds command{.incident = incident_number(request),
                                            .remedies = std::move(remedies),
                                            .totp_code = std::move(code),
                                            .seed = fresh_id<CommandId>().text()};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return outcomes_response(outcomes_of(answer));
}

}  // namespace okpay::api
