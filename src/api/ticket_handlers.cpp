// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <charconv>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/promise_claim.hpp"
#include "desk/promises.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t text_characters_max = 50'000;
constexpr std::size_t figures_max = 50;
constexpr std::size_t words_octets_max = 800;
constexpr std::size_t mentions_read_max = 50;  // the writer says how many may be

Problem text_missing() { return {.code = "text_missing", .detail = "Write something first."}; }

// The state it wants is not one the ticket can go to; the writer names the member at fault.
Problem of_ticket_command(const service::Answer& refused) {
    Problem found = problem_of(refused);
    if (refused.code == service::codes::invalid && refused.detail.starts_with("state")) found.code = "state_not_allowed";
    return found;
}

awaitable<Response> message_made(Api& api, service::Answer answer, SignedIn who) {
    auto query = [no = answer.number](service::Queries& queries) { return queries.message(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(201, json::serialize(message_json(**found, Viewer{who.staff})));
}

}  // namespace

awaitable<Response> ticket_summary_of(Api& api, std::string number, SignedIn who, unsigned status) {
    auto query = [number](service::Queries& queries) { return queries.ticket(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(ticket_summary_json(**found, Viewer{who.staff})));
}

// Whole ids to sequences: a made-up id is nobody's payment.
awaitable<Result<std::vector<std::int64_t>, Problem>> payments_named(Api& api, std::vector<std::string> references,
                                                                     std::string_view member) {
    std::vector<std::int64_t> sequences;
    for (const std::string& reference : references) {
        const auto id = payments::parse_payment_ref(reference);
        if (!id) co_return fail(malformed(fmt::format("/{}: not a payment.", member)));
        auto query = [id = *id](service::Queries& queries) { return queries.payment(id); };
        const auto found = co_await api.read(std::move(query));
        if (!found) co_return fail(problem_of(found.error()));
        if (!*found)
            co_return fail(Problem{.code = "unbound_amount",
                                   .detail = fmt::format("/{} names a payment that does not exist.", member)});
        sequences.push_back((*found)->payment.seq);
    }
    co_return sequences;
}

awaitable<Response> list_tickets(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<service::TicketCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto list = service::ticket_list_of_name(request.query_value("view").value_or("open"));
    if (!list)
        co_return problem(malformed(
            "view: one of open, mine, technical, risk, unclear, spam, approvals, waiting, solved, snoozed, mentions, "
            "following, all."));
    service::TicketQuery asked{.list = *list,
                               .me = who.staff.no,
                               .words = request.query_value("q").value_or(""),
                               .after = *cursor,
                               .limit = *limit};
    if (asked.words.size() > words_octets_max) co_return problem(malformed("q: at most 200 characters."));
    auto query = [asked = std::move(asked)](service::Queries& queries) { return queries.tickets(asked); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const Viewer viewer{who.staff};
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::TicketView& view : page->items) {
        if (view.customer && kept->has(view.customer->no)) continue;
        items.push_back(ticket_summary_json(view, viewer));
    }
    const auto& counts = page->counts;
    const json::object body{{"items", std::move(items)},
                            {"next_cursor", page->next ? json::value(page->next->text()) : json::value(nullptr)},
                            {"counts", json::object{{"open", counts.open},
                                                    {"mine", counts.mine},
                                                    {"technical", counts.technical},
                                                    {"risk", counts.risk},
                                                    {"unclear", counts.unclear},
                                                    {"spam", counts.spam},
                                                    {"approvals", counts.approvals},
                                                    {"waiting", counts.waiting},
                                                    {"snoozed", counts.snoozed},
                                                    {"incidents", counts.incidents},
                                                    {"mentions", counts.unseen.mentions},
                                                    {"following", counts.unseen.following}}}};
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> get_ticket(Api& api, Request request, SignedIn who) {
    auto query = [number = request.params[0]](service::Queries& queries) { return queries.ticket_detail(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    const service::TicketDetail& detail = **found;
    std::vector<money::AccountNo> accounts;
    for (const service::RemedyView& remedy : detail.remedies) {
        for (const money::AccountNo account : remedy_accounts(remedy)) accounts.push_back(account);
    }
    const service::Answer read = co_await account_views(api, std::move(accounts));
    if (!read.done()) co_return problem(problem_of(read));
    const Balances balances = balances_of(read);
    const Viewer viewer{who.staff};
    const RemedyContext context{viewer, api.now(), api.options().new_staff_waits, api.options().may_approve_alone, balances};

    json::object body = ticket_summary_json(detail.ticket, viewer);
    json::array messages, events, remedies, promises;
    for (const service::MessageView& message : detail.messages) messages.push_back(message_json(message, viewer));
    for (const service::EventView& event : detail.events) events.push_back(event_json(event, detail));
    for (const service::RemedyView& remedy : detail.remedies) remedies.push_back(remedy_json(remedy, context));
    for (const service::PromiseView& promise : detail.promises) promises.push_back(promise_json(promise));
    body["messages"] = std::move(messages);
    body["events"] = std::move(events);
    body["remedies"] = std::move(remedies);
    body["promises"] = std::move(promises);
    body["reading"] = reading_json(detail.ticket.row.reading);
    body["linked_to"] = text_or_null(detail.linked_to);
    json::array links;
    for (const service::TicketLinkView& link : detail.links) links.push_back(ticket_link_json(link));
    body["links"] = std::move(links);
    body["merged_into"] = text_or_null(detail.merged_into);
    body["following"] = following_json(detail, viewer);
    body["asked_facts"] = asked_facts_json(detail.asked);
    body["incident"] = detail.incident ? json::value(ticket_incident_json(*detail.incident)) : json::value(nullptr);
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> reply(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string text = body.text("text", {.characters_max = text_characters_max});
    std::string state_after = body.text("state_after", {.characters_max = 20});
    const std::int64_t version = body.integer("version");
    std::vector<std::string> references = body.texts("figures", figures_max, 64);
    std::vector<service::ConfirmedPromise> promises;
    for (BodyReader& one : body.objects("promises", desk::promises_max)) {
        std::string said = one.text("text", {.characters_max = desk::promise_words_octets_max});
        promises.push_back({.text = std::move(said), .due = ms_of(one.time("due"))});
        body.read_inside(one);
    }
    std::int64_t macro = 0, macro_version = 0;
    if (auto one = body.inside("macro")) {
        macro = one->integer("id");
        macro_version = one->integer("version");
        if (macro <= 0) one->refuse("/id", "must be that of a macro");
        body.read_inside(*one);
    }
    const auto state = desk::ticket_state_of_name(state_after);
    const bool sensible = state == desk::TicketState::open || state == desk::TicketState::pending_customer ||
                          state == desk::TicketState::solved;
    if (!sensible) body.refuse("/state_after", "must be one of open, pending_customer, solved");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (trimmed(text).empty()) co_return problem(text_missing());
    auto figures = co_await payments_named(api, std::move(references), "figures");
    if (!figures) co_return problem(figures.error());
    service::ReplyToTicket command{.ticket = ticket_number(request),
                                   .message_id = fresh_id<MessageId>().text(),
                                   .outgoing_id = fresh_id<OutgoingId>().text(),
                                   .text = std::move(text),
                                   .state_after = std::move(state_after),
                                   .version = version,
                                   .figures = *std::move(figures),
                                   .promises = std::move(promises),
                                   .macro = macro,
                                   .macro_version = macro_version};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(of_ticket_command(answer));
    co_return co_await message_made(api, std::move(answer), std::move(who));
}

awaitable<Response> add_note(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string text = body.text("text", {.characters_max = text_characters_max});
    std::vector<std::string> references = body.texts("mentions", mentions_read_max, 64, false);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (trimmed(text).empty()) co_return problem(text_missing());
    auto named = co_await staff_named(api, std::move(references));
    if (!named) co_return problem(named.error());
    service::AddNote command{.ticket = ticket_number(request),
                             .message_id = fresh_id<MessageId>().text(),
                             .text = std::move(text),
                             .mentions = *std::move(named)};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await message_made(api, std::move(answer), std::move(who));
}

awaitable<Response> assign(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string staff = body.text("staff", {.characters_max = 64, .required = true, .nullable = true});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::AssignTicket command{.ticket = ticket_number(request), .staff = 0};
    if (staff == "me") {
        command.staff = number_of(who.staff.no);
    } else if (!staff.empty()) {
        const auto id = StaffId::parse(staff);
        if (!id) co_return problem(malformed("/staff: `me`, an id, or null."));
        auto query = [id = *id](service::Queries& queries) { return queries.staff_by_id(id); };
        const auto found = co_await api.read(std::move(query));
        if (!found) co_return problem(problem_of(found.error()));
        if (!*found || (*found)->disabled) co_return problem(not_found());
        command.staff = number_of((*found)->no);
    }
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await ticket_summary_of(api, answer.text, std::move(who));
}

awaitable<Response> set_state(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string state = body.text("state", {.characters_max = 20});
    const std::int64_t version = body.integer("version");
    if (!desk::ticket_state_of_name(state)) body.refuse("/state", "is no state of a request");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::SetTicketState command{.ticket = ticket_number(request), .state = std::move(state), .version = version};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(of_ticket_command(answer));
    co_return co_await ticket_summary_of(api, answer.text, std::move(who));
}

awaitable<Response> follow_events(Api& api, Request request, SignedIn) {
    const std::string_view seen = request.header("Last-Event-ID");
    std::optional<std::int64_t> last_seen;
    std::int64_t value = 0;
    const auto parsed = std::from_chars(seen.data(), seen.data() + seen.size(), value);
    if (parsed.ec == std::errc{} && parsed.ptr == seen.data() + seen.size()) last_seen = value;
    Response response{.status = 200,
                      .content_type = "text/event-stream",
                      .body = "",
                      .headers = {},
                      .stream = api.events().subscribe(last_seen)};
    response.with("Cache-Control", "no-store");
    co_return response;
}

}  // namespace okpay::api
