// SPDX-License-Identifier: Apache-2.0
// Locks on customers: the desk that places and releases them, and the customer who locks the own account.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

using customers::LockNo;

constexpr std::size_t reason_characters_max = 500;
constexpr std::size_t word_characters_max = 40;
constexpr std::size_t checklist_items_max = 16;

json::value text_or_null_if_empty(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object release_json(const service::LockReleaseView& view) {
    json::array checklist;
    for (std::string_view rest = view.release.checklist; !rest.empty();) {
        const auto comma = rest.find(',');
        checklist.emplace_back(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return {{"id", view.release.id.text()},
            {"state", name_of(view.release.state)},
            {"checklist", std::move(checklist)},
            {"evidence", view.release.evidence},
            {"proposed_by", person_json(view.proposer)},
            {"proposed_at", rfc3339(view.release.proposed)},
            {"decided_by", view.decider ? json::value(person_json(*view.decider)) : json::value(nullptr)},
            {"decided_at", time_json(view.release.decided)},
            {"note", view.release.note}};
}

json::object event_json(const store::LockEvent& event) {
    return {{"at", rfc3339(event.at)},
            {"to", name_of(event.to)},
            {"actor", event.actor},
            {"reason", event.reason},
            {"ledger_seq", std::to_string(event.ledger_seq)}};
}

json::object decision_json(const store::RiskDecision& decision) {
    return {{"at", rfc3339(decision.at)},
            {"ruleset", decision.ruleset},
            {"rules", decision.rules},
            {"shadows", decision.shadows},
            {"inputs", json::parse(decision.inputs)}};
}

// What the customer may know of it; staff see more.
json::object shown_json(const service::LockView& view) {
    return {{"id", std::to_string(number_of(view.lock.no))}, {"scope", name_of(view.lock.scope)},
            {"source", name_of(view.lock.source)},           {"state", name_of(view.lock.state)},
            {"message_code", view.lock.message_code},        {"placed_at", rfc3339(view.lock.placed)},
            {"review_at", time_json(view.lock.review_at)},   {"expires_at", time_json(view.lock.expires_at)},
            {"ended_at", time_json(view.lock.ended)},        {"request_number", text_or_null_if_empty(view.request_number)}};
}

json::object lock_json(const service::LockView& view) {
    json::object shown = shown_json(view);
    shown["customer"] = json::object{{"id", view.customer.id.text()},
                                     {"name", view.customer.name},
                                     {"email", masked_address(view.customer.email)}};
    shown["reason"] = view.lock.reason;
    json::array events, releases, decisions;
    for (const store::LockEvent& event : view.events) events.push_back(event_json(event));
    for (const service::LockReleaseView& release : view.releases) releases.push_back(release_json(release));
    for (const store::RiskDecision& decision : view.decisions) decisions.push_back(decision_json(decision));
    shown["events"] = std::move(events);
    shown["releases"] = std::move(releases);
    shown["decisions"] = std::move(decisions);
    return shown;
}

awaitable<Response> lock_answer(Api& api, LockNo no, unsigned status) {
    auto query = [no](service::Queries& queries) { return queries.lock(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(lock_json(**found)));
}

awaitable<Response> own_lock_answer(Api& api, LockNo no, unsigned status) {
    auto query = [no](service::Queries& queries) { return queries.lock(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(shown_json(**found)));
}

// A time in the body; 0 where it is absent.
std::int64_t moment_at(BodyReader& body, std::string_view name) {
    const std::string text = body.text(name, {.characters_max = word_characters_max, .required = false});
    if (text.empty()) return 0;
    const auto moment = moment_of_rfc3339(text);
    if (!moment) body.refuse("/" + std::string{name}, "must be a time such as 2026-12-04T10:00:00Z");
    return moment ? ms_of(*moment) : 0;
}

std::optional<LockNo> lock_in_path(const Request& request) {
    const auto number = count_of(request.params[0]);
    return number && *number > 0 ? std::optional{LockNo{*number}} : std::nullopt;
}

awaitable<Response> decide(Api& api, SignedIn who, service::DecideLockRelease command) {
    const auto id = customers::LockReleaseId::parse(command.release);
    if (!id) co_return problem(not_found());
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const LockNo no{answer.number};
    co_return co_await lock_answer(api, no, 200);
}

}  // namespace

awaitable<Response> list_locks(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    store::LockFilter filter{.limit = *limit};
    if (*cursor) filter.before = (*cursor)->number;
    if (const auto state = request.query_value("state"); state && !state->empty()) {
        filter.state = customers::lock_state_of_name(*state);
        if (!filter.state) co_return problem(malformed("state: active, released, expired or superseded, or absent."));
    }
    if (const auto named = request.query_value("customer"); named && !named->empty()) {
        const auto id = CustomerId::parse(*named);
        if (!id) co_return problem(malformed("customer: an id."));
        auto look_up = [id = *id](service::Queries& queries) { return queries.customer(id); };
        const auto customer = co_await api.read(std::move(look_up));
        if (!customer) co_return problem(problem_of(customer.error()));
        if (!*customer) co_return problem(not_found());
        filter.customer = (*customer)->customer.no;
    }
    auto query = [filter](service::Queries& queries) { return queries.locks(filter); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::LockView& view : page->items) {
        if (!kept->has(view.customer.no)) items.push_back(lock_json(view));
    }
    const json::object body{{"items", std::move(items)}, {"next_cursor", cursor_json(page->next)}};
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> get_lock(Api& api, Request request, SignedIn) {
    const auto no = lock_in_path(request);
    if (!no) co_return problem(not_found());
    co_return co_await lock_answer(api, *no, 200);
}

awaitable<Response> place_lock(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::PlaceLock wish{.customer = 0,
                            .scope = body.text("scope", {.characters_max = word_characters_max}),
                            .message_code = body.text("message_code", {.characters_max = word_characters_max}),
                            .reason = body.text("reason", {.characters_max = reason_characters_max}),
                            .legal = body.flag("legal"),
                            .review_at = moment_at(body, "review_at"),
                            .expires_at = moment_at(body, "expires_at")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto id = CustomerId::parse(request.params[0]);
    if (!id) co_return problem(not_found());
    auto look_up = [id = *id](service::Queries& queries) { return queries.customer(id); };
    const auto customer = co_await api.read(std::move(look_up));
    if (!customer) co_return problem(problem_of(customer.error()));
    if (!*customer) co_return problem(not_found());
    wish.customer = number_of((*customer)->customer.no);
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = std::move(wish)};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const LockNo no{answer.number};
    Response response = co_await lock_answer(api, no, 201);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> propose_lock_release(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::ProposeLockRelease wish{.release = fresh_id<customers::LockReleaseId>().text(),
                                     .lock = 0,
                                     .checklist = body.texts("checklist", checklist_items_max, word_characters_max),
                                     .evidence = body.text("evidence", {.characters_max = reason_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto no = lock_in_path(request);
    if (!no) co_return problem(not_found());
    wish.lock = number_of(*no);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(wish));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await lock_answer(api, *no, 201);
}

awaitable<Response> approve_lock_release(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::DecideLockRelease command{.release = request.params[0],
                                       .approved = true,
                                       .note =
                                           body.text("note", {.characters_max = reason_characters_max, .required = false}),
                                       .totp_code = body.text("totp_code", {.characters_max = 8})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    co_return co_await decide(api, std::move(who), std::move(command));
}

awaitable<Response> reject_lock_release(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::DecideLockRelease command{.release = request.params[0],
                                       .approved = false,
                                       .note = body.text("note", {.characters_max = reason_characters_max}),
                                       .totp_code = ""};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    co_return co_await decide(api, std::move(who), std::move(command));
}

awaitable<Response> list_own_locks(Api& api, Request, SignedInCustomer who) {
    constexpr std::int64_t locks_max = 50;
    const store::LockFilter filter{.state = std::nullopt, .customer = who.view.customer.no, .limit = locks_max};
    auto query = [filter](service::Queries& queries) { return queries.locks(filter); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::LockView& view : page->items) items.push_back(shown_json(view));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> lock_oneself(Api& api, Request, SignedInCustomer who) {
    if (const auto missing = step_up_missing(who, customers::Act::lock_oneself, now())) co_return problem(*missing);
    service::PlaceLock command{.customer = number_of(who.view.customer.no),
                               .scope = "debits",
                               .message_code = "",
                               .reason = ""};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const LockNo no{answer.number};
    co_return co_await own_lock_answer(api, no, 201);
}

awaitable<Response> release_own_lock(Api& api, Request request, SignedInCustomer who) {
    const auto no = lock_in_path(request);
    if (!no) co_return problem(not_found());
    if (const auto missing = step_up_missing(who, customers::Act::release_own_lock, now())) co_return problem(*missing);
    const service::ReleaseOwnLock command{.customer = number_of(who.view.customer.no), .lock = number_of(*no)};
    const service::Answer answer = co_await api.submit(actor_of(who), command);
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await own_lock_answer(api, *no, 200);
}

}  // namespace okpay::api
