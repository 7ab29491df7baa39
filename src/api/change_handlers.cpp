// SPDX-License-Identifier: Apache-2.0
// Changes of what stands of a customer: by the customer, by a link of a letter, by staff in a guided case.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/names.hpp"
#include "customers/phone.hpp"
#include "desk/remedy.hpp"
#include "desk/threading.hpp"
#include "service/case_parts.hpp"

namespace okpay::api {
namespace {

using customers::Change;
using customers::ChangeId;

constexpr service::Actor nobody{};  // whoever has the link
constexpr std::size_t value_characters_max = 254;
constexpr std::size_t token_characters_max = 100;
constexpr std::size_t note_characters_max = 2'000;
constexpr std::int64_t waiting_max = 100;

// As its owner sees it. Whether the new address is somebody's is not told. A telephone number is shown masked to its owner
// too: whoever got in must not learn where to take it over.
json::object change_json(const Change& change) {
    const auto shown = [&change](const std::string& value) {
        return change.kind == customers::ChangeKind::phone ? customers::masked_phone(value) : value;
    };
    return {{"id", change.id.text()},
            {"kind", name_of(change.kind)},
            {"state", name_of(change.state)},
            {"reason",
             change.reason == customers::ChangeReason::none ? json::value(nullptr) : json::value(name_of(change.reason))},
            {"from", shown(change.from)},
            {"to", shown(change.to)},
            {"asked_at", rfc3339(change.asked)},
            {"proven_at", time_json(change.proven)},
            {"due_at", customers::is_open(change.state) ? time_json(change.due) : json::value(nullptr)},
            {"ended_at", time_json(change.ended)}};
}

json::object proposed_change_json(const service::ChangeView& view, const SignedIn& who, const Api& api) {
    const Viewer viewer{who.staff};
    const Change& change = view.change;
    json::object shown = change_json(change);
    shown["from"] = viewer.address(change.from);
    shown["to"] = viewer.address(change.to);
    shown["ticket"] = view.ticket.empty() ? json::value(nullptr) : json::value(view.ticket);
    shown["customer"] = view.customer.text();
    shown["note"] = change.note;
    shown["proposer"] = view.proposer ? json::value(person_json(*view.proposer)) : json::value(nullptr);
    shown["decider"] = view.decider ? json::value(person_json(*view.decider)) : json::value(nullptr);
    const bool own = desk::same_mailbox(view.customer_email, who.staff.email);
    const bool new_here = api.now() - who.staff.enrolled.value_or(who.staff.created) < api.options().new_staff_waits;
    shown["may_decide"] = change.state == customers::ChangeState::requested && !own && !new_here &&
                          change.proposer != who.staff.no &&
                          customers::may(who.staff.role, customers::Permission::decide_change);
    return shown;
}

awaitable<Response> change_answer(Api& api, service::Answer answer, unsigned status) {
    auto query = [no = answer.number](service::Queries& queries) { return queries.change(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    Response response = json_response(status, json::serialize(change_json((*found)->change)));
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> proposal_answer(Api& api, service::Answer answer, SignedIn who, unsigned status) {
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = answer.number](service::Queries& queries) { return queries.change(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    Response response = json_response(status, json::serialize(proposed_change_json(**found, who, api)));
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

// The link of a letter, used by its page. What it did is told without a name or an address: whoever holds it may not be the
// customer.
struct LinkUse {
    std::string hash_hex;
};
Result<LinkUse, Problem> link_of(const Request& request) {
    BodyReader body{request};
    const std::string token = body.text("token", {.characters_max = token_characters_max});
    if (const auto wrong = body.wrong()) return fail(*wrong);
    const auto hash = service::hash_of_link(token);
    if (!hash) return fail(Problem{.code = "token_invalid", .detail = "This link was used or has expired."});
    return LinkUse{hex_of(view_of(*hash))};
}

awaitable<Response> link_answer(Api& api, service::Answer answer) {
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = answer.number](service::Queries& queries) { return queries.change(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    const Change& change = (*found)->change;
    const json::object body{{"state", name_of(change.state)},
                            {"due_at", customers::is_open(change.state) ? time_json(change.due) : json::value(nullptr)}};
    co_return json_response(200, json::serialize(body));
}

std::string seed() { return fresh_id<CommandId>().text(); }

awaitable<Response> decide(Api& api, Request request, SignedIn who, bool approve) {
    const auto id = ChangeId::parse(request.params[0]);
    BodyReader body{request};
    service::DecideChange command{.change = "",
                                  .approve = approve,
                                  .totp_code = approve ? body.text("totp", {.characters_max = 16}) : std::string{},
                                  .note =
                                      approve ? std::string{} : body.text("note", {.characters_max = note_characters_max}),
                                  .seed = seed()};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!id) co_return problem(not_found());
    command.change = id->text();
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await proposal_answer(api, std::move(answer), std::move(who), 200);
}

}  // namespace

awaitable<Response> ask_change(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::AskChange asked{.change = fresh_id<ChangeId>().text(),
                             .customer = number_of(who.view.customer.no),
                             .kind = body.text("kind", {.characters_max = 20}),
                             .value = body.text("value", {.characters_max = value_characters_max}),
                             .session = who.session.no,
                             .seed = seed()};
    const auto kind = customers::change_kind_of_name(asked.kind);
    if (!kind || *kind == customers::ChangeKind::phone) body.refuse("/kind", "must be one of contact, language, zone");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (*kind == customers::ChangeKind::contact) {
        if (const auto missing = step_up_missing(who, customers::Act::change_contact, now())) co_return problem(*missing);
    }
    service::Command command{.id = command_id_of("customer:" + who.view.customer.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = asked};
    service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    if (answer.replayed) {
        auto query = [no = answer.number](service::Queries& queries) { return queries.change(no); };
        const auto first = co_await api.read(std::move(query));
        if (!first) co_return problem(problem_of(first.error()));
        const bool same = *first && (*first)->change.kind == *kind &&
                          (*first)->change.to == (*kind == customers::ChangeKind::contact
                                                      ? service::canonical_mailbox(asked.value).value_or("")
                                                      : asked.value);
        if (!same) {
            co_return problem({.code = "idempotency_key_reused", .detail = "This key was used for another change."});
        }
    }
    co_return co_await change_answer(api, std::move(answer), 201);
}

awaitable<Response> list_own_changes(Api& api, Request request, SignedInCustomer who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto query = [no = who.view.customer.no, before = *cursor ? (*cursor)->number : 0,
                  items = *limit](service::Queries& queries) { return queries.changes(no, before, items); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    // What staff have proposed and nobody has approved is no change yet.
    for (const service::ChangeView& view : page->items) {
        if (view.change.state != customers::ChangeState::requested) items.push_back(change_json(view.change));
    }
    const auto next = page->next ? std::optional{NumberCursor{*page->next}.text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> cancel_own_change(Api& api, Request request, SignedInCustomer who) {
    const auto id = ChangeId::parse(request.params[0]);
    if (!id) co_return problem(not_found());
    service::CancelChange command{.link_hash = "",
                                  .change = id->text(),
                                  .customer = number_of(who.view.customer.no),
                                  .seed = seed()};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await change_answer(api, std::move(answer), 200);
}

awaitable<Response> confirm_change(Api& api, Request request) {
    const auto link = link_of(request);
    if (!link) co_return problem(link.error());
    service::ProveChange command{.link_hash = link->hash_hex, .seed = seed()};
    service::Answer answer = co_await api.submit(nobody, std::move(command));
    co_return co_await link_answer(api, std::move(answer));
}

awaitable<Response> cancel_change(Api& api, Request request) {
    const auto link = link_of(request);
    if (!link) co_return problem(link.error());
    service::CancelChange command{.link_hash = link->hash_hex, .change = "", .customer = 0, .seed = seed()};
    service::Answer answer = co_await api.submit(nobody, std::move(command));
    co_return co_await link_answer(api, std::move(answer));
}

awaitable<Response> list_ticket_changes(Api& api, Request request, SignedIn who) {
    auto query = [number = request.params[0]](
                     service::Queries& queries) -> service::Read<std::optional<std::vector<service::ChangeView>>> {
        const auto ticket = queries.ticket(number);
        if (!ticket) return fail(ticket.error());
        if (!*ticket) return std::nullopt;
        auto changes = queries.ticket_changes((*ticket)->row.ticket.no);
        if (!changes) return fail(changes.error());
        return *std::move(changes);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array items;
    for (const service::ChangeView& view : **found) items.push_back(proposed_change_json(view, who, api));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> list_waiting_changes(Api& api, Request, SignedIn who) {
    auto query = [](service::Queries& queries) { return queries.waiting_changes(waiting_max); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::ChangeView& view : *found) {
        if (!kept->has(view.change.customer)) items.push_back(proposed_change_json(view, who, api));
    }
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> propose_change(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    if (body.text("kind", {.characters_max = 20}) != "contact") body.refuse("/kind", "must be contact");
    service::ProposeChange asked{.change = fresh_id<ChangeId>().text(),
                                 .ticket = ticket_number(request),
                                 .email = body.text("email", {.characters_max = value_characters_max}),
                                 .note = body.text("note", {.characters_max = note_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = std::move(asked)};
    service::Answer answer = co_await api.submit(std::move(command));
    co_return co_await proposal_answer(api, std::move(answer), std::move(who), 201);
}

awaitable<Response> approve_change(Api& api, Request request, SignedIn who) {
    return decide(api, std::move(request), std::move(who), true);
}

awaitable<Response> reject_change(Api& api, Request request, SignedIn who) {
    return decide(api, std::move(request), std::move(who), false);
}

awaitable<Response> reveal_item(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string item = body.text("item", {.characters_max = 20});
    std::string reason = body.text("reason", {.characters_max = 500});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto id = CustomerId::parse(request.params[0]);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.customer(id); };
    const auto view = co_await api.read(std::move(query));
    if (!view) co_return problem(problem_of(view.error()));
    if (!*view) co_return problem(not_found());
    service::RevealItem command{.customer = number_of((*view)->customer.no), .item = item, .reason = std::move(reason)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    std::string value = (*view)->customer.email;
    if (item == "phone") {
        auto asked = [no = (*view)->customer.no](service::Queries& queries) { return queries.phone(no); };
        const auto phone = co_await api.read(std::move(asked));
        if (!phone) co_return problem(problem_of(phone.error()));
        value = phone->stands ? phone->stands->number : "";
    }
    const json::object shown{{"item", item}, {"value", value}};
    co_return json_response(200, json::serialize(shown));
}

}  // namespace okpay::api
