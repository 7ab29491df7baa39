// SPDX-License-Identifier: Apache-2.0
// What we owe merchants: its balance and its way to their banks.
#include <boost/json/serialize.hpp>

#include <limits>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/ticket_ledger.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t code_characters = 3;

awaitable<Result<service::MerchantView, Problem>> named_merchant(Api& api, std::string id_text) {
    const auto id = MerchantId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.merchant(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

json::object merchant_json(const service::MerchantView& view) {
    json::array accounts, payout_accounts;
    for (const service::OwnedAccount& account : view.accounts) {
        accounts.push_back(json::object{{"account", std::to_string(number_of(account.no))},
                                        {"currency", money::code_of(account.currency)}});
    }
    for (const store::PayoutAccount& account : view.payout_accounts) {
        payout_accounts.push_back(json::object{{"currency", money::code_of(account.currency)},
                                               {"destination", account.instrument},
                                               {"set_at", rfc3339(account.set_at)}});
    }
    return {{"id", view.merchant.id.text()},
            {"name", view.merchant.name},
            {"accounts", std::move(accounts)},
            {"payout_accounts", std::move(payout_accounts)}};
}

json::object payout_json(const service::PayoutView& view) {
    const payments::Payment& payment = view.payment.payment;
    const bool refused = payment.refusal != payments::PaymentRefusal::none;
    json::value merchant = nullptr;
    if (view.payment.merchant) {
        merchant = json::object{{"id", view.payment.merchant->id.text()}, {"name", view.payment.merchant->name}};
    }
    return {{"id", payments::text_of(payment.id)},
            {"merchant", std::move(merchant)},
            {"state", payments::name_of(payment.state)},
            {"refusal", refused ? json::value(payments::code_of(payment.refusal)) : json::value(nullptr)},
            {"amount", amount_json(payment.amount)},
            {"destination", payment.instrument},
            {"bank_state", view.call ? json::value(payments::name_of(view.call->state)) : json::value(nullptr)},
            {"bank_reference", view.call ? view.call->rail_reference : ""},
            {"next_check_at", time_json(view.payment.next_check)},
            {"created_at", rfc3339(payment.created)},
            {"updated_at", rfc3339(view.call ? view.call->updated : payment.created)}};
}

awaitable<Response> payout_page(Api& api, const Request& request, std::optional<customers::MerchantNo> merchant) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::int64_t before = *cursor ? (*cursor)->number : std::numeric_limits<std::int64_t>::max();
    auto query = [merchant, before, limit = *limit](service::Queries& queries) {
        return queries.payouts(merchant, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::PayoutView& view : page->items) items.push_back(payout_json(view));
    co_return json_response(200, page_json(std::move(items),
                                           page->next ? std::optional{std::to_string(*page->next)} : std::nullopt));
}

}  // namespace

awaitable<Response> get_merchant(Api& api, Request request, SignedIn) {
    const auto found = co_await named_merchant(api, request.params[0]);
    if (!found) co_return problem(found.error());
    co_return json_response(200, json::serialize(merchant_json(*found)));
}

awaitable<Response> set_payout_account(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string currency = body.text("currency", {.characters_max = code_characters});
    const std::string destination = body.text("destination", {.characters_max = payments::instrument_octets_max});
    std::string code = body.text("totp_code", {.characters_max = 8});
    if (!money::currency_of_code(currency)) body.refuse("/currency", "is no currency that we keep books in");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto merchant = co_await named_merchant(api, request.params[0]);
    if (!merchant) co_return problem(merchant.error());
    if (!api.options().prepare_instrument) {
        co_return problem(
            {.code = "rail_not_configured", .detail = "No bank is connected here, so nobody can be paid out."});
    }
    auto prepared = api.options().prepare_instrument(payments::RailDirection::pay_out, destination);
    if (!prepared) {
        body.refuse("/destination", prepared.error());
        co_return problem(body.wrong().value());
    }
    service::SetPayoutAccount command{.merchant = number_of(merchant->merchant.no),
                                      .currency = currency,
                                      .instrument = std::move(prepared->masked),
                                      .sealed_instrument = std::move(prepared->sealed),
                                      .instrument_hash = std::move(prepared->hash),
                                      .totp_code = std::move(code)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto after = co_await named_merchant(api, request.params[0]);
    if (!after) co_return problem(after.error());
    co_return json_response(200, json::serialize(merchant_json(*after)));
}

awaitable<Response> pay_out_merchant(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    // An amount, or a currency alone: then as much as there is.
    const std::string all_of = body.text("currency", {.characters_max = code_characters, .required = false});
    service::PayOutMerchant command{
        .key = *key, .merchant = 0, .amount_minor = money::Money::limit_minor, .currency = all_of, .balancing = true};
    if (all_of.empty()) {
        const money::Money amount = body.amount("amount");
        command.amount_minor = amount.minor();
        command.currency = money::code_of(amount.currency());
        command.balancing = false;
    } else if (!money::currency_of_code(all_of)) {
        body.refuse("/currency", "is no currency that we keep books in");
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto merchant = co_await named_merchant(api, request.params[0]);
    if (!merchant) co_return problem(merchant.error());
    command.merchant = number_of(merchant->merchant.no);
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";  // the merchant is there
    co_return co_await payment_made(api, std::move(answer), {.merchant = std::move(merchant->merchant)});
}

awaitable<Response> list_payouts(Api& api, Request request, customers::Merchant merchant) {
    co_return co_await payout_page(api, request, merchant.no);
}

awaitable<Response> list_ledger_payouts(Api& api, Request request, SignedIn) {
    std::optional<customers::MerchantNo> merchant;
    if (const auto text = request.query_value("merchant"); text && !text->empty()) {
        const auto found = co_await named_merchant(api, std::string{*text});
        if (!found) co_return problem(found.error());
        merchant = found->merchant.no;
    }
    co_return co_await payout_page(api, request, merchant);
}

awaitable<Response> get_balance(Api& api, Request, customers::Merchant merchant) {
    const auto own = co_await merchant_account_views(api, merchant.no);
    if (!own) co_return problem(own.error());
    json::array items;
    for (const service::AccountView& view : own->accounts) {
        const auto currency = money::currency_of_code(view.currency).value();
        items.push_back(
            json::object{{"account", std::to_string(view.no)},
                         {"currency", view.currency},
                         {"balance", amount_json(money::Money::of_minor(view.posted_minor, currency).value())},
                         {"available", amount_json(money::Money::of_minor(view.available_minor, currency).value())}});
    }
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

}  // namespace okpay::api
