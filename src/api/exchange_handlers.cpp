// SPDX-License-Identifier: Apache-2.0
// Exchange between a customer's own wallets, and the rates that staff set for it.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t code_characters = 3;
constexpr std::size_t rate_characters_max = money::Rate::wholes_max + 1 + money::Rate::decimals_max;

json::object rate_json(const store::RateRow& row) {
    return {{"from", money::code_of(row.rate.from)},
            {"to", money::code_of(row.rate.to)},
            {"rate", row.decimal},
            {"set_at", rfc3339(row.set_at)}};
}

awaitable<Response> rates(Api& api) {
    auto query = [](service::Queries& queries) { return queries.exchange_rates(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const store::RateRow& row : *found) items.push_back(rate_json(row));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

}  // namespace

awaitable<Response> list_exchange_rates(Api& api, Request, SignedIn) { co_return co_await rates(api); }
awaitable<Response> list_own_exchange_rates(Api& api, Request, SignedInCustomer) { co_return co_await rates(api); }

awaitable<Response> set_exchange_rate(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::SetExchangeRate rate{.from = body.text("from", {.characters_max = code_characters}),
                                  .to = body.text("to", {.characters_max = code_characters}),
                                  .rate = body.text("rate", {.characters_max = rate_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = std::move(rate)};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response response = co_await rates(api);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

// What the customer expects is part of the request: where the rate has changed since, nothing is exchanged.
awaitable<Response> exchange_money(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    const money::Money expected = body.amount("expected");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::ExchangeMoney command{.key = *key,
                                   .customer = number_of(who.view.customer.no),
                                   .amount_minor = amount.minor(),
                                   .from = std::string{money::code_of(amount.currency())},
                                   .to = std::string{money::code_of(expected.currency())},
                                   .expected_minor = expected.minor()};
    service::Answer answer = co_await api.submit(request, actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";
    co_return co_await payment_made(api, std::move(answer),
                                    {.seen = {.wallets = wallets_of(who.view)}, .received = expected});
}

}  // namespace okpay::api
