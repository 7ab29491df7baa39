// SPDX-License-Identifier: Apache-2.0
// For merchants. The hot path: one command and one look at the row it made.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/ticket_ledger.hpp"
#include "payments/decide.hpp"
#include "payments/instrument.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

bool names_a_first(std::string_view code) { return code == "possible_duplicate" || code == "attempt_unresolved"; }

// A payment of this merchant; another's is not there.
awaitable<Result<service::PaymentView, Problem>> own_payment(Api& api, std::string reference,
                                                             customers::MerchantNo merchant) {
    const auto id = payments::parse_payment_ref(reference);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.payment(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found || (*found)->payment.merchant != merchant) co_return fail(not_found());
    co_return **std::move(found);
}

// What stands in the way is named, so that nobody has to guess which payment is meant.
awaitable<Response> payment_refused(Api& api, service::Answer answer) {
    Problem refused = problem_of(answer);
    if (names_a_first(answer.code) && answer.number != 0) {
        auto query = [seq = answer.number](service::Queries& queries) -> service::Read<std::optional<service::PaymentView>> {
            auto kept = queries.payment(seq);
            if (!kept || !*kept || (*kept)->payment.duplicate_of == 0) return kept;
            return queries.payment((*kept)->payment.duplicate_of);
        };
        const auto first = co_await api.read(std::move(query));
        if (!first) co_return problem(problem_of(first.error()));
        if (*first) refused.first_payment = payments::text_of((*first)->payment.id);
    }
    co_return problem(refused);
}

}  // namespace

awaitable<Response> payment_made(Api& api, service::Answer answer, PaymentCompany company) {
    Response response;
    if (!answer.done()) {
        response = co_await payment_refused(api, answer);
    } else if (answer.payment != nullptr) {
        const service::PaymentView view{.payment = *answer.payment,
                                        .merchant = std::move(company.merchant),
                                        .original = company.original,
                                        .payer_name = "",
                                        .payee_name = std::move(company.payee_name),
                                        .received = company.received};
        response = answer.rehearsal != nullptr
                       ? json_response(200, json::serialize(rehearsal_json(view, *answer.rehearsal, company.seen)))
                       : json_response(201, json::serialize(payment_json(view)));
    } else {  // made by another node
        auto query = [seq = answer.number](service::Queries& queries) { return queries.payment(seq); };
        const auto found = co_await api.read(std::move(query));
        if (!found) co_return problem(problem_of(found.error()));
        if (!*found) co_return problem(not_found());
        response = json_response(201, json::serialize(payment_json(**found)));
    }
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> pay(Api& api, Request request, customers::Merchant merchant) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const std::string customer = body.text("customer", {.characters_max = 64});
    const money::Money amount = body.amount("amount");
    service::Pay command{.key = *key,
                         .customer = 0,
                         .merchant = number_of(merchant.no),
                         .amount_minor = amount.minor(),
                         .currency = std::string{money::code_of(amount.currency())},
                         .order_ref = body.text("order_ref", {.characters_max = 100, .required = false}),
                         .memo = body.text("memo", {.characters_max = 200, .required = false}),
                         .instrument = "wallet",
                         .device = body.text("device", {.characters_max = 100, .required = false})};
    const std::string method = body.text("capture_method", {.characters_max = 20, .required = false});
    if (!method.empty() && method != "automatic" && method != "manual") {
        body.refuse("/capture_method", "is automatic or manual");
    }
    command.manual_capture = method == "manual";
    command.not_a_duplicate = body.flag("not_a_duplicate");
    const std::string instrument =
        body.text("instrument", {.characters_max = payments::instrument_octets_max, .required = false});
    if (!instrument.empty() && command.manual_capture) {
        body.refuse("/capture_method", "is automatic where a card is charged: holds are for wallets");
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!instrument.empty()) {
        if (!api.options().prepare_instrument) co_return problem(no_rail());
        auto prepared = api.options().prepare_instrument(payments::RailDirection::collect, instrument);
        if (!prepared) {
            body.refuse("/instrument", prepared.error());
            co_return problem(body.wrong().value());
        }
        command.instrument = std::move(prepared->masked);
        command.sealed_instrument = std::move(prepared->sealed);
        command.instrument_hash = std::move(prepared->hash);
    }
    if (command.memo.empty()) command.memo = merchant.name;
    const auto id = CustomerId::parse(customer);
    if (!id) co_return problem(not_found());
    const auto no = co_await api.customer_no(*id);
    if (!no) co_return problem(no.error());
    if (!*no) co_return problem(not_found());
    command.customer = number_of(**no);
    service::Answer answer = co_await api.submit(request, actor_of(merchant), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";  // both are there; an account is not
    co_return co_await payment_made(api, std::move(answer), {.seen = {.payables = true}, .merchant = std::move(merchant)});
}

awaitable<Response> get_payment(Api& api, Request request, customers::Merchant merchant) {
    const auto view = co_await own_payment(api, request.params[0], merchant.no);
    if (!view) co_return problem(view.error());
    co_return json_response(200, json::serialize(payment_json(*view)));
}

awaitable<Result<service::Answer, Problem>> merchant_account_views(Api& api, customers::MerchantNo merchant) {
    auto look_up = [merchant](service::Queries& queries) { return queries.merchant_accounts(merchant); };
    const auto accounts = co_await api.read(std::move(look_up));
    if (!accounts) co_return fail(problem_of(accounts.error()));
    std::vector<money::AccountNo> numbers;
    for (const service::OwnedAccount& account : *accounts) numbers.push_back(account.no);
    service::Answer read = co_await account_views(api, std::move(numbers));
    if (!read.done()) co_return fail(problem_of(read));
    co_return std::move(read);
}

awaitable<Response> list_payments(Api& api, Request request, customers::Merchant merchant) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<service::HistoryCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto own = co_await merchant_account_views(api, merchant.no);
    if (!own) co_return problem(own.error());
    service::HistoryRequest wanted{.heads = heads_of(*own),
                                   .unmoved_of = std::nullopt,
                                   .cursor = *cursor,
                                   .limit = static_cast<std::size_t>(*limit)};
    auto query = [wanted = std::move(wanted)](service::Queries& queries) { return queries.history(wanted); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::PaymentView& one : page->items) items.push_back(payment_json(one));
    const auto next = page->next ? std::optional{page->next->text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> refund(Api& api, Request request, customers::Merchant merchant) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    const std::string reason = body.text("reason", {.characters_max = 40});
    if (!payments::refund_reason_of_name(reason)) body.refuse("/reason", "is not one that we know");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto view = co_await own_payment(api, request.params[0], merchant.no);
    if (!view) co_return problem(view.error());
    if (view->payment.amount.currency() != amount.currency()) {
        co_return problem({.code = "currencies_differ", .detail = "Use the currency of the payment."});
    }
    service::Refund command{.key = *key, .payment = view->payment.seq, .amount_minor = amount.minor(), .reason = reason};
    service::Answer answer = co_await api.submit(request, actor_of(merchant), std::move(command));
    co_return co_await payment_made(
        api, std::move(answer), {.seen = {.payables = true}, .merchant = std::move(merchant), .original = view->payment.id});
}

awaitable<Response> capture(Api& api, Request request, customers::Merchant merchant) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto view = co_await own_payment(api, request.params[0], merchant.no);
    if (!view) co_return problem(view.error());
    if (view->payment.amount.currency() != amount.currency()) {
        co_return problem({.code = "currencies_differ", .detail = "Use the currency of the payment."});
    }
    service::CapturePayment command{.key = *key, .payment = view->payment.seq, .amount_minor = amount.minor()};
    service::Answer answer = co_await api.submit(request, actor_of(merchant), std::move(command));
    co_return co_await payment_made(api, std::move(answer), {.seen = {.payables = true}, .merchant = std::move(merchant)});
}

awaitable<Response> cancel(Api& api, Request request, customers::Merchant merchant) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    if (!request.body().empty()) {
        const BodyReader body{request};
        if (const auto wrong = body.wrong()) co_return problem(*wrong);
    }
    const auto view = co_await own_payment(api, request.params[0], merchant.no);
    if (!view) co_return problem(view.error());
    service::CancelPayment command{.key = *key, .payment = view->payment.seq};
    service::Answer answer = co_await api.submit(request, actor_of(merchant), std::move(command));
    co_return co_await payment_made(api, std::move(answer), {.seen = {.payables = true}, .merchant = std::move(merchant)});
}

}  // namespace okpay::api
