// SPDX-License-Identifier: Apache-2.0
// Web hooks: of merchants by their key, of the house by staff. A secret is shown once, when it is made.
#include <boost/json/serialize.hpp>

#include <limits>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t event_types_max = 32;
constexpr std::size_t event_type_characters_max = 40;
constexpr std::size_t code_characters_max = 8;

// Who asks, and whose they are.
struct Party {
    service::Actor actor;
    std::optional<customers::MerchantNo> merchant;  // none: the house's

    explicit Party(const customers::Merchant& one) : actor{actor_of(one)}, merchant{one.no} {}
    explicit Party(const SignedIn& who) : actor{actor_of(who)}, merchant{} {}
    [[nodiscard]] bool is_house() const { return !merchant; }
};

json::object endpoint_json(const store::HookEndpoint& endpoint, const std::optional<std::string>& secret = {}) {
    json::array events;
    for (const std::string& event : endpoint.events) events.emplace_back(event);
    return {{"id", endpoint.id.text()},
            {"url", endpoint.url},
            {"events", std::move(events)},
            {"state", name_of(endpoint.state)},
            {"reason", endpoint.reason.empty() ? json::value(nullptr) : json::value(endpoint.reason)},
            {"secret", secret ? json::value(*secret) : json::value(nullptr)},
            {"old_secret_until", time_json(endpoint.old_secret_until)},
            {"failing_since", time_json(endpoint.failing_since)},
            {"created_at", rfc3339(endpoint.created)}};
}

json::object delivery_json(const store::HookDelivery& delivery) {
    return {{"id", std::to_string(delivery.no)},
            {"type", delivery.type},
            {"state", name_of(delivery.state)},
            {"tries", delivery.tries},
            {"status", delivery.status == 0 ? json::value(nullptr) : json::value(delivery.status)},
            {"error", delivery.error.empty() ? json::value(nullptr) : json::value(delivery.error)},
            {"next_try_at", time_json(delivery.next_at)},
            {"happened_at", rfc3339(delivery.happened)},
            {"updated_at", rfc3339(delivery.updated)}};
}

awaitable<Result<store::HookEndpoint, Problem>> named_endpoint(Api& api, Party party, std::string id_text) {
    const auto id = store::HookEndpointId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id, merchant = party.merchant](service::Queries& queries) {
        return queries.hook_endpoint(id, merchant);
    };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

struct NewSecret {
    std::string shown, sealed;
};
NewSecret new_secret(const Api& api) {
    const Bytes octets = random_octets(payments::hook_secret_octets);
    return {payments::hook_secret_text(octets), base64_of(api.options().seal_hook_secret(octets))};
}

Problem no_hooks() { return Problem{.code = "unavailable", .detail = "There are no web hooks here."}; }

// Of requests that ask for nothing but a code of staff.
Result<std::string, Problem> code_alone(const Request& request, const Party& party) {
    if (!party.is_house() && request.body().empty()) return std::string{};
    BodyReader body{request};
    std::string code = party.is_house() ? body.text("totp_code", {.characters_max = code_characters_max}) : std::string{};
    if (const auto wrong = body.wrong()) return fail(*wrong);
    return code;
}

awaitable<Response> endpoint_answer(Api& api, Party party, service::Answer answer, unsigned status,
                                    std::optional<std::string> secret) {
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto endpoint = co_await named_endpoint(api, party, answer.text);
    if (!endpoint) co_return problem(endpoint.error());
    Response response = json_response(status, json::serialize(endpoint_json(*endpoint, secret)));
    response.with("Cache-Control", "no-store");
    co_return response;
}

awaitable<Response> create(Api& api, Request request, Party party) {
    if (!api.options().seal_hook_secret) co_return problem(no_hooks());
    BodyReader body{request};
    service::CreateHook command{.endpoint = fresh_id<store::HookEndpointId>().text(),
                                .url = body.text("url", {.characters_max = payments::hook_url_octets_max}),
                                .events = body.texts("events", event_types_max, event_type_characters_max),
                                .sealed_secret = "",
                                .totp_code = ""};
    if (party.is_house()) command.totp_code = body.text("totp_code", {.characters_max = code_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    NewSecret secret = new_secret(api);
    command.sealed_secret = std::move(secret.sealed);
    service::Answer answer = co_await api.submit(party.actor, std::move(command));
    co_return co_await endpoint_answer(api, party, std::move(answer), 201, std::move(secret.shown));
}

awaitable<Response> list(Api& api, Party party) {
    auto query = [merchant = party.merchant](service::Queries& queries) { return queries.hook_endpoints(merchant); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items, types;
    for (const store::HookEndpoint& endpoint : *found) items.push_back(endpoint_json(endpoint));
    const auto owner = party.is_house() ? payments::HookOwner::house : payments::HookOwner::merchant;
    for (const std::string_view type : payments::hook_event_types(owner)) types.emplace_back(type);
    const json::object page{{"items", std::move(items)}, {"event_types", std::move(types)}};
    co_return json_response(200, json::serialize(page));
}

awaitable<Response> set_state(Api& api, Request request, Party party) {
    BodyReader body{request};
    service::SetHookEnabled command{.endpoint = request.params[0], .enabled = body.needed_flag("enabled"), .totp_code = ""};
    if (party.is_house()) command.totp_code = body.text("totp_code", {.characters_max = code_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::Answer answer = co_await api.submit(party.actor, std::move(command));
    co_return co_await endpoint_answer(api, party, std::move(answer), 200, std::nullopt);
}

awaitable<Response> change_secret(Api& api, Request request, Party party) {
    auto code = code_alone(request, party);
    if (!code) co_return problem(code.error());
    if (!api.options().seal_hook_secret) co_return problem(no_hooks());
    NewSecret secret = new_secret(api);
    service::ChangeHookSecret command{.endpoint = request.params[0],
                                      .sealed_secret = std::move(secret.sealed),
                                      .totp_code = *std::move(code)};
    service::Answer answer = co_await api.submit(party.actor, std::move(command));
    co_return co_await endpoint_answer(api, party, std::move(answer), 200, std::move(secret.shown));
}

awaitable<Response> done(Api& api, Party party, service::CommandBody command) {
    const service::Answer answer = co_await api.submit(party.actor, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return json_response(200, R"({"state":"done"})");
}

awaitable<Response> remove(Api& api, Request request, Party party) {
    auto code = code_alone(request, party);
    if (!code) co_return problem(code.error());
    service::RemoveHook command{.endpoint = request.params[0], .totp_code = *std::move(code)};
    co_return co_await done(api, party, std::move(command));
}

std::optional<Problem> nothing_asked(const Request& request) {
    if (request.body().empty()) return std::nullopt;
    return BodyReader{request}.wrong();
}

awaitable<Response> ping(Api& api, Request request, Party party) {
    if (const auto wrong = nothing_asked(request)) co_return problem(*wrong);
    service::PingHook command{.endpoint = request.params[0]};
    co_return co_await done(api, party, std::move(command));
}

awaitable<Response> deliveries(Api& api, Request request, Party party) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto endpoint = co_await named_endpoint(api, party, request.params[0]);
    if (!endpoint) co_return problem(endpoint.error());
    const std::int64_t before = *cursor ? (*cursor)->number : std::numeric_limits<std::int64_t>::max();
    auto query = [no = endpoint->no, before, limit = *limit](service::Queries& queries) {
        return queries.hook_deliveries(no, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const store::HookDelivery& delivery : page->items) items.push_back(delivery_json(delivery));
    co_return json_response(200, page_json(std::move(items),
                                           page->next ? std::optional{std::to_string(*page->next)} : std::nullopt));
}

awaitable<Response> redeliver(Api& api, Request request, Party party) {
    if (const auto wrong = nothing_asked(request)) co_return problem(*wrong);
    const auto no = count_of(request.params[1]);
    service::RedeliverHook command{.endpoint = request.params[0], .delivery = no.value_or(0)};
    co_return co_await done(api, party, std::move(command));
}

}  // namespace

awaitable<Response> create_own_hook(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await create(api, std::move(request), party);
}
awaitable<Response> list_own_hooks(Api& api, Request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await list(api, party);
}
awaitable<Response> set_own_hook_state(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await set_state(api, std::move(request), party);
}
awaitable<Response> change_own_hook_secret(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await change_secret(api, std::move(request), party);
}
awaitable<Response> remove_own_hook(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await remove(api, std::move(request), party);
}
awaitable<Response> ping_own_hook(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await ping(api, std::move(request), party);
}
awaitable<Response> own_hook_deliveries(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await deliveries(api, std::move(request), party);
}
awaitable<Response> redeliver_own_hook(Api& api, Request request, customers::Merchant merchant) {
    const Party party{merchant};
    co_return co_await redeliver(api, std::move(request), party);
}
awaitable<Response> create_house_hook(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await create(api, std::move(request), party);
}
awaitable<Response> list_house_hooks(Api& api, Request, SignedIn who) {
    const Party party{who};
    co_return co_await list(api, party);
}
awaitable<Response> set_house_hook_state(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await set_state(api, std::move(request), party);
}
awaitable<Response> change_house_hook_secret(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await change_secret(api, std::move(request), party);
}
awaitable<Response> remove_house_hook(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await remove(api, std::move(request), party);
}
awaitable<Response> ping_house_hook(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await ping(api, std::move(request), party);
}
awaitable<Response> house_hook_deliveries(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await deliveries(api, std::move(request), party);
}
awaitable<Response> redeliver_house_hook(Api& api, Request request, SignedIn who) {
    const Party party{who};
    co_return co_await redeliver(api, std::move(request), party);
}

}  // namespace okpay::api
