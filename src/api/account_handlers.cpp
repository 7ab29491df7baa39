// SPDX-License-Identifier: Apache-2.0
// What may happen to an account of the ledger, and what the house said about that before.
#include <boost/json/serialize.hpp>

#include <charconv>
#include <limits>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t reason_characters_max = 500;
constexpr std::size_t state_characters_max = 20;

json::object event_json(const service::AccountEventView& view) {
    return {{"at", rfc3339(view.event.at)},  {"from", name_of(view.event.from)},
            {"to", name_of(view.event.to)},  {"reason", view.event.reason},
            {"by", person_json(view.staff)}, {"ledger_seq", std::to_string(view.event.ledger_seq)}};
}

awaitable<Response> account_now(Api& api, const Request& request, money::AccountNo no) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto newest = [](service::Queries& queries) { return queries.ledger_place({.seq = std::nullopt, .at = std::nullopt}); };
    const auto place = co_await api.read(std::move(newest));
    if (!place) co_return problem(problem_of(place.error()));
    auto look_up = [seq = place->seq, no](service::Queries& queries) { return queries.ledger_account(seq, no); };
    const auto account = co_await api.read(std::move(look_up));
    if (!account) co_return problem(problem_of(account.error()));
    if (!*account) co_return problem(not_found());
    const std::int64_t before = *cursor ? (*cursor)->number : std::numeric_limits<std::int64_t>::max();
    auto query = [no, before, limit = *limit](service::Queries& queries) {
        return queries.account_events(no, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array events;
    for (const service::AccountEventView& view : page->items) events.push_back(event_json(view));
    const json::object body{{"account", ledger_account_json(**account)},
                            {"events", std::move(events)},
                            {"next_cursor", cursor_json(page->next)}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace

std::optional<std::int64_t> count_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::optional<NumberCursor> NumberCursor::parse(std::string_view text) {
    const auto number = count_of(text);
    return number && *number > 0 ? std::optional{NumberCursor{*number}} : std::nullopt;
}

json::value cursor_json(std::optional<std::int64_t> next) {
    return next ? json::value(std::to_string(*next)) : json::value(nullptr);
}

std::optional<money::AccountNo> account_in_path(const Request& request) {
    const auto number = count_of(request.params[0]);
    return number && *number > 0 ? std::optional{money::AccountNo{*number}} : std::nullopt;
}

awaitable<Response> get_account(Api& api, Request request, SignedIn) {
    const auto no = account_in_path(request);
    if (!no) co_return problem(not_found());
    co_return co_await account_now(api, request, *no);
}

awaitable<Response> set_account_state(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    const auto no = account_in_path(request);
    BodyReader body{request};
    service::SetAccountState asked{.account = no ? number_of(*no) : 0,
                                   .state = body.text("state", {.characters_max = state_characters_max}),
                                   .reason = body.text("reason", {.characters_max = reason_characters_max})};
    if (!money::account_state_of_name(asked.state)) body.refuse("/state", "is none that an account can be in");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!no) co_return problem(not_found());
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = std::move(asked)};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response response = co_await account_now(api, request, *no);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace okpay::api
