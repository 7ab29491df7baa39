// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <charconv>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/ticket_ledger.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "payments/names.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t words_octets_max = 800;

struct CustomerCursor {
    std::int64_t after;
    static std::optional<CustomerCursor> parse(std::string_view text) {
        CustomerCursor cursor{0};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.after);
        if (error != std::errc{} || end != text.data() + text.size() || cursor.after < 0) return std::nullopt;
        return cursor;
    }
};

awaitable<Result<service::CustomerView, Problem>> named_customer(Api& api, std::string id_text) {
    const auto id = CustomerId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.customer(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

}  // namespace

awaitable<Result<json::object, Problem>> customer_for_staff(Api& api, service::CustomerView view, Balances balances,
                                                            SignedIn who) {
    auto query = [no = view.customer.no](service::Queries& queries) { return queries.phone(no); };
    const auto phone = co_await api.read(std::move(query));
    if (!phone) co_return fail(problem_of(phone.error()));
    json::object body = customer_with_wallets_json(view, balances, Viewer{who.staff});
    body["phone"] = phone->stands ? json::value(customers::masked_phone(phone->stands->number)) : json::value(nullptr);
    co_return body;
}

namespace {

awaitable<Response> customer_answer(Api& api, service::CustomerView view, SignedIn who, unsigned status) {
    const service::Answer read = co_await account_views(api, wallets_of(view));
    if (!read.done()) co_return problem(problem_of(read));
    const auto body = co_await customer_for_staff(api, std::move(view), balances_of(read), std::move(who));
    if (!body) co_return problem(body.error());
    co_return json_response(status, json::serialize(*body));
}

// What a name in the query stands for; an empty one for nothing.
template <class Enum>
Result<std::optional<Enum>, Problem> named(const Request& request, std::string_view parameter,
                                           std::optional<Enum> (*of_number)(std::int64_t)) {
    const std::string text = request.query_value(parameter).value_or("");
    if (text.empty()) return std::optional<Enum>{};
    for (std::int64_t number = 1; const auto value = of_number(number); ++number) {
        if (payments::name_of(*value) == text) return value;
    }
    return fail(malformed(fmt::format("{}: not one that we know.", parameter)));
}

Result<std::optional<Moment>, Problem> moment_named(const Request& request, std::string_view parameter) {
    const std::string text = request.query_value(parameter).value_or("");
    if (text.empty()) return std::optional<Moment>{};
    const auto moment = moment_of_rfc3339(text);
    if (!moment) return fail(malformed(fmt::format("{}: a time as in RFC 3339, such as 2026-11-05T00:00:00Z.", parameter)));
    return moment;
}

}  // namespace

Result<service::HistoryFilter, Problem> history_filter(const Request& request) {
    service::HistoryFilter filter{.words = request.query_value("q").value_or(""),
                                  .kind = std::nullopt,
                                  .state = std::nullopt,
                                  .from = std::nullopt,
                                  .until = std::nullopt};
    if (filter.words.size() > words_octets_max) return fail(malformed("q: at most 200 characters."));
    const auto kind = named<payments::PaymentKind>(request, "kind", payments::kind_of_number);
    if (!kind) return fail(kind.error());
    const auto state = named<payments::PaymentState>(request, "state", payments::state_of_number);
    if (!state) return fail(state.error());
    const auto from = moment_named(request, "from");
    if (!from) return fail(from.error());
    const auto until = moment_named(request, "until");
    if (!until) return fail(until.error());
    filter.kind = *kind;
    filter.state = *state;
    filter.from = *from;
    filter.until = *until;
    return filter;
}

awaitable<Response> list_customers(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<CustomerCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    std::string words = request.query_value("q").value_or("");
    if (words.size() > words_octets_max) co_return problem(malformed("q: at most 200 characters."));
    const std::int64_t after = *cursor ? (*cursor)->after : 0;
    auto query = [words = std::move(words), after, limit = *limit](service::Queries& queries) {
        return queries.customers(words, after, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const customers::Customer& customer : page->items) {
        if (!kept->has(customer.no)) items.push_back(customer_json(customer, Viewer{who.staff}));
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> get_customer(Api& api, Request request, SignedIn who) {
    auto view = co_await named_customer(api, request.params[0]);
    if (!view) co_return problem(view.error());
    co_return co_await customer_answer(api, *std::move(view), std::move(who), 200);
}

namespace {

// `wanted` without its heads, which are read here. `own_alone`: not what others sent.
awaitable<Response> history_answer(Api& api, service::CustomerView view, service::HistoryRequest wanted, bool own_alone) {
    const service::Answer read = co_await account_views(api, wallets_of(view));
    if (!read.done()) co_return problem(problem_of(read));
    wanted.heads = heads_of(read);
    wanted.unmoved_of = view.customer.no;
    auto query = [wanted = std::move(wanted)](service::Queries& queries) { return queries.history(wanted); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::PaymentView& one : page->items) {
        if (!own_alone || one.payment.customer == view.customer.no) items.push_back(payment_json(one, view.wallets));
    }
    const auto next = page->next && !own_alone ? std::optional{page->next->text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

}  // namespace

awaitable<Response> payment_page(Api& api, Request request, service::CustomerView view) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<service::HistoryCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto filter = history_filter(request);
    if (!filter) co_return problem(filter.error());
    service::HistoryRequest wanted{.heads = {},
                                   .unmoved_of = std::nullopt,
                                   .cursor = *cursor,
                                   .limit = static_cast<std::size_t>(*limit),
                                   .filter = *std::move(filter)};
    co_return co_await history_answer(api, std::move(view), std::move(wanted), false);
}

awaitable<Response> newest_payments(Api& api, service::CustomerView view) {
    constexpr std::size_t payments_max = 50;
    service::HistoryRequest wanted{.heads = {}, .unmoved_of = std::nullopt, .cursor = {}, .limit = payments_max};
    co_return co_await history_answer(api, std::move(view), std::move(wanted), true);
}

awaitable<Response> list_customer_payments(Api& api, Request request, SignedIn) {
    auto view = co_await named_customer(api, request.params[0]);
    if (!view) co_return problem(view.error());
    co_return co_await payment_page(api, std::move(request), *std::move(view));
}

awaitable<Response> register_customer(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::RegisterCustomer asked{.customer = fresh_id<CustomerId>().text(),
                                    .email = body.text("email", {.characters_max = 254}),
                                    .name = body.text("name", {.characters_max = 100}),
                                    .language = body.text("language", {.characters_max = 10}),
                                    .zone = body.text("zone", {.characters_max = 64}),
                                    .currencies = body.texts("currencies", money::all_currencies.size(), 3)};
    if (asked.language != "en" && asked.language != "zh-Hans" && asked.language != "zh-Hant") {
        body.refuse("/language", "must be one of en, zh-Hans, zh-Hant");
    }
    for (std::size_t i = 0; i < asked.currencies.size(); ++i) {
        if (!money::currency_of_code(asked.currencies[i])) {
            body.refuse(fmt::format("/currencies/{}", i), "is no currency that we keep books in");
        }
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = asked};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = customers::CustomerNo{answer.number}](service::Queries& queries) { return queries.customer(no); };
    auto made = co_await api.read(std::move(query));
    if (!made) co_return problem(problem_of(made.error()));
    if (!*made) co_return problem(not_found());
    if (answer.replayed && (*made)->customer.email != ascii_lower(trimmed(asked.email))) {
        co_return problem(
            {.code = "idempotency_key_reused", .detail = "This key was used for another customer; make a new one."});
    }
    Response response = co_await customer_answer(api, **std::move(made), std::move(who), 201);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> top_up(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const money::Money amount = body.amount("amount");
    const std::string note = body.text("note", {.characters_max = 2'000, .required = false});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto customer = co_await named_customer(api, request.params[0]);
    if (!customer) co_return problem(customer.error());
    service::TopUp command{.key = *key,
                           .customer = number_of(customer->customer.no),
                           .amount_minor = amount.minor(),
                           .currency = std::string{money::code_of(amount.currency())},
                           .memo = note,
                           .instrument = "bank"};
    service::Answer answer = co_await api.submit(request, actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found)
        answer.code = "wrong_currency";  // the customer is there; the wallet is not
    co_return co_await payment_made(api, std::move(answer), {.seen = {.all = true}});
}

awaitable<Response> set_customer_level(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const std::int64_t level = body.integer("level");
    std::string note = body.text("note", {.characters_max = 500});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto customer = co_await named_customer(api, request.params[0]);
    if (!customer) co_return problem(customer.error());
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = service::SetCustomerLevel{.customer = number_of(customer->customer.no),
                                                               .level = level,
                                                               .note = std::move(note)}};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto changed = co_await named_customer(api, request.params[0]);
    if (!changed) co_return problem(changed.error());
    Response response = co_await customer_answer(api, *std::move(changed), std::move(who), 200);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace okpay::api
