// SPDX-License-Identifier: Apache-2.0
// For treasury and audit: the chart of accounts, the journal, an account's entries and the trial balance, each as of a
// place in the ledger. An answer names its place, so that the next page, or another reader, can ask for the same.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using service::LedgerPlace;

// The rows of a place are there; its balances have to be worked out from the present ones.
enum class Needs : std::uint8_t { rows, balances };

// ?as_of_seq= or ?as_of=; without them the newest transfer of now.
awaitable<Result<LedgerPlace, Problem>> asked_place(Api& api, const Request& request, Needs needs = Needs::balances) {
    service::AsOf as_of;
    if (const auto text = request.query_value("as_of_seq"); text && !text->empty()) {
        as_of.seq = count_of(*text);
        if (!as_of.seq) co_return fail(malformed("as_of_seq: the sequence of a transfer, or 0."));
    }
    if (const auto text = request.query_value("as_of"); text && !text->empty()) {
        as_of.at = moment_of_rfc3339(*text);
        if (!as_of.at) co_return fail(malformed("as_of: a time as in RFC 3339, such as 2026-11-05T00:00:00Z."));
    }
    auto query = [as_of](service::Queries& queries) { return queries.ledger_place(as_of); };
    const auto place = co_await api.read(std::move(query));
    if (!place) co_return fail(problem_of(place.error()));
    if (place->seq > place->head_seq) {
        co_return fail(malformed(fmt::format("as_of_seq: the ledger ends at {}.", place->head_seq)));
    }
    const std::int64_t most = api.options().ledger_distance_max;
    if (needs == Needs::balances && place->distance > most) {
        co_return fail(
            Problem{.code = "as_of_too_far",
                    .detail = fmt::format("{} transfers lie between the books and that place; at most {} are read.",
                                          place->distance, most)});
    }
    co_return *place;
}

json::object with_place(const LedgerPlace& place, json::object body) {
    body["as_of_seq"] = std::to_string(place.seq);
    body["as_of"] = place.seq == 0 ? json::value(nullptr) : json::value(rfc3339(place.at));
    body["head_seq"] = std::to_string(place.head_seq);
    return body;
}

Response ledger_response(const LedgerPlace& place, json::object body) {
    return json_response(200, json::serialize(with_place(place, std::move(body))));
}

Response journal_response(const LedgerPlace& place, const service::JournalPage& page) {
    json::array items;
    for (const service::JournalEntry& entry : page.items) items.push_back(journal_entry_json(entry));
    return ledger_response(place, {{"items", std::move(items)}, {"next_cursor", cursor_json(page.next)}});
}

awaitable<Response> entries_of(Api& api, const Request& request, money::AccountNo account) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto place = co_await asked_place(api, request);
    if (!place) co_return problem(place.error());
    const std::optional<std::int64_t> before = *cursor ? std::optional{(*cursor)->number} : std::nullopt;
    auto query = [seq = place->seq, account, before, limit = *limit](service::Queries& queries) {
        return queries.ledger_entries(seq, account, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    if (!*page) co_return problem(not_found());
    co_return journal_response(*place, **page);
}

}  // namespace

awaitable<Response> list_ledger_accounts(Api& api, Request request, SignedIn) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    service::LedgerAccountFilter filter{.kind = std::nullopt, .currency = std::nullopt};
    if (const auto text = request.query_value("kind"); text && !text->empty()) {
        filter.kind = account_kind_of_name(*text);
        if (!filter.kind) co_return problem(malformed("kind: not one that we know."));
    }
    if (const auto text = request.query_value("currency"); text && !text->empty()) {
        filter.currency = money::currency_of_code(*text);
        if (!filter.currency) co_return problem(malformed("currency: is no currency that we keep books in."));
    }
    const auto place = co_await asked_place(api, request);
    if (!place) co_return problem(place.error());
    const std::int64_t after = *cursor ? (*cursor)->number : 0;
    auto query = [seq = place->seq, filter, after, limit = *limit](service::Queries& queries) {
        return queries.ledger_accounts(seq, filter, after, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::LedgerAccount& account : page->items) items.push_back(ledger_account_json(account));
    co_return ledger_response(*place, {{"items", std::move(items)}, {"next_cursor", cursor_json(page->next)}});
}

awaitable<Response> get_ledger_account(Api& api, Request request, SignedIn) {
    const auto no = account_in_path(request);
    if (!no) co_return problem(not_found());
    const auto place = co_await asked_place(api, request);
    if (!place) co_return problem(place.error());
    auto query = [seq = place->seq, no = *no](service::Queries& queries) { return queries.ledger_account(seq, no); };
    const auto account = co_await api.read(std::move(query));
    if (!account) co_return problem(problem_of(account.error()));
    if (!*account) co_return problem(not_found());
    co_return ledger_response(*place, {{"account", ledger_account_json(**account)}});
}

awaitable<Response> list_ledger_entries(Api& api, Request request, SignedIn) {
    const auto no = account_in_path(request);
    if (!no) co_return problem(not_found());
    co_return co_await entries_of(api, request, *no);
}

awaitable<Response> list_journal(Api& api, Request request, SignedIn) {
    if (const auto text = request.query_value("account"); text && !text->empty()) {
        const auto number = count_of(*text);
        if (!number || *number == 0) co_return problem(malformed("account: the number of an account."));
        const money::AccountNo account{*number};
        co_return co_await entries_of(api, request, account);
    }
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto place = co_await asked_place(api, request, Needs::rows);
    if (!place) co_return problem(place.error());
    const std::optional<std::int64_t> before = *cursor ? std::optional{(*cursor)->number} : std::nullopt;
    auto query = [seq = place->seq, before, limit = *limit](service::Queries& queries) {
        return queries.journal(seq, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    co_return journal_response(*place, *page);
}

awaitable<Response> get_trial_balance(Api& api, Request request, SignedIn) {
    const auto place = co_await asked_place(api, request);
    if (!place) co_return problem(place.error());
    auto query = [seq = place->seq](service::Queries& queries) { return queries.trial_balance(seq); };
    const auto balance = co_await api.read(std::move(query));
    if (!balance) co_return problem(problem_of(balance.error()));
    co_return ledger_response(*place, {{"currencies", trial_balance_json(*balance)}});
}

awaitable<Response> get_ledger_payment(Api& api, Request request, SignedIn) {
    const auto id = payments::parse_payment_ref(request.params[0]);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.ledger_payment(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array transfers;
    for (const service::JournalEntry& entry : (*found)->transfers) transfers.push_back(journal_entry_json(entry));
    const json::object body{{"payment", payment_detail_json((*found)->detail, {})}, {"transfers", std::move(transfers)}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
