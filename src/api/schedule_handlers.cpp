// SPDX-License-Identifier: Apache-2.0
// Transfers that are made later, and what is left of the limits.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using payments::RunOutcome;
using service::ScheduleView;

constexpr std::size_t address_characters_max = 254;

std::string_view word_of(RunOutcome outcome) {
    switch (outcome) {
    case RunOutcome::made: return "made";
    case RunOutcome::to_be_tried_again: return "to_be_tried_again";
    case RunOutcome::skipped: return "skipped";
    case RunOutcome::missed: return "missed";
    case RunOutcome::stopped: return "stopped";
    }
    std::abort();
}

json::object schedule_json(const ScheduleView& view) {
    const payments::TransferSchedule& row = view.schedule;
    json::value last = nullptr;
    if (view.last) {
        const bool refused = view.last->refusal != payments::PaymentRefusal::none;
        last = json::object{{"outcome", word_of(view.last->outcome)},
                            {"reason", refused ? json::value(payments::code_of(view.last->refusal)) : json::value(nullptr)},
                            {"payment", view.last->payment ? json::value(payments::text_of(*view.last->payment))
                                                           : json::value(nullptr)},
                            {"at", rfc3339(view.last->at)}};
    }
    const bool stopped = row.state == payments::ScheduleState::stopped;
    return {{"id", row.id.text()},
            {"state", payments::name_of(row.state)},
            {"reason", stopped ? json::value(payments::code_of(row.reason)) : json::value(nullptr)},
            {"payee_name", view.payee_name},
            {"amount", amount_json(row.amount)},
            {"memo", row.memo},
            {"first_on", payments::text_of(row.first_on)},
            {"every", payments::name_of(row.every)},
            {"times", row.times},
            {"zone", row.zone},
            {"done", row.behind},
            {"next_at", time_json(row.next_at)},
            {"next_on", row.next_at ? json::value(payments::text_of(payments::local_day(row.zone, *row.next_at)))
                                    : json::value(nullptr)},
            {"last", std::move(last)},
            {"created_at", rfc3339(row.created)}};
}

awaitable<Response> answered(Api& api, service::Answer answer, unsigned status) {
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto id = ScheduleId::parse(answer.text);
    if (!id) co_return problem(unavailable());
    auto query = [id = *id](service::Queries& queries) { return queries.schedule(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    Response response = json_response(status, json::serialize(schedule_json(**found)));
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

json::value amount_or_null(std::optional<std::int64_t> minor, money::Currency currency) {
    if (!minor) return nullptr;
    const auto amount = money::Money::of_minor(std::max<std::int64_t>(*minor, 0), currency);
    return amount ? json::value(amount_json(*amount)) : json::value(nullptr);
}

json::value left_of(std::optional<std::int64_t> most, std::int64_t used) {
    return most ? json::value(std::max<std::int64_t>(*most - used, 0)) : json::value(nullptr);
}

json::object limit_json(const payments::LimitRule& rule, const payments::Usage::Sum& used) {
    const auto left = rule.amount_minor ? std::optional{*rule.amount_minor - used.amount_minor} : std::nullopt;
    return {{"operation", payments::name_of(rule.operation)},
            {"window", payments::name_of(rule.window)},
            {"currency", money::code_of(rule.currency)},
            {"amount", amount_or_null(rule.amount_minor, rule.currency)},
            {"amount_used", amount_or_null(used.amount_minor, rule.currency)},
            {"amount_left", amount_or_null(left, rule.currency)},
            {"count", rule.count ? json::value(*rule.count) : json::value(nullptr)},
            {"count_used", used.count},
            {"count_left", left_of(rule.count, used.count)}};
}

}  // namespace

awaitable<Response> schedule_transfer(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const std::string to = ascii_lower(trimmed(body.text("to", {.characters_max = address_characters_max})));
    const money::Money amount = body.amount("amount");
    service::ScheduleTransfer command{.key = *key,
                                      .schedule = fresh_id<ScheduleId>().text(),
                                      .payer = number_of(who.view.customer.no),
                                      .payee = 0,
                                      .amount_minor = amount.minor(),
                                      .currency = std::string{money::code_of(amount.currency())},
                                      .memo = body.text("memo", {.characters_max = 200, .required = false}),
                                      .first_on = body.text("first_on", {.characters_max = 10}),
                                      .every = body.text("every", {.characters_max = 10}),
                                      .times = body.integer("times"),
                                      .zone = body.text("zone", {.characters_max = 64, .required = false})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (command.zone.empty()) command.zone = who.view.customer.zone;
    const auto payee = co_await payee_named(api, to);
    if (!payee) co_return problem(payee.error());
    command.payee = number_of(payee->customer.no);
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await answered(api, std::move(answer), 201);
}

awaitable<Response> list_schedules(Api& api, Request request, SignedInCustomer who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto query = [me = who.view.customer.no, before = *cursor ? (*cursor)->number : 0,
                  items = *limit](service::Queries& queries) { return queries.schedules(me, before, items); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const ScheduleView& view : found->items) items.push_back(schedule_json(view));
    const auto next = found->next ? std::optional{NumberCursor{*found->next}.text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> end_schedule(Api& api, Request request, SignedInCustomer who) {
    service::EndSchedule command{.schedule = request.params[0], .customer = number_of(who.view.customer.no)};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await answered(api, std::move(answer), 200);
}

// What the writer would say next: the tariff's rules for this level, and what the wallets did within their windows.
awaitable<Response> own_limits(Api& api, Request, SignedInCustomer who) {
    const payments::Tariff& tariff = api.options().tariff;
    const int level = who.view.customer.level;
    const Moment at = api.now();
    const service::Answer read = co_await account_views(api, wallets_of(who.view));
    if (!read.done()) co_return problem(problem_of(read));
    const Balances balances = balances_of(read);
    std::vector<service::HistoryRequest::Head> heads;
    std::int64_t days = 1;
    for (const service::OwnedAccount& wallet : who.view.wallets) {
        heads.push_back({wallet.no, balances.at(number_of(wallet.no)).last_transfer});
        for (const payments::Operation operation : payments::all_operations) {
            days = std::max(days, tariff.days_looked_back(operation, level, wallet.currency));
        }
    }
    auto query = [heads, at, days](service::Queries& queries) { return queries.usage(heads, at, days); };
    const auto used = co_await api.read(std::move(query));
    if (!used) co_return problem(problem_of(used.error()));
    json::array limits;
    json::array held;
    for (std::size_t i = 0; i < who.view.wallets.size(); ++i) {
        const service::OwnedAccount& wallet = who.view.wallets[i];
        for (const payments::Operation operation : payments::all_operations) {
            for (const payments::LimitRule& rule : tariff.limits_of(operation, level, wallet.currency)) {
                const bool one = rule.window == payments::LimitWindow::item;
                const auto sum = one ? payments::Usage::Sum{} : (*used)[i].of(operation, at, payments::days_of(rule.window));
                limits.push_back(limit_json(rule, sum));
            }
        }
        const std::int64_t posted = balances.at(number_of(wallet.no)).posted_minor;
        if (const auto most = tariff.balance_limit(level, wallet.currency)) {
            held.push_back(json::object{{"currency", money::code_of(wallet.currency)},
                                        {"amount", amount_or_null(most, wallet.currency)},
                                        {"amount_used", amount_or_null(posted, wallet.currency)},
                                        {"amount_left", amount_or_null(*most - posted, wallet.currency)}});
        }
    }
    const json::object body{{"level", level},
                            {"limits", std::move(limits)},
                            {"balances", std::move(held)},
                            {"at", rfc3339(at)}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
