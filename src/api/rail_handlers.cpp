// SPDX-License-Identifier: Apache-2.0
// Money that comes from outside or goes there: begun by customers, looked after by staff.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/second_factor.hpp"
#include "base/clock.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t note_characters_max = 500;

using payments::RailDirection;

// The command's common part, or what is wrong with the request.
Result<service::RailRequest, Problem> rail_request(Api& api, const Request& request, const SignedInCustomer& who,
                                                   RailDirection direction) {
    const auto key = idempotency_key(request);
    if (!key) return fail(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    const std::string_view member = direction == RailDirection::collect ? "instrument" : "destination";
    const std::string text = body.text(member, {.characters_max = payments::instrument_octets_max});
    if (const auto wrong = body.wrong()) return fail(*wrong);
    if (!api.options().prepare_instrument) { return fail(no_rail()); }
    auto prepared = api.options().prepare_instrument(direction, text);
    if (!prepared) {
        body.refuse("/" + std::string{member}, prepared.error());
        return fail(body.wrong().value());
    }
    return service::RailRequest{.key = *key,
                                .customer = number_of(who.view.customer.no),
                                .amount_minor = amount.minor(),
                                .currency = std::string{money::code_of(amount.currency())},
                                .instrument = std::move(prepared->masked),
                                .sealed_instrument = std::move(prepared->sealed),
                                .instrument_hash = std::move(prepared->hash)};
}

template <class Owner>
json::value owner_json(const std::optional<Owner>& owner) {
    if (!owner) return nullptr;
    return json::object{{"id", owner->id.text()}, {"name", owner->name}};
}

json::object rail_call_json(const service::RailCallView& view) {
    const payments::RailCall& call = view.call;
    return {{"payment", payments::text_of(view.payment)},
            {"customer", owner_json(view.customer)},
            {"merchant", owner_json(view.merchant)},
            {"direction", call.direction == RailDirection::collect ? "collect" : "pay_out"},
            {"state", payments::name_of(call.state)},
            {"amount", amount_json(call.amount)},
            {"instrument", call.instrument},
            {"rail_reference", call.rail_reference},
            {"detail", call.detail},
            {"inquiries", call.inquiries},
            {"next_check_at", time_json(call.next_at)},
            {"ticket", text_or_null(view.ticket)},
            {"created_at", rfc3339(call.created)},
            {"updated_at", rfc3339(call.updated)}};
}

}  // namespace

awaitable<Response> collect_top_up(Api& api, Request request, SignedInCustomer who) {
    auto asked = rail_request(api, request, who, RailDirection::collect);
    if (!asked) co_return problem(asked.error());
    service::CollectTopUp command{*std::move(asked)};
    service::Answer answer = co_await api.submit(request, actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";
    co_return co_await payment_made(api, std::move(answer), {.seen = {.wallets = wallets_of(who.view)}});
}

awaitable<Response> withdraw(Api& api, Request request, SignedInCustomer who) {
    auto asked = rail_request(api, request, who, RailDirection::pay_out);
    if (!asked) co_return problem(asked.error());
    if (const auto no = co_await new_place_refused(api, request, who, asked->instrument_hash)) co_return problem(*no);
    service::Withdraw command{*std::move(asked)};
    service::Answer answer = co_await api.submit(request, actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";
    co_return co_await payment_made(api, std::move(answer), {.seen = {.wallets = wallets_of(who.view)}});
}

awaitable<Response> list_rail_calls(Api& api, Request, SignedIn who) {
    auto query = [](service::Queries& queries) { return queries.live_rail_calls(); };
    const auto calls = co_await api.read(std::move(query));
    if (!calls) co_return problem(problem_of(calls.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::RailCallView& call : *calls) {
        if (!call.customer || !kept->has(call.customer->no)) items.push_back(rail_call_json(call));
    }
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> decide_rail_outcome(Api& api, Request request, SignedIn who) {
    const auto id = payments::parse_payment_ref(request.params[0]);
    if (!id) co_return problem(not_found());
    BodyReader body{request};
    service::DecideRailOutcome command{.payment = payments::seq_of(*id),
                                       .word = body.text("outcome", {.characters_max = 20}),
                                       .note = body.text("note", {.characters_max = note_characters_max}),
                                       .totp_code = body.text("totp_code", {.characters_max = 8}),
                                       .seed = hex_of(random_octets(32))};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto query = [id = *id](service::Queries& queries) { return queries.payment(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto again = [id = *id](service::Queries& queries) { return queries.payment(id); };
    const auto after = co_await api.read(std::move(again));
    if (!after) co_return problem(problem_of(after.error()));
    if (!*after) co_return problem(not_found());
    co_return json_response(200, json::serialize(payment_json(**after)));
}

}  // namespace okpay::api
