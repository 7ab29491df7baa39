// SPDX-License-Identifier: Apache-2.0
#include "api/ticket_ledger.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t searched_payments_max = 200;
constexpr std::chrono::days searched_days{payments::pair_window_days};

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

std::vector<std::string> texts_of(const json::value& array) {
    std::vector<std::string> texts;
    if (!array.is_array()) return texts;
    for (const json::value& one : array.get_array()) {
        if (one.is_string()) texts.emplace_back(view_of(one.get_string()));
    }
    return texts;
}

// What the customer states, as triage read it, in the customer's own zone.
payments::Hint hint_of(const service::TicketDetail& detail) {
    const store::TicketRow& row = detail.ticket.row;
    const json::object reading = reading_json(row.reading);
    payments::Hint hint;
    if (const auto* amounts = reading.at("amounts").if_array()) {
        for (const json::value& one : *amounts) {
            const auto* amount = one.if_object();
            const auto* value = amount != nullptr ? amount->if_contains("value") : nullptr;
            const auto* currency = amount != nullptr ? amount->if_contains("currency") : nullptr;
            if (value == nullptr || !value->is_string()) continue;
            const bool named = currency != nullptr && currency->is_string();
            hint.amounts.push_back({std::string{view_of(value->get_string())},
                                    named ? money::currency_of_code(view_of(currency->get_string())) : std::nullopt});
        }
    }
    const std::string zone = detail.ticket.customer ? detail.ticket.customer->zone : "UTC";
    for (const std::string& text : texts_of(reading.at("datetimes"))) {
        if (const auto span = customers::local_span(zone, text)) hint.times.push_back(*span);
    }
    hint.transaction_ids = texts_of(reading.at("transaction_ids"));
    hint.text = row.ticket.subject;
    if (const auto* newest = newest_customer_message(detail)) hint.text += "\n" + newest->body;
    return hint;
}

}  // namespace

const desk::Message* newest_customer_message(const service::TicketDetail& detail) {
    const desk::Message* newest = nullptr;
    for (const service::MessageView& view : detail.messages) {
        if (view.message.direction == desk::Direction::inbound) newest = &view.message;
    }
    return newest;
}

awaitable<Result<SearchedLedger, Problem>> searched_ledger(Api& api, const service::TicketDetail& detail) {
    SearchedLedger ledger;
    if (!detail.ticket.customer) co_return ledger;
    auto look_up = [no = detail.ticket.customer->no](service::Queries& queries) { return queries.customer(no); };
    auto customer = co_await api.read(std::move(look_up));
    if (!customer) co_return fail(problem_of(customer.error()));
    if (!*customer) co_return ledger;
    ledger.customer = **std::move(customer);
    std::vector<money::AccountNo> accounts;
    for (const service::OwnedAccount& wallet : ledger.customer->wallets) accounts.push_back(wallet.no);
    const service::Answer read = co_await account_views(api, std::move(accounts));
    if (!read.done()) co_return fail(problem_of(read));
    ledger.balances = balances_of(read);

    service::HistoryRequest newest{.heads = heads_of(read),
                                   .unmoved_of = ledger.customer->customer.no,
                                   .cursor = std::nullopt,
                                   .limit = searched_payments_max};
    auto query = [newest = std::move(newest)](service::Queries& queries) { return queries.history(newest); };
    auto history = co_await api.read(std::move(query));
    if (!history) co_return fail(problem_of(history.error()));
    ledger.history = std::move(history->items);

    const Moment at = api.now();
    std::vector<payments::Payment> searched;
    std::vector<payments::TakenBack> taken_back;
    for (const service::PaymentView& view : ledger.history) {
        if (view.payment.created < at - searched_days) continue;
        searched.push_back(view.payment);
        const std::int64_t taken = view.disputes.taken_minor + view.disputes.lost_minor;
        if (taken != 0) taken_back.push_back({view.payment.seq, taken});
    }
    const payments::Hint hint = hint_of(detail);
    ledger.findings = payments::find_duplicates(searched, hint, at, taken_back);
    const bool pair_found = std::ranges::any_of(ledger.findings, [](const payments::Finding& f) { return f.first != 0; });
    if (!pair_found) ledger.candidates = payments::candidates(searched, hint, at);
    co_return ledger;
}

std::vector<service::HistoryRequest::Head> heads_of(const service::Answer& read) {
    std::vector<service::HistoryRequest::Head> heads;
    for (const service::AccountView& view : read.accounts) heads.push_back({money::AccountNo{view.no}, view.last_transfer});
    std::ranges::sort(heads, {}, &service::HistoryRequest::Head::account);
    return heads;
}

awaitable<Response> get_ticket_ledger(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<service::HistoryCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto look_up = [number = request.params[0]](service::Queries& queries) { return queries.ticket_detail(number); };
    const auto detail = co_await api.read(std::move(look_up));
    if (!detail) co_return problem(problem_of(detail.error()));
    if (!*detail) co_return problem(not_found());
    const auto ledger = co_await searched_ledger(api, **detail);
    if (!ledger) co_return problem(ledger.error());
    json::object body{{"customer", nullptr},
                      {"findings", json::array{}},
                      {"payments", json::array{}},
                      {"next_cursor", nullptr}};
    if (!ledger->customer) co_return json_response(200, json::serialize(body));

    const std::vector<service::OwnedAccount>& own = ledger->customer->wallets;
    std::vector<service::HistoryRequest::Head> heads;
    for (const auto& [no, view] : ledger->balances) heads.push_back({money::AccountNo{no}, view.last_transfer});
    service::HistoryRequest wanted{.heads = std::move(heads),
                                   .unmoved_of = ledger->customer->customer.no,
                                   .cursor = *cursor,
                                   .limit = static_cast<std::size_t>(*limit)};
    auto query = [wanted = std::move(wanted)](service::Queries& queries) { return queries.history(wanted); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));

    json::array findings, payments;
    for (const payments::Finding& finding : ledger->findings)
        findings.push_back(finding_json(finding, ledger->history, own));
    for (const payments::Candidate& one : ledger->candidates) findings.push_back(candidate_json(one, ledger->history, own));
    for (const service::PaymentView& view : page->items) payments.push_back(payment_json(view, own));
    auto customer = co_await customer_for_staff(api, *ledger->customer, ledger->balances, who);
    if (!customer) co_return problem(customer.error());
    body["customer"] = *std::move(customer);
    body["findings"] = std::move(findings);
    body["payments"] = std::move(payments);
    body["next_cursor"] = page->next ? json::value(page->next->text()) : json::value(nullptr);
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
