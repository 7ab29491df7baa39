// SPDX-License-Identifier: Apache-2.0
// Requests for money. Who asks an address is told what was asked and what its owner did with it, and nothing else: an
// address that is nobody's reads the same as one whose owner has not answered.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/handlers.hpp"
#include "api/qr_code.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "mail/email_address.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using customers::CustomerNo;
using payments::MoneyRequest;
using payments::MoneyRequestState;
using service::MoneyRequestView;

constexpr std::size_t address_characters_max = 254;
constexpr std::size_t memo_characters_max = 200;
constexpr std::size_t seed_octets = 32;

bool may_see(const MoneyRequest& request, CustomerNo who) { return request.payee == who || request.may_be_paid_by(who); }

std::string link_of(const Api& api, const Request& request, const MoneyRequestId& id) {
    return fmt::format("{}/account/request?id={}", public_origin(api, request), id.text());
}

json::object request_json(const Api& api, const Request& http, const MoneyRequestView& view, CustomerNo who, Moment at) {
    const MoneyRequest& row = view.request;
    const bool mine = row.payee == who;
    // Nobody may pay it any more, whether or not it was written down yet.
    const bool over = row.state == MoneyRequestState::pending && row.expires <= at;
    const MoneyRequestState state = over ? MoneyRequestState::expired : row.state;
    const bool knows_payment = mine || view.paid_by == who;
    return {{"id", row.id.text()},
            {"state", payments::name_of(state)},
            {"amount", amount_json(row.amount)},
            {"memo", row.memo},
            {"is_mine", mine},
            {"may_pay", state == MoneyRequestState::pending && row.may_be_paid_by(who)},
            {"may_decline", state == MoneyRequestState::pending && row.payer == who},
            {"payee_name", view.payee_name},
            {"payer_address", mine && !row.payer_said.empty() ? json::value(row.payer_said) : json::value(nullptr)},
            {"payer_name", knows_payment && !view.payer_name.empty() ? json::value(view.payer_name) : json::value(nullptr)},
            {"payment",
             knows_payment && view.payment ? json::value(payments::text_of(*view.payment)) : json::value(nullptr)},
            {"url", mine ? json::value(link_of(api, http, row.id)) : json::value(nullptr)},
            {"created_at", rfc3339(row.created)},
            {"expires_at", rfc3339(row.expires)},
            {"ended_at", time_json(row.ended)}};
}

// The request of the path, as this customer may see it; what is another's is not there.
awaitable<Result<MoneyRequestView, Problem>> seen_request(Api& api, const Request& request, CustomerNo who) {
    const auto id = MoneyRequestId::parse(request.params[0]);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.money_request(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found || !may_see((*found)->request, who)) co_return fail(not_found());
    co_return **std::move(found);
}

awaitable<Response> answered(Api& api, Request request, SignedInCustomer who, service::Answer answer, unsigned status) {
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto id = MoneyRequestId::parse(answer.text);
    if (!id) co_return problem(unavailable());
    auto query = [id = *id](service::Queries& queries) { return queries.money_request(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    Response response =
        json_response(status, json::serialize(request_json(api, request, **found, who.view.customer.no, api.now())));
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> end_request(Api& api, Request request, SignedInCustomer who, bool as_payee) {
    const auto seen = co_await seen_request(api, request, who.view.customer.no);
    if (!seen) co_return problem(seen.error());
    const bool mine = seen->request.payee == who.view.customer.no;
    if (mine != as_payee) co_return problem(not_found());
    service::EndMoneyRequest command{.request = seen->request.id.text(),
                                     .customer = number_of(who.view.customer.no),
                                     .seed = hex_of(random_octets(seed_octets))};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await answered(api, std::move(request), std::move(who), std::move(answer), 200);
}

}  // namespace

awaitable<Response> request_money(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    const std::string payer = ascii_lower(
        trimmed(body.text("payer", {.characters_max = address_characters_max, .required = false, .nullable = true})));
    const std::string memo = body.text("memo", {.characters_max = memo_characters_max, .required = false});
    if (!payer.empty() && !mail::EmailAddress::parse(payer)) body.refuse("/payer", "is no mail address");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    // Looked up whether or not it is needed, so that an answer takes as long either way.
    auto look_up = [payer](service::Queries& queries) { return queries.customer_access(payer); };
    const auto asked = co_await api.read(std::move(look_up));
    if (!asked) co_return problem(problem_of(asked.error()));
    service::RequestMoney command{.key = *key,
                                  .request = fresh_id<MoneyRequestId>().text(),
                                  .payee = number_of(who.view.customer.no),
                                  .payer = *asked ? number_of((*asked)->view.customer.no) : 0,
                                  .payer_said = payer,
                                  .amount_minor = amount.minor(),
                                  .currency = std::string{money::code_of(amount.currency())},
                                  .memo = memo,
                                  .expires = ms_of(api.now() + payments::money_request_lasts_default),
                                  .seed = hex_of(random_octets(seed_octets))};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await answered(api, std::move(request), std::move(who), std::move(answer), 201);
}

awaitable<Response> list_money_requests(Api& api, Request request, SignedInCustomer who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::string side = request.query_value("side").value_or("mine");
    if (side != "mine" && side != "asked_of_me") co_return problem(malformed("side: one of mine, asked_of_me."));
    const CustomerNo me = who.view.customer.no;
    auto query = [=, before = *cursor ? (*cursor)->number : 0, items = *limit](service::Queries& queries) {
        return queries.money_requests(me, side == "mine" ? store::RequestSide::mine : store::RequestSide::asked_of_me,
                                      before, items);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const Moment at = api.now();
    json::array items;
    for (const MoneyRequestView& view : found->items) items.push_back(request_json(api, request, view, me, at));
    const auto next = found->next ? std::optional{NumberCursor{*found->next}.text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> get_money_request(Api& api, Request request, SignedInCustomer who) {
    const auto seen = co_await seen_request(api, request, who.view.customer.no);
    if (!seen) co_return problem(seen.error());
    co_return json_response(200, json::serialize(request_json(api, request, *seen, who.view.customer.no, api.now())));
}

awaitable<Response> money_request_picture(Api& api, Request request, SignedInCustomer who) {
    const auto seen = co_await seen_request(api, request, who.view.customer.no);
    if (!seen) co_return problem(seen.error());
    auto picture = qr_svg(link_of(api, request, seen->request.id));
    if (!picture) co_return problem(malformed("The link is too long for a code."));
    Response response{.status = 200, .content_type = "image/svg+xml", .body = *std::move(picture), .headers = {}};
    response.with("Cache-Control", "no-store");
    co_return response;
}

awaitable<Response> pay_money_request(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    const auto seen = co_await seen_request(api, request, who.view.customer.no);
    if (!seen) co_return problem(seen.error());
    service::PayMoneyRequest command{.key = *key,
                                     .request = seen->request.id.text(),
                                     .payer = number_of(who.view.customer.no),
                                     .seed = hex_of(random_octets(seed_octets))};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";  // it is there; a wallet is not
    co_return co_await payment_made(api, std::move(answer), {.payee_name = seen->payee_name});
}

awaitable<Response> decline_money_request(Api& api, Request request, SignedInCustomer who) {
    return end_request(api, std::move(request), std::move(who), false);
}

awaitable<Response> cancel_money_request(Api& api, Request request, SignedInCustomer who) {
    return end_request(api, std::move(request), std::move(who), true);
}

}  // namespace okpay::api
